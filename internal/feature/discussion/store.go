package discussion

import (
	"context"
	"embed"
	"errors"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/lang"
)

//go:embed schema
var schema embed.FS

var _ = db.Unseen("report")

const columns = `c.id, c.entry, c.thread, c.answers, c.depth, c.path, c.summary, c.person, c.organisation, c.mandate, c.words, c.at, c.changed, c.revision, c.state, c.closed`

func scan(r db.Row) (c Comment, err error) {
	var words string
	if err = r.Scan(&c.ID, &c.Entry, &c.Thread, &c.Answers, &c.Depth, &c.Path, &c.Summary, &c.Person, &c.Organisation, &c.Mandate, &words,
		&c.At, &c.Changed, &c.Revision, &c.State, &c.Closed); err != nil {
		return c, err
	}
	c.Words, err = lang.Parse(words)
	return c, err
}

func byID(ctx context.Context, q db.Q, comment string) (Comment, error) {
	return missing(db.One(ctx, q, scan, `SELECT `+columns+` FROM comment c WHERE c.id = $1`, comment))
}

// page gives comments of an entry in the order of reading.
func page(ctx context.Context, q db.Q, entry string, offset, limit int) ([]Comment, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM comment c WHERE c.id IN
		(SELECT id FROM comment WHERE entry = $1 AND summary = 0 ORDER BY path LIMIT $2 OFFSET $3) ORDER BY c.path`, entry, limit, offset)
}

// count counts the comments under an entry, the taken back ones too.
func count(ctx context.Context, q db.Q, entry string) (int, error) {
	return db.One(ctx, q, db.Value[int], `SELECT count(*) FROM comment WHERE entry = $1 AND summary = 0`, entry)
}

// standing is how many stand before a path: it tells the page of a comment.
func standing(ctx context.Context, q db.Q, entry, path string) (int, error) {
	return db.One(ctx, q, db.Value[int], `SELECT count(*) FROM comment WHERE entry = $1 AND summary = 0 AND path < $2`, entry, path)
}

// summaryOf finds what a discussion came to.
func summaryOf(ctx context.Context, q db.Q, entry string) (Comment, error) {
	return missing(db.One(ctx, q, scan, `SELECT `+columns+` FROM comment c WHERE c.entry = $1 AND c.summary = 1`, entry))
}

func many(ctx context.Context, q db.Q, ids []string) (map[string]Comment, error) {
	found := map[string]Comment{}
	for len(ids) > 0 {
		n := min(len(ids), 200)
		var w db.Where
		w.In("c.id", ids[:n])
		list, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM comment c`+w.SQL(), w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			found[c.ID] = c
		}
		ids = ids[n:]
	}
	return found, nil
}

func add(ctx context.Context, tx *db.Tx, c Comment) error {
	if _, err := tx.Exec(ctx, `INSERT INTO comment (id, entry, thread, answers, depth, path, summary, person, organisation, mandate, words, at, changed, revision, state, closed)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16)`,
		c.ID, c.Entry, c.Thread, c.Answers, c.Depth, c.Path, c.Summary, c.Person, c.Organisation, c.Mandate, c.Words.JSON(), c.At, c.Changed, c.Revision, string(c.State), c.Closed); err != nil {
		return err
	}
	return addVersion(ctx, tx, c, c.Person)
}

// set keeps a comment as it was changed; with a version of it where the words did.
func set(ctx context.Context, tx *db.Tx, c Comment) error {
	_, err := tx.Exec(ctx, `UPDATE comment SET words = $2, changed = $3, revision = $4, state = $5, closed = $6 WHERE id = $1`,
		c.ID, c.Words.JSON(), c.Changed, c.Revision, string(c.State), c.Closed)
	return err
}

func addVersion(ctx context.Context, tx *db.Tx, c Comment, by string) error {
	_, err := tx.Exec(ctx, `INSERT INTO comment_version (comment, revision, at, person, words) VALUES ($1,$2,$3,$4,$5)`, c.ID, c.Revision, c.Changed, by, c.Words.JSON())
	return err
}

// takeOut deletes the words of a comment, in every version.
func takeOut(ctx context.Context, tx *db.Tx, comment string) error {
	_, err := tx.Exec(ctx, `DELETE FROM comment_version WHERE comment = $1`, comment)
	return err
}

// version is one state of a comment's words.
type version struct {
	Revision int
	At       db.Instant
	Person   string
	Words    lang.Text
}

func versions(ctx context.Context, q db.Q, comment string) ([]version, error) {
	return db.All(ctx, q, func(r db.Row) (v version, err error) {
		var words string
		if err = r.Scan(&v.Revision, &v.At, &v.Person, &words); err != nil {
			return v, err
		}
		v.Words, err = lang.Parse(words)
		return v, err
	}, `SELECT revision, at, person, words FROM comment_version WHERE comment = $1 ORDER BY revision DESC`, comment)
}

// ownWords lists what a person said for nobody else and still stands with its words.
func ownWords(ctx context.Context, q db.Q, person string) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `SELECT id FROM comment WHERE person = $1 AND organisation = '' AND words <> ''`, person)
}

// Moderation is one line of the moderators' log.
type Moderation struct {
	ID, Comment, Entry string
	Act                Act
	Reason             Reason
	Note               string
	Person             string
	At                 db.Instant
}

const moderationColumns = `id, comment, entry, act, reason, note, person, at`

func scanModeration(r db.Row) (m Moderation, err error) {
	return m, r.Scan(&m.ID, &m.Comment, &m.Entry, &m.Act, &m.Reason, &m.Note, &m.Person, &m.At)
}

func addModeration(ctx context.Context, tx *db.Tx, m Moderation) error {
	_, err := tx.Exec(ctx, `INSERT INTO moderation (id, comment, entry, act, reason, note, person, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		id.New(), m.Comment, m.Entry, string(m.Act), string(m.Reason), m.Note, m.Person, tx.Now())
	return err
}

// moderations lists the log, newest first, before an identifier.
func moderations(ctx context.Context, q db.Q, before string, limit int) ([]Moderation, error) {
	if before == "" {
		before = "~"
	}
	return db.All(ctx, q, scanModeration, `SELECT `+moderationColumns+` FROM moderation WHERE id < $1 ORDER BY id DESC LIMIT $2`, before, limit)
}

func moderationsOf(ctx context.Context, q db.Q, comment string) ([]Moderation, error) {
	return db.All(ctx, q, scanModeration, `SELECT `+moderationColumns+` FROM moderation WHERE comment = $1 ORDER BY id DESC`, comment)
}

// Report is somebody's pointing to a comment.
type Report struct {
	ID, Comment, Person string
	Reason              Reason
	Note                string
	At                  db.Instant
}

func addReport(ctx context.Context, tx *db.Tx, r Report) error {
	_, err := tx.Exec(ctx, `INSERT INTO report (id, comment, person, reason, note, at) VALUES ($1,$2,$3,$4,$5,$6)`, r.ID, r.Comment, r.Person, string(r.Reason), r.Note, tx.Now())
	return err
}

func scanReport(r db.Row) (x Report, err error) {
	return x, r.Scan(&x.ID, &x.Comment, &x.Person, &x.Reason, &x.Note, &x.At)
}

// openReports lists those nobody dealt with yet, oldest first.
func openReports(ctx context.Context, q db.Q) ([]Report, error) {
	return db.All(ctx, q, scanReport, `SELECT id, comment, person, reason, note, at FROM report WHERE settled = 0 ORDER BY at, id LIMIT 500`)
}

func openReportsOf(ctx context.Context, q db.Q, comment string) ([]Report, error) {
	return db.All(ctx, q, scanReport, `SELECT id, comment, person, reason, note, at FROM report WHERE comment = $1 AND settled = 0 ORDER BY at, id`, comment)
}

func settleReports(ctx context.Context, tx *db.Tx, comment string) error {
	_, err := tx.Exec(ctx, `UPDATE report SET settled = $2 WHERE comment = $1 AND settled = 0`, comment, tx.Now())
	return err
}

func missing[T any](v T, err error) (T, error) {
	if errors.Is(err, db.ErrNone) {
		return v, fault.Missing()
	}
	return v, err
}
