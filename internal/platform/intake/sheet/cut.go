package sheet

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// cut makes rows of a text. A cell that begins with a quotation mark ends at
// the next single one; inside, two stand for one and lines may break. A mark
// that nothing closes is taken as a sign like others, so that it swallows its
// own line and no more.
func cut(text string, d rune) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for rest, line := text, 1; len(rest) > 0; {
			row, after, lines := oneRow(rest, d, line)
			rest, line = after, line+lines
			if !row.empty() && !yield(row) {
				return
			}
		}
	}
}

func (r Row) empty() bool {
	for _, c := range r.Cells {
		if c != "" {
			return false
		}
	}
	return true
}

func oneRow(text string, d rune, line int) (row Row, rest string, lines int) {
	row.Line = line
	quotes := true // until one of them stays open: looking on for each would take for ever
	for {
		var cell string
		var end rune
		before := text
		if quotes && strings.HasPrefix(strings.TrimLeft(text, " "), `"`) {
			var closed bool
			cell, text, end, closed = quotedCell(text, d)
			if !closed {
				row.note(Open)
				quotes = false
				cell, text, end = plainCell(before, d)
			}
		} else {
			cell, text, end = plainCell(text, d)
		}
		lines += strings.Count(before[:len(before)-len(text)], "\n")
		if len(row.Cells) < MaxColumns {
			row.Cells = append(row.Cells, row.clean(cell))
		}
		if end != d {
			return row, text, max(lines, 1)
		}
	}
}

func plainCell(text string, d rune) (cell, rest string, end rune) {
	i := strings.IndexFunc(text, func(r rune) bool { return r == d || r == '\n' })
	if i < 0 {
		return text, "", 0
	}
	end, n := utf8.DecodeRuneInString(text[i:])
	if end == d && i+n == len(text) { // a last, empty cell
		return text[:i], "", 0
	}
	return text[:i], text[i+n:], end
}

// quotedCell reads up to the closing mark. It looks no further than a cell may be long.
func quotedCell(text string, d rune) (cell, rest string, end rune, closed bool) {
	body := strings.TrimLeft(text, " ")[1:]
	var b strings.Builder
	for b.Len() <= 4*MaxCell {
		i := strings.IndexByte(body, '"')
		if i < 0 {
			return "", "", 0, false
		}
		b.WriteString(body[:i])
		body = body[i+1:]
		if strings.HasPrefix(body, `"`) {
			b.WriteByte('"')
			body = body[1:]
			continue
		}
		after := strings.TrimLeft(body, " ")
		switch {
		case after == "":
			return b.String(), "", 0, true
		case after[0] == '\n':
			return b.String(), after[1:], '\n', true
		}
		if r, n := utf8.DecodeRuneInString(after); r == d {
			if n == len(after) {
				return b.String(), "", 0, true
			}
			return b.String(), after[n:], d, true
		}
		b.WriteByte('"') // a mark in the middle of words: "the "big" one"
	}
	return "", "", 0, false
}

// clean trims a cell and takes out what is no text, noting it.
func (r *Row) clean(cell string) string {
	cell = strings.TrimFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || r == 0xFEFF })
	out := strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\t':
			return ' '
		case c == 0xFEFF || c == 0x200B:
			return -1
		case unicode.IsControl(c) || c == utf8.RuneError || c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069:
			return utf8.RuneError
		}
		return c
	}, cell)
	if strings.ContainsRune(out, utf8.RuneError) {
		r.note(Odd)
	}
	if runes := []rune(out); len(runes) > MaxCell {
		r.note(Tailed)
		out = string(runes[:MaxCell])
	}
	return out
}

func (r *Row) note(m Mark) {
	for _, x := range r.Marks {
		if x == m {
			return
		}
	}
	r.Marks = append(r.Marks, m)
}
