package plenary

import (
	"context"
	"errors"

	"alliance/internal/feature/plenary/ballot"
	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
)

const motionColumns = `m.entry, m.assembly, m.number, m.becomes, m.state, m.secret, m.revisable, m.rule, m.opened, m.closes, m.result, m.outcome, m.item`

func scanMotion(r db.Row) (m Motion, err error) {
	return m, r.Scan(&m.Entry, &m.Assembly, &m.Number, &m.Becomes, &m.State, &m.Secret, &m.Revisable, &m.Rule, &m.Opened, &m.Closes, &m.Result, &m.Outcome, &m.Item)
}

func motionByID(ctx context.Context, q db.Q, motion string) (Motion, error) {
	m, err := db.One(ctx, q, scanMotion, `SELECT `+motionColumns+` FROM motion m WHERE m.entry = $1`, motion)
	if errors.Is(err, db.ErrNone) {
		return m, fault.Missing()
	}
	return m, err
}

func motionsOf(ctx context.Context, q db.Q, assembly string) ([]Motion, error) {
	return db.All(ctx, q, scanMotion, `SELECT `+motionColumns+` FROM motion m WHERE m.assembly = $1 ORDER BY m.number, m.entry`, assembly)
}

// openFor lists the open motions on whose roll an organisation stands and has not voted.
func openFor(ctx context.Context, q db.Q, organisation string, at db.Instant) ([]Motion, error) {
	return db.All(ctx, q, scanMotion, `SELECT `+motionColumns+` FROM motion m JOIN roll r ON r.motion = m.entry
		WHERE r.organisation = $1 AND r.votes = 0 AND m.state = 'open' AND (m.closes = 0 OR m.closes > $2) ORDER BY m.closes, m.number`, organisation, at)
}

// overdue lists the motions whose time has passed and that wait to be counted.
func overdue(ctx context.Context, q db.Q, at db.Instant) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `SELECT m.entry FROM motion m WHERE m.state = 'open' AND m.closes <> 0 AND m.closes <= $1`, at)
}

func putMotion(ctx context.Context, tx *db.Tx, m Motion) error {
	_, err := tx.Exec(ctx, `INSERT INTO motion (entry, assembly, number, becomes, state, secret, revisable, rule, opened, closes, result, outcome, item)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)
		ON CONFLICT (entry) DO UPDATE SET number=$3, becomes=$4, state=$5, secret=$6, revisable=$7, rule=$8, opened=$9, closes=$10, result=$11, outcome=$12, item=$13`,
		m.Entry, m.Assembly, m.Number, m.Becomes, string(m.State), m.Secret, m.Revisable, m.Rule, m.Opened, m.Closes, m.Result, m.Outcome, m.Item)
	return err
}

func keepFile(ctx context.Context, tx *db.Tx, motion, file string) error {
	_, err := tx.Exec(ctx, `UPDATE motion SET file = $2 WHERE entry = $1`, motion, file)
	return err
}

func fileOf(ctx context.Context, q db.Q, motion string) (string, error) {
	return db.One(ctx, q, db.Value[string], `SELECT file FROM motion WHERE entry = $1`, motion)
}

func nextNumber(ctx context.Context, q db.Q, assembly string) (int, error) {
	return db.One(ctx, q, db.Value[int], `SELECT coalesce(max(number), 0) + 1 FROM motion WHERE assembly = $1`, assembly)
}

func scanSeat(r db.Row) (s Seat, err error) {
	return s, r.Scan(&s.Organisation, &s.Name, &s.Kind, &s.College, &s.Voices, &s.Present, &s.Votes)
}

func rollOf(ctx context.Context, q db.Q, motion string) ([]Seat, error) {
	return db.All(ctx, q, scanSeat, `SELECT r.organisation, o.name, o.kind, r.college, r.voices, r.present, r.votes
		FROM roll r JOIN organisation o ON o.id = r.organisation WHERE r.motion = $1 ORDER BY r.college, o.name_key, o.id`, motion)
}

// onRoll counts the organisations on a roll.
func onRoll(ctx context.Context, q db.Q, motion string) (int, error) {
	return db.One(ctx, q, db.Value[int], `SELECT count(*) FROM roll WHERE motion = $1`, motion)
}

func seatOf(ctx context.Context, q db.Q, motion, organisation string) (Seat, error) {
	s, err := db.One(ctx, q, scanSeat, `SELECT r.organisation, o.name, o.kind, r.college, r.voices, r.present, r.votes
		FROM roll r JOIN organisation o ON o.id = r.organisation WHERE r.motion = $1 AND r.organisation = $2`, motion, organisation)
	if errors.Is(err, db.ErrNone) {
		return s, fault.Forbidden("plenary.roll.not", "Your organisation is not on the roll of this vote.")
	}
	return s, err
}

func putSeat(ctx context.Context, tx *db.Tx, motion string, s Seat) error {
	_, err := tx.Exec(ctx, `INSERT INTO roll (motion, organisation, college, voices, present) VALUES ($1,$2,$3,$4,$5)`, motion, s.Organisation, s.College, s.Voices, s.Present)
	return err
}

func markPresent(ctx context.Context, tx *db.Tx, motion, organisation string, present bool) error {
	_, err := tx.Exec(ctx, `UPDATE roll SET present = $3 WHERE motion = $1 AND organisation = $2`, motion, organisation, present)
	return err
}

// sign marks that an organisation votes and tells how often it had before.
// The row lock makes two delegates of one organisation come one after the other.
func sign(ctx context.Context, tx *db.Tx, motion, organisation string) (before int, err error) {
	n, err := db.One(ctx, tx, db.Value[int], `UPDATE roll SET votes = votes + 1, present = 1 WHERE motion = $1 AND organisation = $2 RETURNING votes`, motion, organisation)
	if errors.Is(err, db.ErrNone) {
		return 0, fault.Forbidden("plenary.roll.not", "Your organisation is not on the roll of this vote.")
	}
	return n - 1, err
}

// turnout counts who voted and who stands on the roll, by college: all that may
// be known before the close.
type turnout struct {
	College     string
	Roll, Voted int
}

func turnoutOf(ctx context.Context, q db.Q, motion string) ([]turnout, error) {
	return db.All(ctx, q, func(r db.Row) (t turnout, err error) { return t, r.Scan(&t.College, &t.Roll, &t.Voted) },
		`SELECT college, count(*), count(*) FILTER (WHERE votes > 0) FROM roll WHERE motion = $1 GROUP BY college ORDER BY college`, motion)
}

func putBallot(ctx context.Context, tx *db.Tx, motion string, b ballot.Ballot) error {
	_, err := tx.Exec(ctx, `INSERT INTO ballot (motion, id, voter, college, mandate, choice, channel, batch, at, turn) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
		motion, b.ID, b.Voter, b.College, b.Mandate, b.Choice, b.Channel, b.Batch, b.At, b.Turn)
	return err
}

// lastVote is the instant of the latest open ballot; secret ones have none.
func lastVote(ctx context.Context, q db.Q, motion string) (db.Instant, error) {
	return db.One(ctx, q, db.Value[db.Instant], `SELECT coalesce(max(at), 0) FROM ballot WHERE motion = $1`, motion)
}

func ballotsOf(ctx context.Context, q db.Q, motion string) ([]ballot.Ballot, error) {
	return db.All(ctx, q, func(r db.Row) (b ballot.Ballot, err error) {
		return b, r.Scan(&b.ID, &b.Voter, &b.College, &b.Mandate, &b.Choice, &b.Channel, &b.Batch, &b.At, &b.Turn)
	}, `SELECT id, voter, college, mandate, choice, channel, batch, at, turn FROM ballot WHERE motion = $1 ORDER BY id, turn`, motion)
}

func putBatch(ctx context.Context, tx *db.Tx, motion string, b ballot.Batch, person string) error {
	_, err := tx.Exec(ctx, `INSERT INTO paper_batch (motion, id, handed_out, entered, spoilt, person, at) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
		motion, b.ID, b.HandedOut, b.Entered, b.Spoilt, person, tx.Now())
	return err
}

// shuffle takes out the order in which secret ballots came in. Their
// identifiers are random, but rows also have a place in the file (rowid, page
// of the heap) and on PostgreSQL the number of the transaction that wrote them,
// which signed the roll as well: whoever holds the file could lay both beside
// each other. So after the close all are written anew, in the order of their
// identifiers, by one transaction.
//
// Its limits: while the vote is open the order is there, and until VACUUM (or
// SQLite's next write into freed pages; secure_delete overwrites them at once)
// old rows, the write-ahead log and backups made during the vote keep it. Who
// reads those files while a vote runs can tie ballots to signatures; only
// ballots on paper are safe from the one who runs the server.
func shuffle(ctx context.Context, tx *db.Tx, motion string) error {
	ballots, err := ballotsOf(ctx, tx, motion) // ordered by identifier
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM ballot WHERE motion = $1`, motion); err != nil {
		return err
	}
	for _, b := range ballots {
		if err := putBallot(ctx, tx, motion, b); err != nil {
			return err
		}
	}
	return nil
}

func batchesOf(ctx context.Context, q db.Q, motion string) ([]ballot.Batch, error) {
	return db.All(ctx, q, func(r db.Row) (b ballot.Batch, err error) {
		return b, r.Scan(&b.ID, &b.HandedOut, &b.Entered, &b.Spoilt)
	}, `SELECT id, handed_out, entered, spoilt FROM paper_batch WHERE motion = $1 ORDER BY at, id`, motion)
}

func scanAmendment(r db.Row) (a Amendment, err error) {
	return a, r.Scan(&a.Entry, &a.Motion, &a.Field, &a.Base, &a.State)
}

func amendmentsOf(ctx context.Context, q db.Q, motion string) ([]Amendment, error) {
	return db.All(ctx, q, scanAmendment, `SELECT entry, motion, field, base, state FROM amendment WHERE motion = $1 ORDER BY entry`, motion)
}

func amendmentByID(ctx context.Context, q db.Q, amendment string) (Amendment, error) {
	a, err := db.One(ctx, q, scanAmendment, `SELECT entry, motion, field, base, state FROM amendment WHERE entry = $1`, amendment)
	if errors.Is(err, db.ErrNone) {
		return a, fault.Missing()
	}
	return a, err
}

func putAmendment(ctx context.Context, tx *db.Tx, a Amendment) error {
	_, err := tx.Exec(ctx, `INSERT INTO amendment (entry, motion, field, base, state) VALUES ($1,$2,$3,$4,$5) ON CONFLICT (entry) DO UPDATE SET state = $5`,
		a.Entry, a.Motion, a.Field, a.Base, a.State)
	return err
}

// Voting tells whether an organisation has a voice in a vote that is open.
func Voting(ctx context.Context, q db.Q, organisation string) (bool, error) {
	n, err := db.One(ctx, q, db.Value[int], `SELECT count(*) FROM roll r JOIN motion m ON m.entry = r.motion WHERE r.organisation = $1 AND m.state = 'open'`, organisation)
	return n > 0, err
}
