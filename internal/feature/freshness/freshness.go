// Package freshness keeps records true: rounds in which volunteers check many
// of them together, by telephone, on the spot or on paper, a link by which an
// organisation says that nothing changed, and closures that end by themselves.
//
// The one idea: whoever checks, however, leaves the same proof on the entry:
// the day, the organisation that checked and how. A round is only a list of
// records with what came of each; it is over when each has its dated proof or
// is said not to have been reached.
package freshness

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
)

// Round is a list of records that are checked together until a day.
type Round struct {
	ID, Title, Lang string
	Choice          Choice
	At, Ends        db.Instant
	Closed          db.Instant // 0 = under way
}

// Choice is which records a round is about; empty lists narrow nothing.
type Choice struct {
	Kinds, Countries, Themes []string
	Before                   db.Instant // last checked before, or never; 0 = all
}

// State of a record in a round.
type State string

const (
	ToDo      State = "todo"
	Same      State = "same"    // checked: all of it is right, and it has its proof
	Changed   State = "changed" // what changed was passed on to those who keep it
	Unreached State = "unreached"
)

// Item is one record of a round.
type Item struct {
	Round  string
	N      int // its number on every sheet
	Entry  string
	Share  string
	Linked bool // its people were sent a link
	State  State
	How    string // one of record.Ways
	By     string // organisation that checked
	At     db.Instant
}

// Share is what one volunteer took.
type Share struct {
	ID, Round    string
	N            int
	Person       string // "" = on paper
	Organisation string
	At           db.Instant
}

// Result is what somebody found of one record.
type Result struct {
	N     int
	State State
	How   string // of Same
	Note  string // of Changed: what changed
}

// Bounds.
const (
	mostItems  = 2000
	mostShare  = 200
	usualShare = 20
	noteMost   = 1000
	roundMost  = 366 * 24 * time.Hour
	titleMost  = 200
)

// Marks are what a row of a sheet can be marked with, in the order of the
// form: how it was checked and found right, or what came of it instead.
var Marks = []string{"phone", "visit", "site", "mail", "changed", "unreached"}

// resultOf is what a mark means.
func resultOf(n int, mark, note string) Result {
	switch mark {
	case "changed":
		return Result{N: n, State: Changed, Note: note}
	case "unreached":
		return Result{N: n, State: Unreached}
	}
	return Result{N: n, State: Same, How: mark}
}

// ParseNumbers reads numbers as they are called out from a sheet: "1-5, 8 10".
// They come sorted and each once; ok is false for anything else, and for more
// than a round can have.
func ParseNumbers(s string) (list []int, ok bool) {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '–' || r == '—' || r == '‐' || r == '‑' || r == '−':
			return '-'
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		case r == ',' || r == ';' || r == '،' || r == '؛' || unicode.IsSpace(r):
			return ' '
		}
		return r
	}, s)
	for strings.Contains(s, " -") || strings.Contains(s, "- ") {
		s = strings.NewReplacer(" -", "-", "- ", "-").Replace(s)
	}
	for _, part := range strings.Fields(s) {
		from, to, several := strings.Cut(part, "-")
		a, err := strconv.Atoi(from)
		b := a
		if several && err == nil {
			b, err = strconv.Atoi(to)
		}
		if err != nil || a < 1 || b < a || b > mostItems {
			return nil, false
		}
		for n := a; n <= b; n++ {
			list = append(list, n)
		}
		if len(list) > 2*mostItems {
			return nil, false
		}
	}
	slices.Sort(list)
	return slices.Compact(list), true
}

// ReadMarks puts together what was written for a sheet: numbers called out for
// a mark, and a mark beside a row, which counts where both are there. numbers,
// marks and notes are by mark, by number and by number. Every fault at once.
func ReadMarks(items []Item, numbers map[string]string, marks, notes map[int]string) ([]Result, error) {
	var faults fault.List
	known := map[int]bool{}
	for _, i := range items {
		known[i.N] = true
	}
	of := map[int]string{}
	for _, mark := range Marks {
		list, ok := ParseNumbers(numbers[mark])
		if !ok {
			faults.Add(fault.Invalid("numbers-"+mark, "freshness.numbers", "Write numbers of this sheet, such as 1-5, 8."))
			continue
		}
		for _, n := range list {
			switch {
			case !known[n]:
				faults.Add(fault.Invalid("numbers-"+mark, "freshness.number.unknown", "Number {n} is not on this sheet.", "n", n))
			case of[n] != "":
				faults.Add(fault.Invalid("numbers-"+mark, "freshness.number.twice", "Number {n} stands in two lists.", "n", n))
			}
			of[n] = mark
		}
	}
	for n, mark := range marks {
		if mark == "" || !known[n] {
			continue
		}
		if !slices.Contains(Marks, mark) {
			faults.Add(fault.Invalid("mark-"+strconv.Itoa(n), "record.choose", "Choose one of the answers."))
		}
		of[n] = mark
	}
	var results []Result
	for _, i := range items {
		mark := of[i.N]
		if mark == "" {
			continue
		}
		note := strings.TrimSpace(notes[i.N])
		if mark == "changed" && note == "" {
			faults.Add(fault.Invalid("note-"+strconv.Itoa(i.N), "freshness.note.empty", "Number {n}: write what changed. Those who keep the page read it.", "n", i.N))
		}
		if len([]rune(note)) > noteMost {
			faults.Add(fault.Invalid("note-"+strconv.Itoa(i.N), "entry.text.long", "This text is too long: at most {n} characters.", "n", noteMost))
		}
		results = append(results, resultOf(i.N, mark, note))
	}
	if len(faults) == 0 && len(results) == 0 {
		faults.Add(fault.Invalid("numbers-phone", "freshness.nothing", "Nothing is marked yet."))
	}
	return results, faults.Err()
}

// Tally counts the records of a round by state.
type Tally map[State]int

// All is how many there are.
func (t Tally) All() (n int) {
	for _, k := range t {
		n += k
	}
	return n
}
