package event

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/web"
)

// eventJSON is an event as a program reads it. Places are as close as they may be told.
type eventJSON struct {
	ID          string                       `json:"id"`
	UID         string                       `json:"uid" doc:"As in calendar files"`
	Kind        string                       `json:"kind" enum:"gathering,umbrella"`
	State       string                       `json:"state" enum:"draft,proposed,published,withdrawn"`
	Audience    string                       `json:"audience" enum:"public,members,committee"`
	Revision    int                          `json:"revision"`
	Lang        string                       `json:"lang" doc:"Of the original"`
	Texts       map[string]map[string]string `json:"texts" doc:"By field, then language"`
	Starts      string                       `json:"starts" doc:"RFC 3339, in the time of the place; a day for whole days"`
	Ends        string                       `json:"ends,omitempty" doc:"Excluded; left out when not told"`
	AllDay      bool                         `json:"allDay"`
	Zone        string                       `json:"zone" doc:"IANA"`
	Rule        string                       `json:"rule,omitempty" doc:"RRULE of RFC 5545"`
	Except      []string                     `json:"except,omitempty" doc:"Dates left out"`
	Changes     []eventChangeJSON            `json:"changes,omitempty" doc:"Dates that differ from the rule"`
	Cancelled   string                       `json:"cancelled,omitempty" doc:"When it was cancelled; the reason is a text"`
	Country     string                       `json:"country,omitempty"`
	Town        string                       `json:"town,omitempty"`
	Venue       string                       `json:"venue,omitempty"`
	Lat         *float64                     `json:"lat,omitempty"`
	Lon         *float64                     `json:"lon,omitempty"`
	Precision   string                       `json:"precision,omitempty" enum:"exact,town,country"`
	Online      string                       `json:"online,omitempty"`
	Link        string                       `json:"link,omitempty"`
	Organisers  []string                     `json:"organisers" doc:"Organisations that said so"`
	Languages   []string                     `json:"languages"`
	Interpreted []string                     `json:"interpreted"`
	Access      []string                     `json:"access"`
	Axis        string                       `json:"axis,omitempty"`
	Themes      []string                     `json:"themes"`
	Umbrella    string                       `json:"umbrella,omitempty"`
	Going       []string                     `json:"going,omitempty" doc:"Organisations that go there; of one event only"`
	Registers   bool                         `json:"registers"`
	Capacity    int                          `json:"capacity,omitempty"`
	Source      string                       `json:"source,omitempty" doc:"The calendar of others it came from"`
	Invented    bool                         `json:"invented,omitempty" doc:"Of the demonstration"`
}

type eventChangeJSON struct {
	At        string `json:"at" doc:"As the rule gives it"`
	Starts    string `json:"starts,omitempty"`
	Ends      string `json:"ends,omitempty"`
	Cancelled bool   `json:"cancelled,omitempty"`
}

func (e Event) stamp(i db.Instant) string {
	if e.AllDay {
		return e.Local(i).Format(time.DateOnly)
	}
	return e.Local(i).Format(time.RFC3339)
}

func (e Event) json() eventJSON {
	venue, at := e.Address()
	j := eventJSON{ID: e.ID, UID: e.uid(), Kind: e.Class, State: string(e.State), Audience: string(e.Audience), Revision: e.Revision, Lang: e.Lang, Texts: map[string]map[string]string{},
		Starts: e.stamp(e.Starts), AllDay: e.AllDay, Zone: e.Zone, Rule: e.Rule, Country: at.Country, Town: at.Name, Venue: venue, Online: e.OnlineFor(false), Link: e.Link,
		Organisers: []string{}, Languages: notNil(e.Languages), Interpreted: notNil(e.Interpreted), Access: notNil(e.Access), Axis: e.Axis, Themes: notNil(e.Themes), Umbrella: e.Umbrella,
		Registers: e.Registers, Capacity: e.Capacity, Source: e.Source, Invented: e.Invented}
	if !e.Endless {
		j.Ends = e.stamp(e.Ends)
	}
	if at.Precision != place.None {
		j.Precision = precisionWord(at.Precision)
	}
	if at.Located() {
		j.Lat, j.Lon = &at.Lat, &at.Lon
	}
	if e.Cancelled != 0 {
		j.Cancelled = e.Cancelled.Time().Format(time.RFC3339)
	}
	for _, x := range e.Except {
		j.Except = append(j.Except, e.stamp(x))
	}
	for _, c := range e.Changes {
		j.Changes = append(j.Changes, eventChangeJSON{e.stamp(c.At), e.stamp(c.Starts), e.stamp(c.Ends), c.Cancelled})
	}
	for _, o := range confirmed(e) {
		j.Organisers = append(j.Organisers, o.Organisation)
	}
	for name, t := range e.Fields {
		j.Texts[name] = map[string]string{}
		for _, tag := range t.Languages() {
			j.Texts[name][tag] = t.V[tag].S
		}
	}
	return j
}

func notNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// eventWriteJSON is what may be written of an event.
type eventWriteJSON struct {
	Lang        string   `json:"lang,omitempty" maxLength:"35" doc:"Of the texts, BCP 47"`
	Title       string   `json:"title" maxLength:"300"`
	Summary     string   `json:"summary,omitempty" maxLength:"400"`
	Body        string   `json:"body,omitempty" maxLength:"20000"`
	AllDay      bool     `json:"allDay,omitempty"`
	Starts      string   `json:"starts" maxLength:"16" doc:"2026-12-18 18:30 at the place, or a day"`
	Ends        string   `json:"ends,omitempty" maxLength:"16" doc:"For whole days the last one"`
	Zone        string   `json:"zone" maxLength:"60" doc:"IANA"`
	Country     string   `json:"country,omitempty" maxLength:"200"`
	Town        string   `json:"town,omitempty" maxLength:"200"`
	Venue       string   `json:"venue,omitempty" maxLength:"300"`
	Precision   string   `json:"precision,omitempty" enum:"exact,town,country"`
	Online      string   `json:"online,omitempty" maxLength:"500"`
	Quiet       bool     `json:"quiet,omitempty" doc:"The link is told only to those who registered"`
	Link        string   `json:"link,omitempty" maxLength:"500"`
	Organisers  []string `json:"organisers,omitempty" maxItems:"30" doc:"Identifiers of organisations; others than yours are asked"`
	Languages   []string `json:"languages,omitempty" maxItems:"40"`
	Interpreted []string `json:"interpreted,omitempty" maxItems:"40"`
	Access      []string `json:"access,omitempty" maxItems:"20"`
	Axis        string   `json:"axis,omitempty" maxLength:"40"`
	Themes      []string `json:"themes,omitempty" maxItems:"40"`
	Umbrella    string   `json:"umbrella,omitempty" maxLength:"16" doc:"A day that unites"`
	IsUmbrella  bool     `json:"isUmbrella,omitempty" doc:"It is such a day; coordination only"`
	Audience    string   `json:"audience,omitempty" enum:"public,members,committee"`
	Rule        string   `json:"rule,omitempty" maxLength:"300" doc:"RRULE of RFC 5545, days or longer"`
	Except      []string `json:"except,omitempty" maxItems:"200" doc:"Days left out: 2026-12-24"`
	Registers   bool     `json:"registers,omitempty"`
	Capacity    int      `json:"capacity,omitempty" minimum:"0"`
	Closes      string   `json:"closes,omitempty" maxLength:"16"`
	KeepDays    int      `json:"keepDays,omitempty" minimum:"0" doc:"Registrations are erased so many days after; 30 when left out"`
	Revision    int      `json:"revision,omitempty" doc:"Of a change: the version that was read; 0 changes whatever is there"`
}

func (w eventWriteJSON) form(c *web.Call, a alliance.Alliance) form {
	x := form{Lang: w.Lang, Title: w.Title, Summary: w.Summary, Body: w.Body, AllDay: w.AllDay, Starts: w.Starts, Ends: w.Ends, Zone: w.Zone, Country: w.Country, Town: w.Town, Venue: w.Venue,
		Precision: w.Precision, Online: w.Online, Quiet: w.Quiet, Link: w.Link, Languages: w.Languages, Interpreted: w.Interpreted, Access: w.Access, Axis: w.Axis, Themes: w.Themes,
		Umbrella: w.Umbrella, IsUmbrella: w.IsUmbrella, Audience: w.Audience, Except: strings.Join(w.Except, "\n"), Registers: w.Registers, Closes: w.Closes, Revision: w.Revision, alliance: a}
	if w.Rule != "" {
		x.Repeat.Every, x.Rule = "other", strings.TrimPrefix(w.Rule, "RRULE:")
	}
	if w.Capacity > 0 {
		x.Capacity = strconv.Itoa(w.Capacity)
	}
	if w.KeepDays > 0 {
		x.Keep = strconv.Itoa(w.KeepDays)
	}
	if x.Lang == "" {
		x.Lang = c.Printer.Lang()
	}
	return x
}

type oneIn struct {
	ID string `path:"id" maxLength:"16"`
}
type oneOut struct{ Body eventJSON }

type eventListIn struct {
	Words      string   `query:"q"`
	Countries  []string `query:"country,explode"`
	Axes       []string `query:"axis,explode"`
	Themes     []string `query:"theme,explode"`
	Languages  []string `query:"language,explode"`
	Organisers []string `query:"organiser,explode"`
	Umbrellas  []string `query:"umbrella,explode"`
	Where      []string `query:"where,explode" doc:"online, place"`
	Month      string   `query:"month" doc:"2026-12; otherwise what is coming"`
	Past       bool     `query:"past" doc:"What is over, newest first"`
	After      string   `query:"after" doc:"next of the page before"`
}

type eventListOut struct {
	Body struct {
		Dates []eventDateJSON `json:"dates"`
		Count int             `json:"count"`
		Next  string          `json:"next,omitempty" doc:"Give this as after for the next page"`
	}
}

type eventDateJSON struct {
	Starts string    `json:"starts"`
	Ends   string    `json:"ends"`
	Event  eventJSON `json:"event"`
}

func (f *Feature) api(a *web.API) {
	op := func(id, method, path, summary string, p access.Policy) web.Op {
		return web.Op{ID: id, Method: method, Path: path, Summary: summary, Tag: "calendar", Policy: p}
	}
	steers := access.Role(people.Coordinator)
	edits := steers.Or(access.Mandated(people.Edit))
	web.Handle(a, op("list-events", http.MethodGet, "/events", "Lists dates of events: what is coming, a month, or what is over.", access.Everyone), f.apiList)
	web.Handle(a, op("get-event", http.MethodGet, "/events/{id}", "Gives one event, with the organisations that go there.", access.Everyone), f.apiGet)
	web.Handle(a, op("create-event", http.MethodPost, "/events", "Adds an event, or proposes it where the caller may not publish.", access.SignedIn), f.apiCreate)
	web.Handle(a, op("change-event", http.MethodPut, "/events/{id}", "Changes an event.", access.SignedIn), f.apiChange)
	web.Handle(a, op("publish-event", http.MethodPost, "/events/{id}/publish", "Shows a proposed or withdrawn event.", edits), f.apiDo(f.offering(Publish)))
	web.Handle(a, op("withdraw-event", http.MethodPost, "/events/{id}/withdraw", "Withdraws an event at once.", access.SignedIn), f.apiDo(f.offering(Withdraw)))
	web.Handle(a, op("resume-event", http.MethodPost, "/events/{id}/resume", "Takes a cancellation back.", edits), f.apiDo(Resume))
	web.Handle(a, op("go-to-event", http.MethodPost, "/events/{id}/go", "Says that the token's organisation goes there.", access.Mandated(people.Speak)),
		f.apiDo(func(ctx context.Context, tx *db.Tx, who people.Actor, id string) error {
			return Go(ctx, tx, who, id, true)
		}))
	web.Handle(a, op("stay-from-event", http.MethodPost, "/events/{id}/stay", "Says that the token's organisation does not go there.", access.Mandated(people.Speak)),
		f.apiDo(func(ctx context.Context, tx *db.Tx, who people.Actor, id string) error {
			return Go(ctx, tx, who, id, false)
		}))
	f.apiActs(a, op, edits)
	f.apiGuests(a, op, edits)
	f.apiSources(a, op, steers, edits)
}

func (f *Feature) apiActs(a *web.API, op func(id, method, path, summary string, p access.Policy) web.Op, edits access.Policy) {
	type eventCancelIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Lang   string `json:"lang" maxLength:"35"`
			Reason string `json:"reason" maxLength:"1000"`
		}
	}
	web.Handle(a, op("cancel-event", http.MethodPost, "/events/{id}/cancel", "Cancels an event with a reason; it stays visible.", edits), func(c *web.Call, in *eventCancelIn) (*oneOut, error) {
		return f.apiDo(func(ctx context.Context, tx *db.Tx, who people.Actor, id string) error {
			return Cancel(ctx, tx, who, id, in.Body.Lang, in.Body.Reason)
		})(c, &oneIn{in.ID})
	})
	type eventMoveIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			At        string `json:"at" maxLength:"16" doc:"The date as the rule gives it: 2026-12-18 18:30 at the place, or a day"`
			Starts    string `json:"starts,omitempty" maxLength:"16"`
			Ends      string `json:"ends,omitempty" maxLength:"16" doc:"When left out its length stays"`
			Cancelled bool   `json:"cancelled,omitempty"`
			Lang      string `json:"lang,omitempty" maxLength:"35"`
			Note      string `json:"note,omitempty" maxLength:"500"`
		}
	}
	web.Handle(a, op("change-event-date", http.MethodPost, "/events/{id}/dates", "Moves or leaves out one date of a repeated event.", edits), func(c *web.Call, in *eventMoveIn) (*oneOut, error) {
		return f.apiDo(func(ctx context.Context, tx *db.Tx, who people.Actor, id string) error {
			e, err := mine(ctx, tx, who, id)
			if err != nil {
				return err
			}
			var list fault.List
			typed := form{AllDay: e.AllDay}
			x := Change{Cancelled: in.Body.Cancelled, At: typed.instant("at", in.Body.At, e.Location(), &list), Starts: typed.instant("starts", in.Body.Starts, e.Location(), &list), Ends: typed.instant("ends", in.Body.Ends, e.Location(), &list)}
			if x.Starts == 0 {
				x.Starts = x.At
			}
			if x.Ends == 0 {
				x.Ends = x.Starts + max(e.Ends-e.Starts, 1)
			}
			if in.Body.Note != "" {
				x.Note = lang.New(in.Body.Lang, in.Body.Note)
			}
			if err := list.Err(); err != nil {
				return err
			}
			return Move(ctx, tx, who, id, x)
		})(c, &oneIn{in.ID})
	})
	type eventOrganiseIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Yes bool `json:"yes"`
		}
	}
	web.Handle(a, op("organise-event", http.MethodPost, "/events/{id}/organise", "Answers whether the token's organisation, which was named, organises the event.", access.Mandated(people.Edit)), func(c *web.Call, in *eventOrganiseIn) (*oneOut, error) {
		return f.apiDo(func(ctx context.Context, tx *db.Tx, who people.Actor, id string) error {
			return CoOrganise(ctx, tx, who, id, in.Body.Yes)
		})(c, &oneIn{in.ID})
	})
}

func (f *Feature) apiList(c *web.Call, in *eventListIn) (*eventListOut, error) {
	q := query{Words: in.Words, Axes: in.Axes, Themes: in.Themes, Languages: in.Languages, Organisers: in.Organisers, Umbrellas: in.Umbrellas, Online: in.Where, Past: in.Past, After: in.After}
	for _, country := range in.Countries {
		q.Countries = append(q.Countries, strings.ToUpper(country))
	}
	if _, err := time.Parse("2006-01", in.Month); err == nil {
		q.Month = in.Month
	}
	l, err := f.read(c, c.Actor, q)
	if err != nil {
		return nil, err
	}
	out := &eventListOut{}
	out.Body.Dates, out.Body.Count, out.Body.Next = []eventDateJSON{}, l.Count, l.Next
	for _, d := range l.Dates {
		out.Body.Dates = append(out.Body.Dates, eventDateJSON{d.Event.stamp(d.Starts), d.Event.stamp(d.Ends), d.Event.json()})
	}
	return out, nil
}

func (f *Feature) apiGet(c *web.Call, in *oneIn) (*oneOut, error) {
	e, err := see(c, f.DB, c.Actor, in.ID)
	if err != nil {
		return nil, err
	}
	j := e.json()
	going, err := goingTo(c, f.DB, e.ID)
	for _, g := range going {
		j.Going = append(j.Going, g.ID)
	}
	return &oneOut{j}, err
}

// apiDo runs an act on one event and gives it as it is then; what was
// withdrawn may be seen no more.
func (f *Feature) apiDo(fn func(ctx context.Context, tx *db.Tx, who people.Actor, event string) error) func(*web.Call, *oneIn) (*oneOut, error) {
	return func(c *web.Call, in *oneIn) (*oneOut, error) {
		if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) { return in.ID, fn(ctx, tx, c.Actor, in.ID) }); err != nil {
			return nil, err
		}
		return f.apiGet(c, in)
	}
}

type writeIn struct{ Body eventWriteJSON }
type changeIn struct {
	ID   string `path:"id" maxLength:"16"`
	Body eventWriteJSON
}

// Organisers come as identifiers here; the use case checks them.
func (f *Feature) apiCreate(c *web.Call, in *writeIn) (*oneOut, error) {
	x, err := f.apiForm(c, in.Body)
	if err != nil {
		return nil, err
	}
	made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
		var e Event
		if _, err := x.onto(ctx, tx, &e); err != nil {
			return "", err
		}
		e, err := Add(ctx, tx, c.Actor, e, in.Body.Organisers)
		if err != nil {
			return "", err
		}
		return e.ID, f.offer(ctx, tx, c.Actor, e.ID)
	})
	if err != nil {
		return nil, err
	}
	return f.apiGet(c, &oneIn{made})
}

func (f *Feature) apiForm(c *web.Call, w eventWriteJSON) (form, error) {
	a, err := alliance.Load(c, f.DB)
	return w.form(c, a), err
}

func (f *Feature) apiChange(c *web.Call, in *changeIn) (*oneOut, error) {
	x, err := f.apiForm(c, in.Body)
	if err != nil {
		return nil, err
	}
	return f.apiDo(func(ctx context.Context, tx *db.Tx, who people.Actor, id string) error {
		e, err := mine(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if _, err := x.onto(ctx, tx, &e); err != nil {
			return err
		}
		if x.Revision > 0 {
			e.Revision = x.Revision
		}
		if _, err = Rewrite(ctx, tx, who, e, in.Body.Organisers); err != nil {
			return err
		}
		return f.offer(ctx, tx, who, id)
	})(c, &oneIn{in.ID})
}

// viewOf is what words need of a view, for answers in the caller's language.
func (f *Feature) viewOf(c *web.Call) design.View {
	return design.View{Printer: c.Printer, Origin: f.Origin}
}
