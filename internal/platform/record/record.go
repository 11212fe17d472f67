// Package record serves kinds of entries that are mostly a form: a practice,
// an initiative, a training.
//
// The one idea: a kind says what it asks (Spec: sections of questions, each of
// a type), and that is all it must say. Form, page, list with filters, API,
// history, export and import are written once, here and in what stands on it,
// over any Spec. Words people write are texts of the entry, in languages;
// all other answers are values in one canonical form each, in one table, so
// that lists can ask for them.
package record

import (
	"maps"
	"slices"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
)

// Type of a question, and the canonical form of its answers.
type Type string

const (
	Line      Type = "line"      // words on one line, a text of the entry in its languages
	Prose     Type = "prose"     // words in paragraphs, a text of the entry in its languages
	Choice    Type = "choice"    // value of one option
	Choices   Type = "choices"   // values of options, in the order of the spec
	YesNo     Type = "yes-no"    // "yes" or "no"
	Day       Type = "day"       // "2019-10-18", or "2019-10", or "2019" where no more is known
	Number    Type = "number"    // a whole number from 0, in digits
	Money     Type = "money"     // "12000 EUR": whole units and the ISO 4217 code
	Web       Type = "web"       // "https://example.org/page"
	Languages Type = "languages" // BCP 47 tags, sorted
	Countries Type = "countries" // ISO 3166-1 alpha-2 codes, sorted
	Entries   Type = "entries"   // identifiers of entries of Question.Kinds, as given
	Opening   Type = "hours"     // opening hours, a line each: see Hours
	Zone      Type = "zone"      // name of a time zone, "Europe/Paris"
	Moment    Type = "moment"    // "2026-12-18T18:00:00+01:00", by the clock of the place, or a Day
	Word      Type = "word"      // a name or a number that nobody translates, on one line
	Mail      Type = "mail"      // an e-mail address
	Phone     Type = "phone"     // "+33 1 23 45 67 89"
)

// SchemaOrg is the vocabulary of schema.org in Option.Codes.
const SchemaOrg = "schema.org"

// Option is one answer of a Choice or Choices.
type Option struct {
	Value string
	Label locale.Phrase
	Codes map[string]string // the same in vocabularies of others, by vocabulary
}

// Question is one thing a kind asks.
type Question struct {
	Name     string // of the text or value; column of exports, key of the API
	Label    locale.Phrase
	Hint     locale.Phrase
	Type     Type
	Options  []Option // Choice, Choices
	Kinds    []string // Entries: kinds of what may be named
	Required bool     // before it is published; drafts may lack it
	Max      int      // characters of Line and Prose; 0 = 300 and 8,000
	Facet    bool     // lists can be narrowed by it; by Entries through links alone
	Schema   string   // property of schema.org it is, with dots for one inside another; "" for none
	Kept     bool     // the house fills it in itself: pages show it, forms do not ask
	Ends     bool     // Day: the record's last day; who keeps it hears of it ahead, and renews it
	Since    int      // version of the spec that first asked it; 0 = the first
	Until    int      // last version that asked it; 0 = it is still asked
}

// Text tells that the answer is words in languages, kept by the entry.
func (q Question) Text() bool { return q.Type == Line || q.Type == Prose }

// Counted tells that the answer is one of a few known values.
func (q Question) Counted() bool {
	switch q.Type {
	case Choice, Choices, YesNo, Languages, Countries:
		return true
	}
	return false
}

func (q Question) limit() int {
	switch {
	case q.Max > 0:
		return q.Max
	case q.Type == Prose:
		return 8000
	}
	return 300
}

// Option gives one of the options by its value.
func (q Question) Option(value string) (Option, bool) {
	i := slices.IndexFunc(q.Options, func(o Option) bool { return o.Value == value })
	if i < 0 {
		return Option{}, false
	}
	return q.Options[i], true
}

// Section is a group of questions under a heading.
type Section struct {
	Title     locale.Phrase
	Questions []Question
	First     bool // its texts stand above the short facts
}

// Spec is what a kind asks. Title and summary are always asked, first.
type Spec struct {
	Kind     string
	Version  int // of the questions; old records keep what they answered
	Title    Question
	Summary  Question
	Sections []Section

	Place  bool // it is somewhere
	Street bool // it may be told exactly, with an answer to Address
	Axis   bool // it belongs to one line of work
	Axes   bool // it belongs to several, in the answer Axes that no question asks
	Themes bool // it has fields of competence
	// Class names the Choice that is the entry's class: what cards show first.
	Class string
	// Partners name the Entries questions whose organisations may edit it, too.
	Partners []string
	// Licences offers licences for reuse; nil = it has none of its own.
	Licences []string
	// Documents: documents and pictures may stand beside it.
	Documents bool
	// Schema is the type of schema.org it is; SchemaBy gives another by class.
	Schema   string
	SchemaBy map[string]string
	// Narrow is how answers to a question narrow a list where the kind keeps a
	// table of its own (v); nil = the answers stand in the table of this package.
	Narrow func(w *db.Where, name string, values []string)
}

// SchemaType gives the type of schema.org that a record is.
func (s *Spec) SchemaType(r Record) string {
	if t := s.SchemaBy[r.Class]; t != "" {
		return t
	}
	if s.Schema == "" {
		return "CreativeWork"
	}
	return s.Schema
}

// Creative tells that records are works, which have authors and a language.
func (s *Spec) Creative() bool {
	switch s.Schema {
	case "", "CreativeWork", "Article", "LearningResource", "HowTo", "Course", "Legislation":
		return true
	}
	return false
}

// Questions lists all that are asked now, title and summary first.
func (s *Spec) Questions() []Question {
	list := []Question{s.Title, s.Summary}
	for _, section := range s.Sections {
		for _, q := range section.Questions {
			if q.Until == 0 || q.Until >= s.Version {
				list = append(list, q)
			}
		}
	}
	return list
}

// Question gives one by its name, also one that is no longer asked.
func (s *Spec) Question(name string) (Question, bool) {
	for _, q := range []Question{s.Title, s.Summary} {
		if q.Name == name {
			return q, true
		}
	}
	for _, section := range s.Sections {
		for _, q := range section.Questions {
			if q.Name == name {
				return q, true
			}
		}
	}
	return Question{}, false
}

// Facets lists the questions that narrow lists.
func (s *Spec) Facets() (list []Question) {
	for _, q := range s.Questions() {
		if q.Facet && q.Counted() {
			list = append(list, q)
		}
	}
	return list
}

// narrowing lists the questions that an address can narrow lists by: those with
// boxes to tick, and those that name other entries.
func (s *Spec) narrowing() (list []Question) {
	for _, q := range s.Questions() {
		if q.Facet && (q.Counted() || q.Type == Entries) {
			list = append(list, q)
		}
	}
	return list
}

// Answers are the values by name of the question, each in its canonical form.
type Answers map[string][]string

// One gives the only answer, "" without any.
func (a Answers) One(name string) string {
	if len(a[name]) == 0 {
		return ""
	}
	return a[name][0]
}

// Record is an entry with what was answered.
type Record struct {
	entry.Entry
	Answers Answers
	Mine    bool // it belongs to who looks, though nothing says so: see Kind.Belongs
	Spec    int  // version of the questions it answers; 0 = of a kind without a table here
}

// MayEdit tells who may change a record: the coordination, whoever holds a
// mandate to edit of its organisation or of a partner, and its author as long
// as it is not published.
func (s *Spec) MayEdit(a people.Actor, r Record) bool {
	switch {
	case a.Is(people.Coordinator):
		return true
	case a.SignedIn() && (r.Person == a.Person || r.Mine) && (r.State == entry.Draft || r.State == entry.Proposed):
		return true
	case a.For() == "" || !a.May(people.Edit):
		return false
	}
	if r.Organisation == a.For() {
		return true
	}
	for _, name := range s.Partners {
		if slices.Contains(r.Answers[name], a.For()) {
			return true
		}
	}
	return false
}

// MayPublish tells who may publish without anybody looking first.
func (s *Spec) MayPublish(a people.Actor, r Record) bool {
	return a.Is(people.Coordinator) || a.For() != "" && a.May(people.Edit) && s.MayEdit(a, r)
}

// Validate checks what every record of the kind must satisfy. What is required
// may be missing from a draft.
func (s *Spec) Validate(r Record) error {
	var list fault.List
	if err := r.Entry.Validate(); err != nil {
		list = fault.Of(err)
	}
	for _, q := range s.Questions() {
		if q.Text() {
			if n := len([]rune(r.Text(q.Name).Original())); n > q.limit() {
				list.Add(fault.Invalid(q.Name, "entry.text.long", "This text is too long: at most {n} characters.", "n", q.limit()))
			}
		}
		missing := len(r.Answers[q.Name]) == 0
		if q.Text() {
			missing = r.Text(q.Name).Empty()
		}
		if missing && q.Required && r.State != entry.Draft && q.Name != entry.Title { // the entry speaks of its title
			list.Add(fault.Invalid(q.Name, "record.required", "Answer this before it is published. Until then, keep it as a draft."))
		}
	}
	return list.Err()
}

// guard keeps an address out of a record whose place is told less closely,
// whoever put the two together.
func (r *Record) guard() {
	if r.Place.Precision < place.Exact && len(r.Answers[Address]) > 0 {
		r.Answers = maps.Clone(r.Answers)
		delete(r.Answers, Address)
	}
}

// facts are the answers in a form for history and diff.
func (s *Spec) facts(r Record) entry.Facts {
	f := entry.Facts{}
	for name, values := range r.Answers {
		if len(values) > 0 {
			f[name] = strings.Join(values, ", ")
		}
	}
	at := r.Place.Public()
	for name, value := range map[string]string{"place": at.Name, "country": at.Country, "axis": r.Axis, "licence": r.Licence, "audience": string(r.Audience)} {
		if value != "" {
			f[name] = value
		}
	}
	themes := slices.Sorted(slices.Values(r.Themes))
	if len(themes) > 0 {
		f["themes"] = strings.Join(themes, ", ")
	}
	return f
}

// NameAfter gives a record that joins two others its title: both names, in
// every language in which one of them is known.
func (r *Record) NameAfter(one, other entry.Entry) {
	name := func(tag string) string { return one.Title().In(tag).S + " – " + other.Title().In(tag).S }
	orig := one.Title().Orig
	t := r.Text(entry.Title)
	if r.Fields == nil {
		r.Fields = map[string]lang.Text{}
	}
	if t.Orig == orig && t.Original() == name(orig) {
		return
	}
	t = lang.Text{Orig: orig, V: map[string]lang.Version{orig: {S: name(orig), R: r.Revision + 1}}}
	for _, tag := range slices.Concat(one.Title().Languages(), other.Title().Languages()) {
		if s := name(tag); s != t.Original() {
			t.V[tag] = lang.Version{S: s, R: r.Revision + 1}
		}
	}
	r.Fields[entry.Title] = t
}

// write sets the original words of a text in a language; another language than
// before begins the text anew.
func (r *Record) write(name, tag, words string) {
	t := r.Fields[name]
	if t.Original() == words && (t.Orig == tag || words == "") {
		return
	}
	if r.Fields == nil {
		r.Fields = map[string]lang.Text{}
	}
	if len(t.V) == 0 || t.Orig != tag {
		r.Fields[name] = lang.Text{Orig: tag, V: map[string]lang.Version{tag: {S: words, R: r.Revision + 1}}}
		return
	}
	r.Fields[name] = t.Rewrite(words, r.Revision+1)
}
