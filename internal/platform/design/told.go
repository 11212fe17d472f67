package design

import (
	"time"

	"alliance/internal/platform/lang"
)

// Once lets the texts of one entry say once what they have in common: that
// they are translated from the same language in the same state, or in which
// language all are written. It gives a view in which Told leaves that out, and
// the rendering that ToldOfAll says it of; S is "" where nothing is in common.
// A text that is out of date says so itself, unless all are so alike.
func (v View) Once(texts ...lang.Rendering) (View, lang.Rendering) {
	count, first, n := map[string]int{}, map[string]lang.Rendering{}, 0
	var marks []string
	for _, r := range texts {
		if r.S == "" {
			continue
		}
		m := v.mark(r)
		if m == "" {
			return v, lang.Rendering{} // an original in the reader's language is not to look like the others
		}
		if n++; count[m] == 0 {
			marks, first[m] = append(marks, m), r
		}
		count[m]++
	}
	best := ""
	for _, m := range marks {
		if count[m] > 1 && count[m] > count[best] && (!first[m].Stale || count[m] == n) {
			best = m
		}
	}
	if best == "" {
		return v, lang.Rendering{}
	}
	v.once = best
	return v, first[best]
}

// mark is what a text says of itself, apart from its words: "" for nothing.
func (v View) mark(r lang.Rendering) string {
	words := v.state(r)
	if words == "" {
		return ""
	}
	return words + "\x00" + v.translator(r.By) + "\x00" + r.From
}

// told gives the words of Told.
func (v View) told(r lang.Rendering) string {
	if v.once != "" && v.mark(r) == v.once {
		return ""
	}
	return v.state(r)
}

// state says in which language a text is written, by whom it was translated,
// and whether the original has moved on; "" of an original in the reader's language.
func (v View) state(r lang.Rendering) string {
	at := ""
	if r.At > 0 {
		at = v.Date(time.UnixMicro(r.At).UTC())
	}
	by := v.translator(r.By)
	switch {
	case r.S == "" || r.Original && !v.foreign(r.Lang):
		return ""
	case r.Original:
		return v.T("design.text.original", "Written in {language}. Not translated yet.", "language", v.Language(r.Lang))
	case r.Stale && at != "":
		return v.T("design.text.stale-since", "Translation of {date}. The original has changed since.", "date", at)
	case r.Stale:
		return v.T("design.text.stale", "The original has changed since this translation.")
	case by != "" && at != "":
		return v.T("design.text.by-on", "Translated by {name}, {date}.", "date", at)
	case by != "":
		return v.T("design.text.by", "Translated by {name}.")
	case at != "":
		return v.T("design.text.on", "Translated by a person, {date}.", "date", at)
	}
	return v.T("design.text.translated", "Translated by a person.")
}
