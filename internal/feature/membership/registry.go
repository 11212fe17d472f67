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
func (x *Memberships) registry(ctx context.Context, a people.Actor) (Registry, error) {
	return x.read(ctx, a, x.DB.Now().Day())
}

func (x *Memberships) read(ctx context.Context, a people.Actor, today string) (r Registry, err error) {
	r = Registry{Today: today, Organisations: map[string]entry.Entry{}}
	if r.Networks, err = entry.List(ctx, x.DB, entry.Filter{Kinds: organisations, Classes: []string{string(people.Network)}, Actor: a, Limit: most}); err != nil {
		return r, err
	}
	found, err := entry.List(ctx, x.DB, entry.Filter{Kinds: []string{Kind}, Actor: a, Limit: most})
	if err != nil {
		return r, err
	}
	records, err := record.Fill(ctx, x.DB, found)
	if err != nil {
		return r, err
	}
	var ids []string
	for _, one := range records {
		ids = append(ids, one.Answers.One(member), one.Answers.One(network))
	}
	slices.Sort(ids)
	known, err := entry.Many(ctx, x.DB, slices.Compact(ids))
	if err != nil {
		return r, err
	}
	for _, n := range r.Networks {
		known[n.ID] = n
	}
	for id, e := range known {
		if e.State == entry.Published && e.Visible(reachOnly(a)) {
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
	r.Versions, err = allVersions(ctx, x.DB)
	return r, err
}

// reachOnly is the actor as lists know them, so that an answer kept for one
// serves all who reach as far: see record.Reach.
func reachOnly(a people.Actor) people.Actor {
	switch {
	case a.Is(people.Coordinator) || a.Is(people.Committee):
		return people.Actor{Person: "?", Grants: []people.Grant{{Role: people.Committee}}}
	case a.For() != "":
		return people.Actor{Person: "?", Mandate: people.Mandate{ID: "?", Organisation: "?"}}
	}
	return people.Actor{}
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
