package site

import (
	"strings"

	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
)

// ears are what words mean beside themselves, in every language of the interface.
type ears struct {
	marks map[string][]string // name of a language, folded → the mark of what is in it
	kinds map[string]bool     // words for kinds of what can be found
}

// spoken are the names of kinds that people write beside what they look for:
// "training on the right to health". What is found is shown by kind anyhow.
var spoken = []string{"practice", "initiative", "resource", "training", "trainer", "story", "competence", "event", "contact", "membership"}

// hearing is made when first asked: by then all kinds are known.
func (s *Site) hearing() ears {
	s.once.Do(func() {
		e := ears{map[string][]string{}, map[string]bool{}}
		for _, tag := range locale.Languages {
			p := s.Catalog.For(tag)
			for _, of := range lang.Offered {
				if name := bare(lang.Fold(p.Language(of))); !strings.Contains(name, " ") {
					e.marks[name] = []string{"lang=" + of}
				}
			}
			for _, name := range spoken {
				if k, ok := s.Kinds[name]; ok {
					for _, phrase := range []locale.Phrase{k.One, k.Many} {
						e.kinds[bare(lang.Fold(p.Say(phrase)))] = true
					}
				}
			}
		}
		s.ears = e
	})
	return s.ears
}

// bare leaves out the Arabic article.
func bare(word string) string { return strings.TrimPrefix(word, "ال") }

// hear leaves out words for kinds, as long as others remain, and gives the
// languages that are named: "right to health training, Portuguese".
func (s *Site) hear(typed string) (words string, languages []string) {
	e := s.hearing()
	var rest []string
	telling := false
	for _, w := range strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune(" ,;،؛", r) }) {
		key := bare(lang.Fold(w))
		if marks := e.marks[key]; len(marks) > 0 {
			languages = append(languages, strings.TrimPrefix(marks[0], "lang="))
		} else if e.kinds[key] {
			continue
		} else {
			telling = true
		}
		rest = append(rest, w)
	}
	if !telling {
		return typed, languages
	}
	return strings.Join(rest, " "), languages
}
