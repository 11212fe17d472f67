package agenda

import (
	"context"
	"errors"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
)

const itemColumns = `i.entry, i.number, i.decided, i.motion`

func scanItem(r db.Row) (i Item, err error) {
	return i, r.Scan(&i.Entry, &i.Number, &i.Decided, &i.Motion)
}

func items(ctx context.Context, q db.Q, assembly string) ([]Item, error) {
	var w db.Where
	w.And("e.state = 'published'")
	if assembly != "" {
		w.And("e.parent = ?", assembly)
	}
	return db.All(ctx, q, scanItem, `SELECT `+itemColumns+` FROM item i JOIN entry e ON e.id = i.entry`+w.SQL()+` ORDER BY i.decided, i.number, i.entry`, w.Args()...)
}

func itemByID(ctx context.Context, q db.Q, item string) (Item, error) {
	return missing(db.One(ctx, q, scanItem, `SELECT `+itemColumns+` FROM item i WHERE i.entry = $1`, item))
}

// itemOfMotion finds the item a motion was adopted as.
func itemOfMotion(ctx context.Context, q db.Q, motion string) (Item, error) {
	return missing(db.One(ctx, q, scanItem, `SELECT `+itemColumns+` FROM item i WHERE i.motion = $1`, motion))
}

func putItem(ctx context.Context, tx *db.Tx, assembly string, i Item) (Item, error) {
	if err := tx.Lock(ctx, "agenda:"+assembly); err != nil { // numbers without gaps or twins
		return i, err
	}
	if i.Number == 0 {
		n, err := db.One(ctx, tx, db.Value[int], `SELECT coalesce(max(i.number), 0) + 1 FROM item i JOIN entry e ON e.id = i.entry WHERE e.parent = $1`, assembly)
		if err != nil {
			return i, err
		}
		i.Number = n
	}
	_, err := tx.Exec(ctx, `INSERT INTO item (entry, number, decided, motion) VALUES ($1,$2,$3,$4)`, i.Entry, i.Number, i.Decided, i.Motion)
	return i, err
}

const actionColumns = `a.entry, a.item, a.step, a.due, a.heard, a.ended`

func scanAction(r db.Row) (a Action, err error) {
	return a, r.Scan(&a.Entry, &a.Item, &a.Step, &a.Due, &a.Heard, &a.Ended)
}

// actions gives the actions of items, with their carriers, oldest first.
func actions(ctx context.Context, q db.Q, items ...string) ([]Action, error) {
	var list []Action
	for len(items) > 0 {
		n := min(len(items), 200)
		var w db.Where
		w.In("a.item", items[:n])
		some, err := db.All(ctx, q, scanAction, `SELECT `+actionColumns+` FROM action a`+w.SQL()+` ORDER BY a.entry`, w.Args()...)
		if err != nil {
			return nil, err
		}
		list, items = append(list, some...), items[n:]
	}
	return list, withCarriers(ctx, q, list)
}

func actionByID(ctx context.Context, q db.Q, action string) (Action, error) {
	a, err := missing(db.One(ctx, q, scanAction, `SELECT `+actionColumns+` FROM action a WHERE a.entry = $1`, action))
	if err != nil {
		return a, err
	}
	list := []Action{a}
	err = withCarriers(ctx, q, list)
	return list[0], err
}

func withCarriers(ctx context.Context, q db.Q, list []Action) error {
	type row struct {
		action string
		c      Carrier
	}
	at := map[string]*Action{}
	ids := make([]string, len(list))
	for i := range list {
		at[list[i].Entry], ids[i] = &list[i], list[i].Entry
	}
	for len(ids) > 0 {
		n := min(len(ids), 200)
		var w db.Where
		w.In("c.action", ids[:n])
		rows, err := db.All(ctx, q, func(r db.Row) (x row, err error) {
			return x, r.Scan(&x.action, &x.c.Organisation, &x.c.Name, &x.c.Kind, &x.c.Asked, &x.c.Confirmed, &x.c.Declined)
		}, `SELECT c.action, c.organisation, o.name, o.kind, c.asked, c.confirmed, c.declined FROM carrier c JOIN organisation o ON o.id = c.organisation`+
			w.SQL()+` ORDER BY o.name_key, o.id`, w.Args()...)
		if err != nil {
			return err
		}
		for _, r := range rows {
			at[r.action].Carriers = append(at[r.action].Carriers, r.c)
		}
		ids = ids[n:]
	}
	return nil
}

// waitingFor lists the actions that wait for an organisation's yes.
func waitingFor(ctx context.Context, q db.Q, organisation string) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `SELECT c.action FROM carrier c JOIN action a ON a.entry = c.action
		WHERE c.organisation = $1 AND c.confirmed = 0 AND c.declined = 0 AND a.ended = 0 ORDER BY c.asked, c.action`, organisation)
}

// toReportOn lists the actions under way that an organisation said yes to.
func toReportOn(ctx context.Context, q db.Q, organisation string) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `SELECT c.action FROM carrier c JOIN action a ON a.entry = c.action
		WHERE c.organisation = $1 AND c.confirmed <> 0 AND a.ended = 0 AND a.step IN ('pledged','under_way') ORDER BY a.due, c.action`, organisation)
}

func putAction(ctx context.Context, tx *db.Tx, a Action) error {
	_, err := tx.Exec(ctx, `INSERT INTO action (entry, item, step, due, heard, ended) VALUES ($1,$2,$3,$4,$5,$6)
		ON CONFLICT (entry) DO UPDATE SET step = $3, due = $4, heard = $5, ended = $6`, a.Entry, a.Item, string(a.Step), a.Due, a.Heard, a.Ended)
	return err
}

func putCarrier(ctx context.Context, tx *db.Tx, action string, c Carrier, by string) error {
	_, err := tx.Exec(ctx, `INSERT INTO carrier (action, organisation, asked, confirmed, confirmed_by, declined) VALUES ($1,$2,$3,$4,$5,$6)
		ON CONFLICT (action, organisation) DO UPDATE SET confirmed = $4, confirmed_by = $5, declined = $6`,
		action, c.Organisation, c.Asked, c.Confirmed, by, c.Declined)
	return err
}

const evidenceColumns = `v.entry, v.action, v.link, v.file, v.confirmed, v.confirmed_by, v.confirmed_for`

func scanEvidence(r db.Row) (e Evidence, err error) {
	return e, r.Scan(&e.Entry, &e.Action, &e.Link, &e.File, &e.Confirmed, &e.ConfirmedBy, &e.ConfirmedFor)
}

func evidenceOf(ctx context.Context, q db.Q, actions ...string) ([]Evidence, error) {
	if len(actions) == 0 {
		return nil, nil
	}
	var w db.Where
	w.In("v.action", actions)
	return db.All(ctx, q, scanEvidence, `SELECT `+evidenceColumns+` FROM evidence v`+w.SQL()+` ORDER BY v.entry`, w.Args()...)
}

func evidenceByID(ctx context.Context, q db.Q, evidence string) (Evidence, error) {
	return missing(db.One(ctx, q, scanEvidence, `SELECT `+evidenceColumns+` FROM evidence v WHERE v.entry = $1`, evidence))
}

func putEvidence(ctx context.Context, tx *db.Tx, e Evidence) error {
	_, err := tx.Exec(ctx, `INSERT INTO evidence (entry, action, link, file) VALUES ($1,$2,$3,$4)`, e.Entry, e.Action, e.Link, e.File)
	return err
}

// confirmEvidence is won by the first who confirms.
func confirmEvidence(ctx context.Context, tx *db.Tx, e Evidence) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE evidence SET confirmed = $2, confirmed_by = $3, confirmed_for = $4 WHERE entry = $1 AND confirmed = 0`,
		e.Entry, e.Confirmed, e.ConfirmedBy, e.ConfirmedFor)
	return n == 1, err
}

func missing[T any](v T, err error) (T, error) {
	if errors.Is(err, db.ErrNone) {
		return v, fault.Missing()
	}
	return v, err
}

// Carriers gives the organisations that said yes to carrying a joint action
// which everybody may know of.
func Carriers(ctx context.Context, q db.Q) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `SELECT DISTINCT c.organisation FROM carrier c JOIN entry e ON e.id = c.action WHERE c.confirmed <> 0 AND e.state = 'published' AND e.audience = 'public'`)
}

// Carried lists the open actions that an organisation said yes to, those that
// wait for the yes of another too.
func Carried(ctx context.Context, q db.Q, organisation string) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `SELECT c.action FROM carrier c JOIN action a ON a.entry = c.action
		WHERE c.organisation = $1 AND c.confirmed <> 0 AND a.ended = 0 ORDER BY a.due, c.action`, organisation)
}
