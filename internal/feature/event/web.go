package event

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"alliance/internal/feature"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

// listView is the calendar with what the reader may do there.
type listView struct {
	listed
	Alliance   alliance.Alliance
	Umbrellas  []Event
	MayAdd     bool
	MayPublish bool
	Steers     bool
	Months     []time.Time // to go to
	Weeks      [][]day     // of the month as a table
	Heads      []string    // names of the days of the week
	Self       string      // path of this page
	Feed       string      // address of the same as a file
	Outputs    templ.Component
}

func (f *Feature) listView(c *web.Ctx, q query, self string) (listView, error) {
	l, err := f.read(c.Context(), c.Actor, q)
	if err != nil {
		return listView{}, err
	}
	v := listView{listed: l, Alliance: c.Alliance, MayAdd: c.Actor.SignedIn(), MayPublish: MayPublish(c.Actor), Steers: c.Actor.Is(people.Coordinator), Self: self,
		Feed: c.View.Origin + c.View.Href(q.href("/calendar.ics")), Outputs: f.Outputs(c.View, Kind, q.records())}
	if v.Umbrellas, err = f.umbrellas(c.Context(), f.DB, c.Actor); err != nil {
		return v, err
	}
	first := c.View.Now
	if t, err := time.Parse("2006-01", q.Month); err == nil {
		first = t.AddDate(0, -1, 0)
	}
	for i := range 4 {
		v.Months = append(v.Months, time.Date(first.Year(), first.Month()+time.Month(i), 1, 0, 0, 0, 0, time.UTC))
	}
	return v, nil
}

func (f *Feature) list(c *web.Ctx) error {
	q := readQuery(c.R.URL.Query())
	q.Past = false
	v, err := f.listView(c, q, "/calendar")
	if err != nil {
		return err
	}
	return c.Page(listPage(c.View, v))
}

func (f *Feature) past(c *web.Ctx) error {
	q := readQuery(c.R.URL.Query())
	q.Past, q.Month = true, ""
	v, err := f.listView(c, q, "/calendar/past")
	if err != nil {
		return err
	}
	return c.Page(listPage(c.View, v))
}

// day is one field of the month's table.
type day struct {
	Date  time.Time
	In    bool // of the month
	Today bool
	Dates []dated
}

// month shows a month as a table, its weeks as the reader's region has them.
func (f *Feature) month(c *web.Ctx) error {
	c.Varies("Accept-Language")
	q := readQuery(c.R.URL.Query())
	if q.Month == "" {
		q.Month = c.View.Now.Format("2006-01")
	}
	v, err := f.listView(c, q, "/calendar/month")
	if err != nil {
		return err
	}
	start := locale.FirstDay(c.R.Header.Get("Accept-Language"), c.Lang())
	v.Weeks = weeks(q.Month, start, c.View.Now, v.Dates)
	for i := range 7 {
		v.Heads = append(v.Heads, c.View.Weekday((start+time.Weekday(i))%7))
	}
	return c.Page(monthPage(c.View, v))
}

// weeks lays the dates of a month out in whole weeks.
func weeks(month string, start time.Weekday, now time.Time, dates []dated) (list [][]day) {
	first, err := time.Parse("2006-01", month)
	if err != nil {
		return nil
	}
	t := first.AddDate(0, 0, -int((first.Weekday()-start+7)%7))
	for t.Before(first.AddDate(0, 1, 0)) {
		var week []day
		for range 7 {
			d := day{Date: t, In: t.Month() == first.Month(), Today: dayNumber(t) == dayNumber(now)}
			for _, x := range dates {
				if n := dayNumber(t); d.In && x.Day <= n && n <= x.Last {
					d.Dates = append(d.Dates, x)
				}
			}
			week, t = append(week, d), t.AddDate(0, 0, 1)
		}
		list = append(list, week)
	}
	return list
}

// eventView is the page of an event.
type eventView struct {
	Event
	Alliance   alliance.Alliance
	Above      *Event // the day it stands under
	Under      listed // what stands under this day
	Years      []yearCount
	Countries  int
	Next       []Date
	Going      []Going
	WeGo       bool
	MayGo      bool
	MayEdit    bool
	MayPublish bool
	MayOrgan   bool // may answer whether their organisation organises it
	Guest      *Guest
	In, Wait   int
	Asked      []Organiser
	SourceName string
	SMS        string
	Mine       bool            // proposed by the actor
	Given      templ.Component // links to it in other forms
	Documents  templ.Component // beside it
}

// yearCount counts the events under a day by year.
type yearCount struct{ Year, Count int }

func (f *Feature) show(c *web.Ctx) error {
	v, err := f.eventView(c, c.Path("id"))
	if err != nil {
		return err
	}
	if v.State == entry.Published && f.Given != nil {
		v.Given = f.Given(c.View, Kind, v.ID)
	}
	if f.Documents != nil {
		if v.Documents, err = f.Documents(c, record.Record{Entry: v.Entry}); err != nil {
			return err
		}
	}
	return c.Page(eventPage(c.View, v))
}

func (f *Feature) eventView(c *web.Ctx, event string) (v eventView, err error) {
	ctx, a := c.Context(), c.Actor
	if v.Event, err = see(ctx, f.DB, a, event); err != nil {
		return v, err
	}
	v.Alliance, v.MayEdit, v.MayPublish, v.MayGo = c.Alliance, v.Event.MayEdit(a), a.Is(people.Coordinator), v.Event.MayGo(a)
	v.Mine = a.SignedIn() && v.Person == a.Person
	if v.Umbrella != "" {
		if above, err := see(ctx, f.DB, a, v.Umbrella); err == nil {
			v.Above = &above
		}
	}
	if v.Rule != "" {
		if v.Next, err = datesOf(ctx, f.DB, v.ID, f.DB.Now(), 6); err != nil {
			return v, err
		}
	}
	if v.Class == Umbrella {
		if err := f.under(ctx, a, &v); err != nil {
			return v, err
		}
	}
	v.SMS = smsOf(c.View, v.Event)
	return v, f.company(ctx, c, &v)
}

// under gathers what stands under a day that unites: the next ones, and counts.
func (f *Feature) under(ctx context.Context, a people.Actor, v *eventView) (err error) {
	q := query{Umbrellas: []string{v.ID}}
	if v.Under, err = f.read(ctx, a, q); err != nil {
		return err
	}
	ids, err := db.All(ctx, f.DB, db.Value[string], `SELECT entry FROM event WHERE umbrella = $1`, v.ID)
	if err != nil {
		return err
	}
	all, err := f.events(ctx, a, ids)
	if err != nil {
		return err
	}
	years, countries := map[int]int{}, map[string]bool{}
	for _, e := range all {
		if e.Cancelled == 0 {
			years[e.Local(e.Starts).Year()]++
			if _, at := e.Address(); at.Country != "" {
				countries[at.Country] = true
			}
		}
	}
	for year, n := range years {
		v.Years = append(v.Years, yearCount{year, n})
	}
	slices.SortFunc(v.Years, func(a, b yearCount) int { return b.Year - a.Year })
	v.Countries = len(countries)
	return nil
}

// company is who organises, who goes and who registered.
func (f *Feature) company(ctx context.Context, c *web.Ctx, v *eventView) (err error) {
	if v.Going, err = goingTo(ctx, f.DB, v.ID); err != nil {
		return err
	}
	for _, g := range v.Going {
		v.WeGo = v.WeGo || g.ID == c.Actor.For() && g.ID != ""
	}
	for _, o := range v.Organisers {
		if o.Confirmed == 0 {
			v.Asked = append(v.Asked, o)
			v.MayOrgan = v.MayOrgan || o.Organisation == c.Actor.For() && c.Actor.May(people.Edit)
		}
	}
	if v.Source != "" {
		if s, err := sourceByID(ctx, f.DB, v.Source); err == nil {
			v.SourceName = s.Title
		} else if !fault.Is(err, fault.KindNotFound) {
			return err
		}
	}
	if !v.Registers {
		return nil
	}
	if v.In, err = countGuests(ctx, f.DB, v.ID, In); err != nil {
		return err
	}
	if v.Wait, err = countGuests(ctx, f.DB, v.ID, Waiting); err != nil {
		return err
	}
	if c.Actor.SignedIn() {
		g, err := guestByMark(ctx, f.DB, f.guests, v.ID, f.guests.markOf(c.Actor.Person, ""))
		if err == nil {
			v.Guest = &g
		} else if !isNone(err) {
			return err
		}
	}
	return nil
}

// knows tells whether the reader may be told address and link.
func (v eventView) knows() bool { return v.MayEdit || v.Guest != nil && v.Guest.State == In }

// smsOf is the event as one text message.
func smsOf(v design.View, e Event) string {
	starts := e.Local(e.Starts)
	when := v.ShortDate(starts)
	if !e.AllDay {
		when += " " + v.Time(starts)
	}
	return smsText(e.Title().In(v.Lang()).S, when, placeWords(v, e), v.Origin+"/calendar/"+e.ID)
}

func (f *Feature) newForm(c *web.Ctx) error {
	x, err := f.fill(c, form{Lang: c.Lang(), Zone: "Europe/Paris", Precision: "exact", Audience: string(entry.Public), Keep: "30", Umbrella: c.Query("umbrella"), Organisers: c.Actor.Mandate.OrganisationName})
	if err != nil {
		return err
	}
	return c.Page(formPage(c.View, x))
}

func (f *Feature) create(c *web.Ctx) error {
	x, err := f.fill(c, readForm(c))
	if err != nil {
		return err
	}
	flash := c.View.T("event.created", "The event is in the calendar.")
	if !x.mayPublish {
		flash = c.View.T("event.proposed.flash", "Thank you. A local authority and an association look at it before it is shown.")
	}
	err = c.Write(flash, func(ctx context.Context, tx *db.Tx) (string, error) {
		var e Event
		organisers, err := x.onto(ctx, tx, &e)
		if err != nil {
			return "", err
		}
		if e, err = Add(ctx, tx, c.Actor, e, organisers); err != nil {
			return "", err
		}
		return "/calendar/" + e.ID, f.offer(ctx, tx, c.Actor, e.ID)
	})
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return formPage(v, x) })
	}
	return nil
}

func (f *Feature) mine(c *web.Ctx) (Event, error) {
	return mine(c.Context(), f.DB, c.Actor, c.Path("id"))
}

func (f *Feature) editForm(c *web.Ctx) error {
	e, err := f.mine(c)
	if err != nil {
		return err
	}
	x, err := f.fill(c, formOf(c.View, e))
	if err != nil {
		return err
	}
	return c.Page(formPage(c.View, x))
}

func (f *Feature) edit(c *web.Ctx) error {
	was, err := f.mine(c)
	if err != nil {
		return err
	}
	x, err := f.fill(c, readForm(c))
	if err != nil {
		return err
	}
	x.ID = was.ID
	err = c.Write(c.View.T("event.saved", "Saved."), func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := x.rewrite(ctx, tx, c.Actor); err != nil {
			return "", err
		}
		return "/calendar/" + was.ID, f.offer(ctx, tx, c.Actor, was.ID)
	})
	if err != nil {
		if fault.Is(err, fault.KindConflict) { // saving again replaces the other version, knowingly
			if now, err := f.mine(c); err == nil {
				x.Revision = now.Revision
			}
		}
		return c.Retry(err, func(v design.View) templ.Component { return formPage(v, x) })
	}
	return nil
}

// rewrite changes the event of the form.
func (x form) rewrite(ctx context.Context, tx *db.Tx, a people.Actor) error {
	e, err := mine(ctx, tx, a, x.ID)
	if err != nil {
		return err
	}
	organisers, err := x.onto(ctx, tx, &e)
	if err != nil {
		return err
	}
	if x.Revision > 0 {
		e.Revision = x.Revision // the version that was on the form: of two at once, the second is told
	}
	_, err = Rewrite(ctx, tx, a, e, organisers)
	return err
}

func (f *Feature) cancelForm(c *web.Ctx) error {
	e, err := f.mine(c)
	if err != nil {
		return err
	}
	return c.Page(cancelPage(c.View, e, ""))
}

func (f *Feature) cancel(c *web.Ctx) error {
	e, err := f.mine(c)
	if err != nil {
		return err
	}
	err = c.Write(c.View.T("event.cancelled.flash", "The event is shown as cancelled. Those who registered are told."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/calendar/" + e.ID, Cancel(ctx, tx, c.Actor, e.ID, c.Form("reason-lang"), c.Form("reason"))
	})
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return cancelPage(v, e, c.Form("reason")) })
	}
	return nil
}

// act runs one of the acts that need nothing but a button.
func (f *Feature) act(c *web.Ctx, flash string, fn func(ctx context.Context, tx *db.Tx) error) error {
	return c.Write(flash, func(ctx context.Context, tx *db.Tx) (string, error) { return "/calendar/" + c.Path("id"), fn(ctx, tx) })
}

func (f *Feature) resume(c *web.Ctx) error {
	return f.act(c, c.View.T("event.resumed.flash", "The event takes place after all."), func(ctx context.Context, tx *db.Tx) error {
		return Resume(ctx, tx, c.Actor, c.Path("id"))
	})
}

func (f *Feature) publish(c *web.Ctx) error {
	return f.act(c, c.View.T("event.published.flash", "The event can be seen."), func(ctx context.Context, tx *db.Tx) error {
		return f.offering(Publish)(ctx, tx, c.Actor, c.Path("id"))
	})
}

func (f *Feature) withdraw(c *web.Ctx) error {
	return c.Write(c.View.T("event.withdrawn.flash", "The event is withdrawn."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/calendar", f.offering(Withdraw)(ctx, tx, c.Actor, c.Path("id"))
	})
}

func (f *Feature) coOrganise(c *web.Ctx) error {
	return f.act(c, c.View.T("event.answered.flash", "Your answer is kept."), func(ctx context.Context, tx *db.Tx) error {
		return CoOrganise(ctx, tx, c.Actor, c.Path("id"), c.Form("answer") == "yes")
	})
}

func (f *Feature) going(c *web.Ctx) error {
	return f.act(c, c.View.T("event.answered.flash", "Your answer is kept."), func(ctx context.Context, tx *db.Tx) error {
		return Go(ctx, tx, c.Actor, c.Path("id"), c.Form("go") == "yes")
	})
}

// goingView is one gathering with those of ours who go there.
type goingView struct {
	dated
	Going []Going
}

func (f *Feature) goingPage(c *web.Ctx) error {
	all, err := goingAfter(c.Context(), f.DB, f.DB.Now())
	if err != nil {
		return err
	}
	by := map[string][]Going{}
	var only []string
	for _, g := range all {
		if len(by[g.Event]) == 0 {
			only = append(only, g.Event)
		}
		by[g.Event] = append(by[g.Event], g)
	}
	var list []goingView
	if len(only) > 0 {
		l, err := f.read(c.Context(), c.Actor, query{onlyEvents: only})
		if err != nil {
			return err
		}
		for _, d := range l.Dates {
			if g, ok := by[d.Event.ID]; ok { // its next date
				list = append(list, goingView{d, g})
				delete(by, d.Event.ID)
			}
		}
	}
	return c.Page(goingListPage(c.View, list))
}

func (f *Feature) datesForm(c *web.Ctx) error {
	e, err := f.mine(c)
	if err != nil {
		return err
	}
	if e.Rule == "" {
		return fault.Missing()
	}
	return c.Page(datesPage(c.View, e, f.changeable(e)))
}

// changeable are the next dates of the rule, with what was changed of them.
func (f *Feature) changeable(e Event) []Date {
	plain := e
	plain.Changes = nil
	dates := plain.Expand(f.DB.Now(), f.DB.Now().Add(horizon))
	return dates[:min(len(dates), 30)]
}

func (f *Feature) moveDate(c *web.Ctx) error {
	e, err := f.mine(c)
	if err != nil {
		return err
	}
	err = c.Write(c.View.T("event.saved", "Saved."), func(ctx context.Context, tx *db.Tx) (string, error) {
		change, err := readChange(c, e)
		if err != nil {
			return "", err
		}
		return "/calendar/" + e.ID + "/dates", Move(ctx, tx, c.Actor, e.ID, change)
	})
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return datesPage(v, e, f.changeable(e)) })
	}
	return nil
}

// readChange reads what becomes of one date: it is left out, or moved; its
// length stays when no end is given.
func readChange(c *web.Ctx, e Event) (Change, error) {
	n, err := strconv.ParseInt(c.Form("at"), 10, 64)
	if err != nil {
		return Change{}, fault.Invalid("at", "event.move.none", "This event has no such date.")
	}
	at := db.Instant(n)
	length := max(e.Ends-e.Starts, db.Instant(untold.Microseconds()))
	if !e.Endless {
		length = e.Ends - e.Starts
	}
	x := Change{At: at, Starts: at, Ends: at + length, Cancelled: c.Form("what") == "cancel"}
	if note := c.Form("note"); note != "" {
		tag, ok := lang.Tag(c.Form("note-lang"))
		if !ok {
			tag = c.Lang()
		}
		if len([]rune(note)) > 500 {
			return x, fault.Invalid("note", "entry.text.long", "This text is too long: at most {n} characters.", "n", 500)
		}
		x.Note = lang.New(tag, note)
	}
	if x.Cancelled {
		return x, nil
	}
	var list fault.List
	moved := form{AllDay: e.AllDay}
	x.Starts = moved.instant("starts", design.DateTimeValue(c.Form, "starts"), e.Location(), &list)
	if err := list.Err(); err != nil {
		return x, err
	}
	x.Ends = x.Starts + length
	return x, nil
}

// keepPage is the event as one file to keep: it needs no network any more.
func (f *Feature) keepPage(c *web.Ctx) error {
	v, err := f.eventView(c, c.Path("id"))
	if err != nil {
		return err
	}
	var b strings.Builder
	if err := keptPage(c.View, v).Render(c.Context(), &b); err != nil {
		return err
	}
	return c.Download(fmt.Sprintf("event-%s-%s.html", v.ID, c.Lang()), "text/html; charset=utf-8", []byte(b.String()))
}

// toDo lists what waits: proposed events for the coordination, and answers of
// organisations that were named.
func (f *Feature) toDo(ctx context.Context, q db.Q, a people.Actor) (tasks []feature.Task, err error) {
	task := func(e entry.Entry, kind locale.Phrase) {
		t := e.Title().In(a.Lang)
		tasks = append(tasks, feature.Task{Kind: kind, Title: t.S, Lang: t.Lang, Path: "/calendar/" + e.ID})
	}
	if a.Is(people.Coordinator) {
		list, err := entry.List(ctx, q, entry.Filter{Kinds: []string{Kind}, Any: true, Order: entry.ByOld, Limit: 50, Side: func(w *db.Where) { w.And("e.state = 'proposed'") }})
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			task(e, locale.Phrase{Key: "event.task.proposed", English: "Event proposed"})
		}
	}
	if a.May(people.Edit) {
		ids, err := db.All(ctx, q, db.Value[string], `SELECT g.event FROM event_organiser g JOIN entry e ON e.id = g.event WHERE g.organisation = $1 AND g.confirmed = 0 AND e.state = 'published' ORDER BY g.event LIMIT 50`, a.For())
		if err != nil {
			return nil, err
		}
		found, err := entry.Many(ctx, q, ids)
		if err != nil {
			return nil, err
		}
		for _, one := range ids {
			if e := found[one]; e.Visible(a) {
				task(e, locale.Phrase{Key: "event.task.organise", English: "Do you organise it?"})
			}
		}
	}
	return tasks, nil
}
