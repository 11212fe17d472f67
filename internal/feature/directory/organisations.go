package directory

import (
	"context"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// add keeps a new organisation: what is read of it, and what acts.
func add(ctx context.Context, tx *db.Tx, a people.Actor, o Organisation) (Organisation, error) {
	o.guard()
	if o.ID == "" {
		o.ID = id.New()
	}
	o.Kind, o.Organisation = Kind, o.ID
	if err := o.Validate(); err != nil {
		return o, err
	}
	e, err := entry.Add(ctx, tx, a, o.Entry, o.facts())
	if err != nil {
		return o, err
	}
	o.Entry = e
	return o, keep(ctx, tx, o)
}

// change keeps a new version. The caller has asked MayEdit.
func change(ctx context.Context, tx *db.Tx, a people.Actor, o Organisation) (Organisation, error) {
	o.guard()
	if err := o.Validate(); err != nil {
		return o, err
	}
	e, err := entry.Change(ctx, tx, a, o.Entry, o.facts())
	if err != nil {
		return o, err
	}
	o.Entry = e
	return o, keep(ctx, tx, o)
}

// guard keeps a street out of an organisation whose place is told less closely,
// whoever put the two together.
func (o *Organisation) guard() { o.Street = o.Address() }

// keepRecord adds or changes an organisation that comes as a record: proposed
// by somebody without an account. The caller has asked who may.
func keepRecord(ctx context.Context, tx *db.Tx, a people.Actor, r record.Record) (record.Record, error) {
	o, write := Organisation{}, add
	if r.ID != "" {
		var err error
		if o, err = get(ctx, tx, r.ID); err != nil {
			return r, err
		}
		write = change
	}
	o.Entry = r.Entry
	o.Class, o.Languages, o.Website = r.Answers.One("kind"), r.Answers["language"], r.Answers.One("website")
	for name, to := range map[string]*[]string{worksIn: &o.Countries, record.Axes: &o.Axes} { // what is not spoken of stays
		if values, said := r.Answers[name]; said {
			*to = values
		}
	}
	if _, said := r.Answers[record.Address]; said {
		o.Street = r.Answers.One(record.Address)
	}
	o, err := write(ctx, tx, a, o)
	r.Entry = o.Entry
	return r, err
}

// keep writes the side tables and the acting side.
func keep(ctx context.Context, tx *db.Tx, o Organisation) error {
	if err := putProfile(ctx, tx, o); err != nil {
		return err
	}
	return people.PutOrganisation(ctx, tx, o.acting(tx.Now()))
}

func (o Organisation) acting(now db.Instant) people.Organisation {
	out := people.Organisation{ID: o.ID, Kind: o.OrganisationKind(), Name: o.Name(), Country: o.Place.Country}
	if o.State == entry.Withdrawn {
		out.Withdrawn = now
	}
	return out
}

// move withdraws an organisation at once, everywhere, or brings it back.
func move(ctx context.Context, tx *db.Tx, a people.Actor, organisation string, to entry.State) error {
	o, err := get(ctx, tx, organisation)
	if err != nil {
		return err
	}
	if !o.Visible(a) {
		return fault.Missing()
	}
	if !o.MayEdit(a) {
		return access.Denied()
	}
	return setState(ctx, tx, a, o, to)
}

func setState(ctx context.Context, tx *db.Tx, a people.Actor, o Organisation, to entry.State) error {
	e, err := entry.SetState(ctx, tx, a, o.ID, to)
	if err != nil {
		return err
	}
	o.Entry = e
	return people.PutOrganisation(ctx, tx, o.acting(tx.Now()))
}

// moved keeps the acting side in step with a state that a working list changed.
func moved(ctx context.Context, tx *db.Tx, e entry.Entry) error {
	return people.PutOrganisation(ctx, tx, Organisation{Entry: e}.acting(tx.Now()))
}

// check notes that somebody looked and found the entry right.
func check(ctx context.Context, tx *db.Tx, a people.Actor, organisation string) error {
	o, err := get(ctx, tx, organisation)
	if err != nil {
		return err
	}
	if !o.Visible(a) {
		return fault.Missing()
	}
	if !o.MayEdit(a) {
		return access.Denied()
	}
	o.Checked, o.CheckedBy = tx.Now(), a.Person
	_, err = change(ctx, tx, a, o)
	return err
}

// get gives an organisation whatever its state: the caller asks Visible.
func get(ctx context.Context, q db.Q, organisation string) (Organisation, error) {
	e, err := entry.Get(ctx, q, organisation)
	if err != nil {
		return Organisation{}, err
	}
	if e.Kind != Kind {
		return Organisation{}, fault.Missing()
	}
	list, err := withProfiles(ctx, q, []entry.Entry{e})
	if err != nil || len(list) == 0 {
		return Organisation{}, err
	}
	return list[0], nil
}

// see is get for what the actor may know of.
func see(ctx context.Context, q db.Q, a people.Actor, organisation string) (Organisation, error) {
	o, err := get(ctx, q, organisation)
	if err == nil && !o.Visible(a) {
		return Organisation{}, fault.Missing()
	}
	return o, err
}

// held gives an organisation as the actor may see it, and whether they keep it.
func held(ctx context.Context, q db.Q, a people.Actor, organisation string) (entry.Entry, bool, error) {
	o, err := see(ctx, q, a, organisation)
	return o.Entry, err == nil && o.MayEdit(a), err
}
