package design

import (
	"embed"
	"strings"
	"time"

	"alliance/internal/platform/locale"
)

// Phrases are the words of this package in the other languages.
//
//go:embed phrases
var Phrases embed.FS

// KeyField is the name of the hidden field that carries a form's idempotency key.
const KeyField = "_key"

// View is what every page knows: who reads, in which language, from where.
type View struct {
	*locale.Printer
	Alliance string   // name of the alliance
	Origin   string   // "https://example.org" or "http://127.0.0.1:8080", for hreflang
	Path     string   // path after /{lang}, "/organisations"; "" or "/" is home
	Query    string   // raw query, kept by the language switcher
	Langs    []string // languages this alliance offers
	Menu     []Link   // main navigation, at most six, Current set
	Acting   *Acting  // nil for a visitor
	Demo     *DemoBar // nil outside the demonstration
	Flash    string   // one message after a redirect
	Errors   []FieldError
	SaveData bool                        // the browser asked for less: no font, no pictures
	NameOf   func(person string) string  // public name behind a person key; nil tells none
	Onward   func(entry string) []Onward // further ways on from an entry, for who reads; nil gives none
	Now      time.Time
	once     string // what was said of all texts, and Told leaves out: see Once
}

// Link is a link with its words. Href is ready to use (call v.Href).
type Link struct {
	Href, Label string
	Icon        string // name in the sprite, "" for none
	Lang        string // of the label, where it is not the page's
	Current     bool
	Count       int // shown after the label when above 0
}

// Onward is a way on from an entry: a link, or a button that posts the hidden values.
type Onward struct {
	Link
	Post   string // path posted to, without the language; "" for a link
	Hidden []Hide
	Key    string
}

// Acting is the person signed in and whom they speak for.
type Acting struct {
	Person string
	For    string   // organisation, "" when for oneself
	Roles  []string // in words: "Rapporteur", "Committee"
	Unread int      // notices not yet read
	Links  []Link   // further links beside the account: notices, desk
}

// DemoBar lets a visitor of the demonstration step into a role.
type DemoBar struct {
	Roles   []Option // Value is sent as role=… to POST /{lang}/demo/step-in
	Current string   // value of the role one is in, "" for a visitor
	Note    string   // what is real and what is invented
	NoteURL string   // page that says more, "" for none
}

// FieldError is one thing to correct. Field "" speaks of the whole form.
type FieldError struct{ Field, Message string }

// Page is what one page says of itself.
type Page struct {
	Title      string // unique; shown as "Title – Alliance"
	H1         string // defaults to Title
	H1Lang     string // language of the h1 where it is not the page's
	Lead       string // one or two short sentences under the h1
	Help       string // page of the help that says how, such as "vote"
	Kicker     string // small line above the h1: "Step 1 of 3", kind of the thing
	Strand     string // organisation kind: colours the kicker
	Breadcrumb []Link // from the nearest home on; the page itself is left out
	Kind       string // row of the weight budget: home, text, form, map, board, live, dashboard, desk, sensitive
	CSS        []string
	NoIndex    bool
	Wide       bool   // no aside, tables and boards use the whole width
	Exit       bool   // the page shows the way out (sensitive pages)
	Hero       bool   // the page writes its own h1
	Bare       bool   // for a projector: no menu, no account
	Feed       string // the same as a feed
	Embeds     bool   // other sites can set it in: it has an answer at /oembed
}

// Href gives the address of a path in the page's language.
func (v View) Href(path string) string { return v.in(v.Lang(), path) }

func (v View) in(lang, path string) string {
	if path == "" {
		path = "/"
	}
	return "/" + lang + path
}

// here is the address of this page in another language.
func (v View) here(lang string) string {
	p := v.in(lang, v.Path)
	if v.Query != "" {
		p += "?" + v.Query
	}
	return p
}

// Error gives the message of a field, "" where all is well.
func (v View) Error(field string) string {
	for _, e := range v.Errors {
		if e.Field == field {
			return e.Message
		}
	}
	return ""
}

func (v View) title(p Page) string {
	t := p.Title
	if len(v.Errors) > 0 {
		t = v.T("design.error.prefix", "Error: {title}", "title", t)
	}
	if v.Alliance == "" || t == v.Alliance {
		return t
	}
	return t + " – " + v.Alliance
}

// Embedded is the title of a page that other sites set into theirs.
func Embedded(v View, of string) string {
	return v.T("design.embedded", "{title}, set into another site", "title", of)
}

func (v View) h1(p Page) string {
	if p.H1 != "" {
		return p.H1
	}
	return p.Title
}

// Strand gives the CSS class of an organisation kind: k1 authorities (square,
// indigo), k2 civil society (circle, terracotta), k3 migrant-led (diamond,
// oasis), k0 everybody else (ink).
func Strand(kind string) string {
	switch kind {
	case "local_authority":
		return "k1"
	case "civil_society":
		return "k2"
	case "migrant_led":
		return "k3"
	}
	return "k0"
}

// KindName gives an organisation kind in words.
func KindName(v View, kind string) string {
	switch kind {
	case "local_authority":
		return v.T("design.kind.local_authority", "Local authority")
	case "civil_society":
		return v.T("design.kind.civil_society", "Civil society")
	case "migrant_led":
		return v.T("design.kind.migrant_led", "Migrant-led")
	case "network":
		return v.T("design.kind.network", "Network")
	case "public_institution":
		return v.T("design.kind.public_institution", "Public institution")
	case "academia":
		return v.T("design.kind.academia", "University and research")
	}
	return kind
}

// RoleName gives a role in words.
func RoleName(v View, role string) string {
	switch role {
	case "operator":
		return v.T("design.role.operator", "Operator")
	case "coordinator":
		return v.T("design.role.coordinator", "Coordination")
	case "committee":
		return v.T("design.role.committee", "Steering committee")
	case "chair":
		return v.T("design.role.chair", "Chair")
	case "facilitator":
		return v.T("design.role.facilitator", "Facilitator")
	case "rapporteur":
		return v.T("design.role.rapporteur", "Rapporteur")
	}
	return role
}

// foreign tells whether words in a language need marking on this page.
func (v View) foreign(lang string) bool { return lang != "" && lang != v.Lang() }

// dirOf gives the direction of a language's script.
func dirOf(lang string) string {
	base, rest, _ := strings.Cut(strings.ToLower(lang), "-")
	switch base {
	case "ar", "fa", "ur", "ps", "he", "yi", "ckb", "dv", "syr", "ug", "sd", "ks", "prs":
		if strings.HasPrefix(rest, "latn") {
			return "ltr"
		}
		return "rtl"
	}
	return "ltr"
}
