// Package sheet reads lists that people keep: files a spreadsheet saved, in
// whichever encoding and with whichever delimiter or in its own format (XLSX),
// text pasted from one, and what maps give out (GeoJSON, uMap, GoGoCarto).
//
// The one idea: nothing is refused for its form that a person could read, and
// nothing is mended in silence: a line that is too short, too long or has
// odd signs comes with a mark, and the caller shows it.
package sheet

import (
	"bytes"
	"iter"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"alliance/internal/platform/fault"
)

// Bounds of a file. They are far beyond a list of organisations.
const (
	MaxBytes   = 11 << 20
	MaxRows    = 100_000
	MaxColumns = 60
	MaxCell    = 4000 // characters kept of a cell
)

// Sheet is a list as it was read. Its rows are cut anew for each walk over
// them, so that a long list is in memory as the text it is and no more.
type Sheet struct {
	Encoding  string // "UTF-8", "UTF-16", "Windows-1252", or what else the file is: "XLSX", "GeoJSON", "uMap", "GoGoCarto", "JSON"
	Delimiter rune   // 0 where nothing is cut
	First     []Row  // the first rows, up to FirstRows: enough to guess what columns hold
	Len       int    // rows in all
	Above     int    // lines left out above the headings
	Named     bool   // the first row are names of columns, for sure

	all   iter.Seq[Row] // rows as they are cut, with those above the headings
	width int           // number of columns most rows have
}

// FirstRows is how many rows are at hand at once.
const FirstRows = 50

// All walks over the rows.
func (s *Sheet) All() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		n := 0
		for r := range s.all {
			if n++; n <= s.Above {
				continue
			}
			if at := n - s.Above - 1; at < len(s.First) {
				r = s.First[at]
			} else {
				s.mark(&r)
			}
			if !yield(r) {
				return
			}
		}
	}
}

// Row is one line of the list: quoted cells may hold line breaks.
type Row struct {
	Line  int // in the file, from 1
	Cells []string
	Marks []Mark
}

// Mark says what is odd about a row.
type Mark string

const (
	Short   Mark = "short"   // fewer cells than the others
	Long    Mark = "long"    // more cells than the others
	Odd     Mark = "odd"     // signs that are no text: NUL, control characters, broken letters
	Open    Mark = "open"    // a quotation mark that nothing closes
	Tailed  Mark = "tailed"  // a cell was cut because it is too long
	Formula Mark = "formula" // a formula stands there without its result
)

// Read reads a file. An empty one, one without text or one beyond the bounds
// is a fault; anything else gives rows.
func Read(file []byte) (Sheet, error) {
	if len(file) > MaxBytes {
		return Sheet{}, fault.TooLarge("intake.sheet.large", "This file is too large: at most {n} MB.", "n", MaxBytes>>20)
	}
	s, err := read(file)
	if err != nil {
		return Sheet{}, err
	}
	seen := map[int]int{}
	for r := range s.all {
		if s.Len++; s.Len > MaxRows+1+titleLines {
			return Sheet{}, tooLong()
		}
		if len(s.First) < FirstRows+titleLines {
			s.First = append(s.First, r)
		}
		seen[len(r.Cells)]++
	}
	if s.width = most(seen); !s.Named {
		first := s.First
		s.top()
		for _, r := range first[:s.Above] {
			seen[len(r.Cells)]--
		}
		s.width = most(seen)
	}
	switch {
	case s.Len == 0:
		return Sheet{}, fault.Invalid("file", "intake.sheet.empty", "There is nothing in this file.")
	case s.Len > MaxRows+1: // a line of headings beside the rows
		return Sheet{}, tooLong()
	}
	s.First = s.First[:min(len(s.First), FirstRows)]
	for i := range s.First {
		s.mark(&s.First[i])
	}
	return s, nil
}

func read(file []byte) (Sheet, error) {
	if bytes.HasPrefix(file, []byte("PK\x03\x04")) {
		return workbook(file)
	}
	text, encoding := decode(file)
	if first := strings.TrimLeft(text, " \t\r\n"); strings.HasPrefix(first, "{") || strings.HasPrefix(first, "[") {
		return tree([]byte(first))
	}
	if looksBinary(file, text) {
		return Sheet{}, unreadable()
	}
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	d := delimiter(text)
	return Sheet{Encoding: encoding, Delimiter: d, all: cut(text, d)}, nil
}

func tooLong() error {
	return fault.Invalid("file", "intake.sheet.rows", "This list is too long: at most {n} rows at once. Cut it into several files.", "n", MaxRows)
}

// most is the number of columns most rows have.
func most(seen map[int]int) (best int) {
	for n, times := range seen {
		if times > seen[best] || times == seen[best] && n > best {
			best = n
		}
	}
	return best
}

// mark notes that a row differs from the rest. Workbooks leave out what is
// empty at the end of a row, and what maps give has names for its columns.
func (s *Sheet) mark(r *Row) {
	switch {
	case s.Delimiter == 0:
	case len(r.Cells) < s.width:
		r.note(Short)
	case len(r.Cells) > s.width:
		r.note(Long)
	}
}

// decode gives the text of a file: UTF-8 or UTF-16 where it is that, else the
// code page that spreadsheets of western Europe save.
func decode(file []byte) (text, encoding string) {
	switch {
	case bytes.HasPrefix(file, []byte{0xEF, 0xBB, 0xBF}):
		return strings.ToValidUTF8(string(file[3:]), "\uFFFD"), "UTF-8"
	case bytes.HasPrefix(file, []byte{0xFF, 0xFE}):
		return wide(file[2:], false), "UTF-16"
	case bytes.HasPrefix(file, []byte{0xFE, 0xFF}):
		return wide(file[2:], true), "UTF-16"
	}
	if little, big := zeros(file); little || big {
		return wide(file, big), "UTF-16"
	}
	if utf8.Valid(file) {
		return string(file), "UTF-8"
	}
	// A few broken bytes in a long UTF-8 file are damage, not another encoding.
	if s := strings.ToValidUTF8(string(file), "\uFFFD"); strings.Count(s, "\uFFFD")*20 < beyondASCII(s) {
		return s, "UTF-8"
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(file)
	if err != nil {
		return strings.ToValidUTF8(string(file), "\uFFFD"), "UTF-8"
	}
	return strings.ToValidUTF8(string(out), "\uFFFD"), "Windows-1252"
}

func beyondASCII(s string) (n int) {
	for _, r := range s {
		if r >= 0x80 {
			n++
		}
	}
	return n
}

// zeros tells UTF-16 without a mark at its beginning: every other byte of
// European text is zero.
func zeros(file []byte) (little, big bool) {
	n := min(len(file)&^1, 1000)
	if n < 8 {
		return false, false
	}
	even, odd := 0, 0
	for i := 0; i < n; i += 2 {
		if file[i] == 0 {
			even++
		}
		if file[i+1] == 0 {
			odd++
		}
	}
	return odd*10 > n/2*7 && even == 0, even*10 > n/2*7 && odd == 0
}

func wide(b []byte, big bool) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		lo, hi := b[2*i], b[2*i+1]
		if big {
			lo, hi = hi, lo
		}
		units[i] = uint16(hi)<<8 | uint16(lo)
	}
	return string(utf16.Decode(units))
}

// looksBinary tells files that are no text at all: pictures, archives, the
// spreadsheet's own format.
func looksBinary(file []byte, text string) bool {
	for _, magic := range []string{"PK\x03\x04", "\x89PNG", "%PDF", "\xD0\xCF\x11\xE0", "\xFF\xD8\xFF", "GIF8", "\x1F\x8B"} {
		if bytes.HasPrefix(file, []byte(magic)) {
			return true
		}
	}
	control, all := 0, 0
	for i, r := range text {
		if i > 4000 {
			break
		}
		all++
		if unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' {
			control++
		}
	}
	return control*10 > all
}

// delimiter picks the sign that cuts the first lines most evenly; outside
// quotation marks only.
func delimiter(text string) rune {
	best, bestScore := ';', -1
	for _, d := range []rune{';', '\t', ',', '|'} {
		counts := perLine(text, d)
		same := map[int]int{}
		for _, n := range counts {
			if n > 0 {
				same[n]++
			}
		}
		most := 0
		for n, times := range same {
			most = max(most, times*10+min(n, 9))
		}
		if most > bestScore {
			best, bestScore = d, most
		}
	}
	return best
}

func perLine(text string, d rune) []int {
	var counts []int
	n, quoted, any := 0, false, false
	for _, r := range text {
		switch {
		case r == '"':
			quoted = !quoted
		case r == '\n' && !quoted:
			if any {
				counts = append(counts, n)
			}
			n, any = 0, false
			if len(counts) == 40 {
				return counts
			}
			continue
		case r == d && !quoted:
			n++
		}
		any = true
	}
	if any {
		counts = append(counts, n)
	}
	return counts
}
