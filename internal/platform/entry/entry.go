// Package entry is the spine: whatever people publish is an entry of a kind.
//
// The one idea: what all kinds share (texts in languages, author and mandate,
// place, dates, audience, state, history, search) lives here once. A feature
// adds a typed side table whose key is the entry's, hands its facts along
// with each change, and gets history, translation, staleness and search for
// nothing. All texts of an entry are in Fields, by name; "title" is always there.
package entry

import (
	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
)

// State of an entry.
type State string

const (
	Draft     State = "draft"     // seen by its authors
	Proposed  State = "proposed"  // waits for a validator
	Published State = "published" // seen by its audience
	Withdrawn State = "withdrawn" // taken back by its organisation, at once, everywhere
)

// Audience of an entry.
type Audience string

const (
	Public    Audience = "public"
	Members   Audience = "members"
	Committee Audience = "committee"
)

// Names of fields that every kind shares.
const (
	Title   = "title"
	Summary = "summary"
)

// Entry is one published thing.
type Entry struct {
	ID, Kind, Class, Parent       string
	Organisation, Person, Mandate string
	Signed                        string // name given by somebody without an account
	Lang                          string // original language, BCP 47
	Fields                        map[string]lang.Text
	Place                         place.Place
	Starts, Ends                  db.Instant
	Axis                          string
	Themes                        []string // filled by Get; lists leave it empty
	Audience                      Audience
	State                         State
	Checked                       db.Instant
	CheckedBy, CheckedHow         string
	Licence                       string
	Created, Changed              db.Instant
	Revision                      int
	Kept                          string // the entry it was given up for, when two records of one thing were merged; "" = it stands for itself
	Hall                          string // the assembly whose workshop it was said in; "" elsewhere, and before it is kept
}

// Facts are the side table's values at one version, by name, for history and
// diff: codes, numbers and dates in a form a reader understands.
type Facts map[string]string

// Title in its languages.
func (e Entry) Title() lang.Text { return e.Fields[Title] }

// Text gives a field by name, empty when it is not there.
func (e Entry) Text(field string) lang.Text { return e.Fields[field] }

// Set writes the original words of a field at the next revision; translations
// stay, and turn stale when the words changed. The words of e.Lang.
func (e *Entry) Set(field, words string) {
	if e.Fields == nil {
		e.Fields = map[string]lang.Text{}
	}
	t, ok := e.Fields[field]
	if !ok || len(t.V) == 0 {
		t = lang.Text{Orig: e.Lang, V: map[string]lang.Version{}}
		if words == "" {
			return
		}
	}
	e.Fields[field] = t.Rewrite(words, e.Revision+1)
}

// Validate checks what every kind must satisfy.
func (e Entry) Validate() error {
	var list fault.List
	if e.Title().Empty() {
		list.Add(fault.Invalid(Title, "entry.title.empty", "Give it a title."))
	}
	for name, t := range e.Fields {
		for _, v := range t.V {
			if limit := Limit(name); len([]rune(v.S)) > limit {
				list.Add(fault.Invalid(name, "entry.text.long", "This text is too long: at most {n} characters.", "n", limit))
			}
		}
	}
	if _, ok := lang.Tag(e.Lang); !ok {
		list.Add(fault.Invalid("lang", "entry.lang.unknown", "Choose the language you write in."))
	}
	return list.Err()
}

// Limit is the greatest length of a field in characters.
func Limit(field string) int {
	if field == Title {
		return 300
	}
	return 20000
}

// Visible tells whether the actor may know of the entry. Everything that is
// derived (lists, search, feeds, counts, lineage, exports) asks the same.
func (e Entry) Visible(a people.Actor) bool {
	mine := a.SignedIn() && (e.Person == a.Person || e.Organisation != "" && e.Organisation == a.For())
	steers := a.IsAny([]string{e.ID, e.Parent, e.Hall}, people.Coordinator, people.Committee)
	if e.Kept != "" {
		return false // the one it was given up for is seen in its place
	}
	switch e.State {
	case Published:
		switch e.Audience {
		case Public:
			return true
		case Members:
			return mine || steers || a.For() != ""
		default:
			return mine || steers
		}
	case Draft, Proposed:
		return mine || steers || a.IsAny([]string{e.Parent}, people.Facilitator, people.Rapporteur)
	}
	return mine || steers // withdrawn
}

// MayTranslate tells whether the actor may add a translation: whoever is
// signed in and sees it. Translations name who made them.
func (e Entry) MayTranslate(a people.Actor) bool { return a.SignedIn() && e.Visible(a) }
