// Package workshop takes down what a workshop says: notes, stakes, proposals.
//
// The one idea: the room is the author. Whoever knows the workshop's code may
// write while a sequence is open, from any phone, without an account; a name is
// optional. Nothing of it is public before the rapporteur brings it up, and
// nothing is ever overwritten: of two versions of one note both are kept, side
// by side, until somebody chooses.
package workshop

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// Kinds of entry.
const (
	NoteKind     = "note"
	StakeKind    = "stake"
	ProposalKind = "proposal"
)

// Fields of a proposal besides title and summary; cautions and questions are
// "caution.1", "question.2" …
const (
	Body     = "body"
	Means    = "means"
	Carriers = "carriers"
	Caution  = "caution"
	Question = "question"
)

// Classes of a note: what the line is about.
var Classes = []string{"practice", "stake", "proposal", "caution", "quote"}

// Levels at which a proposal would be carried out.
var Levels = []string{"local", "alliance"}

// Sources: who took it down, and how it came here.
const (
	FromRoom  = "room"  // the rapporteur
	FromPhone = "phone" // somebody in the room, by the code
	FromPaper = "paper" // a paper form, entered by the rapporteur
)

const (
	EditTime  = 15 * time.Minute // how long a phone may change what it sent
	PerMinute = 60               // contributions of one room
	longNote  = 3000             // characters
	longName  = 120
	longTitle = 200
	mostRows  = 12 // cautions or questions of one proposal
)

// Room is a workshop as those see it who write in it.
type Room struct {
	Workshop entry.Entry
	Assembly string
	Code     string
	Sequence int
	Open     bool
	Zone     *time.Location // of the assembly: clocks in the room
}

// Noting lists the roles that take the workshop's notes.
var Noting = []people.Role{people.Rapporteur, people.Facilitator, people.Committee, people.Coordinator}

// MayNote tells whether the actor takes this workshop's notes.
func (r Room) MayNote(a people.Actor) bool {
	return a.IsAny([]string{r.Workshop.ID, r.Assembly}, Noting...)
}

// MayPropose tells whether the actor may write a proposal without the code:
// who takes the notes, and who speaks for an organisation while it is open.
func (r Room) MayPropose(a people.Actor) bool {
	return r.MayNote(a) || r.Open && a.May(people.Speak)
}

// closed is what a phone hears after the end.
func closed() *fault.Fault {
	return fault.Conflict("workshop.closed", "The workshop takes nothing in now. What you wrote is still here: copy it, or give it to the rapporteur.")
}

// Clean makes words that can be kept: valid, without what cannot be seen or
// would turn the direction of the words around it.
func Clean(field, s string) (string, *fault.Fault) {
	if !utf8.ValidString(s) {
		return "", fault.Invalid(field, "workshop.encoding", "These words are in an encoding we cannot read. Type them again, or save the text as UTF-8.")
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.Is(unicode.Cc, r) || r == '\u202D' || r == '\u202E' || r == '\uFEFF':
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s), nil
}

// Shown is what can be put back on a form, whatever was sent.
func Shown(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// Words is one line as it is taken down.
type Words struct {
	Kind   string // note, stake
	Class  string // of a note
	Text   string
	Lang   string
	Signed string
	Mine   bool // for the organisation whose mandate the actor holds
	Source string
	Key    string // made by the sender
}

// Validate cleans the words and says what is wrong with them.
func (w *Words) Validate() error {
	var list fault.List
	var f *fault.Fault
	w.Text, f = Clean("text", w.Text)
	list.Add(f)
	w.Signed, f = Clean("signed", w.Signed)
	list.Add(f)
	if len(list) == 0 && w.Text == "" {
		list.Add(fault.Invalid("text", "workshop.text.empty", "Write a few words."))
	}
	if utf8.RuneCountInString(w.Text) > longNote {
		list.Add(fault.Invalid("text", "workshop.text.long", "This is too long for a note: at most {n} characters. A proposal has more room.", "n", longNote))
	}
	if utf8.RuneCountInString(w.Signed) > longName {
		list.Add(fault.Invalid("signed", "workshop.signed.long", "This name is too long: at most {n} characters.", "n", longName))
	}
	if w.Kind == NoteKind && !slices.Contains(Classes, w.Class) {
		list.Add(fault.Invalid("class", "workshop.class", "Choose what it is."))
	}
	if w.Kind != NoteKind && w.Kind != StakeKind {
		list.Add(fault.Invalid("class", "workshop.class", "Choose what it is."))
	}
	list.Add(speak(&w.Lang))
	return list.Err()
}

func speak(tag *string) *fault.Fault {
	clean, ok := lang.Tag(*tag)
	if !ok {
		return fault.Invalid("lang", "workshop.lang", "Choose the language you write in. Or give its code, such as “wo” or “pt-BR”.")
	}
	*tag = clean
	return nil
}

// titled puts words into an entry: all of them as title where they are short,
// else their beginning, and the whole as body.
func titled(e *entry.Entry, words string) {
	title, body := words, ""
	if utf8.RuneCountInString(words) > longTitle || strings.Contains(words, "\n") {
		title, body = beginning(words, longTitle), words
	}
	e.Set(entry.Title, title)
	e.Set(Body, body)
}

// Text is the whole of a note or stake.
func Text(e entry.Entry) lang.Text {
	if t := e.Text(Body); !t.Empty() {
		return t
	}
	return e.Title()
}

// beginning cuts at a word.
func beginning(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	cut := string(r[:most-1])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:") + "…"
}

// relang says that an entry is in another language than was thought: its
// original words move there.
func relang(e *entry.Entry, tag string) {
	if tag == e.Lang {
		return
	}
	for name, t := range e.Fields {
		if t.Orig != e.Lang {
			continue
		}
		moved := lang.Text{Orig: tag, V: map[string]lang.Version{}}
		for l, v := range t.V {
			if l != e.Lang && l != tag {
				moved.V[l] = v
			}
		}
		moved.V[tag] = t.V[t.Orig]
		e.Fields[name] = moved
	}
	e.Lang = tag
}

// Draft is a proposal as it is written on the form.
type Draft struct {
	Lang                                  string
	Title, Summary, Body, Means, Carriers string
	Cautions, Questions                   []string // by row; empty rows stay, so that the others keep their place
	Level                                 string
	Themes, Stakes                        []string
	Signed                                string
	Mine                                  bool
	Source                                string
	Key                                   string
}

// Validate cleans the draft and says what is wrong with it. Plain words are
// asked for from the first: whoever reads slowly has the same right to read.
func (d *Draft) Validate() error {
	var list fault.List
	clean := func(field string, s *string) {
		words, f := Clean(field, *s)
		list.Add(f)
		*s = words
		if n := entry.Limit(field); utf8.RuneCountInString(words) > n {
			list.Add(fault.Invalid(field, "entry.text.long", "This text is too long: at most {n} characters.", "n", n))
		}
	}
	for name, s := range map[string]*string{entry.Title: &d.Title, entry.Summary: &d.Summary, Body: &d.Body, Means: &d.Means, Carriers: &d.Carriers} {
		clean(name, s)
	}
	for _, rows := range []struct {
		name string
		list []string
	}{{Caution, d.Cautions}, {Question, d.Questions}} {
		for i := range rows.list {
			clean(rows.name+"."+strconv.Itoa(i+1), &rows.list[i])
		}
		if len(rows.list) > mostRows {
			list.Add(fault.Invalid(rows.name+".1", "workshop.rows", "At most {n} of these. Put some together.", "n", mostRows))
		}
	}
	var f *fault.Fault
	d.Signed, f = Clean("signed", d.Signed)
	list.Add(f)
	if utf8.RuneCountInString(d.Signed) > longName {
		list.Add(fault.Invalid("signed", "workshop.signed.long", "This name is too long: at most {n} characters.", "n", longName))
	}
	if len(list) == 0 && d.Title == "" {
		list.Add(fault.Invalid(entry.Title, "workshop.proposal.title", "Give the proposal a title."))
	}
	if len(list) == 0 && d.Summary == "" {
		list.Add(fault.Invalid(entry.Summary, "workshop.proposal.summary", "Say it in plain words: two to four short sentences."))
	}
	if !slices.Contains(Levels, d.Level) {
		list.Add(fault.Invalid("level", "workshop.proposal.level", "Choose where it would be done."))
	}
	list.Add(speak(&d.Lang))
	slices.SortStableFunc(list, func(a, b *fault.Fault) int { return order(a.Field) - order(b.Field) })
	return list.Err()
}

// order of the fields on the form: the error summary follows it.
func order(field string) int {
	name, _, _ := strings.Cut(field, ".")
	return slices.Index([]string{"lang", entry.Title, entry.Summary, Body, "level", Means, Carriers, "stakes", Caution, Question, "themes", "signed"}, name)
}

// write puts the draft's words into an entry; what is no longer there is emptied.
func (d Draft) write(e *entry.Entry) {
	relang(e, d.Lang)
	for name, s := range map[string]string{entry.Title: d.Title, entry.Summary: d.Summary, Body: d.Body, Means: d.Means, Carriers: d.Carriers} {
		e.Set(name, s)
	}
	for name, rows := range map[string][]string{Caution: d.Cautions, Question: d.Questions} {
		for i, s := range rows {
			e.Set(name+"."+strconv.Itoa(i+1), s)
		}
		for i := len(rows) + 1; i <= mostRows; i++ {
			e.Set(name+"."+strconv.Itoa(i), "")
		}
	}
	e.Class, e.Themes = d.Level, d.Themes
}

// Rows gives the repeated texts of an entry, in order: its cautions, its questions.
func Rows(e entry.Entry, name string) []lang.Text {
	var rows []lang.Text
	for i := 1; i <= mostRows; i++ {
		if t := e.Text(name + "." + strconv.Itoa(i)); !t.Empty() {
			rows = append(rows, t)
		}
	}
	return rows
}

// draftOf is an entry as the form shows it.
func draftOf(e entry.Entry, stakes []string) Draft {
	d := Draft{Lang: e.Lang, Title: e.Title().Original(), Summary: e.Text(entry.Summary).Original(), Body: e.Text(Body).Original(),
		Means: e.Text(Means).Original(), Carriers: e.Text(Carriers).Original(), Level: e.Class, Themes: e.Themes, Stakes: stakes, Signed: e.Signed}
	for name, rows := range map[string]*[]string{Caution: &d.Cautions, Question: &d.Questions} {
		last := 0
		for i := 1; i <= mostRows; i++ {
			if !e.Text(name + "." + strconv.Itoa(i)).Empty() {
				last = i
			}
		}
		for i := 1; i <= last; i++ {
			*rows = append(*rows, e.Text(name+"."+strconv.Itoa(i)).Original())
		}
	}
	return d
}
