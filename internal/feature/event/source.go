package event

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/ical"
	"alliance/internal/platform/id"
	"alliance/internal/platform/job"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/outside"
	"alliance/internal/platform/people"
)

// Source is a calendar of others that the coordination takes in.
type Source struct {
	ID, URL, Title, Lang, Zone string
	Added, Stopped, Asked      db.Instant
	By                         string
	Kept                       outside.Kept
	Last                       *Run // newest visit
	Events                     int
}

// Run is one visit to a source.
type Run struct {
	ID, Source string
	At         db.Instant
	Took       time.Duration
	Outcome    string         // "read", "same", or why not
	Counts     map[string]int // what became of the events
	Said       []Said
}

// Said is one thing that was not read, and why.
type Said struct {
	What  string // code: see saidNames
	Of    string // title, identifier or host
	Line  int
	Other string // phrase key of a rule that was broken
}

// Outcomes of a visit beyond those of package outside.
const (
	wasRead     = "read"
	wasSame     = "same"
	notCalendar = "not-calendar"
	tooLong     = "too-long" // working it out took too long
)

const (
	mostBytes = 5 << 20
	mostSaid  = 40
	readTime  = time.Minute
)

// Validate checks what a coordinator typed.
func (s Source) Validate(check func(string) error) error {
	var list fault.List
	if s.Title == "" {
		list.Add(fault.Invalid("title", "event.source.title.empty", "Write whose calendar it is."))
	}
	if len([]rune(s.Title)) > 200 {
		list.Add(fault.Invalid("title", "entry.text.long", "This text is too long: at most {n} characters.", "n", 200))
	}
	if err := check(s.URL); err != nil {
		var e *outside.Error
		if errors.As(err, &e) && e.Why == outside.NotPublic {
			list.Add(fault.Invalid("url", "event.source.inner", "This address leads into a private network. Only public addresses are read."))
		} else {
			list.Add(fault.Invalid("url", "event.source.url", "Write the address of a calendar, such as https://example.org/calendar.ics."))
		}
	}
	if _, ok := lang.Tag(s.Lang); !ok {
		list.Add(fault.Invalid("lang", "entry.lang.unknown", "Choose the language you write in."))
	}
	if _, err := time.LoadLocation(s.Zone); err != nil || s.Zone == "" || s.Zone == "Local" {
		list.Add(fault.Invalid("zone", "event.zone.unknown", "Choose the time zone of the place."))
	}
	return list.Err()
}

// AddSource takes a calendar in, and has it read at once.
func (f *Feature) AddSource(ctx context.Context, tx *db.Tx, a people.Actor, s Source) (Source, error) {
	if err := s.Validate(f.Outside.Check); err != nil {
		return s, err
	}
	s.ID, s.Added, s.By = id.New(), tx.Now(), a.Person
	if err := putSource(ctx, tx, s); err != nil {
		return s, err
	}
	return s, job.Add(ctx, tx, job.New{Kind: jobSource, Data: s.ID, Key: s.ID})
}

// readSources has every source read.
func (f *Feature) readSources(ctx context.Context) error {
	list, err := sources(ctx, f.DB)
	if err != nil {
		return err
	}
	return f.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, s := range list {
			if s.Stopped != 0 {
				continue
			}
			if err := job.Add(ctx, tx, job.New{Kind: jobSource, Data: s.ID, Key: s.ID}); err != nil {
				return err
			}
		}
		return nil
	})
}

// readSource reads one calendar of others and writes what came of it into its
// log. That it cannot be read is no failure of the job: the next visit comes.
func (f *Feature) readSource(ctx context.Context, data []byte) error {
	var which string
	if err := json.Unmarshal(data, &which); err != nil {
		return job.Hopeless(err)
	}
	s, err := sourceByID(ctx, f.DB, which)
	if err != nil {
		return job.Hopeless(err)
	}
	if s.Stopped != 0 {
		return nil
	}
	began := time.Now()
	run := Run{ID: id.New(), Source: s.ID, At: f.DB.Now()}
	answer, err := f.visit(ctx, s)
	var problem *outside.Error
	switch {
	case errors.As(err, &problem):
		run.Outcome = string(problem.Why)
		run.Said = []Said{{What: "at", Of: problem.Host, Line: problem.Status}}
	case err != nil:
		return err
	case answer.Same:
		run.Outcome = wasSame
	default:
		if err := f.readAnswer(ctx, &s, &run, answer); err != nil {
			return err
		}
	}
	run.Took = time.Since(began)
	return f.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := askedSource(ctx, tx, s); err != nil {
			return err
		}
		return putRun(ctx, tx, run)
	})
}

// visit asks for a calendar. That of the demonstration is invented: nobody is
// asked for it.
func (f *Feature) visit(ctx context.Context, s Source) (outside.Answer, error) {
	if f.Demo && s.ID == DemoID("source") {
		return outside.Answer{Same: true}, nil
	}
	return f.Outside.Get(ctx, s.URL, mostBytes, s.Kept)
}

func (f *Feature) readAnswer(ctx context.Context, s *Source, run *Run, answer outside.Answer) error {
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	file, err := ical.Read(bytes.NewReader(answer.Body), zoneOf(s.Zone), mostRead)
	if err != nil {
		run.Outcome = notCalendar
		return nil
	}
	err = f.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		r := reader{source: s.ID, lang: s.Lang, now: tx.Now()}
		found, err := r.look(ctx, tx, file)
		if err != nil {
			return err
		}
		run.Said = said(file, found)
		run.Counts, err = r.keep(ctx, tx, people.Actor{}, found, nil)
		return err
	})
	if err != nil && ctx.Err() != nil {
		run.Outcome, run.Counts = tooLong, nil
		return nil
	}
	if err != nil {
		return err
	}
	run.Outcome, s.Kept = wasRead, answer.Kept
	return nil
}

// said gathers what was not read as it stands.
func said(file ical.File, found []Found) (list []Said) {
	for _, p := range file.Problems {
		list = append(list, Said{What: string(p.What), Of: lang.Fit(p.Of, 100), Line: p.Line})
	}
	for _, x := range found {
		switch {
		case x.What == refused:
			list = append(list, Said{What: refused, Of: lang.Fit(x.Title, 100), Other: x.Why, Line: x.master.Line})
		case x.What == double:
			list = append(list, Said{What: double, Of: lang.Fit(x.Title, 100)})
		case x.zone && x.What != same && x.What != gone:
			list = append(list, Said{What: "zone", Of: lang.Fit(x.master.Zone, 60), Line: x.master.Line})
		}
	}
	return list[:min(len(list), mostSaid)]
}

const sourceColumns = `s.id, s.url, s.title, s.lang, s.zone, s.added, s.by_, s.stopped, s.etag, s.modified, s.asked`

func scanSource(r db.Row) (s Source, err error) {
	return s, r.Scan(&s.ID, &s.URL, &s.Title, &s.Lang, &s.Zone, &s.Added, &s.By, &s.Stopped, &s.Kept.ETag, &s.Kept.Modified, &s.Asked)
}

func sourceByID(ctx context.Context, q db.Q, source string) (Source, error) {
	s, err := db.One(ctx, q, scanSource, `SELECT `+sourceColumns+` FROM event_source s WHERE s.id = $1`, source)
	if isNone(err) {
		return s, fault.Missing()
	}
	return s, err
}

func sources(ctx context.Context, q db.Q) ([]Source, error) {
	return db.All(ctx, q, scanSource, `SELECT `+sourceColumns+` FROM event_source s ORDER BY s.added, s.id LIMIT 500`)
}

func putSource(ctx context.Context, tx *db.Tx, s Source) error {
	_, err := tx.Exec(ctx, `INSERT INTO event_source (id, url, title, lang, zone, added, by_) VALUES ($1,$2,$3,$4,$5,$6,$7)`, s.ID, s.URL, s.Title, s.Lang, s.Zone, s.Added, s.By)
	return err
}

func askedSource(ctx context.Context, tx *db.Tx, s Source) error {
	_, err := tx.Exec(ctx, `UPDATE event_source SET etag = $2, modified = $3, asked = $4 WHERE id = $1`, s.ID, s.Kept.ETag, s.Kept.Modified, tx.Now())
	return err
}

// stopSource ends or resumes the visits; what came from it stays.
func stopSource(ctx context.Context, tx *db.Tx, source string, stop bool) error {
	at := db.Instant(0)
	if stop {
		at = tx.Now()
	}
	n, err := tx.Exec(ctx, `UPDATE event_source SET stopped = $2 WHERE id = $1`, source, at)
	if err == nil && n == 0 {
		err = fault.Missing()
	}
	return err
}

func scanRun(r db.Row) (x Run, err error) {
	var took int64
	var counts, words string
	if err = r.Scan(&x.ID, &x.Source, &x.At, &took, &x.Outcome, &counts, &words); err != nil {
		return x, err
	}
	x.Took = time.Duration(took) * time.Microsecond
	if err = json.Unmarshal([]byte(counts), &x.Counts); err != nil {
		return x, err
	}
	return x, json.Unmarshal([]byte(words), &x.Said)
}

func putRun(ctx context.Context, tx *db.Tx, x Run) error {
	counts, err := json.Marshal(x.Counts)
	if err != nil {
		return err
	}
	words, err := json.Marshal(x.Said)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO event_run (id, source, at, took, outcome, counts, said) VALUES ($1,$2,$3,$4,$5,$6,$7)`, x.ID, x.Source, x.At, x.Took.Microseconds(), x.Outcome, string(counts), string(words))
	return err
}

// runsOf gives the newest visits to a source.
func runsOf(ctx context.Context, q db.Q, source string, n int) ([]Run, error) {
	return db.All(ctx, q, scanRun, `SELECT id, source, at, took, outcome, counts, said FROM event_run WHERE source = $1 ORDER BY at DESC, id DESC LIMIT $2`, source, n)
}

func countFrom(ctx context.Context, q db.Q, source string) (int, error) {
	return db.One(ctx, q, db.Value[int], `SELECT count(*) FROM event v JOIN entry e ON e.id = v.entry WHERE v.source = $1 AND e.state = 'published'`, source)
}
