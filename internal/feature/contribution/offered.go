package contribution

import (
	"context"
	"errors"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// What somebody with an account and without a mandate proposes is an entry in
// the state "proposed" already, with an author and a history. The same pair
// looks at it: the contribution holds no words, only whose turn it is.

// Offered follows such a record: proposed, it waits for the pair of its place;
// changed, both sides read it anew; published, withdrawn or taken back to draft by
// its author or the coordination, nobody waits for it any more.
func (f *Feature) Offered(ctx context.Context, tx *db.Tx, a people.Actor, r record.Record) error {
	if _, err := f.looked(r.Kind); err != nil {
		return nil // kinds that nobody proposes
	}
	if err := tx.Lock(ctx, "offered/"+r.ID); err != nil {
		return err
	}
	c, err := f.offerOf(ctx, tx, r.ID)
	switch {
	case fault.Is(err, fault.KindNotFound) && r.State == entry.Proposed:
		c = Contribution{ID: id.New(), Kind: r.Kind, Entry: r.ID, State: Waiting, At: tx.Now(), Until: tx.Now().Add(linkLasts), Place: r.Place, Themes: r.Themes}
		if err := f.add(ctx, tx, c, id.Secret(16)); err != nil {
			return err
		}
		if err := setEntry(ctx, tx, c); err != nil {
			return err
		}
		return f.wait(ctx, tx, &c)
	case fault.Is(err, fault.KindNotFound):
		return nil
	case err != nil:
		return err
	}
	if c, err = f.held(ctx, tx, c.ID); err != nil || c.State.Over() {
		return err
	}
	switch r.State {
	case entry.Proposed:
		c.Place, c.Themes = r.Place, r.Themes
		if err := f.rewrite(ctx, tx, c); err != nil {
			return err
		}
		return f.wait(ctx, tx, &c)
	case entry.Published: // by the coordination
		if err := addSaid(ctx, tx, Said{Contribution: c.ID, Round: c.Round, Seat: Coordination, Person: a.Person, Act: Agree, At: tx.Now()}); err != nil {
			return err
		}
		c.State = Published
		return f.end(ctx, tx, c, letter{which: publishedMail})
	}
	return drop(ctx, tx, c.ID)
}

// looked gives a kind that a pair looks at: those one may propose without an
// account, and those with pages of their own that say how they are read, such as
// events: one proposes them from an account.
func (f *Feature) looked(name string) (kind, error) {
	k, err := f.kind(name)
	if own := f.Kinds[name]; err != nil && own.Records == nil && own.Spec != nil && own.Read != nil {
		return f.bare(own), nil
	}
	return k, err
}

// get reads one record of the kind, as the kind itself reads it.
func (k kind) get(ctx context.Context, q db.Q, one string) (record.Record, error) {
	e, err := entry.Get(ctx, q, one)
	if err == nil && e.Kind != k.Name {
		err = fault.Missing()
	}
	if err != nil {
		return record.Record{}, err
	}
	list, err := k.Read(ctx, q, []entry.Entry{e})
	if err != nil {
		return record.Record{}, err
	}
	return list[0], nil
}

// known fills in the words of those that are entries already, as their form
// would show them.
func (f *Feature) known(ctx context.Context, q db.Q, list []Contribution) error {
	for i, c := range list {
		if c.Entry == "" || c.State.Over() {
			continue
		}
		k, err := f.looked(c.Kind)
		if err != nil {
			return err
		}
		r, err := k.get(ctx, q, c.Entry)
		if err != nil {
			if fault.Is(err, fault.KindNotFound) {
				continue
			}
			return err
		}
		list[i].Typed = k.Spec.TypedOf(r, nil)
	}
	return nil
}

// conclude makes of an offered entry what was decided: everybody's, or its
// author's draft again.
func (f *Feature) conclude(ctx context.Context, tx *db.Tx, a people.Actor, c Contribution, to entry.State) error {
	e, err := entry.Get(ctx, tx, c.Entry)
	if err != nil {
		return err
	}
	if e.State != entry.Proposed {
		return fault.Conflict("contribution.decided", "This was decided meanwhile. The page shows how.")
	}
	if e, err = entry.SetState(ctx, tx, a, e.ID, to); err != nil {
		return err
	}
	if k := f.Kinds[c.Kind]; k.Moved != nil {
		return k.Moved(ctx, tx, e)
	}
	return nil
}

// tellAuthor tells whoever offered an entry how it stands, on their page and by
// mail.
func (f *Feature) tellAuthor(ctx context.Context, tx *db.Tx, c Contribution, l letter) error {
	e, err := entry.Get(ctx, tx, c.Entry)
	if err != nil || e.Person == "" {
		return err
	}
	p, err := people.PersonByID(ctx, tx, e.Person)
	if err != nil {
		return err
	}
	v := f.Catalog.For(p.Lang)
	n := notice.New{Person: e.Person, Args: map[string]string{"title": e.Title().Original(), "words": l.said.Words}, Link: f.Kinds[c.Kind].Path(e.ID), Mail: true}
	switch l.which {
	case changeMail:
		n.Key, n.English = "contribution.offered.change", "Please change “{title}”. Those who look at it write: {words}"
	case refusedMail:
		n.Key, n.English = "contribution.offered.refused", "“{title}” is not published. The reason: {reason} {words}"
		n.Args["reason"] = v.Say(reasonPhrase(c.Reason)) + "."
	case publishedMail:
		n.Key, n.English = "contribution.offered.published", "“{title}” is published: everybody can read it now."
	default:
		return nil
	}
	return notice.Tell(ctx, tx, n)
}

// offerOf gives the contribution that follows an entry until it is decided.
func (f *Feature) offerOf(ctx context.Context, q db.Q, of string) (Contribution, error) {
	c, err := db.One(ctx, q, scan(f.Key), `SELECT `+columns+` FROM contribution c WHERE c.entry = $1 AND c.state IN ('waiting','changes')`, of)
	if errors.Is(err, db.ErrNone) {
		err = fault.Missing()
	}
	return c, err
}

func setEntry(ctx context.Context, tx *db.Tx, c Contribution) error {
	_, err := tx.Exec(ctx, `UPDATE contribution SET entry = $2 WHERE id = $1`, c.ID, c.Entry)
	return err
}

// ownOffer tells that the actor proposed it: nobody decides about their own.
func (f *Feature) ownOffer(ctx context.Context, q db.Q, a people.Actor, c Contribution) (bool, error) {
	if c.Entry == "" || c.State.Over() {
		return false, nil
	}
	e, err := entry.Get(ctx, q, c.Entry)
	return e.Person != "" && e.Person == a.Person, err
}

// shownOffer is an offered entry as its page shows it.
func (f *Feature) shownOffer(ctx context.Context, q db.Q, k kind, c Contribution) (record.Record, map[string]entry.Entry, error) {
	r, err := k.get(ctx, q, c.Entry)
	if err != nil {
		return r, nil, err
	}
	names, err := k.Spec.Named(ctx, q, people.Actor{}, r)
	return r, names, err
}
