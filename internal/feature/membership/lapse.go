package membership

import (
	"context"
	"slices"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// Lapse is a membership whose vote counts until a day to come.
type Lapse struct {
	entry.Entry
	Member  string // identifier of the organisation
	Last    string // last day on which the vote counts
	Elected bool   // because of an election: those elected can confirm it
}

// Lapses lists the votes that count today and not for ever, of one organisation
// or, with "", of all, as far as the actor may know of them.
func (x *Memberships) Lapses(ctx context.Context, q db.Q, a people.Actor, organisation string) ([]Lapse, error) {
	var r Registry
	var err error
	if organisation == "" {
		r, err = x.registry(ctx, q, a)
	} else {
		r, err = x.around(ctx, q, a, organisation)
	}
	if err != nil {
		return nil, err
	}
	var list []Lapse
	for _, m := range r.Memberships {
		if organisation != "" && m.Member != organisation {
			continue
		}
		if l, ok := lapseOf(m, r.Versions[m.Network], r.Today); ok {
			list = append(list, l)
		}
	}
	return list, nil
}

// lapseOf tells until when a vote counts that counts today; false where no end is known.
func lapseOf(m Membership, versions []Version, today string) (Lapse, bool) {
	l := Lapse{Entry: m.Entry, Member: m.Member}
	switch voteOf(m, versions, today) {
	case Renew:
		l.Last, l.Elected = later(last(m.Election), grace), true
	case Valid:
		i := slices.IndexFunc(versions, func(v Version) bool { return sameName(v.Name, m.Charter) })
		if i < 0 || versions[i].Ended == "" {
			return l, false
		}
		l.Last = last(versions[i].Ended)
	default:
		return l, false
	}
	return l, true
}

// ConfirmVote notes that those elected confirmed what others had voted.
func (x *Memberships) ConfirmVote(ctx context.Context, tx *db.Tx, a people.Actor, id, day string) error {
	r, err := x.voted(ctx, tx, a, id)
	if err != nil {
		return err
	}
	m := membershipOf(r)
	said, ok := record.ParseDay(day)
	switch {
	case !ok:
		return fault.Invalid("day", "record.day", "Write a day such as 18/10/2019. Month and day may be left out.")
	case m.Election == "":
		return fault.Conflict("membership.confirm.none", "No election is noted here.")
	case last(said) < first(m.Election) || first(said) > tx.Now().Day():
		return fault.Invalid("day", "membership.confirm.day", "Choose a day after the election, today at the latest.")
	}
	r.Answers[confirmed] = []string{said}
	_, err = x.kind.Change(ctx, tx, a, r)
	return err
}

// voted gives a membership to who may speak for its member's vote.
func (x *Memberships) voted(ctx context.Context, q db.Q, a people.Actor, id string) (record.Record, error) {
	r, err := x.kind.See(ctx, q, a, id)
	if err == nil && !a.Is(people.Coordinator) && !(a.For() == r.Answers.One(member) && a.May(people.Edit)) {
		err = access.Denied()
	}
	return r, err
}

// Elected notes the day of an election with every membership that the
// organisation had voted before: the rule for votes counts from it.
func (x *Memberships) Elected(ctx context.Context, tx *db.Tx, organisation, day string) error {
	found, err := record.Pointing(ctx, tx, member, organisation)
	if err != nil {
		return err
	}
	found = slices.DeleteFunc(found, func(e entry.Entry) bool { return e.Kind != Kind || e.State != entry.Published })
	list, err := record.Fill(ctx, tx, found)
	if err != nil {
		return err
	}
	for _, r := range list {
		m := membershipOf(r)
		if m.Decided == "" || first(m.Decided) > day || m.Election >= day {
			continue
		}
		r.Answers[election] = []string{day}
		if _, err := x.kind.Change(ctx, tx, people.Actor{}, r); err != nil {
			return err
		}
	}
	return nil
}

// ContactsOf lists the contacts of an organisation that are in use, whoever may read them.
func (x *Memberships) ContactsOf(ctx context.Context, q db.Q, organisation string) ([]record.Record, error) {
	return x.contactsOf(ctx, q, people.Actor{Grants: []people.Grant{{Role: people.Coordinator}}}, organisation)
}

// TakeContact puts a successor in the place of who stood in a contact. Their
// own word is their consent to be named.
func (x *Memberships) TakeContact(ctx context.Context, tx *db.Tx, a people.Actor, id string, old, successor people.Person) error {
	r, err := x.contacts.See(ctx, tx, a, id)
	if err == nil && !x.contacts.MayEdit(a, r) {
		err = access.Denied()
	}
	if err != nil {
		return err
	}
	if r.Answers.One("person") != "" {
		r.Answers["person"] = []string{successor.Name}
	}
	had, _ := people.EmailKey(r.Answers.One("mail"))
	if was, ok := people.EmailKey(old.Email); ok && had == was {
		r.Answers["mail"] = []string{successor.Email}
	}
	r.Entry.Checked, r.CheckedBy, r.CheckedHow = tx.Now(), a.For(), "itself"
	_, err = x.contacts.Change(ctx, tx, a, r)
	return err
}
