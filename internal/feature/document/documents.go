package document

import (
	"context"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/file"
	"alliance/internal/platform/id"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// beside gives a record of a kind that has documents, as the actor may see it.
func (f *Feature) beside(ctx context.Context, q db.Q, a people.Actor, of string) (feature.Kind, record.Record, error) {
	e, err := entry.Get(ctx, q, of)
	if err != nil {
		return feature.Kind{}, record.Record{}, err
	}
	k := f.Kinds[e.Kind]
	switch {
	case k.Spec == nil || !k.Spec.Documents:
		return k, record.Record{}, fault.Missing()
	case k.Records == nil:
		e, _, err = k.Mine(ctx, q, a, of)
		return k, record.Record{Entry: e}, err
	}
	r, err := k.Records.See(ctx, q, a, of)
	return k, r, err
}

// mayChange tells whether the actor may add beside a record they see.
func mayChange(ctx context.Context, q db.Q, a people.Actor, k feature.Kind, r record.Record) (may bool, err error) {
	if k.Records != nil {
		return k.Records.MayEdit(a, r), nil
	}
	_, may, err = k.Mine(ctx, q, a, r.ID)
	return may, err
}

// mine is beside for who may change what stands there.
func (f *Feature) mine(ctx context.Context, q db.Q, a people.Actor, of string) (feature.Kind, record.Record, error) {
	k, r, err := f.beside(ctx, q, a, of)
	if err != nil {
		return k, r, err
	}
	may, err := mayChange(ctx, q, a, k, r)
	if err == nil && !may {
		err = access.Denied()
	}
	return k, r, err
}

// limits of what is taken for a document.
var limits = file.Limits{Field: "file", Side: pictureSide}

// Add keeps a file that was taken beside a record.
func (f *Feature) Add(ctx context.Context, tx *db.Tx, a people.Actor, d Document, taken file.Taken) (Document, error) {
	k, r, err := f.mine(ctx, tx, a, d.Entry)
	if err != nil {
		return d, err
	}
	if err := d.validate(); err != nil {
		return d, err
	}
	if err := tx.Lock(ctx, "documents/"+r.ID); err != nil { // of two at once, both are counted
		return d, err
	}
	there, err := of(ctx, tx, r.ID)
	if err != nil {
		return d, err
	}
	if len(there) >= most {
		return d, fault.Invalid("file", "document.many", "At most {n} documents stand beside one record. Take one away first.", "n", most)
	}
	if d.Consent, err = d.consented(taken.Picture()); err != nil {
		return d, err
	}
	if d.File, err = f.Files.Keep(ctx, tx, taken, a.Person, "document"); err != nil {
		return d, err
	}
	d.ID, d.At = id.New(), tx.Now()
	journal.Tell(tx, a, journal.Event{Verb: "document.added", Kind: k.Name, Subject: r.ID, Data: map[string]string{"document": d.ID}})
	return d, put(ctx, tx, d)
}

// Remove takes a document away from its record, and deletes it.
func (f *Feature) Remove(ctx context.Context, tx *db.Tx, a people.Actor, document string) (Document, error) {
	d, err := byID(ctx, tx, document)
	if err != nil {
		return d, err
	}
	k, r, err := f.mine(ctx, tx, a, d.Entry)
	if err != nil {
		return d, err
	}
	if err := drop(ctx, tx, d.ID); err != nil {
		return d, err
	}
	journal.Tell(tx, a, journal.Event{Verb: "document.removed", Kind: k.Name, Subject: r.ID, Data: map[string]string{"document": d.ID}})
	return d, file.Remove(ctx, tx, d.File.ID)
}
