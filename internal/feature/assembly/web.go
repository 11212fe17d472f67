package assembly

import (
	"bytes"
	"context"
	"embed"
	"encoding/csv"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"
	"rsc.io/qr"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

//go:embed schema
var schema embed.FS

// Feature is the feature.
type Feature struct {
	*feature.House
	asks Asks
}

// New puts it together.
func New(h *feature.House, asks Asks) feature.Feature {
	f := &Feature{h, asks}
	return feature.Feature{Name: "assembly", Schema: schema, Phrases: phrases, Kinds: kinds, Pages: f.pages, API: f.api, Demo: f.demo, Board: f.board, ToDo: f.toDo,
		Menu: []web.Menu{{Path: "/assemblies", Label: locale.Phrase{Key: "assembly.menu", English: "Assemblies"}, Show: access.Everyone}}}
}

var kinds = []feature.Kind{
	{Name: "assembly", One: locale.Phrase{Key: "assembly.kind", English: "Assembly"}, Many: locale.Phrase{Key: "assembly.menu", English: "Assemblies"}, Icon: "users",
		Path: func(id string) string { return "/assemblies/" + id }, Fields: texts},
	{Name: "workshop", One: locale.Phrase{Key: "assembly.kind.workshop", English: "Workshop"}, Many: locale.Phrase{Key: "assembly.kind.workshops", English: "Workshops"}, Icon: "messages-square",
		Path: func(id string) string { return "/workshops/" + id }, Fields: texts},
}

var texts = []feature.Field{
	{Name: entry.Title, Label: locale.Phrase{Key: "assembly.field.title", English: "Title"}},
	{Name: entry.Summary, Label: locale.Phrase{Key: "assembly.field.summary", English: "In plain words"}, Long: true},
}

func (f *Feature) pages(r *web.Router) {
	run := access.Role(people.Coordinator, people.Committee)
	lead := access.Role(people.Coordinator, people.Committee, people.Facilitator, people.Rapporteur)
	r.Get("/assemblies", access.Everyone, f.list)
	r.Get("/assemblies/new", run, f.newForm)
	r.Post("/assemblies/new", run, f.create)
	r.Get("/assemblies/{id}", access.Everyone, f.show)
	r.Get("/assemblies/{id}/edit", run, f.editForm)
	r.Post("/assemblies/{id}/edit", run, f.edit)
	r.Post("/assemblies/{id}/phase", run, f.phase)
	r.Get("/assemblies/{id}/programme", run, f.programmeForm)
	r.Post("/assemblies/{id}/programme", run, f.programme)
	r.Post("/assemblies/{id}/programme/drop", run, f.dropItem)
	r.Get("/assemblies/{id}/attendance", access.Everyone, f.attendance)
	r.Post("/assemblies/{id}/attendance", lead, f.presence)
	r.Post("/assemblies/{id}/register", access.Mandated(people.Speak).Or(run), f.register)
	r.Post("/assemblies/{id}/unregister", access.Mandated(people.Speak).Or(run), f.unregister)
	r.Get("/assemblies/{id}/bring-up", run, f.bringUpForm)
	r.Post("/assemblies/{id}/bring-up", run, f.bringUp)
	r.Get("/assemblies/{id}/workshops/new", run, f.newWorkshop)
	r.Post("/assemblies/{id}/workshops/new", run, f.createWorkshop)
	r.Get("/workshops/{id}", access.Everyone, f.workshop)
	r.Get("/workshops/{id}/edit", lead, f.editWorkshop)
	r.Post("/workshops/{id}/edit", lead, f.saveWorkshop)
	r.Post("/workshops/{id}/sequence", lead, f.sequence)
	r.Post("/workshops/{id}/code", lead, f.newCode)
}

// row is an assembly as a list shows it.
type row struct {
	Entry  entry.Entry
	Phase  Phase
	Inside []row
}

func (f *Feature) list(c *web.Ctx) error {
	all, err := entry.List(c.Context(), c.DB, entry.Filter{Kinds: []string{"assembly"}, Actor: c.Actor, Order: entry.ByNew, Limit: 500})
	if err != nil {
		return err
	}
	inside := map[string][]row{}
	var top []row
	for _, e := range all {
		a, err := assemblyByID(c.Context(), c.DB, e.ID)
		if err != nil {
			return err
		}
		r := row{Entry: e, Phase: a.Now(c.DB.Now())}
		if e.Parent != "" {
			inside[e.Parent] = append(inside[e.Parent], r)
		} else {
			top = append(top, r)
		}
	}
	slices.SortStableFunc(top, func(x, y row) int { return int(min(max(y.Entry.Starts-x.Entry.Starts, -1), 1)) })
	for i := range top {
		top[i].Inside = inside[top[i].Entry.ID]
	}
	return c.Page(listPage(c.View, top, MayRun(c.Actor, "")))
}

// form is an assembly being written.
type form struct {
	Entry    entry.Entry
	Assembly Assembly
	Parents  []entry.Entry
	Typed    map[string]string
	Axes     []design.Option
	Key      string
	New      bool
}

func (f *Feature) form(c *web.Ctx, e entry.Entry, a Assembly) (form, error) {
	x := form{Entry: e, Assembly: a, Key: web.NewKey(), Typed: map[string]string{}, New: e.ID == ""}
	parents, err := entry.List(c.Context(), c.DB, entry.Filter{Kinds: []string{"assembly"}, Actor: c.Actor, Limit: 200})
	for _, p := range parents {
		if p.ID != e.ID {
			x.Parents = append(x.Parents, p)
		}
	}
	zone := zoneOf(a.Timezone)
	day := func(i db.Instant) string {
		if i == 0 {
			return ""
		}
		return i.Time().In(zone).Format(time.DateOnly)
	}
	x.Typed["title"], x.Typed["summary"] = e.Title().Original(), e.Text(entry.Summary).Original()
	x.Typed["lang"], x.Typed["timezone"], x.Typed["parent"] = e.Lang, a.Timezone, e.Parent
	x.Typed["starts"], x.Typed["ends"], x.Typed["town"], x.Typed["country"] = day(e.Starts), day(e.Ends), e.Place.Name, e.Place.Country
	for _, p := range Phases[1:] {
		x.Typed["starts."+string(p)] = day(a.StartsAt(p))
	}
	return x, err
}

// read takes what was typed, and makes entry and assembly of it.
func (x *form) read(c *web.Ctx) error {
	for _, name := range []string{"title", "summary", "timezone", "parent", "town", "country"} {
		x.Typed[name] = c.Form(name)
	}
	x.Key = c.Form(design.KeyField)
	if l := c.Form("summary-lang"); l != "" && x.New {
		x.Typed["lang"] = l
	}
	x.Entry.Lang = x.Typed["lang"]
	x.Entry.Set(entry.Title, x.Typed["title"])
	x.Entry.Set(entry.Summary, x.Typed["summary"])
	x.Assembly.Timezone, x.Entry.Parent = x.Typed["timezone"], x.Typed["parent"]
	var list fault.List
	zone := zoneOf(x.Assembly.Timezone)
	day := func(name string, end bool) db.Instant {
		s := design.DateValue(c.Form, name)
		x.Typed[name] = s
		if s == "" {
			return 0
		}
		t, err := time.ParseInLocation(time.DateOnly, s, zone)
		if err != nil {
			list.Add(fault.Invalid(name, "assembly.date", "This is not a date. Write day, month and year."))
			return 0
		}
		if end {
			t = t.Add(24*time.Hour - time.Second)
		}
		return db.At(t)
	}
	x.Entry.Starts, x.Entry.Ends = day("starts", false), day("ends", true)
	x.Assembly.Starts = nil
	for _, p := range Phases[1:] {
		x.Assembly.Starts = append(x.Assembly.Starts, Start{p, day("starts."+string(p), false)})
	}
	x.Entry.Place = place.Place{Name: x.Typed["town"], Country: x.Typed["country"]}
	if towns := place.Lookup(x.Typed["town"], x.Typed["country"]); len(towns) > 0 {
		t := towns[0]
		x.Entry.Place.Country, x.Entry.Place.Lat, x.Entry.Place.Lon, x.Entry.Place.Precision = t.Country, t.Lat, t.Lon, place.InTown
	}
	return list.Err()
}

func zoneOf(name string) *time.Location {
	if zone, err := time.LoadLocation(name); err == nil {
		return zone
	}
	return time.UTC
}

func (f *Feature) newForm(c *web.Ctx) error {
	x, err := f.form(c, entry.Entry{Lang: c.Lang(), Parent: c.Query("in")}, Assembly{Timezone: "Europe/Paris"})
	if err != nil {
		return err
	}
	return c.Page(formPage(c.View, x))
}

func (f *Feature) create(c *web.Ctx) error {
	x, err := f.form(c, entry.Entry{Lang: c.Lang()}, Assembly{})
	if err != nil {
		return err
	}
	if err = x.read(c); err == nil {
		err = c.Write(c.View.T("assembly.created", "The assembly is there. Add its workshops and programme."), func(ctx context.Context, tx *db.Tx) (string, error) {
			e, err := Add(ctx, tx, c.Actor, x.Entry, x.Assembly)
			return "/assemblies/" + e.ID, err
		})
	}
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return formPage(v, x) })
	}
	return nil
}

// mine gives an assembly the actor runs.
func (f *Feature) mine(c *web.Ctx) (entry.Entry, Assembly, error) {
	e, err := entry.See(c.Context(), c.DB, c.Actor, "assembly", c.Path("id"))
	if err != nil {
		return e, Assembly{}, err
	}
	if !MayRun(c.Actor, e.ID) {
		return e, Assembly{}, access.Denied()
	}
	a, err := assemblyByID(c.Context(), c.DB, e.ID)
	return e, a, err
}

func (f *Feature) editForm(c *web.Ctx) error {
	e, a, err := f.mine(c)
	if err != nil {
		return err
	}
	x, err := f.form(c, e, a)
	if err != nil {
		return err
	}
	return c.Page(formPage(c.View, x))
}

func (f *Feature) edit(c *web.Ctx) error {
	e, a, err := f.mine(c)
	if err != nil {
		return err
	}
	x, err := f.form(c, e, a)
	if err != nil {
		return err
	}
	if err = x.read(c); err == nil {
		err = c.Write(c.View.T("assembly.saved", "Saved."), func(ctx context.Context, tx *db.Tx) (string, error) {
			return "/assemblies/" + e.ID, Change(ctx, tx, c.Actor, x.Entry, x.Assembly)
		})
	}
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return formPage(v, x) })
	}
	return nil
}

// view is an assembly with all that its page shows.
type view struct {
	Entry      entry.Entry
	Assembly   Assembly
	Phase      Phase
	Parent     entry.Entry
	Inside     []row
	Workshops  []workshopRow
	Programme  []Item
	Attendance []Attendance
	Tabs       []feature.Tab
	MayRun     bool
	Mine       bool // the actor's organisation takes part
	MayJoin    bool // the actor may say that it does
	Key        string
}

type workshopRow struct {
	Workshop Workshop
	Entry    entry.Entry
}

func (f *Feature) show(c *web.Ctx) error {
	v, err := f.view(c)
	if err != nil {
		return err
	}
	return c.Page(showPage(c.View, v, c.Alliance))
}

func (f *Feature) view(c *web.Ctx) (v view, err error) {
	ctx := c.Context()
	if v.Entry, err = entry.See(ctx, c.DB, c.Actor, "assembly", c.Path("id")); err != nil {
		return v, err
	}
	if v.Assembly, err = assemblyByID(ctx, c.DB, v.Entry.ID); err != nil {
		return v, err
	}
	v.Phase = v.Assembly.Now(c.DB.Now())
	if v.Entry.Parent != "" {
		if v.Parent, err = entry.Get(ctx, c.DB, v.Entry.Parent); err != nil {
			return v, err
		}
	}
	nested, err := entry.List(ctx, c.DB, entry.Filter{Kinds: []string{"assembly"}, Parent: v.Entry.ID, Actor: c.Actor, Limit: 200})
	if err != nil {
		return v, err
	}
	for _, e := range nested {
		a, err := assemblyByID(ctx, c.DB, e.ID)
		if err != nil {
			return v, err
		}
		v.Inside = append(v.Inside, row{Entry: e, Phase: a.Now(c.DB.Now())})
	}
	if v.Workshops, err = f.workshopRows(ctx, c.Actor, v.Entry.ID); err != nil {
		return v, err
	}
	if v.Programme, err = programmeOf(ctx, c.DB, v.Entry.ID); err != nil {
		return v, err
	}
	if v.Attendance, err = attendanceOf(ctx, c.DB, v.Entry.ID); err != nil {
		return v, err
	}
	if f.Tabs != nil {
		if v.Tabs, err = f.Tabs(ctx, c.DB, c.Actor, v.Entry); err != nil {
			return v, err
		}
	}
	v.MayRun, v.Key = MayRun(c.Actor, v.Entry.ID), web.NewKey()
	v.Mine = slices.ContainsFunc(v.Attendance, func(a Attendance) bool { return a.Organisation.ID == c.Actor.For() && c.Actor.For() != "" })
	v.MayJoin = c.Actor.May(people.Speak) && !v.Mine && v.Phase != Closed && v.Phase != FollowUp
	return v, nil
}

func (f *Feature) workshopRows(ctx context.Context, a people.Actor, assembly string) ([]workshopRow, error) {
	list, err := workshopsOf(ctx, f.DB, assembly)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	for i, w := range list {
		ids[i] = w.Entry
	}
	found, err := entry.Many(ctx, f.DB, ids)
	if err != nil {
		return nil, err
	}
	var rows []workshopRow
	for _, w := range list {
		if e := found[w.Entry]; e.Visible(a) {
			rows = append(rows, workshopRow{w, e})
		}
	}
	slices.SortStableFunc(rows, func(x, y workshopRow) int { return strings.Compare(x.Entry.Axis, y.Entry.Axis) })
	return rows, nil
}

func (f *Feature) phase(c *web.Ctx) error {
	e, _, err := f.mine(c)
	if err != nil {
		return err
	}
	return c.Write(c.View.T("assembly.phase.set", "The phase is changed."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/assemblies/" + e.ID, Move(ctx, tx, c.Actor, e.ID, Phase(c.Form("from")), Phase(c.Form("phase")))
	})
}

// programmeView is the programme being written.
type programmeView struct {
	Entry    entry.Entry
	Assembly Assembly
	Items    []Item
	Typed    map[string]string
	Key      string
}

func (f *Feature) programmeView(c *web.Ctx) (v programmeView, err error) {
	if v.Entry, v.Assembly, err = f.mine(c); err != nil {
		return v, err
	}
	v.Typed, v.Key = map[string]string{"kind": "plenary", "lang": c.Lang()}, web.NewKey()
	v.Items, err = programmeOf(c.Context(), c.DB, v.Entry.ID)
	return v, err
}

func (f *Feature) programmeForm(c *web.Ctx) error {
	v, err := f.programmeView(c)
	if err != nil {
		return err
	}
	return c.Page(programmePage(c.View, v))
}

func (f *Feature) programme(c *web.Ctx) error {
	v, err := f.programmeView(c)
	if err != nil {
		return err
	}
	v.Key = c.Form(design.KeyField)
	v.Typed = map[string]string{"title": c.Form("title"), "kind": c.Form("kind"), "place": c.Form("place"), "starts": design.DateTimeValue(c.Form, "starts"), "lang": c.Form("title-lang")}
	if v.Typed["lang"] == "" {
		v.Typed["lang"] = c.Lang()
	}
	err = func() error {
		i := Item{Assembly: v.Entry.ID, Kind: v.Typed["kind"], Place: v.Typed["place"], Position: len(v.Items) + 1}
		if v.Typed["title"] != "" {
			i.Title = lang.New(v.Typed["lang"], v.Typed["title"]).JSON()
		}
		if s := v.Typed["starts"]; s != "" {
			t, err := time.ParseInLocation("2006-01-02 15:04", s, zoneOf(v.Assembly.Timezone))
			if err != nil {
				return fault.Invalid("starts", "assembly.datetime", "Write a day and a time, such as 14:30.")
			}
			i.Starts = db.At(t)
		}
		return c.Write(c.View.T("assembly.item.added", "Added to the programme."), func(ctx context.Context, tx *db.Tx) (string, error) {
			return "/assemblies/" + v.Entry.ID + "/programme", AddItem(ctx, tx, c.Actor, i)
		})
	}()
	if err != nil {
		return c.Retry(err, func(view design.View) templ.Component { return programmePage(view, v) })
	}
	return nil
}

func (f *Feature) dropItem(c *web.Ctx) error {
	return c.Write(c.View.T("assembly.item.dropped", "Taken off the programme."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/assemblies/" + c.Path("id") + "/programme", DropItem(ctx, tx, c.Actor, c.Path("id"), c.Form("item"))
	})
}

// attendanceView is who takes part.
type attendanceView struct {
	Entry   entry.Entry
	All     []Attendance
	Others  []people.Organisation // not registered, to choose from
	MayRun  bool
	MayMark bool
	Key     string
}

func (f *Feature) attendance(c *web.Ctx) error {
	e, err := entry.See(c.Context(), c.DB, c.Actor, "assembly", c.Path("id"))
	if err != nil {
		return err
	}
	v := attendanceView{Entry: e, Key: web.NewKey(), MayRun: MayRun(c.Actor, e.ID)}
	v.MayMark = v.MayRun || c.Actor.Somewhere(people.Rapporteur)
	if v.All, err = attendanceOf(c.Context(), c.DB, e.ID); err != nil {
		return err
	}
	if c.Query("as") == "csv" {
		return c.Download("attendance.csv", "text/csv; charset=utf-8", attendanceCSV(c.View, v.All))
	}
	if v.MayRun {
		all, err := people.Organisations(c.Context(), c.DB)
		if err != nil {
			return err
		}
		for _, o := range all {
			if !slices.ContainsFunc(v.All, func(a Attendance) bool { return a.Organisation.ID == o.ID }) {
				v.Others = append(v.Others, o)
			}
		}
	}
	return c.Page(attendancePage(c.View, v, c.Alliance))
}

func attendanceCSV(v design.View, all []Attendance) []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.Write([]string{v.T("assembly.csv.organisation", "Organisation"), v.T("assembly.csv.kind", "Kind"), v.T("assembly.csv.country", "Country"), v.T("assembly.csv.present", "Present")})
	for _, a := range all {
		name := a.Organisation.Name
		if name != "" && strings.ContainsRune("=+-@\t\r", rune(name[0])) {
			name = "'" + name // a spreadsheet must not take it for a formula
		}
		present := ""
		if a.Present {
			present = "x"
		}
		w.Write([]string{name, design.KindName(v, string(a.Organisation.Kind)), v.Country(a.Organisation.Country), present})
	}
	w.Flush()
	return b.Bytes()
}

func (f *Feature) presence(c *web.Ctx) error {
	return c.Write(c.View.T("assembly.presence", "Who is present is kept."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/assemblies/" + c.Path("id") + "/attendance", SetPresent(ctx, tx, c.Actor, c.Path("id"), c.Forms("present"))
	})
}

func (f *Feature) register(c *web.Ctx) error {
	organisations, back := c.Forms("organisation"), "/attendance"
	if len(organisations) == 0 && c.Actor.For() != "" {
		organisations, back = []string{c.Actor.For()}, ""
	}
	return c.Write(c.View.T("assembly.registered", "Registered."), func(ctx context.Context, tx *db.Tx) (string, error) {
		for _, o := range organisations {
			if err := Register(ctx, tx, c.Actor, c.Path("id"), o); err != nil {
				return "", err
			}
		}
		return "/assemblies/" + c.Path("id") + back, nil
	})
}

func (f *Feature) unregister(c *web.Ctx) error {
	organisation, back := c.Form("organisation"), "/attendance"
	if organisation == "" {
		organisation, back = c.Actor.For(), ""
	}
	return c.Write(c.View.T("assembly.unregistered", "No longer registered."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/assemblies/" + c.Path("id") + back, Unregister(ctx, tx, c.Actor, c.Path("id"), organisation)
	})
}

// upView is what a local assembly may bring up.
type upView struct {
	Entry  entry.Entry
	Parent entry.Entry
	Open   []entry.Entry
	Chosen []string
	Key    string
}

func (f *Feature) upView(c *web.Ctx) (v upView, err error) {
	if v.Entry, _, err = f.mine(c); err != nil {
		return v, err
	}
	if v.Entry.Parent == "" {
		return v, fault.Missing()
	}
	if v.Parent, err = entry.Get(c.Context(), c.DB, v.Entry.Parent); err != nil {
		return v, err
	}
	all, err := f.asks.Proposals(c.Context(), c.DB, v.Entry.ID)
	if err != nil {
		return v, err
	}
	ids := make([]string, len(all))
	for i, e := range all {
		ids[i] = e.ID
	}
	dealt, err := lineage.Descended(c.Context(), c.DB, ids)
	for _, e := range all {
		if !dealt[e.ID] && e.State == entry.Published {
			v.Open = append(v.Open, e)
		}
	}
	v.Key = web.NewKey()
	return v, err
}

func (f *Feature) bringUpForm(c *web.Ctx) error {
	v, err := f.upView(c)
	if err != nil {
		return err
	}
	return c.Page(upPage(c.View, v))
}

func (f *Feature) bringUp(c *web.Ctx) error {
	v, err := f.upView(c)
	if err != nil {
		return err
	}
	v.Chosen, v.Key = c.Forms("proposals"), c.Form(design.KeyField)
	err = c.Write(c.View.T("assembly.up.kept", "Brought up. They stand among the proposals of the assembly above."), func(ctx context.Context, tx *db.Tx) (string, error) {
		parent, err := f.BringUp(ctx, tx, c.Actor, v.Entry.ID, v.Chosen)
		return "/assemblies/" + parent + "/proposals", err
	})
	if err != nil {
		return c.Retry(err, func(view design.View) templ.Component { return upPage(view, v) })
	}
	return nil
}

// workshopForm is a workshop being written.
type workshopForm struct {
	Assembly entry.Entry
	Entry    entry.Entry
	Workshop Workshop
	Axes     []design.Option
	Typed    map[string]string
	Key      string
}

func (f *Feature) workshopForm(c *web.Ctx, assembly, e entry.Entry, w Workshop) workshopForm {
	x := workshopForm{Assembly: assembly, Entry: e, Workshop: w, Key: web.NewKey()}
	x.Typed = map[string]string{"title": e.Title().Original(), "summary": e.Text(entry.Summary).Original(), "axis": e.Axis, "room": w.Room, "lang": e.Lang}
	for _, a := range c.Alliance.Axes {
		t := a.Name.In(c.Lang())
		x.Axes = append(x.Axes, design.Option{Value: a.ID, Label: t.S, Lang: t.Lang})
	}
	return x
}

func (x *workshopForm) read(c *web.Ctx) {
	x.Key = c.Form(design.KeyField)
	for _, name := range []string{"title", "summary", "axis", "room"} {
		x.Typed[name] = c.Form(name)
	}
	if l := c.Form("summary-lang"); l != "" && x.Entry.ID == "" {
		x.Entry.Lang = l
	}
	x.Entry.Set(entry.Title, x.Typed["title"])
	x.Entry.Set(entry.Summary, x.Typed["summary"])
	x.Entry.Axis, x.Workshop.Room = x.Typed["axis"], x.Typed["room"]
}

func (f *Feature) newWorkshop(c *web.Ctx) error {
	e, _, err := f.mine(c)
	if err != nil {
		return err
	}
	return c.Page(workshopFormPage(c.View, f.workshopForm(c, e, entry.Entry{Lang: c.Lang(), Parent: e.ID}, Workshop{})))
}

func (f *Feature) createWorkshop(c *web.Ctx) error {
	e, _, err := f.mine(c)
	if err != nil {
		return err
	}
	x := f.workshopForm(c, e, entry.Entry{Lang: c.Lang(), Parent: e.ID}, Workshop{})
	x.read(c)
	err = c.Write(c.View.T("assembly.workshop.created", "The workshop is there, with its code."), func(ctx context.Context, tx *db.Tx) (string, error) {
		w, err := AddWorkshop(ctx, tx, c.Actor, x.Entry, x.Workshop)
		return "/workshops/" + w.ID, err
	})
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return workshopFormPage(v, x) })
	}
	return nil
}

// workshopView is a workshop with all that its page shows.
type workshopView struct {
	Entry    entry.Entry
	Workshop Workshop
	Assembly entry.Entry
	Leaders  map[people.Role][]people.Person
	Tabs     []feature.Tab
	MayLead  bool
	Join     string // address to join
	Picture  []byte // QR code of it, SVG
	Key      string
}

func (f *Feature) workshopView(c *web.Ctx) (v workshopView, err error) {
	ctx := c.Context()
	if v.Entry, err = entry.See(ctx, c.DB, c.Actor, "workshop", c.Path("id")); err != nil {
		return v, err
	}
	if v.Workshop, err = workshopByID(ctx, c.DB, v.Entry.ID); err != nil {
		return v, err
	}
	if v.Assembly, err = entry.Get(ctx, c.DB, v.Entry.Parent); err != nil {
		return v, err
	}
	v.Leaders = map[people.Role][]people.Person{}
	for _, role := range []people.Role{people.Facilitator, people.Rapporteur} {
		if v.Leaders[role], err = people.Holders(ctx, c.DB, role, v.Entry.ID); err != nil {
			return v, err
		}
	}
	if f.Tabs != nil {
		if v.Tabs, err = f.Tabs(ctx, c.DB, c.Actor, v.Entry); err != nil {
			return v, err
		}
	}
	v.MayLead, v.Key = MayLead(c.Actor, v.Workshop), web.NewKey()
	if v.Workshop.Open() && v.Workshop.Code != "" {
		v.Join = c.View.Origin + c.View.Href("/join/"+v.Workshop.Code)
		v.Picture = QR(v.Join)
	}
	return v, nil
}

// QR draws an address as an SVG of dark squares.
func QR(address string) []byte {
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return nil
	}
	return drawQR(code)
}

func (f *Feature) workshop(c *web.Ctx) error {
	v, err := f.workshopView(c)
	if err != nil {
		return err
	}
	return c.Page(workshopPage(c.View, v, c.Alliance))
}

func (f *Feature) led(c *web.Ctx) (workshopView, error) {
	v, err := f.workshopView(c)
	if err == nil && !v.MayLead {
		err = access.Denied()
	}
	return v, err
}

func (f *Feature) editWorkshop(c *web.Ctx) error {
	v, err := f.led(c)
	if err != nil {
		return err
	}
	return c.Page(workshopFormPage(c.View, f.workshopForm(c, v.Assembly, v.Entry, v.Workshop)))
}

func (f *Feature) saveWorkshop(c *web.Ctx) error {
	v, err := f.led(c)
	if err != nil {
		return err
	}
	x := f.workshopForm(c, v.Assembly, v.Entry, v.Workshop)
	x.read(c)
	err = c.Write(c.View.T("assembly.saved", "Saved."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/workshops/" + x.Entry.ID, ChangeWorkshop(ctx, tx, c.Actor, x.Entry, x.Workshop)
	})
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return workshopFormPage(v, x) })
	}
	return nil
}

func (f *Feature) sequence(c *web.Ctx) error {
	s := Sequence(slices.Index([]string{"0", "1", "2", "3"}, c.Form("sequence")))
	return c.Write(c.View.T("assembly.sequence.set", "The workshop moved on."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/workshops/" + c.Path("id"), SetSequence(ctx, tx, c.Actor, c.Path("id"), s)
	})
}

func (f *Feature) newCode(c *web.Ctx) error {
	return c.Write(c.View.T("assembly.code.new", "There is a new code. The old one opens nothing any more."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/workshops/" + c.Path("id"), NewCode(ctx, tx, c.Actor, c.Path("id"))
	})
}

// board offers to bring results up from a local assembly.
func (f *Feature) board(ctx context.Context, q db.Q, a people.Actor, of entry.Entry) ([]feature.Tab, error) {
	if of.Kind != "assembly" {
		return nil, nil
	}
	tabs := []feature.Tab{{Label: locale.Phrase{Key: "assembly.tab.attendance", English: "Who takes part"}, Path: "/assemblies/" + of.ID + "/attendance", Order: 20}}
	if of.Parent != "" && MayRun(a, of.ID) {
		tabs = append(tabs, feature.Tab{Label: locale.Phrase{Key: "assembly.tab.up", English: "Bring results up"}, Path: "/assemblies/" + of.ID + "/bring-up", Order: 45})
	}
	return tabs, nil
}

// toDo reminds those who lead an open workshop of it.
func (f *Feature) toDo(ctx context.Context, q db.Q, a people.Actor) ([]feature.Task, error) {
	var tasks []feature.Task
	seen := map[string]bool{}
	for _, g := range a.Grants {
		if g.Role != people.Facilitator && g.Role != people.Rapporteur || g.Scope == "" || seen[g.Scope] {
			continue
		}
		seen[g.Scope] = true
		w, err := workshopByID(ctx, q, g.Scope)
		if fault.Is(err, fault.KindNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !w.Open() {
			continue
		}
		e, err := entry.Get(ctx, q, g.Scope)
		if err != nil {
			return nil, err
		}
		title := e.Title().In(a.Lang)
		tasks = append(tasks, feature.Task{Kind: locale.Phrase{Key: "assembly.task.lead", English: "Workshop in progress"}, Title: title.S, Lang: title.Lang, Path: "/workshops/" + g.Scope})
	}
	return tasks, nil
}
