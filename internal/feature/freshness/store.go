package freshness

import (
	"context"
	"embed"
	"errors"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
)

//go:embed schema
var schema embed.FS

var _ = db.Unseen("check_reminder")

const roundColumns = `r.id, r.title, r.lang, r.kinds, r.countries, r.themes, r.before_, r.at, r.ends, r.closed`

func scanRound(row db.Row) (r Round, err error) {
	var kinds, countries, themes string
	err = row.Scan(&r.ID, &r.Title, &r.Lang, &kinds, &countries, &themes, &r.Choice.Before, &r.At, &r.Ends, &r.Closed)
	r.Choice.Kinds, r.Choice.Countries, r.Choice.Themes = strings.Fields(kinds), strings.Fields(countries), strings.Fields(themes)
	return r, err
}

func rounds(ctx context.Context, q db.Q) ([]Round, error) {
	return db.All(ctx, q, scanRound, `SELECT `+roundColumns+` FROM check_round r ORDER BY r.at DESC, r.id LIMIT 200`)
}

func roundByID(ctx context.Context, q db.Q, round string) (Round, error) {
	r, err := db.One(ctx, q, scanRound, `SELECT `+roundColumns+` FROM check_round r WHERE r.id = $1`, round)
	if errors.Is(err, db.ErrNone) {
		err = fault.Missing()
	}
	return r, err
}

func over(ctx context.Context, q db.Q, now db.Instant) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `SELECT id FROM check_round WHERE closed = 0 AND ends <= $1`, now)
}

func addRound(ctx context.Context, tx *db.Tx, r Round, by string) error {
	_, err := tx.Exec(ctx, `INSERT INTO check_round (id, title, lang, kinds, countries, themes, before_, at, ends, by_) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
		r.ID, r.Title, r.Lang, strings.Join(r.Choice.Kinds, " "), strings.Join(r.Choice.Countries, " "), strings.Join(r.Choice.Themes, " "), r.Choice.Before, r.At, r.Ends, by)
	return err
}

// closeRound ends a round: what nobody checked was not reached.
func closeRound(ctx context.Context, tx *db.Tx, round string) error {
	if _, err := tx.Exec(ctx, `UPDATE check_item SET state = 'unreached', at = $2 WHERE round = $1 AND state = 'todo'`, round, tx.Now()); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE check_round SET closed = $2 WHERE id = $1`, round, tx.Now())
	return err
}

const itemColumns = `i.round, i.n, i.entry, i.share, i.link, i.state, i.how, i.organisation, i.at`

func scanItem(r db.Row) (i Item, err error) {
	var link string
	err = r.Scan(&i.Round, &i.N, &i.Entry, &i.Share, &link, &i.State, &i.How, &i.By, &i.At)
	i.Linked = link != ""
	return i, err
}

func addItem(ctx context.Context, tx *db.Tx, i Item) error {
	_, err := tx.Exec(ctx, `INSERT INTO check_item (round, n, entry, state) VALUES ($1,$2,$3,'todo')`, i.Round, i.N, i.Entry)
	return err
}

func itemsOf(ctx context.Context, q db.Q, round string, offset, limit int) ([]Item, error) {
	return db.All(ctx, q, scanItem, `SELECT `+itemColumns+` FROM check_item i WHERE i.round = $1 ORDER BY i.n LIMIT $2 OFFSET $3`, round, limit, offset)
}

func itemsOfShare(ctx context.Context, q db.Q, share string) ([]Item, error) {
	return db.All(ctx, q, scanItem, `SELECT `+itemColumns+` FROM check_item i WHERE i.share = $1 ORDER BY i.n`, share)
}

// itemsOfLink gives what a link speaks of, as long as its round is under way.
func itemsOfLink(ctx context.Context, q db.Q, secret string, now db.Instant) ([]Item, error) {
	list, err := db.All(ctx, q, scanItem, `SELECT `+itemColumns+` FROM check_item i JOIN check_round r ON r.id = i.round
		WHERE i.link = $1 AND r.closed = 0 AND r.ends > $2 ORDER BY i.n`, people.Hash(secret), now)
	if err == nil && len(list) == 0 {
		err = people.LinkOver()
	}
	return list, err
}

func unlinked(ctx context.Context, q db.Q, round string) ([]Item, error) {
	return db.All(ctx, q, scanItem, `SELECT `+itemColumns+` FROM check_item i WHERE i.round = $1 AND i.state = 'todo' AND i.link = '' ORDER BY i.n`, round)
}

func setLink(ctx context.Context, tx *db.Tx, i Item, secret string) error {
	_, err := tx.Exec(ctx, `UPDATE check_item SET link = $3 WHERE round = $1 AND n = $2`, i.Round, i.N, people.Hash(secret))
	return err
}

// setResult keeps what was found, unless it has its proof already. done is
// false where somebody was first.
func setResult(ctx context.Context, tx *db.Tx, i Item) (done bool, err error) {
	n, err := tx.Exec(ctx, `UPDATE check_item SET state = $3, how = $4, organisation = $5, at = $6 WHERE round = $1 AND n = $2 AND state <> 'same'`,
		i.Round, i.N, string(i.State), i.How, i.By, i.At)
	return n > 0, err
}

// take gives the next free records of a round to a share.
func take(ctx context.Context, tx *db.Tx, round, share string, count int) (int64, error) {
	return tx.Exec(ctx, `UPDATE check_item SET share = $2 WHERE round = $1 AND n IN
		(SELECT n FROM check_item WHERE round = $1 AND share = '' AND state = 'todo' ORDER BY n LIMIT $3)`, round, share, count)
}

func tallyOf(ctx context.Context, q db.Q, round string) (Tally, error) {
	list, err := db.All(ctx, q, db.Pair[State, int], `SELECT state, count(*) FROM check_item WHERE round = $1 GROUP BY state`, round)
	t := Tally{}
	for _, p := range list {
		t[p.A] = p.B
	}
	return t, err
}

func free(ctx context.Context, q db.Q, round string) (int, error) {
	return db.One(ctx, q, db.Value[int], `SELECT count(*) FROM check_item WHERE round = $1 AND share = '' AND state = 'todo'`, round)
}

const shareColumns = `s.id, s.round, s.n, s.person, s.organisation, s.at`

func scanShare(r db.Row) (s Share, err error) {
	return s, r.Scan(&s.ID, &s.Round, &s.N, &s.Person, &s.Organisation, &s.At)
}

func addShare(ctx context.Context, tx *db.Tx, s Share) error {
	_, err := tx.Exec(ctx, `INSERT INTO check_share (id, round, n, person, organisation, at) VALUES ($1,$2,$3,$4,$5,$6)`, s.ID, s.Round, s.N, s.Person, s.Organisation, s.At)
	return err
}

func sharesOf(ctx context.Context, q db.Q, round string) ([]Share, error) {
	return db.All(ctx, q, scanShare, `SELECT `+shareColumns+` FROM check_share s WHERE s.round = $1 ORDER BY s.n`, round)
}

func shareByID(ctx context.Context, q db.Q, share string) (Share, error) {
	s, err := db.One(ctx, q, scanShare, `SELECT `+shareColumns+` FROM check_share s WHERE s.id = $1`, share)
	if errors.Is(err, db.ErrNone) {
		err = fault.Missing()
	}
	return s, err
}

// closures gives every line of opening hours of an entry that spans days, by
// the names of the questions that ask for hours.
func closures(ctx context.Context, q db.Q, questions []string) (map[string][]string, error) {
	var w db.Where
	w.And("v.value LIKE ?", "%..% closed")
	w.In("v.name", questions)
	list, err := db.All(ctx, q, db.Pair[string, string], `SELECT v.entry, v.value FROM record_value v`+w.SQL()+` ORDER BY v.entry, v.n`, w.Args()...)
	found := map[string][]string{}
	for _, p := range list {
		found[p.A] = append(found[p.A], p.B)
	}
	return found, err
}

// remind notes that keepers are reminded of the end of a closure; it is false
// when they were.
func remind(ctx context.Context, tx *db.Tx, entry, until string) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO check_reminder (entry, until, at) VALUES ($1,$2,$3) ON CONFLICT DO NOTHING`, entry, until, tx.Now())
	return n > 0, err
}

func forget(ctx context.Context, tx *db.Tx, person string) error {
	if _, err := tx.Exec(ctx, `UPDATE check_share SET person = '' WHERE person = $1`, person); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE check_round SET by_ = '' WHERE by_ = $1`, person)
	return err
}

// Pass gives the shares of open rounds that somebody took for an organisation
// to who comes next there, and says how many.
func Pass(ctx context.Context, tx *db.Tx, organisation, from, to string) (int64, error) {
	return tx.Exec(ctx, `UPDATE check_share SET person = $3 WHERE person = $1 AND organisation = $2 AND round IN (SELECT r.id FROM check_round r WHERE r.closed = 0)`, from, organisation, to)
}
