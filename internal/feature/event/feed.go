package event

import (
	"context"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/ical"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// mostFed is how many events a feed holds, those that end last.
const mostFed = 2000

// feed answers with the calendar as a file, in the language of its address:
// what a calendar program subscribes to. Like any page it is kept for visitors
// until something changes; while it is made, others are served.
func (f *Feature) feed(c *web.Ctx) error {
	q := readQuery(c.R.URL.Query())
	q.withoutDate, q.Month, q.Past, q.After = true, "", false, ""
	events, err := f.fed(c.Context(), c.Actor, q)
	if err != nil {
		return err
	}
	name := c.View.T("event.feed.name", "Calendar: {alliance}", "alliance", c.View.Alliance)
	c.W.Header().Set("Content-Disposition", `inline; filename="calendar.ics"`)
	return c.Bytes(ical.ContentType, f.writer(c).calendar(name, events).Bytes())
}

// fed gives the events of a feed: what ended less than a year ago, and what is to come.
func (f *Feature) fed(ctx context.Context, a people.Actor, q query) ([]Event, error) {
	w, err := q.conditions(ctx, f.DB, a, f.DB.Now())
	if err != nil {
		return nil, err
	}
	w.And("EXISTS (SELECT 1 FROM event_date d WHERE d.event = e.id AND d.ends > ?)", f.DB.Now().Add(-366*24*time.Hour))
	ids, err := db.All(ctx, f.DB, db.Value[string], `SELECT e.id FROM event v JOIN entry e ON e.id = v.entry`+w.SQL()+` ORDER BY e.ends DESC, e.id LIMIT `+w.Arg(mostFed), w.Args()...)
	if err != nil {
		return nil, err
	}
	slices.Reverse(ids)
	return f.sideBySide(ctx, a, ids)
}

// together is how many events of a feed are read by one reader.
const together = 250

// sideBySide gives the events among ids that the actor may know of, in that
// order, read by two readers: a feed is the longest thing a calendar asks for.
func (f *Feature) sideBySide(ctx context.Context, a people.Actor, ids []string) ([]Event, error) {
	parts := slices.Collect(slices.Chunk(ids, together))
	read := make([][]Event, len(parts))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2)
	for i, part := range parts {
		group.Go(func() error {
			found, err := f.events(ctx, a, part)
			for _, one := range part {
				if e, ok := found[one]; ok {
					read[i] = append(read[i], e)
				}
			}
			return err
		})
	}
	err := group.Wait()
	return slices.Concat(read...), err
}

// oneFile is the calendar file of one event.
func (f *Feature) oneFile(c *web.Ctx) error {
	e, err := see(c.Context(), f.DB, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	return c.Download("event-"+e.ID+".ics", ical.ContentType, f.writer(c).calendar("", []Event{e}).Bytes())
}

// writer writes events for a reader of one language.
type writer struct {
	words  printer
	said   func(tag string) string // the name of a language
	origin string
	href   func(path string) string
	where  func(e Event) string
}

func (f *Feature) writer(c *web.Ctx) writer {
	return writer{words: c.View, said: c.View.Language, origin: c.View.Origin, href: c.View.Href, where: func(e Event) string { return placeWords(c.View, e) }}
}

func (w writer) calendar(name string, events []Event) ical.Calendar {
	cal := ical.Calendar{Name: name, Lang: w.words.Lang()}
	for _, e := range events {
		cal.Events = append(cal.Events, w.event(e)...)
	}
	return cal
}

// event gives an event with its changed dates.
func (w writer) event(e Event) []ical.Event {
	title := e.Title().In(w.words.Lang())
	starts := e.Local(e.Starts)
	x := ical.Event{
		UID: e.uid(), Sequence: e.Revision - 1, Stamp: e.Changed.Time(), Starts: starts, AllDay: e.AllDay, Rule: e.feedRule(starts),
		Summary: ical.Text{S: title.S, Lang: title.Lang}, Description: ical.Text{S: w.description(e)}, Location: ical.Text{S: w.where(e)},
		URL: w.origin + w.href("/calendar/"+e.ID), Cancelled: e.Cancelled != 0,
	}
	if !e.Endless {
		x.Ends = e.Local(e.Ends)
	}
	if _, at := e.Address(); at.Located() {
		x.Lat, x.Lon = at.Lat, at.Lon
	}
	var names []string
	for _, o := range e.Organisers {
		if o.Confirmed != 0 {
			names = append(names, o.Name)
		}
	}
	x.Contact = strings.Join(names, ", ")
	for _, at := range e.Except {
		x.Except = append(x.Except, e.Local(at))
	}
	list := []ical.Event{x}
	for _, c := range e.Changes {
		y := x
		y.Rule, y.Except = "", nil
		y.Instance, y.Starts, y.Ends, y.Cancelled = e.Local(c.At), e.Local(c.Starts), e.Local(c.Ends), c.Cancelled || x.Cancelled
		if note := c.Note.In(w.words.Lang()); note.S != "" {
			y.Description.S = note.S + "\n\n" + y.Description.S
		}
		list = append(list, y)
	}
	return list
}

// uid is what other programs know the event by, for ever.
func (e Event) uid() string {
	if e.UID != "" {
		return e.UID
	}
	return e.ID + "@alliance"
}

// feedRule is the rule as files want it: for whole days until is a day.
func (e Event) feedRule(starts time.Time) string {
	if !e.AllDay {
		return e.Rule
	}
	parts := strings.Split(e.Rule, ";")
	for i, p := range parts {
		if until, ok := strings.CutPrefix(p, "UNTIL="); ok {
			if t, err := time.Parse("20060102T150405Z", until); err == nil {
				parts[i] = "UNTIL=" + t.In(starts.Location()).Format("20060102")
			}
		}
	}
	return strings.Join(parts, ";")
}

// description is what one reads in a calendar program: the words in the
// reader's language, or the original, said to be so.
func (w writer) description(e Event) string {
	var parts []string
	fallback := ""
	add := func(t lang.Text) {
		if r := t.In(w.words.Lang()); r.S != "" {
			parts = append(parts, r.S)
			if r.Missing {
				fallback = r.Lang
			}
		}
	}
	if e.Cancelled != 0 {
		parts = append(parts, w.words.T("event.cancelled", "Cancelled"))
		add(e.Text(Reason))
	}
	add(e.Text(entry.Summary))
	add(e.Text(Body))
	if title := e.Title().In(w.words.Lang()); title.Missing && fallback == "" {
		fallback = title.Lang
	}
	if fallback != "" {
		parts = append([]string{w.words.T("design.text.original", "Written in {language}. Not translated yet.", "language", w.said(fallback))}, parts...)
	}
	if link := e.OnlineFor(false); link != "" {
		parts = append(parts, link)
	}
	return strings.Join(parts, "\n\n")
}
