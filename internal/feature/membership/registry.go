package membership

import (
	"context"
	"slices"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/id"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// most is how many memberships and networks the registry holds.
const most = 20000

// registry reads what the actor may know of. It is not kept: who has just added
// a version or a membership must find it.
func (x *Memberships) registry(ctx context.Context, q db.Q, a people.Actor) (Registry, error) {
	networks, err := entry.List(ctx, q, entry.Filter{Kinds: organisations, Classes: []string{string(people.Network)}, Actor: a, Limit: most})
	if err != nil {
		return Registry{}, err
	}
	found, err := entry.List(ctx, q, entry.Filter{Kinds: []string{Kind}, Actor: a, Limit: most})
	if err != nil {
		return Registry{}, err
	}
	r, err := x.gathered(ctx, q, a, networks, found)
	if err == nil && x.asks.Texts != nil {
		r.Texts, err = x.asks.Texts(ctx, q, a)
	}
	return r, err
}

// around is the registry as far as one organisation goes: what it is in, and
// who is in it.
func (x *Memberships) around(ctx context.Context, q db.Q, a people.Actor, organisation string) (Registry, error) {
	found, err := entry.List(ctx, q, entry.Filter{Kinds: []string{Kind}, Actor: a, Limit: most, Side: func(w *db.Where) {
		w.And("e.id IN (SELECT x.entry FROM record_value x WHERE x.name IN (?, ?) AND x.value = ?)", member, network, organisation)
	}})
	if err != nil {
		return Registry{}, err
	}
	return x.gathered(ctx, q, a, nil, found)
}

// gathered puts memberships beside the organisations they name; one whose
// member or network the actor may not know of is left out.
func (x *Memberships) gathered(ctx context.Context, q db.Q, a people.Actor, networks, found []entry.Entry) (r Registry, err error) {
	r = Registry{Today: x.DB.Now().Day(), Networks: networks, Organisations: map[string]entry.Entry{}}
	records, err := record.Fill(ctx, q, found)
	if err != nil {
		return r, err
	}
	var ids []string
	for _, one := range records {
		ids = append(ids, one.Answers.One(member), one.Answers.One(network))
	}
	slices.Sort(ids)
	known, err := entry.Many(ctx, q, slices.Compact(ids))
	if err != nil {
		return r, err
	}
	for _, n := range networks {
		known[n.ID] = n
	}
	for id, e := range known {
		if e.State == entry.Published && e.Visible(a) {
			r.Organisations[id] = e
		}
	}
	for _, one := range records {
		m := membershipOf(one)
		_, who := r.Organisations[m.Member]
		if _, in := r.Organisations[m.Network]; who && in {
			r.Memberships = append(r.Memberships, m)
		}
	}
	r.Versions, err = allVersions(ctx, q)
	return r, err
}

const versionColumns = `id, network, name, adopted, ended, document`

func scanVersion(r db.Row) (v Version, err error) {
	return v, r.Scan(&v.ID, &v.Network, &v.Name, &v.Adopted, &v.Ended, &v.Document)
}

func versionsOf(ctx context.Context, q db.Q, network string) ([]Version, error) {
	return db.All(ctx, q, scanVersion, `SELECT `+versionColumns+` FROM network_charter WHERE network = $1 ORDER BY adopted DESC, id DESC`, network)
}

func allVersions(ctx context.Context, q db.Q) (map[string][]Version, error) {
	list, err := db.All(ctx, q, scanVersion, `SELECT `+versionColumns+` FROM network_charter ORDER BY network, adopted DESC, id DESC`)
	by := map[string][]Version{}
	for _, v := range list {
		by[v.Network] = append(by[v.Network], v)
	}
	return by, err
}

// putVersion adds a version of a charter, or changes what is said of one.
func putVersion(ctx context.Context, tx *db.Tx, a people.Actor, v Version) error {
	if v.ID == "" {
		v.ID = id.New()
	}
	_, err := tx.Exec(ctx, `INSERT INTO network_charter (id, network, name, name_key, adopted, ended, document) VALUES ($1,$2,$3,$4,$5,$6,$7)
		ON CONFLICT (network, name_key) DO UPDATE SET name = $3, adopted = $5, ended = $6, document = $7`,
		v.ID, v.Network, v.Name, lang.Fold(v.Name), v.Adopted, v.Ended, v.Document)
	journal.Tell(tx, a, journal.Event{Verb: "organisation.charter", Kind: "organisation", Subject: v.Network})
	return err
}
