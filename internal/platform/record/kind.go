package record

import (
	"context"
	"embed"
	"slices"

	"github.com/a-h/templ"

	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/register"
	"alliance/internal/platform/web"
)

// Phrases are the words of this package in the other languages.
//
//go:embed phrases
var Phrases embed.FS

// Kind is a Spec with its pages and its part of the API.
type Kind struct {
	*Spec
	DB   *db.DB
	Path string // of the list, without the language: "/practices"
	Icon string
	CSS  []string // what pages of one need beyond the core
	Words
	// Complete fills in what the kind knows by itself, after a form was read and
	// before it is checked; nil = nothing.
	Complete func(now db.Instant, r *Record)
	// Belongs tells that a record is the actor's own, where its author must stay
	// unnamed in history, journal and every output; nil = authors are named.
	Belongs func(ctx context.Context, q db.Q, a people.Actor, r Record) (bool, error)
	// Settle fills in what follows from other entries and from who writes, after
	// Complete and before the checks, and refuses what the actor may not write;
	// nil = nothing.
	Settle func(ctx context.Context, q db.Q, a people.Actor, r *Record) error
	// Adds is who may add one; zero = whoever is signed in.
	Adds access.Policy
	// Formless: its feature alone adds records and changes them; here are neither
	// forms nor calls that do.
	Formless bool
	// Check holds rules of the kind beyond what is required; nil = none.
	Check func(context.Context, db.Q, Record) error
	// Saved runs in the transaction that added or changed a record; nil = nothing.
	Saved func(ctx context.Context, tx *db.Tx, a people.Actor, r Record) error
	// Offered is told, in the transaction, of each record that somebody without a
	// mandate proposes, changes or withdraws, filled by app; nil = nobody is.
	Offered func(ctx context.Context, tx *db.Tx, a people.Actor, r Record) error
	// More writes what the kind shows of one beyond its answers; nil = nothing.
	More func(c *web.Ctx, r Record) (templ.Component, error)
	// Above writes what stands over the list, such as other ways in; nil = nothing.
	Above func(c *web.Ctx, q Query) (templ.Component, error)
	// Adopted writes which decision adopted a version of the questions, for the
	// page of a record and that of the questions; nil = nothing.
	Adopted func(c *web.Ctx, version int) (templ.Component, error)
	// Outputs writes links to the list in other forms, filled by app; nil = none.
	Outputs func(v design.View, q Query) templ.Component
	// Files writes links to one record in other forms, filled by app; nil = none.
	Files func(v design.View, id string) templ.Component
	// Documents writes what stands beside one, where the Spec has it; filled by app.
	Documents func(c *web.Ctx, r Record) (templ.Component, error)
	// Register answers lists and the counts beside their filters, filled by app.
	Register *register.Register
}

// Words are what pages of a kind say.
type Words struct {
	One, Many locale.Phrase // "Practice", "Practices"
	Lead      locale.Phrase // under the heading of the list
	New       locale.Phrase // "Record a practice"
	None      locale.Phrase // "No practice matches."
	Count     Counted       // "{n} practice", "{n} practices"
}

// Counted is a phrase with a number, as View.N takes it.
type Counted func(v design.View, n int) string

// Pages puts up the list, the page of one, and the forms.
func (k *Kind) Pages(r *web.Router) {
	r.Get(k.Path, access.Everyone, k.list)
	r.Get(k.Path+"/questions", access.Everyone, k.questions)
	r.Get(k.Path+"/{id}", access.Everyone, k.show)
	if k.Formless {
		return
	}
	r.Get(k.Path+"/new", k.adds(), k.newForm)
	r.Post(k.Path+"/new", k.adds(), k.create)
	r.Get(k.Path+"/{id}/edit", access.SignedIn, k.editForm)
	r.Post(k.Path+"/{id}/edit", access.SignedIn, k.edit)
	r.Get(k.Path+"/{id}/withdraw", access.SignedIn, k.withdrawForm)
	r.Post(k.Path+"/{id}/withdraw", access.SignedIn, k.withdraw)
	r.Post(k.Path+"/{id}/publish", access.SignedIn, k.publish)
	r.Post(k.Path+"/{id}/check", access.SignedIn, k.verify)
}

func (k *Kind) adds() access.Policy {
	if k.Adds.Allow == nil {
		return access.SignedIn
	}
	return k.Adds
}

// Menu is the kind's line in a menu.
func (k *Kind) Menu() web.Menu { return web.Menu{Path: k.Path, Label: k.Many, Show: access.Everyone} }

// One gives the page of a record, without the language.
func (k *Kind) Page(id string) string { return k.Path + "/" + id }

type listView struct {
	*Kind
	Listed
	Alliance  alliance.Alliance
	Names     map[string]entry.Entry // organisations they are by
	Above     templ.Component
	MayAdd    bool
	MayImport bool
}

func (k *Kind) list(c *web.Ctx) error {
	l, err := k.listed(c.Context(), c.Actor, k.ReadQuery(c.R.URL.Query()))
	if err != nil {
		return err
	}
	view := listView{Kind: k, Listed: l, Alliance: c.Alliance, MayAdd: k.adds().Allow(c.Actor) && !k.Formless, MayImport: c.Actor.Is(people.Coordinator) && k.Belongs == nil && !k.Formless}
	if view.Names, err = k.Named(c.Context(), k.DB, c.Actor, l.List...); err != nil {
		return err
	}
	if k.Above != nil {
		if view.Above, err = k.Above(c, l.Query); err != nil {
			return err
		}
	}
	return c.Page(listPage(c.View, view))
}

// Reach tells actors apart as lists do: see entry.Filter.
func Reach(a people.Actor) string {
	switch {
	case a.Is(people.Coordinator) || a.Is(people.Committee):
		return "steering?"
	case a.For() != "":
		return "members?"
	}
	return "everybody?"
}

type oneView struct {
	*Kind
	Record
	Alliance   alliance.Alliance
	Names      map[string]entry.Entry // entries that answers name, as far as the reader may know of them
	By         entry.Entry            // organisation it is by
	More       templ.Component
	Adopted    templ.Component
	Documents  templ.Component
	MayEdit    bool
	MayPublish bool
}

func (k *Kind) show(c *web.Ctx) error {
	r, err := k.See(c.Context(), k.DB, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	view := oneView{Kind: k, Record: r, Alliance: c.Alliance, MayEdit: k.MayEdit(c.Actor, r) && !k.Formless, MayPublish: k.MayPublish(c.Actor, r) && !k.Formless}
	if view.Names, err = k.Named(c.Context(), k.DB, c.Actor, r); err != nil {
		return err
	}
	view.By = view.Names[r.Organisation]
	if k.More != nil {
		if view.More, err = k.More(c, r); err != nil {
			return err
		}
	}
	if k.Adopted != nil && r.Spec > 0 {
		if view.Adopted, err = k.Adopted(c, r.Spec); err != nil {
			return err
		}
	}
	if k.Documents != nil && k.Spec.Documents {
		if view.Documents, err = k.Documents(c, r); err != nil {
			return err
		}
	}
	if r.State != entry.Published {
		c.Private()
	}
	return c.Page(onePage(c.View, view))
}

// Named gives the entries that a record names, and the organisation it is by,
// as far as the actor may know of them.
func (s *Spec) Named(ctx context.Context, q db.Q, a people.Actor, list ...Record) (map[string]entry.Entry, error) {
	var ids []string
	for _, r := range list {
		if r.Organisation != "" {
			ids = append(ids, r.Organisation)
		}
		if r.CheckedBy != "" {
			ids = append(ids, r.CheckedBy)
		}
		for _, ask := range s.Questions() {
			if ask.Type == Entries {
				ids = append(ids, r.Answers[ask.Name]...)
			}
		}
	}
	return entry.Known(ctx, q, a, ids)
}

type formView struct {
	*Kind
	Form
	ID         string // "" for a new one
	Title      string // of the one being changed
	TitleLang  string
	Published  bool
	MayPublish bool
	For        string // organisation one acts for
}

func (k *Kind) newForm(c *web.Ctx) error {
	typed := Typed{InLang: {c.Lang()}, Audience: {string(entry.Public)}}
	given := Record{Answers: Answers{}}
	for name, values := range c.R.URL.Query() { // others lead here with something filled in
		if ask, asked := k.Question(name); asked {
			typed[name] = values
			if ask.Type == Entries {
				given.Answers[name] = values
			}
		}
	}
	named, err := k.Named(c.Context(), k.DB, c.Actor, given)
	if err != nil {
		return err
	}
	for name, ids := range given.Answers {
		typed[name] = []string{lines(ids, named)}
	}
	return c.Page(formPage(c.View, k.form(c, typed)))
}

func (k *Kind) form(c *web.Ctx, typed Typed) formView {
	return formView{Kind: k, Form: Form{k.Spec, typed, c.Alliance}, MayPublish: k.MayPublish(c.Actor, Record{Entry: entry.Entry{Organisation: c.Actor.For()}}), For: c.View.Acting.For}
}

// TypedIn gives what a form sent.
func (s *Spec) TypedIn(c *web.Ctx) Typed {
	t := Typed{}
	for _, name := range []string{InLang, Country, Town, Precision, Position, Axis, Themes, Audience, Licence, RevisionRead} {
		t[name] = c.Forms(name)
	}
	for _, ask := range s.Questions() {
		t[ask.Name] = c.Forms(ask.Name)
		if ask.Type == Opening {
			t[ask.Name] = hoursTyped(c.Forms(ask.Name), func(day string) string { return c.Form(ask.Name + "-" + day) })
		}
		if ask.Type == Day {
			t[ask.Name] = said([]string{design.DateValue(c.Form, ask.Name)})
		}
	}
	return t
}

// stateAsked is the state the pressed button asks for, as far as the actor may.
func (k *Kind) stateAsked(a people.Actor, act string, r Record) entry.State {
	switch {
	case act == "draft" && (r.State == "" || r.State == entry.Draft):
		return entry.Draft
	case r.State == entry.Published || r.State == entry.Withdrawn:
		return r.State
	case k.MayPublish(a, r):
		return entry.Published
	}
	return entry.Proposed
}

func (k *Kind) create(c *web.Ctx) error {
	typed := k.TypedIn(c)
	err := c.Write(c.View.T("record.saved", "Saved."), func(ctx context.Context, tx *db.Tx) (string, error) {
		r, err := k.Create(ctx, tx, c.Actor, c.Alliance, typed, c.Form("act"))
		return k.Page(r.ID), err
	})
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return formPage(v, k.form(c, typed)) })
	}
	return nil
}

// Create adds what somebody typed, for the organisation they act for. act is
// "draft" to keep it to its authors.
func (k *Kind) Create(ctx context.Context, tx *db.Tx, a people.Actor, of alliance.Alliance, typed Typed, act string) (Record, error) {
	as := k.unnamed(a, Record{})
	r := Record{Entry: entry.Entry{Kind: k.Kind, Organisation: as.For(), Person: as.Person, Mandate: as.Mandate.ID}}
	r.State = k.stateAsked(a, act, r)
	if err := k.Take(ctx, tx, a, of, typed, &r); err != nil {
		return r, err
	}
	r, err := k.Add(ctx, tx, as, r)
	if err == nil {
		err = k.kept(ctx, tx, a, r)
	}
	return r, err
}

// kept does what follows from a new version.
func (k *Kind) kept(ctx context.Context, tx *db.Tx, a people.Actor, r Record) error {
	if k.Saved != nil {
		if err := k.Saved(ctx, tx, a, r); err != nil {
			return err
		}
	}
	if k.Offered != nil && k.Belongs == nil && r.Organisation == "" {
		return k.Offered(ctx, tx, a, r)
	}
	return nil
}

// Take reads what was typed and checks it, giving all faults at once. It writes
// nothing.
func (k *Kind) Take(ctx context.Context, q db.Q, a people.Actor, of alliance.Alliance, typed Typed, r *Record) error {
	var list fault.List
	err := k.Read(ctx, q, a, of, typed, r)
	if k.Complete != nil {
		k.Complete(k.DB.Now(), r)
	}
	var settled error
	if k.Settle != nil {
		settled = k.Settle(ctx, q, a, r)
	}
	for _, err := range []error{err, settled, k.Validate(*r)} {
		if err != nil && fault.Of(err) == nil {
			return err
		}
		list = append(list, fault.Of(err)...)
	}
	if len(list) == 0 && k.Check != nil {
		return k.Check(ctx, q, *r)
	}
	return list.Err()
}

// See gives a record if the actor may know of it.
func (k *Kind) See(ctx context.Context, q db.Q, a people.Actor, id string) (Record, error) {
	r, err := k.Get(ctx, q, id)
	if err == nil && k.Belongs != nil && a.SignedIn() {
		r.Mine, err = k.Belongs(ctx, q, a, r)
	}
	if err == nil && !r.Visible(a) && !k.MayEdit(a, r) {
		return Record{}, fault.Missing()
	}
	return r, err
}

// unnamed is the actor as history and journal may know of them.
func (k *Kind) unnamed(a people.Actor, r Record) people.Actor {
	if k.Belongs != nil && (r.Mine || r.ID == "") {
		a.Person = ""
	}
	return a
}

// mine gives a record the actor may edit.
func (k *Kind) mine(ctx context.Context, q db.Q, a people.Actor, id string) (Record, error) {
	r, err := k.See(ctx, q, a, id)
	if err == nil && !k.MayEdit(a, r) {
		err = access.Denied()
	}
	return r, err
}

func (k *Kind) editForm(c *web.Ctx) error {
	r, err := k.mine(c.Context(), k.DB, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	named, err := k.Named(c.Context(), k.DB, c.Actor, r)
	if err != nil {
		return err
	}
	return c.Page(formPage(c.View, k.formOf(c, r, k.TypedOf(r, named))))
}

func (k *Kind) formOf(c *web.Ctx, r Record, typed Typed) formView {
	f := k.form(c, typed)
	f.ID, f.Title, f.TitleLang = r.ID, r.Title().In(c.Lang()).S, r.Title().In(c.Lang()).Lang
	f.Published, f.MayPublish = r.State == entry.Published, k.MayPublish(c.Actor, r)
	return f
}

func (k *Kind) edit(c *web.Ctx) error {
	r, err := k.mine(c.Context(), k.DB, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	typed := k.TypedIn(c)
	err = c.Write(c.View.T("record.saved", "Saved."), func(ctx context.Context, tx *db.Tx) (string, error) {
		_, err := k.Rewrite(ctx, tx, c.Actor, c.Alliance, r.ID, typed, c.Form("act"))
		return k.Page(r.ID), err
	})
	if err != nil {
		if fault.Is(err, fault.KindConflict) { // saving again replaces the other version, knowingly
			if now, seeErr := k.See(c.Context(), k.DB, c.Actor, r.ID); seeErr == nil {
				typed[RevisionRead] = []string{itoa(now.Revision)}
			}
		}
		return c.Retry(err, func(v design.View) templ.Component { return formPage(v, k.formOf(c, r, typed)) })
	}
	return nil
}

// Rewrite changes a record to what somebody typed.
func (k *Kind) Rewrite(ctx context.Context, tx *db.Tx, a people.Actor, of alliance.Alliance, id string, typed Typed, act string) (Record, error) {
	r, err := k.mine(ctx, tx, a, id)
	if err != nil {
		return r, err
	}
	r.State = k.stateAsked(a, act, r)
	if err := k.Take(ctx, tx, a, of, typed, &r); err != nil {
		return r, err
	}
	if n := web.Whole(typed.One(RevisionRead)); n > 0 {
		r.Revision = n // the version that was on the form: of two at once, the second is told
	}
	if r, err = k.Change(ctx, tx, k.unnamed(a, r), r); err == nil {
		err = k.kept(ctx, tx, a, r)
	}
	return r, err
}

func (k *Kind) withdrawForm(c *web.Ctx) error {
	r, err := k.mine(c.Context(), k.DB, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	v := c.View
	return c.Page(design.ConfirmPage(v, design.Page{Title: v.T("record.withdraw.title", "Withdraw: {name}", "name", r.Title().In(v.Lang()).S), H1Lang: r.Title().In(v.Lang()).Lang, Kind: "form", Breadcrumb: k.crumbs(v, r)}, design.Confirm{
		Text: v.T("record.withdraw.text", "It disappears at once from lists, maps, search and open data. You can bring it back."),
		Path: k.Page(r.ID) + "/withdraw", Key: web.NewKey(), Button: v.T("record.withdraw.button", "Withdraw it now"), Back: k.Page(r.ID)}))
}

func (k *Kind) withdraw(c *web.Ctx) error {
	return c.Write(c.View.T("record.withdrawn", "It is withdrawn."), func(ctx context.Context, tx *db.Tx) (string, error) {
		_, err := k.Move(ctx, tx, c.Actor, c.Path("id"), entry.Withdrawn)
		return k.Page(c.Path("id")), err
	})
}

func (k *Kind) publish(c *web.Ctx) error {
	return c.Write(c.View.T("record.published", "Everybody can see it now."), func(ctx context.Context, tx *db.Tx) (string, error) {
		_, err := k.Move(ctx, tx, c.Actor, c.Path("id"), entry.Published)
		return k.Page(c.Path("id")), err
	})
}

// Move withdraws a record or publishes it.
func (k *Kind) Move(ctx context.Context, tx *db.Tx, a people.Actor, id string, to entry.State) (Record, error) {
	r, err := k.mine(ctx, tx, a, id)
	if err != nil {
		return r, err
	}
	if to == entry.Published {
		if !k.MayPublish(a, r) {
			return r, access.Denied()
		}
		r.State = to
		if err := k.Validate(r); err != nil {
			return r, err
		}
	}
	if r.Entry, err = entry.SetState(ctx, tx, k.unnamed(a, r), id, to); err == nil {
		err = k.kept(ctx, tx, a, r)
	}
	return r, err
}

// Verify notes that somebody looked and found all of it right, and how: no
// text changes, and the proof carries a date.
func (k *Kind) Verify(ctx context.Context, tx *db.Tx, a people.Actor, id, how string) (Record, error) {
	r, err := k.mine(ctx, tx, a, id)
	if err != nil {
		return r, err
	}
	if !slices.Contains(Ways, how) {
		return r, fault.Invalid("how", "record.check.how", "Say how you checked it.")
	}
	r.Entry.Checked, r.CheckedBy, r.CheckedHow = tx.Now(), a.For(), how
	return k.Change(ctx, tx, a, r)
}

// Ways are how something is checked.
var Ways = []string{"site", "phone", "mail", "visit", "itself"}

func (k *Kind) verify(c *web.Ctx) error {
	return c.Write(c.View.T("record.check.done", "Noted as checked today."), func(ctx context.Context, tx *db.Tx) (string, error) {
		_, err := k.Verify(ctx, tx, c.Actor, c.Path("id"), c.Form("how"))
		return k.Page(c.Path("id")), err
	})
}

func (k *Kind) questions(c *web.Ctx) error {
	var adopted templ.Component
	if k.Adopted != nil {
		var err error
		if adopted, err = k.Adopted(c, k.Version); err != nil {
			return err
		}
	}
	return c.Page(questionsPage(c.View, k, adopted))
}

func (k *Kind) crumbs(v design.View, r Record) []design.Link {
	t := r.Title().In(v.Lang())
	return []design.Link{{Href: v.Href(k.Path), Label: v.Say(k.Many)}, {Href: v.Href(k.Page(r.ID)), Label: t.S, Lang: t.Lang}}
}
