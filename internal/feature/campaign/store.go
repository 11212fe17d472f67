package campaign

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// most is how many signatures are read at once.
const most = 20000

// signaturesOf gives the signatures that name an entry in the answer to a
// question ("" = all), as far as the actor may know of them;
// whatever their state if so asked.
func signaturesOf(ctx context.Context, q db.Q, a people.Actor, whatever bool, name, of string) ([]Signature, error) {
	f := entry.Filter{Kinds: []string{Signed}, Actor: a, Any: whatever, Limit: most}
	if name != "" {
		f.Side = func(w *db.Where) {
			w.And("e.id IN (SELECT x.entry FROM record_value x WHERE x.name = ? AND x.value = ?)", name, of)
		}
	}
	found, err := entry.List(ctx, q, f)
	if err != nil {
		return nil, err
	}
	records, err := record.Fill(ctx, q, found)
	list := make([]Signature, len(records))
	for i, r := range records {
		list[i] = signatureOf(r)
	}
	return list, err
}

// pair gives the signature of an organisation under a text, "" without one.
func pair(ctx context.Context, q db.Q, text, organisation string) (string, error) {
	found, err := db.All(ctx, q, db.Value[string], `SELECT c.entry FROM record_value c JOIN record_value s ON s.entry = c.entry JOIN entry e ON e.id = c.entry
		WHERE c.name = 'campaign' AND c.value = $1 AND s.name = 'signer' AND s.value = $2 AND e.kind = 'signature' AND e.kept = '' ORDER BY e.created, e.id`, text, organisation)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}

// count gives how many signatures a text has or had.
func count(ctx context.Context, q db.Q, text string) (int, error) {
	return db.One(ctx, q, db.Value[int], `SELECT COUNT(*) FROM record_value v JOIN entry e ON e.id = v.entry WHERE v.name = 'campaign' AND v.value = $1 AND e.kind = 'signature'`, text)
}
