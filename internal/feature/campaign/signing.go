package campaign

import (
	"context"

	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// Signing is what somebody gives with a signature.
type Signing struct {
	Lang                      string // of the words
	Word                      string // said with it
	Decided, Number, Document string // of the vote, as typed
	// Of one noted from paper:
	Signer, Day string // name or address of the organisation; day on which it signed
}

func (s Signing) typed(text, organisation string) record.Typed {
	return record.Typed{record.InLang: {s.Lang}, entry.Summary: {s.Word}, campaign: {text}, signer: {organisation}, decided: {s.Decided}, number: {s.Number}, document: {s.Document}}
}

// Sign puts the organisation one acts for under a text, today. Who took a
// signature back can give it again: the same line, with its history.
func (x *Campaigns) Sign(ctx context.Context, tx *db.Tx, a people.Actor, text string, s Signing) error {
	if !maySign(a) {
		return access.Denied()
	}
	return x.put(ctx, tx, a, text, a.For(), Mandate, tx.Now().Day(), s)
}

// Note puts an organisation under a text that signed it elsewhere: the
// coordination says when, and where that can be looked up.
func (x *Campaigns) Note(ctx context.Context, tx *db.Tx, a people.Actor, text string, s Signing) error {
	if !a.Is(people.Coordinator) {
		return access.Denied()
	}
	var list fault.List
	day, ok := record.ParseDay(s.Day)
	if !ok || len(day) < len("2019-10-18") || day > tx.Now().Day() {
		list.Add(fault.Invalid("day", "campaign.note.day", "Write the day on which it was signed, today at the latest."))
	}
	if s.Number == "" && s.Document == "" {
		list.Add(fault.Invalid(document, "campaign.note.proof", "Say where the signed letter is: its address on the web, or its number in your files."))
	}
	found, err := entry.Called(ctx, tx, a, organisations, s.Signer)
	switch {
	case err != nil:
		return err
	case s.Signer == "" || len(found) == 0:
		list.Add(fault.Invalid(signer, "record.entry.none", "We find nothing called “{name}”. Write the name as it stands here, or the address of its page.", "name", s.Signer))
	case len(found) > 1:
		list.Add(fault.Invalid(signer, "record.entry.many", "Several are called “{name}”. Write the address of the page of the one you mean.", "name", s.Signer))
	}
	if err := list.Err(); err != nil {
		return err
	}
	return x.put(ctx, tx, a, text, found[0].ID, Paper, day, s)
}

// put keeps a signature of a day.
func (x *Campaigns) put(ctx context.Context, tx *db.Tx, a people.Actor, text, organisation, how, day string, s Signing) error {
	if err := tx.Lock(ctx, "campaign/"+text); err != nil { // two who sign for one organisation meet here
		return err
	}
	c, err := x.kind.See(ctx, tx, a, text)
	if err != nil {
		return err
	}
	if err := campaignOf(c).Takes(day); err != nil {
		return err
	}
	who, err := entry.See(ctx, tx, a, "organisation", organisation)
	if err != nil {
		return err
	}
	before, err := pair(ctx, tx, text, organisation)
	if err != nil {
		return err
	}
	r := record.Record{Entry: entry.Entry{Kind: Signed, Organisation: organisation, Person: a.Person, Mandate: a.Mandate.ID}}
	if before != "" {
		if r, err = x.signatures.Get(ctx, tx, before); err != nil {
			return err
		}
		if signatureOf(r).Withdrawn == "" {
			return fault.Conflict("campaign.sign.twice", "{name} has signed already.", "name", who.Title().Original())
		}
	}
	if err := x.signatures.Read(ctx, tx, a, alliance.Alliance{}, s.typed(text, organisation), &r); err != nil {
		return err
	}
	r.Answers[signed], r.Answers[way] = []string{day}, []string{how}
	delete(r.Answers, withdrawn)
	r.Audience, r.State = c.Audience, entry.Published
	r.NameAfter(who, c.Entry)
	if before != "" {
		_, err = x.signatures.Change(ctx, tx, a, r)
	} else {
		_, err = x.signatures.Add(ctx, tx, a, r)
	}
	return err
}

// TakeBack ends a signature today. It stays in the list with that day.
func (x *Campaigns) TakeBack(ctx context.Context, tx *db.Tx, a people.Actor, id string) error {
	r, err := x.ending(ctx, tx, a, id)
	if err != nil || signatureOf(r).Withdrawn != "" {
		return err
	}
	r.Answers[withdrawn] = []string{tx.Now().Day()}
	_, err = x.signatures.Change(ctx, tx, a, r)
	return err
}

// ending gives a signature to who may take it back, also once they have.
func (x *Campaigns) ending(ctx context.Context, q db.Q, a people.Actor, id string) (record.Record, error) {
	r, err := x.signatures.See(ctx, q, a, id)
	if err != nil {
		return r, err
	}
	s := signatureOf(r)
	s.Withdrawn = ""
	if !s.mayTakeBack(a) {
		return r, access.Denied()
	}
	return r, nil
}

// Roll gives who stands by a text, as far as the actor may know of it.
func (x *Campaigns) Roll(ctx context.Context, q db.Q, a people.Actor, text string) (Roll, error) {
	return x.roll(ctx, q, a, campaign, text)
}

func (x *Campaigns) roll(ctx context.Context, q db.Q, a people.Actor, name, of string) (Roll, error) {
	list, err := signaturesOf(ctx, q, a, false, name, of)
	if err != nil {
		return Roll{}, err
	}
	var ids []string
	for _, s := range list {
		ids = append(ids, s.Signer, s.Campaign)
	}
	names, err := entry.Known(ctx, q, a, ids)
	return rollOf(list, names), err
}

// Text is what organisations sign together, with those who stand by it.
type Text struct {
	entry.Entry
	Signers []string // identifiers of organisations
}

// Texts lists what the actor may know of, the newest first.
func (x *Campaigns) Texts(ctx context.Context, q db.Q, a people.Actor) ([]Text, error) {
	found, err := entry.List(ctx, q, entry.Filter{Kinds: []string{Kind}, Actor: a, Order: entry.ByNew, Limit: 500})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	r, err := x.roll(ctx, q, a, "", "")
	by := map[string][]string{}
	for _, s := range r.Standing {
		by[s.Campaign] = append(by[s.Campaign], r.Names[s.Signer].ID)
	}
	list := make([]Text, len(found))
	for i, e := range found {
		list[i] = Text{e, by[e.ID]}
	}
	return list, err
}
