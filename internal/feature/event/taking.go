package event

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"

	"alliance/internal/platform/alike"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/ical"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
)

// What becomes of an event of another calendar.
const (
	taken   = "added"
	changed = "changed"
	same    = "unchanged"
	double  = "double"  // an event of ours is very likely the same
	gone    = "gone"    // cancelled or no longer there
	refused = "refused" // not understood
)

// Found is one event of another calendar, and what becomes of it.
type Found struct {
	What   string
	Title  string
	When   time.Time
	AllDay bool
	Of     string       // ours: the same, or alike
	Why    string       // of a refusal: phrase key
	zone   bool         // its zone was guessed
	event  Event        // as it would be kept
	master *ical.Event  // nil for what is gone
	parts  []ical.Event // its changed dates
}

// reader reads another calendar into ours.
type reader struct {
	source string // "" for a file somebody brings
	lang   string
	now    db.Instant
	owner  string // organisation that brings a file
}

const (
	mostRead   = 2000 // events of one calendar
	likeTitle  = 0.55 // how alike two titles must be, at the same hour
	mostChosen = 200  // changed dates of one event
)

// groups puts each event together with its changed dates.
func groups(events []ical.Event) (masters []ical.Event, parts map[string][]ical.Event) {
	parts = map[string][]ical.Event{}
	at := map[string]int{}
	for _, e := range events {
		key := e.UID
		if key == "" { // some programs give none: what it is makes it known again
			key = "~" + digest(e.Summary.S, e.Starts.UTC().String())
			e.UID = key
		}
		if !e.Instance.IsZero() {
			parts[key] = append(parts[key], e)
			continue
		}
		if i, twice := at[key]; twice {
			if e.Sequence >= masters[i].Sequence { // said twice: the later word counts
				masters[i] = e
			}
			continue
		}
		at[key] = len(masters)
		masters = append(masters, e)
	}
	for uid, list := range parts { // a date whose event is not in the file stands for itself
		if _, ok := at[uid]; ok {
			continue
		}
		for _, p := range list {
			p.UID, p.Instance = p.UID+"/"+p.Instance.UTC().Format("20060102T150405Z"), time.Time{}
			masters = append(masters, p)
		}
		delete(parts, uid)
	}
	slices.SortStableFunc(masters, func(a, b ical.Event) int { return a.Starts.Compare(b.Starts) })
	return masters, parts
}

// look tells what would become of each event of a file; nothing is written.
func (r reader) look(ctx context.Context, q db.Q, file ical.File) ([]Found, error) {
	masters, parts := groups(file.Events)
	known, err := knownBy(ctx, q, r.source)
	if err != nil {
		return nil, err
	}
	var list []Found
	seen := map[string]bool{}
	for _, m := range masters {
		if err := ctx.Err(); err != nil { // rules of others may be dear to work out
			return list, err
		}
		e, problem := r.event(m, parts[m.UID])
		x := Found{Title: m.Summary.S, When: m.Starts, AllDay: m.AllDay, zone: m.ZoneGuessed, event: e, master: &m, parts: parts[m.UID]}
		seen[e.UID] = true
		was, there := known[e.UID]
		switch {
		case m.Cancelled && !there:
			continue // it never was here
		case m.Cancelled:
			x.What, x.Of = gone, was.entry
			if was.state == entry.Withdrawn {
				continue
			}
		case problem != "":
			x.What, x.Why = refused, problem
		case there && was.digest == e.Digest && !was.gone:
			x.What, x.Of = same, was.entry
		case there:
			x.What, x.Of = changed, was.entry
		default:
			x.What = taken
			if x.Of, err = r.alike(ctx, q, e); err != nil {
				return nil, err
			}
			if x.Of != "" {
				x.What = double
			}
		}
		list = append(list, x)
	}
	return append(list, r.missing(known, seen)...), nil
}

// missing are events that a calendar held and holds no more. What is over may
// have been tidied away there; it stays here.
func (r reader) missing(known map[string]knownRow, seen map[string]bool) (list []Found) {
	if r.source == "" {
		return nil
	}
	for uid, k := range known {
		if !seen[uid] && !k.gone && k.state == entry.Published && k.last > r.now {
			list = append(list, Found{What: gone, Of: k.entry, When: k.starts.Time(), Title: k.title})
		}
	}
	slices.SortFunc(list, func(a, b Found) int { return a.When.Compare(b.When) })
	return list
}

// event makes an event of ours; problem is the key of a phrase when it cannot be.
func (r reader) event(m ical.Event, parts []ical.Event) (e Event, problem string) {
	tag := r.lang
	if t, ok := lang.Tag(m.Summary.Lang); ok {
		tag = t
	}
	e = Event{Entry: entry.Entry{Kind: Kind, Class: Gathering, Lang: tag, Audience: entry.Public, State: entry.Published}}
	e.Source, e.UID, e.KeepDays = r.source, lang.Fit(m.UID, 255), 30
	e.Set(entry.Title, lang.Fit(plainText(m.Summary.S), 300))
	e.Set(Body, lang.Fit(plainText(m.Description.S), 20000))
	e.Zone, e.AllDay = m.Starts.Location().String(), m.AllDay
	if _, err := time.LoadLocation(e.Zone); err != nil {
		e.Zone = "UTC"
	}
	e.Starts, e.Ends = db.At(m.Starts), db.At(m.Ends)
	if e.Endless = m.Ends.IsZero() || !m.Ends.After(m.Starts); e.Endless {
		e.Ends = e.Starts
	}
	e.Rule = m.Rule
	for _, x := range m.Except {
		if m.AllDay { // some programs write a time of day there
			x = time.Date(x.Year(), x.Month(), x.Day(), 0, 0, 0, 0, m.Starts.Location())
		}
		e.Except = append(e.Except, db.At(x))
	}
	where(&e, m)
	if webAddress(m.URL) {
		e.Link = m.URL
	}
	for _, p := range parts[:min(len(parts), mostChosen)] {
		c := Change{At: db.At(p.Instance), Starts: db.At(p.Starts), Ends: db.At(p.Ends), Cancelled: p.Cancelled}
		if c.Ends <= c.Starts {
			c.Ends = c.Starts + max(e.Ends-e.Starts, 1)
		}
		e.Changes = append(e.Changes, c)
	}
	e.Digest = e.readDigest()
	if err := e.Validate(); err != nil {
		return e, fault.Of(err)[0].Key
	}
	return e, ""
}

// where reads a line of place: a link is a room online, the rest may name a town.
func where(e *Event, m ical.Event) {
	line := strings.TrimSpace(plainText(m.Location.S))
	for word := range strings.FieldsSeq(line) {
		if webAddress(word) {
			e.Online, line = word, strings.TrimSpace(strings.Replace(line, word, "", 1))
			break
		}
	}
	e.Venue = lang.Fit(line, 300)
	if line == "" {
		return
	}
	if towns := place.FindInText(line, ""); len(towns) > 0 {
		at := towns[0].Place()
		at.Precision = place.Exact // the calendar it comes from tells it to all
		e.Place = at
	} else {
		e.Place = place.Place{Name: "", Precision: place.Exact}
	}
	if m.Lat != 0 || m.Lon != 0 {
		at := e.Place
		at.Lat, at.Lon = m.Lat, m.Lon
		if at.Located() {
			e.Place = at
		}
	}
}

// readDigest is what an event looked like where it was read.
func (e Event) readDigest() string {
	b, err := json.Marshal([]any{e.Title().Original(), e.Text(Body).Original(), e.Starts, e.Ends, e.Endless, e.AllDay, e.Zone, e.Rule, e.Except, e.Venue, e.Online, e.Link, e.Changes, e.Place})
	if err != nil {
		panic(err) // strings and numbers only
	}
	return digest(string(b))
}

func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// alike finds an event of ours that is very likely the same: the same hour (or
// day), a title much alike, and no other place.
func (r reader) alike(ctx context.Context, q db.Q, e Event) (string, error) {
	from, to := e.Starts.Add(-time.Hour), e.Starts.Add(time.Hour)
	if e.AllDay {
		from, to = e.Starts.Add(-14*time.Hour), e.Starts.Add(24*time.Hour)
	}
	ids, err := db.All(ctx, q, db.Value[string], `SELECT d.event FROM event_date d JOIN event v ON v.entry = d.event WHERE d.starts BETWEEN $1 AND $2 AND (v.source = '' OR v.source <> $3) ORDER BY d.event LIMIT 50`, from, to, r.source)
	if err != nil {
		return "", err
	}
	found, err := entry.Many(ctx, q, ids)
	if err != nil {
		return "", err
	}
	mine := alike.NewSketch(e.Title().Original())
	for _, one := range ids {
		o := found[one]
		if o.State == entry.Withdrawn || o.Class == Umbrella {
			continue
		}
		if o.Place.Name != "" && e.Place.Name != "" && lang.Fold(o.Place.Name) != lang.Fold(e.Place.Name) {
			continue
		}
		for _, tag := range o.Title().Languages() {
			if mine.Similarity(alike.NewSketch(o.Title().V[tag].S)) >= likeTitle {
				return one, nil
			}
		}
	}
	return "", nil
}

// keep does what look found, and counts it. chosen narrows it; nil is all.
func (r reader) keep(ctx context.Context, tx *db.Tx, a people.Actor, list []Found, chosen func(int) bool) (map[string]int, error) {
	counts := map[string]int{}
	for i, x := range list {
		if chosen != nil && !chosen(i) {
			continue
		}
		counts[x.What]++
		var err error
		switch x.What {
		case taken:
			err = r.add(ctx, tx, a, x)
		case changed:
			err = r.rewrite(ctx, tx, a, x)
		case gone:
			err = r.drop(ctx, tx, a, x.Of)
		}
		if err != nil {
			return counts, fmt.Errorf("event %q: %w", x.Title, err)
		}
	}
	return counts, nil
}

func (r reader) add(ctx context.Context, tx *db.Tx, a people.Actor, x Found) error {
	e := x.event
	var organisers []string
	if r.owner != "" {
		organisers = []string{r.owner}
	}
	e, err := Add(ctx, tx, a, e, organisers)
	if err != nil || len(x.event.Changes) == 0 {
		return err
	}
	return r.changes(ctx, tx, e, x.event.Changes)
}

func (r reader) changes(ctx context.Context, tx *db.Tx, e Event, list []Change) error {
	for _, c := range list {
		if err := putChange(ctx, tx, e.ID, c); err != nil {
			return err
		}
	}
	e.Changes = list
	return putDates(ctx, tx, e)
}

func (r reader) rewrite(ctx context.Context, tx *db.Tx, a people.Actor, x Found) error {
	now, err := get(ctx, tx, x.Of)
	if err != nil {
		return err
	}
	if now.State == entry.Withdrawn && !now.Gone {
		return nil // somebody here took it out: it stays out
	}
	e := x.event
	e.Entry = now.Entry
	for _, field := range []string{entry.Title, Body} {
		e.Set(field, x.event.Text(field).Original())
	}
	e.Place, e.Starts, e.Ends, e.State = x.event.Place, x.event.Starts, x.event.Ends, entry.Published
	e.Umbrella, e.Access, e.Languages, e.Interpreted, e.Cancelled, e.Gone = now.Umbrella, now.Access, now.Languages, now.Interpreted, now.Cancelled, false
	if err := dropChanges(ctx, tx, e.ID); err != nil {
		return err
	}
	if e, err = save(ctx, tx, a, e); err != nil {
		return err
	}
	return r.changes(ctx, tx, e, x.event.Changes)
}

// drop takes out what is gone where it came from.
func (r reader) drop(ctx context.Context, tx *db.Tx, a people.Actor, event string) error {
	if _, err := entry.SetState(ctx, tx, a, event, entry.Withdrawn); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE event SET gone = 1 WHERE entry = $1`, event)
	return err
}

// knownRow is an event that was read before.
type knownRow struct {
	entry, uid, digest, title string
	gone                      bool
	state                     entry.State
	starts, last              db.Instant
}

func knownBy(ctx context.Context, q db.Q, source string) (map[string]knownRow, error) {
	rows, err := db.All(ctx, q, func(r db.Row) (k knownRow, err error) {
		return k, r.Scan(&k.entry, &k.uid, &k.digest, &k.gone, &k.state, &k.starts, &k.title, &k.last)
	}, `SELECT v.entry, v.uid, v.digest, v.gone, e.state, e.starts, e.title_key, coalesce((SELECT max(d.ends) FROM event_date d WHERE d.event = v.entry), 0)
		FROM event v JOIN entry e ON e.id = v.entry WHERE v.source = $1 AND v.uid <> ''`, source)
	known := make(map[string]knownRow, len(rows))
	for _, k := range rows {
		known[k.uid] = k
	}
	return known, err
}

// plainText takes HTML out of a text that other programs put there.
func plainText(s string) string {
	if !strings.Contains(s, "<") || !strings.Contains(s, ">") {
		return strings.TrimSpace(s)
	}
	var b strings.Builder
	t := html.NewTokenizer(strings.NewReader(s))
	skip := 0
	for {
		switch t.Next() {
		case html.ErrorToken:
			return strings.TrimSpace(b.String())
		case html.TextToken:
			if skip == 0 {
				b.Write(t.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := t.TagName()
			switch string(name) {
			case "br", "p", "div", "tr", "h1", "h2", "h3":
				b.WriteByte('\n')
			case "li":
				b.WriteString("\n- ")
			case "script", "style":
				skip++
			}
		case html.EndTagToken:
			if name, _ := t.TagName(); string(name) == "script" || string(name) == "style" {
				skip = max(skip-1, 0)
			}
		}
	}
}
