package mail

import (
	"context"
	"time"

	"alliance/internal/platform/db"
)

// What is counted, by day.
const (
	Sent     = "sent"     // taken by the mail server
	Nobody   = "nobody"   // came back: there is no such mailbox
	Returned = "returned" // came back for another reason
	Delayed  = "delayed"  // the report says that it may come yet
	Withheld = "withheld" // not sent, since letters to this address come back
	Unproven = "unproven" // reports of letters that were not sent, or told twice
	Unread   = "unread"   // mails handed on as reports that are none
)

// Counted are all things that are counted, in the order one reads them.
var Counted = []string{Sent, Nobody, Returned, Delayed, Withheld, Unproven, Unread}

func day(at db.Instant) int64 { return at.Time().Unix() / 86400 }

func count(ctx context.Context, tx *db.Tx, what string) error {
	_, err := tx.Exec(ctx, `INSERT INTO mail_tally (day, what, n) VALUES ($1,$2,1) ON CONFLICT (day, what) DO UPDATE SET n = mail_tally.n + 1`, day(tx.Now()), what)
	return err
}

// Tally is what was counted since a day, and how many addresses are stopped now.
type Tally struct {
	N       map[string]int64
	Stopped int64
}

// TallySince counts the days since an instant.
func TallySince(ctx context.Context, q db.Q, since db.Instant) (t Tally, err error) {
	t.N = map[string]int64{}
	list, err := db.All(ctx, q, db.Pair[string, int64],
		`SELECT what, CAST(sum(n) AS BIGINT) FROM mail_tally WHERE day >= $1 GROUP BY what`, day(since))
	if err != nil {
		return t, err
	}
	for _, x := range list {
		t.N[x.A] = x.B
	}
	t.Stopped, err = db.One(ctx, q, db.Value[int64], `SELECT count(*) FROM mail_back WHERE stopped <> 0`)
	return t, err
}

// counting is how long days are kept.
const counting = 400 * 24 * time.Hour

// sweep forgets letters no report will come for, addresses that may work again,
// and days long past.
func sweep(ctx context.Context, d *db.DB) error {
	return d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM mail_sent WHERE at < $1`, tx.Now().Add(-reporting)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM mail_back WHERE last < $1`, tx.Now().Add(-forgetting)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM mail_tally WHERE day < $1`, day(tx.Now().Add(-counting)))
		return err
	})
}
