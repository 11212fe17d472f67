package directory

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

// form is what somebody types about an organisation.
type form struct {
	ID       string // "" for a new one
	Revision int
	Name, NameLang, Kind, Country, Town,
	Website, Lang, Summary, Body, Doubt string
	Address, Precision, Position string // street and number; how closely the place is told; its point
	Works                        string // countries it works in, with commas
	Languages, Axes, Themes      []string
	Alliance                     alliance.Alliance
}

func (d *Directory) newForm(c *web.Ctx) error {
	return c.Page(editPage(c.View, form{NameLang: c.Lang(), Lang: c.Lang(), Alliance: c.Alliance}))
}

func formOf(v design.View, o Organisation, a alliance.Alliance) form {
	f := form{ID: o.ID, Revision: o.Revision, Name: o.Name(), NameLang: o.Title().Orig, Kind: o.Class, Country: countryName(v, o.Place.Country), Town: o.Place.Name,
		Website: o.Website, Works: countriesIn(v, o.Countries), Lang: o.Lang, Summary: o.Text(entry.Summary).Original(), Body: o.Text(Body).Original(), Doubt: o.Text(Doubt).Original(),
		Languages: o.Languages, Axes: o.Axes, Themes: o.Themes, Address: o.Address(), Precision: precisionOf(o.Place), Alliance: a}
	if f.Precision == "exact" {
		f.Position = record.PointOf(o.Place)
	}
	for _, name := range []string{entry.Summary, Body, Doubt} { // the texts say in which language they are
		if t := o.Text(name); !t.Empty() {
			f.Lang = t.Orig
			break
		}
	}
	return f
}

func readForm(c *web.Ctx) form {
	f := form{Name: c.Form("title"), NameLang: c.Form("title-lang"), Kind: c.Form("kind"), Country: c.Form("country"), Town: c.Form("town"),
		Website: Address(c.Form("website")), Works: c.Form("works"), Lang: c.Form("lang"), Summary: c.Form("summary"), Body: c.Form("body"), Doubt: c.Form("doubt"),
		Languages: c.Forms("languages"), Axes: c.Forms("axes"), Themes: c.Forms("themes"), Address: c.Form(record.Address), Precision: c.Form(record.Precision), Position: c.Form(record.Position), Alliance: c.Alliance}
	return f
}

// onto writes what was typed onto an organisation.
func (f form) onto(o *Organisation) error {
	var list fault.List
	country := countryOf(f.Country)
	if f.Country != "" && country == "" {
		list.Add(fault.Invalid("country", "directory.country.unknown", "Write the name of a country, or leave it empty."))
	}
	nameLang, ok := lang.Tag(f.NameLang)
	if !ok {
		nameLang = "fr"
	}
	o.Class, o.Website = f.Kind, f.Website
	if o.Lang == "" {
		o.Lang, _ = lang.Tag(f.Lang)
	}
	if o.Fields == nil {
		o.Fields = map[string]lang.Text{}
	}
	o.write(entry.Title, nameLang, f.Name)
	for name, words := range map[string]string{entry.Summary: f.Summary, Body: f.Body, Doubt: f.Doubt} {
		o.write(name, f.Lang, words)
	}
	list = append(list, f.place(o, country)...)
	o.Countries = nil
	for _, name := range strings.FieldsFunc(f.Works, func(r rune) bool { return strings.ContainsRune(",;،\n", r) }) {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		code := countryOf(name)
		if code == "" {
			list.Add(fault.Invalid("works", "record.country", "We do not know this country: {name}.", "name", cut(name)))
		} else if !slices.Contains(o.Countries, code) {
			o.Countries = append(o.Countries, code)
		}
	}
	slices.Sort(o.Countries)
	o.Languages = only(f.Languages, lang.Offered)
	o.Axes = only(f.Axes, ids(f.Alliance.Axes))
	o.Themes = only(f.Themes, ids(f.Alliance.Themes))
	if err := o.Validate(); err != nil {
		list = append(list, fault.Of(err)...)
	}
	return list.Err()
}

// place reads where it is, how closely everybody may know that, and the street.
func (f form) place(o *Organisation, country string) (list fault.List) {
	left := o.sameTown(f.Town, country) && (f.Precision == "" || f.Precision == precisionOf(o.Place))
	if left && f.Position != "" && f.Position != record.PointOf(o.Place) {
		left = false
	}
	if !left {
		r := record.Record{Entry: o.Entry}
		list = record.ReadStreet(record.Typed{record.Precision: {f.Precision}, record.Position: {f.Position}}, &r, f.Town, country)
		o.Place = r.Place
		if f.Town != "" && country == "" {
			list.Add(fault.Invalid("country", "directory.country.needed", "Write the country of the town."))
		}
	}
	street, err := record.ReadWord(record.Address, f.Address)
	list = append(list, fault.Of(err)...)
	if street != "" && len(list) == 0 && o.Place.Precision < place.Exact {
		list.Add(fault.Invalid(record.Address, "record.street.told", "An address is shown to everybody. Take it away, or let the place be shown exactly."))
	}
	o.Street = street
	return list
}

// precisionOf is how closely a place is told, as the form asks for it: by its
// town, unless somebody said otherwise.
func precisionOf(at place.Place) string {
	switch {
	case at.Precision == place.Exact:
		return "exact"
	case at.Precision == place.InCountry && at.Name != "":
		return "country"
	}
	return "town"
}

// sameTown tells that the place was left as it is: an exact place stays exact.
func (o *Organisation) sameTown(town, country string) bool {
	return o.ID != "" && o.Place.Name == town && o.Place.Country == country && o.Place.Precision != place.None
}

// write sets the original of a field in a language; another language than
// before begins the text anew.
func (o *Organisation) write(field, tag, words string) {
	t := o.Fields[field]
	if t.Original() == words && (t.Orig == tag || words == "") {
		return
	}
	if len(t.V) == 0 || t.Orig != tag {
		if clean, ok := lang.Tag(tag); ok {
			tag = clean
		} else {
			tag = o.Lang
		}
		o.Fields[field] = lang.Text{Orig: tag, V: map[string]lang.Version{tag: {S: words, R: o.Revision + 1}}}
		return
	}
	o.Fields[field] = t.Rewrite(words, o.Revision+1)
}

func only(values, allowed []string) []string {
	return slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(values))), func(s string) bool { return !slices.Contains(allowed, s) })
}

func ids(topics []alliance.Topic) []string {
	list := make([]string, len(topics))
	for i, t := range topics {
		list[i] = t.ID
	}
	return list
}

func (d *Directory) create(c *web.Ctx) error {
	f := readForm(c)
	err := c.Write(c.View.T("directory.created", "The organisation is in the directory."), func(ctx context.Context, tx *db.Tx) (string, error) {
		var o Organisation
		if err := f.onto(&o); err != nil {
			return "", err
		}
		o, err := add(ctx, tx, c.Actor, o)
		return "/organisations/" + o.ID, err
	})
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return editPage(v, f) })
	}
	return nil
}

// mine gives an organisation the actor may edit.
func (d *Directory) mine(c *web.Ctx) (Organisation, error) {
	o, err := see(c.Context(), d.DB, c.Actor, c.Path("id"))
	if err == nil && !o.MayEdit(c.Actor) {
		err = access.Denied()
	}
	return o, err
}

func (d *Directory) editForm(c *web.Ctx) error {
	o, err := d.mine(c)
	if err != nil {
		return err
	}
	return c.Page(editPage(c.View, formOf(c.View, o, c.Alliance)))
}

func (d *Directory) edit(c *web.Ctx) error {
	o, err := d.mine(c)
	if err != nil {
		return err
	}
	f := readForm(c)
	f.ID, f.Revision = o.ID, atoi(c.Form("revision"))
	err = c.Write(c.View.T("directory.saved", "Saved."), func(ctx context.Context, tx *db.Tx) (string, error) {
		o, err := get(ctx, tx, o.ID)
		if err != nil {
			return "", err
		}
		if err := f.onto(&o); err != nil {
			return "", err
		}
		if f.Revision > 0 {
			o.Revision = f.Revision // the version that was on the form: of two at once, the second is told
		}
		_, err = change(ctx, tx, c.Actor, o)
		return "/organisations/" + o.ID, err
	})
	if err != nil {
		if fault.Is(err, fault.KindConflict) { // saving again replaces the other version, knowingly
			if now, seeErr := see(c.Context(), d.DB, c.Actor, o.ID); seeErr == nil {
				f.Revision = now.Revision
			}
		}
		return c.Retry(err, func(v design.View) templ.Component { return editPage(v, f) })
	}
	return nil
}

func (d *Directory) check(c *web.Ctx) error {
	return c.Write(c.View.T("directory.checked", "Noted as checked today."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/organisations/" + c.Path("id"), check(ctx, tx, c.Actor, c.Path("id"))
	})
}

func (d *Directory) withdrawForm(c *web.Ctx) error {
	o, err := d.mine(c)
	if err != nil {
		return err
	}
	v := c.View
	return c.Page(design.ConfirmPage(v, design.Page{Title: v.T("directory.withdraw.title", "Withdraw: {name}", "name", o.Title().In(v.Lang()).S), Kind: "form", Breadcrumb: profileCrumbs(v, o)}, design.Confirm{
		Text: v.T("directory.withdraw.text", "The entry disappears at once from the list, the map, the search and the open data. What the organisation wrote and voted stays. You can bring the entry back."),
		Path: "/organisations/" + o.ID + "/withdraw", Key: web.NewKey(), Button: v.T("directory.withdraw.button", "Withdraw it now"), Back: "/organisations/" + o.ID}))
}

func (d *Directory) withdraw(c *web.Ctx) error {
	return c.Write(c.View.T("directory.withdrawn.done", "The entry is withdrawn."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/organisations/" + c.Path("id"), move(ctx, tx, c.Actor, c.Path("id"), entry.Withdrawn)
	})
}

func (d *Directory) publish(c *web.Ctx) error {
	return c.Write(c.View.T("directory.published.done", "The entry can be seen again."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/organisations/" + c.Path("id"), move(ctx, tx, c.Actor, c.Path("id"), entry.Published)
	})
}

// Correction is what somebody found wrong.
type Correction struct {
	ID, Entry, Person, Words, Proof string
	At, Settled                     db.Instant
	Name                            lang.Text // of the organisation
	By                              string    // of the person, for the coordination
}

const mostCorrections = 10 // in an hour, from everybody without an account together per organisation

func (d *Directory) correctForm(c *web.Ctx) error {
	o, err := see(c.Context(), d.DB, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	return c.Page(correctPage(c.View, o, "", ""))
}

func (d *Directory) correct(c *web.Ctx) error {
	o, err := see(c.Context(), d.DB, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	words, proof := c.Form("words"), c.Form("proof")
	err = d.takeCorrection(c, o, words, proof)
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return correctPage(v, o, words, proof) })
	}
	return nil
}

func (d *Directory) takeCorrection(c *web.Ctx, o Organisation, words, proof string) error {
	if err := d.mayCorrect(c.Context(), c.Actor, o, words, proof); err != nil {
		return err
	}
	return c.Write(c.View.T("directory.correct.done", "Thank you. The coordination will look at it."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/organisations/" + o.ID + "?corrected=1#thanks", tellCorrection(ctx, tx, c.Actor, o, words, proof)
	})
}

// mayCorrect checks what was typed, and that not too much comes in at once.
func (d *Directory) mayCorrect(ctx context.Context, a people.Actor, o Organisation, words, proof string) error {
	var list fault.List
	if words == "" {
		list.Add(fault.Invalid("words", "directory.correct.empty", "Say what should change."))
	}
	if len([]rune(words)) > 2000 || len([]rune(proof)) > 1000 {
		list.Add(fault.Invalid("words", "entry.text.long", "This text is too long: at most {n} characters.", "n", 2000))
	}
	if err := list.Err(); err != nil {
		return err
	}
	return d.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		ok, err := people.Attempt(ctx, tx, "correction/"+o.ID+"/"+a.Person, mostCorrections, time.Hour)
		if err == nil && !ok {
			err = fault.TooMany("directory.correct.many", "Many corrections came in at once. Please try again in an hour.")
		}
		return err
	})
}

func tellCorrection(ctx context.Context, tx *db.Tx, a people.Actor, o Organisation, words, proof string) error {
	if err := putCorrection(ctx, tx, Correction{ID: id.New(), Entry: o.ID, Person: a.Person, Words: words, Proof: proof, At: tx.Now()}); err != nil {
		return err
	}
	coordinators, err := people.Holders(ctx, tx, people.Coordinator, "")
	if err != nil {
		return err
	}
	persons := make([]string, len(coordinators))
	for i, p := range coordinators {
		persons[i] = p.ID
	}
	return notice.TellAll(ctx, tx, persons, notice.New{Key: "directory.notice.correction", English: "Somebody proposes a correction of {name}.",
		Args: map[string]string{"name": o.Name()}, Link: "/organisations/corrections"})
}

func (d *Directory) corrections(c *web.Ctx) error {
	list, err := openCorrections(c.Context(), d.DB)
	if err != nil {
		return err
	}
	return c.Page(correctionsPage(c.View, list))
}

func (d *Directory) settle(c *web.Ctx) error {
	return c.Write(c.View.T("directory.correct.settled", "Noted as done."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/organisations/corrections", settleCorrection(ctx, tx, c.Form("id"), c.Actor.Person)
	})
}

// toDo lists the corrections that wait for the coordination.
func (d *Directory) toDo(ctx context.Context, q db.Q, a people.Actor) ([]feature.Task, error) {
	if !a.Is(people.Coordinator) {
		return nil, nil
	}
	list, err := openCorrections(ctx, q)
	if err != nil {
		return nil, err
	}
	var tasks []feature.Task
	first, err := entry.List(ctx, q, entry.Filter{Kinds: []string{Kind}, Any: true, Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(first) == 0 {
		tasks = append(tasks, feature.Task{Kind: locale.Phrase{Key: "directory.task.first", English: "To begin"},
			Title: d.Catalog.For(a.Lang).T("directory.task.first.title", "Bring in the list of organisations"), Path: "/organisations/import"})
	}
	for _, one := range list {
		tasks = append(tasks, feature.Task{Kind: locale.Phrase{Key: "directory.task.correction", English: "Correction to read"}, Title: one.Name.In(a.Lang).S, Lang: one.Name.In(a.Lang).Lang, Path: "/organisations/corrections"})
	}
	return tasks, nil
}

// erase forgets who proposed corrections; what was proposed stays.
func erase(ctx context.Context, tx *db.Tx, person string) error {
	for _, text := range []string{`UPDATE organisation_correction SET person = '' WHERE person = $1`, `UPDATE organisation_correction SET settled_by = '' WHERE settled_by = $1`} {
		if _, err := tx.Exec(ctx, text, person); err != nil {
			return err
		}
	}
	return nil
}

func profileCrumbs(v design.View, o Organisation) []design.Link {
	t := o.Title().In(v.Lang())
	return []design.Link{{Href: v.Href("/organisations"), Label: v.T("directory.title", "Organisations")}, {Href: v.Href("/organisations/" + o.ID), Label: t.S, Lang: t.Lang}}
}

func atoi(s string) (n int) {
	for _, r := range strings.TrimSpace(s) {
		if r < '0' || r > '9' || n > 1e9 {
			return 0
		}
		n = n*10 + int(r-'0')
	}
	return n
}
