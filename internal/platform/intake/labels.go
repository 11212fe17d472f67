package intake

import (
	"slices"
	"strings"

	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/record"
)

// words finds what people write in any language of the interface.
type words struct {
	printers  []*locale.Printer
	languages map[string]string
}

func wordsOf(c *locale.Catalog) *words {
	w := &words{languages: map[string]string{}}
	for _, tag := range locale.Languages {
		p := c.For(tag)
		w.printers = append(w.printers, p)
		for _, one := range lang.Offered {
			w.languages[lang.Fold(p.Language(one))] = one
		}
	}
	return w
}

// all are a phrase in every language, as headings are compared.
func (w *words) all(p locale.Phrase) (list []string) {
	for _, printer := range w.printers {
		if key := headingKey(printer.Say(p)); key != "" && !slices.Contains(list, key) {
			list = append(list, key)
		}
	}
	return list
}

// language reads a tag or a name in any language.
func (w *words) language(s string) string {
	s = strings.TrimSpace(s)
	if tag := w.languages[lang.Fold(s)]; tag != "" {
		return tag
	}
	if len(s) > 12 {
		return ""
	}
	tag, ok := lang.Tag(s)
	if !ok {
		return ""
	}
	return tag
}

// option reads one of the answers to a question: its value, its label in any
// language, or its code elsewhere.
func (w *words) option(ask record.Question, s string) string {
	key := lang.Fold(strings.TrimSpace(s))
	for _, o := range ask.Options {
		if key == lang.Fold(o.Value) {
			return o.Value
		}
		for _, code := range o.Codes {
			if s == code {
				return o.Value
			}
		}
		for _, p := range w.printers {
			if lang.Fold(p.Say(o.Label)) == key {
				return o.Value
			}
		}
	}
	return ""
}

var yes, no = []string{"yes", "oui", "si", "sim", "ja", "نعم", "true", "1", "x", "vrai", "y", "o"}, []string{"no", "non", "nao", "nein", "لا", "false", "0", "faux", "n"}

func (w *words) yesNo(s string) string {
	switch key := lang.Fold(strings.TrimSpace(s)); {
	case slices.Contains(yes, key):
		return "yes"
	case slices.Contains(no, key):
		return "no"
	}
	return ""
}
