package follow

import (
	"context"
	"embed"
	"errors"
	"net/url"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
)

//go:embed schema
var schema embed.FS

// No page kept for visitors shows who follows what.
var _ = db.Unseen("follower", "follow")

const followerColumns = `id, person, email, lang, pace, hour, zone, told, due, created`

func scanFollower(r db.Row) (f Follower, err error) {
	return f, r.Scan(&f.ID, &f.Person, &f.Email, &f.Lang, &f.Pace, &f.Hour, &f.Zone, &f.Told, &f.Due, &f.Created)
}

func followerByID(ctx context.Context, q db.Q, follower string) (Follower, error) {
	return missing(db.One(ctx, q, scanFollower, `SELECT `+followerColumns+` FROM follower WHERE id = $1`, follower))
}

func followerOf(ctx context.Context, q db.Q, person string) (Follower, error) {
	return missing(db.One(ctx, q, scanFollower, `SELECT `+followerColumns+` FROM follower WHERE person = $1 AND person <> ''`, person))
}

func followerAt(ctx context.Context, q db.Q, emailKey string) (Follower, error) {
	return missing(db.One(ctx, q, scanFollower, `SELECT `+followerColumns+` FROM follower WHERE email_key = $1 AND email_key <> ''`, emailKey))
}

func addFollower(ctx context.Context, tx *db.Tx, f Follower, emailKey string) error {
	_, err := tx.Exec(ctx, `INSERT INTO follower (id, person, email, email_key, lang, pace, hour, zone, told, due, created)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`,
		f.ID, f.Person, f.Email, emailKey, f.Lang, string(f.Pace), f.Hour, f.Zone, f.Told, f.Due, f.Created)
	return err
}

func setFollower(ctx context.Context, tx *db.Tx, f Follower) error {
	_, err := tx.Exec(ctx, `UPDATE follower SET lang = $2, pace = $3, hour = $4, zone = $5, told = $6, due = $7 WHERE id = $1`,
		f.ID, f.Lang, string(f.Pace), f.Hour, f.Zone, f.Told, f.Due)
	return err
}

// dropFollower forgets a follower and all that was followed.
func dropFollower(ctx context.Context, tx *db.Tx, follower string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM follow WHERE follower = $1`, follower); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM follower WHERE id = $1`, follower)
	return err
}

// dueFollowers gives some of those whose digest is due, after one identifier:
// at once for whoever has not been told the journal's last line, else by time.
// An account that wants no mail is still told on the site what its searches find.
func dueFollowers(ctx context.Context, q db.Q, now db.Instant, head int64, after string) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `SELECT id FROM follower WHERE id > $3 AND (pace = 'now' AND told < $1
		OR pace IN ('daily','weekly') AND due <= $2 OR pace = 'never' AND person <> '' AND due <= $2) ORDER BY id LIMIT 200`, head, now, after)
}

const followColumns = `id, follower, entry, query, name, since, created`

func scanFollow(r db.Row) (f Follow, err error) {
	var query string
	if err = r.Scan(&f.ID, &f.Follower, &f.Entry, &query, &f.Name, &f.Since, &f.Created); err != nil {
		return f, err
	}
	values, err := url.ParseQuery(query)
	f.Search = ParseSearch(values)
	return f, err
}

func followsOf(ctx context.Context, q db.Q, follower string) ([]Follow, error) {
	return db.All(ctx, q, scanFollow, `SELECT `+followColumns+` FROM follow WHERE follower = $1 ORDER BY created DESC, id DESC`, follower)
}

// followOf finds the follow of an entry by a person.
func followOf(ctx context.Context, q db.Q, person, entry string) (string, error) {
	found, err := db.One(ctx, q, db.Value[string], `SELECT f.id FROM follow f JOIN follower w ON w.id = f.follower WHERE w.person = $1 AND w.person <> '' AND f.mark = $2`,
		person, people.Hash(entry+"?"))
	if errors.Is(err, db.ErrNone) {
		return "", nil
	}
	return found, err
}

func addFollow(ctx context.Context, tx *db.Tx, f Follow) error {
	query := f.Search.Query()
	_, err := tx.Exec(ctx, `INSERT INTO follow (id, follower, entry, query, mark, name, since, created) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)
		ON CONFLICT (follower, mark) DO UPDATE SET name = $6`,
		f.ID, f.Follower, f.Entry, query, people.Hash(f.Entry+"?"+query), f.Name, f.Since, f.Created)
	return err
}

func dropFollow(ctx context.Context, tx *db.Tx, follower, follow string) error {
	n, err := tx.Exec(ctx, `DELETE FROM follow WHERE id = $1 AND follower = $2`, follow, follower)
	if err == nil && n == 0 {
		return fault.Missing()
	}
	return err
}

func missing[T any](v T, err error) (T, error) {
	if errors.Is(err, db.ErrNone) {
		return v, fault.Missing()
	}
	return v, err
}
