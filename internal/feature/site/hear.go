package site

import (
	"context"
	"maps"
	"slices"
	"strings"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
)

// ears are what words mean beside themselves, in every language of the interface.
type ears struct {
	marks  map[string][]string // name of a language, folded → the mark of what is in it
	kinds  map[string]bool     // words for kinds of what can be found
	rights []string            // words for a right, whichever
}

// spoken are the names of kinds that people write beside what they look for:
// "training on the right to health". What is found is shown by kind anyhow.
var spoken = []string{"practice", "initiative", "resource", "training", "trainer", "story", "competence", "event", "contact", "membership", "campaign"}

// hearing gives what words mean here. What the program says is gathered when
// first asked, as by then all kinds are known; themes are the alliance's own.
func (s *Site) hearing(ctx context.Context) (ears, error) { return s.hearingIn(ctx, s.DB) }

func (s *Site) hearingIn(ctx context.Context, q db.Q) (ears, error) {
	of, err := alliance.Load(ctx, q)
	if err != nil {
		return ears{}, err
	}
	s.once.Do(func() {
		e := ears{marks: map[string][]string{}, kinds: map[string]bool{}}
		rights := s.rights()
		for _, tag := range locale.Languages {
			p := s.Catalog.For(tag)
			for _, of := range lang.Offered {
				if name := bare(lang.Fold(p.Language(of))); !strings.Contains(name, " ") {
					e.marks[name] = []string{"lang=" + of}
				}
			}
			labels, values := make([]string, len(rights)), make([]string, len(rights))
			general := bare(lang.Fold(p.T("site.search.right", "Right")))
			for i, o := range rights {
				labels[i], values[i] = p.Say(o.Label), byRight+"="+o.Value
			}
			e.name(labels, values, general)
			if len(rights) > 0 {
				e.mark(general, values...)
				e.rights = append(e.rights, general)
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
	e := ears{maps.Clone(s.ears.marks), s.ears.kinds, s.ears.rights}
	for _, tag := range locale.Languages {
		labels, values := make([]string, len(of.Themes)), make([]string, len(of.Themes))
		for i, t := range of.Themes {
			labels[i], values[i] = t.Name.In(tag).S, "theme="+t.ID
		}
		e.name(labels, values, "")
	}
	for _, general := range e.rights { // "right to health": an event has themes only
		e.mark(general, e.themesOfRights()...)
	}
	return e, nil
}

// themesOfRights are the marks of themes that bear the name of a right.
func (e ears) themesOfRights() (list []string) {
	for _, marks := range e.marks {
		if !slices.ContainsFunc(marks, func(m string) bool { return strings.HasPrefix(m, byRight+"=") }) {
			continue
		}
		for _, m := range marks {
			if strings.HasPrefix(m, "theme=") && !slices.Contains(list, m) {
				list = append(list, m)
			}
		}
	}
	slices.Sort(list)
	return list
}

// name lets the words that tell labels apart stand for their marks: short ones
// and those in several labels do not, nor those that begin as the word for all.
func (e ears) name(labels, marks []string, general string) {
	words, in := make([][]string, len(labels)), map[string]int{}
	for i, label := range labels {
		words[i] = strings.Fields(lang.Fold(label))
		for j, w := range words[i] {
			words[i][j] = bare(w)
			in[bare(w)]++
		}
	}
	for i, list := range words {
		for _, w := range list {
			if in[w] > 1 || len(list) > 1 && len([]rune(w)) < 4 || general != "" && strings.HasPrefix(w, general) {
				continue
			}
			e.mark(w, marks[i])
		}
	}
}

// mark lets a word stand for marks. The slices of others are never written to.
func (e ears) mark(word string, marks ...string) {
	list := slices.Clone(e.marks[word])
	for _, m := range marks {
		if !slices.Contains(list, m) {
			list = append(list, m)
		}
	}
	e.marks[word] = list
}

// bare leaves out the Arabic article.
func bare(word string) string { return strings.TrimPrefix(word, "ال") }

// hear leaves out words for kinds, as long as others remain, and gives the
// languages that are named: "right to health training, Portuguese".
func (e ears) hear(typed string) (words string, languages []string) {
	var rest []string
	telling := false
	for _, w := range strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune(" ,;،؛", r) }) {
		key := bare(lang.Fold(w))
		if tag, spoken := e.language(key); spoken {
			languages = append(languages, tag)
		} else if e.kinds[key] && len(e.marks[key]) == 0 {
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

// Hearing gives what takes words as the search does, with the marks that do in
// the place of a word: for who looks for the same elsewhere, in a transaction too.
func (s *Site) Hearing(ctx context.Context, q db.Q) (func(typed string) (words string, or map[string][]string), error) {
	e, err := s.hearingIn(ctx, q)
	return func(typed string) (string, map[string][]string) {
		words, _ := e.hear(typed)
		return words, e.marks
	}, err
}

func (e ears) language(word string) (tag string, ok bool) {
	for _, m := range e.marks[word] {
		if tag, ok = strings.CutPrefix(m, "lang="); ok {
			return tag, true
		}
	}
	return "", false
}
