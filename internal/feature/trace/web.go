package trace

import (
	"context"
	"embed"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

// Trace is the feature.
type Trace struct{ *feature.House }

// New puts it together.
func New(h *feature.House) feature.Feature {
	t := &Trace{h}
	return feature.Feature{Name: "trace", Phrases: phrases, Pages: t.pages, API: t.api}
}

func (t *Trace) pages(r *web.Router) {
	r.Get("/entries/{id}", access.Everyone, t.entry)
	r.Get("/lineage/{id}", access.Everyone, t.lineage)
	r.Get("/history/{id}", access.Everyone, t.history)
	r.Get("/translate/{id}", access.SignedIn, t.translateForm)
	r.Post("/translate/{id}", access.SignedIn, t.translate)
	r.Get("/journal", access.SignedIn, t.journal)
	r.Get("/access", access.Everyone, t.access)
}

// entry leads from an identifier to the page of what it names, for links
// that know no kind.
func (t *Trace) entry(c *web.Ctx) error {
	e, err := entry.See(c.Context(), c.DB, c.Actor, "", c.Path("id"))
	if err != nil {
		return err
	}
	if k := t.Kinds[e.Kind]; k.Path != nil {
		return c.See(k.Path(e.ID))
	}
	return fault.Missing()
}

func (t *Trace) lineage(c *web.Ctx) error {
	s, err := Tell(c.Context(), c.DB, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	if c.Query("as") == "svg" {
		return c.Bytes("image/svg+xml", []byte(standalone(c, s)))
	}
	return c.Page(lineagePage(c.View, t.teller(c), s))
}

func standalone(c *web.Ctx, s Story) string {
	var b strings.Builder
	if err := drawing(c.View, s, true).Render(c.Context(), &b); err != nil {
		return ""
	}
	return b.String()
}

// Drawn gives the lineage of an entry to stand on its own page: the drawing and
// the lists with its numbers. Nil when nothing is joined to it.
func Drawn(h *feature.House) func(context.Context, db.Q, people.Actor, design.View, string) (templ.Component, error) {
	return func(ctx context.Context, q db.Q, a people.Actor, v design.View, id string) (templ.Component, error) {
		s, err := Tell(ctx, q, a, id)
		if err != nil || len(s.Derivations) == 0 {
			return nil, err
		}
		return drawn(v, teller{v: v, house: h}, s), nil
	}
}

func (t *Trace) history(c *web.Ctx) error {
	e, err := entry.See(c.Context(), c.DB, c.Actor, "", c.Path("id"))
	if err != nil {
		return err
	}
	revisions, err := entry.Revisions(c.Context(), c.DB, e.ID)
	if err != nil {
		return err
	}
	var persons, organisations []string
	for _, r := range revisions {
		persons, organisations = append(persons, r.Person), append(organisations, r.Organisation)
	}
	names, err := NamesOf(c.Context(), c.DB, persons, organisations)
	if err != nil {
		return err
	}
	say := t.teller(c)
	if say.named, err = say.pointed(c.Context(), c.DB, c.Actor, e, revisions); err != nil {
		return err
	}
	return c.Page(historyPage(c.View, say, e, Changes(revisions), names))
}

// translation is the form to translate an entry into one language.
type translation struct {
	Entry  entry.Entry
	Lang   string
	Fields []translationField
	Langs  []string // languages one may translate into
	Key    string
}

type translationField struct {
	Name, Label, Original, OriginalLang string
	Words                               string // typed, or the present translation
	Stale, Missing                      bool
	Long                                bool
}

func (t *Trace) translation(c *web.Ctx) (translation, error) {
	e, err := entry.See(c.Context(), c.DB, c.Actor, "", c.Path("id"))
	if err != nil {
		return translation{}, err
	}
	f := translation{Entry: e, Lang: c.Query("to"), Key: web.NewKey(), Langs: c.Alliance.Languages}
	posted := c.R.PostFormValue("to")
	if posted != "" {
		f.Lang = posted
	}
	if f.Lang == "" {
		f.Lang = c.Lang()
	}
	if posted != "" && posted == e.Lang { // the original came to be in this language meanwhile: words typed must not land elsewhere
		return f, fault.Invalid("to", "entry.translate.original", "This is the language of the original. Edit the original instead.")
	}
	if f.Lang == e.Lang {
		f.Lang = ""
		for _, l := range f.Langs {
			if l != e.Lang {
				f.Lang = l
				break
			}
		}
	}
	tag, ok := lang.Tag(f.Lang)
	if !ok {
		return f, fault.Invalid("to", "entry.lang.unknown", "Choose the language you write in.")
	}
	f.Lang = tag
	for _, d := range t.fields(e) {
		text := e.Text(d.Name)
		r := text.In(f.Lang)
		field := translationField{Name: d.Name, Label: c.View.Say(d.Label), Original: text.Original(), OriginalLang: text.Orig,
			Stale: r.Stale, Missing: r.Original, Long: d.Long || len(text.Original()) > 120}
		if !r.Original {
			field.Words = r.S
		}
		f.Fields = append(f.Fields, field)
	}
	return f, nil
}

// fields lists the texts an entry has, in the order its kind shows them;
// repeated ones ("caution.2") follow the first.
func (t *Trace) fields(e entry.Entry) (list []feature.Field) {
	known := map[string]bool{}
	add := func(f feature.Field) {
		if !known[f.Name] && !e.Text(f.Name).Empty() {
			known[f.Name] = true
			list = append(list, f)
		}
	}
	for _, f := range t.Kinds[e.Kind].Fields {
		add(f)
		for i := 1; ; i++ {
			n := f
			n.Name = f.Name + "." + strconv.Itoa(i)
			if e.Text(n.Name).Empty() {
				break
			}
			add(n)
		}
	}
	for _, name := range keys(e.Fields) {
		add(feature.Field{Name: name, Label: locale.Phrase{Key: "trace.field.other", English: "Text"}, Long: true})
	}
	return list
}

func (t *Trace) translateForm(c *web.Ctx) error {
	f, err := t.translation(c)
	if err != nil {
		return err
	}
	return c.Page(translatePage(c.View, t.teller(c), f))
}

func (t *Trace) translate(c *web.Ctx) error {
	f, err := t.translation(c)
	if err != nil {
		return err
	}
	typed := map[string]string{}
	for i := range f.Fields {
		f.Fields[i].Words = c.Form("field." + f.Fields[i].Name)
		typed[f.Fields[i].Name] = f.Fields[i].Words
	}
	flash := c.View.T("trace.translate.kept", "Your translation is kept. Thank you.")
	err = c.Write(flash, func(ctx context.Context, tx *db.Tx) (string, error) {
		for _, field := range f.Fields {
			words := typed[field.Name]
			present := f.Entry.Text(field.Name).V[f.Lang]
			if words == present.S && !field.Stale {
				continue
			}
			if words == "" && present.S == "" {
				continue
			}
			if _, err := entry.Translate(ctx, tx, c.Actor, f.Entry.ID, field.Name, f.Lang, words); err != nil {
				return "", err
			}
		}
		return "/translate/" + f.Entry.ID + "?to=" + f.Lang, nil
	})
	if err != nil {
		f.Key = c.R.PostFormValue(design.KeyField)
		return c.Retry(err, func(v design.View) templ.Component { return translatePage(v, t.teller(c), f) })
	}
	return nil
}

func (t *Trace) journal(c *web.Ctx) error {
	before, _ := strconv.ParseInt(c.Query("before"), 10, 64)
	filter := journal.Filter{Before: before, Subject: c.Query("of"), Scope: c.Query("in"), Person: c.Query("by"), Organisation: c.Query("for"), Limit: 50}
	events, err := t.visibleEvents(c.Context(), c.Actor, filter)
	if err != nil {
		return err
	}
	return c.Page(journalPage(c.View, t.teller(c), events, filter))
}

// visibleEvents gives the lines whose subject the actor may know of.
func (t *Trace) visibleEvents(ctx context.Context, a people.Actor, f journal.Filter) (events told, err error) {
	lines, err := journal.List(ctx, t.DB, f)
	if err != nil {
		return events, err
	}
	var subjects, persons, organisations []string
	for _, e := range lines {
		subjects = append(subjects, e.Subject)
		persons, organisations = append(persons, e.Person, e.Data["person"]), append(organisations, e.Organisation, e.Data["organisation"])
		if e.Kind == "person" {
			persons = append(persons, e.Subject)
		}
	}
	if events.Entries, err = entry.Many(ctx, t.DB, unique(subjects)); err != nil {
		return events, err
	}
	if events.Names, err = NamesOf(ctx, t.DB, persons, organisations); err != nil {
		return events, err
	}
	for _, e := range lines {
		subject, isEntry := events.Entries[e.Subject]
		// What is no entry concerns persons, mandates or settings: for the secretariat.
		if isEntry && subject.Visible(a) || !isEntry && a.IsAny(nil, people.Coordinator, people.Operator) {
			events.Lines = append(events.Lines, e)
		}
		events.Last = e.N
	}
	events.More = len(lines) == f.Limit
	return events, nil
}

// told is a page of the journal.
type told struct {
	Lines   []journal.Event
	Entries map[string]entry.Entry
	Names   Names
	Last    int64
	More    bool
}

// only names whose lines these are, when a filter asks for one person or organisation.
func (e told) only(f journal.Filter) string {
	if f.Person != "" {
		return e.Names.Persons[f.Person]
	}
	return e.Names.Organisations[f.Organisation].Name
}

// access shows the table of who may do what, as the program enforces it.
func (t *Trace) access(c *web.Ctx) error {
	return c.Page(accessPage(c.View, t.teller(c), c.Routes()))
}

// teller knows how to name things on a page.
type teller struct {
	v        design.View
	house    *feature.House
	alliance alliance.Alliance
	named    map[string]entry.Entry // entries that answers name, for a history
}

func (t *Trace) teller(c *web.Ctx) teller {
	return teller{v: c.View, house: t.House, alliance: c.Alliance}
}

// kind names the kind of an entry.
func (t teller) kind(e entry.Entry) string {
	if k, ok := t.house.Kinds[e.Kind]; ok {
		return t.v.Say(k.One)
	}
	return e.Kind
}

// owed tells whether somebody owes the author of an entry an answer.
func (t teller) owed(e entry.Entry) bool {
	return t.house.Kinds[e.Kind].Owed && e.State == entry.Published
}

// href is the page of an entry; its lineage where it has none.
func (t teller) href(e entry.Entry) string {
	if k, ok := t.house.Kinds[e.Kind]; ok && k.Path != nil {
		return t.v.Href(k.Path(e.ID))
	}
	return t.v.Href("/lineage/" + e.ID)
}

func (t teller) field(e entry.Entry, name string) string {
	base, _, _ := strings.Cut(name, ".")
	for _, f := range t.house.Kinds[e.Kind].Fields {
		if f.Name == base || f.Name == name {
			return t.v.Say(f.Label)
		}
	}
	return name
}
