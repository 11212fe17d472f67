package locale

import (
	_ "embed"
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// names.tsv is written by gen/names.go: code, then its name in each language.
//
//go:embed names.tsv
var nameLines string

func readNames() map[string]map[string]string {
	all := make(map[string]map[string]string, len(Languages))
	header, lines, _ := strings.Cut(nameLines, "\n")
	columns := strings.Split(header, "\t")[1:]
	tables := make([]map[string]string, len(columns))
	for i, lang := range columns {
		tables[i] = make(map[string]string, strings.Count(lines, "\n"))
		all[lang] = tables[i]
	}
	for line := range strings.Lines(lines) {
		code, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		for i := range tables {
			var name string
			name, rest, _ = strings.Cut(rest, "\t")
			if name != "" {
				tables[i][code] = name
			}
		}
	}
	return all
}

// Country is a country or territory and its name for the reader.
type Country struct {
	Code string // ISO 3166-1 alpha-2; XK for Kosovo
	Name string
}

// Codes CLDR names that are not countries or territories of ISO 3166-1.
var notCountries = []string{"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}

// Country names a country (ISO 3166-1 alpha-2) or a region of UN M49 ("155"
// is Western Europe); the code itself when unknown.
func (p *Printer) Country(code string) string { return p.name(strings.ToUpper(code), code) }

// Countries lists all of ISO 3166-1 and Kosovo, sorted for the reader. The
// list is shared: do not change it.
func (p *Printer) Countries() []Country { return p.lands() }

func (p *Printer) sortCountries() []Country {
	var all []Country
	for code, name := range p.names {
		if len(code) == 2 && code[0] <= 'Z' && code[0] >= 'A' && !slices.Contains(notCountries, code) {
			all = append(all, Country{code, name})
		}
	}
	slices.SortFunc(all, func(a, b Country) int { return p.Compare(a.Name, b.Name) })
	return all
}

// Language names any language for this reader as within a sentence: "arabe",
// "arabe (Maroc)"; the tag itself when unknown. In menus of languages use
// NativeName.
func (p *Printer) Language(tag string) string {
	if tag == "prs" { // Dari: CLDR knows it as the Persian of Afghanistan
		tag = "fa-AF"
	}
	if name, ok := p.names[tag]; ok {
		return name
	}
	t, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if name, ok := p.names[t.String()]; ok {
		return name
	}
	parts := strings.Split(t.String(), "-")
	name, ok := p.names[parts[0]]
	if !ok {
		return tag
	}
	if len(parts) == 1 {
		return name
	}
	of := p.name(parts[1], parts[1])
	for _, part := range parts[2:] {
		of = both(p.names["separator"], of, p.name(part, part))
	}
	return both(p.names["pattern"], name, of)
}

func (p *Printer) name(code, otherwise string) string {
	if name, ok := p.names[code]; ok {
		return name
	}
	return otherwise
}

// Compare orders two texts as a reader expects (Unicode collation of the
// language, numbers by value); 0 for equal texts only. Any goroutine may call it.
func (p *Printer) Compare(a, b string) int {
	c := p.sorting.Get().(*collate.Collator)
	order := c.CompareString(a, b)
	p.sorting.Put(c)
	if order == 0 {
		return strings.Compare(a, b)
	}
	return order
}

func newCollator(lang string) *collate.Collator {
	return collate.New(language.Make(lang), collate.Numeric)
}

// NativeName is what a language calls itself, as in a menu: "Français",
// "العربية". Languages CLDR has no word of show their tag.
func NativeName(tag string) string {
	for t := tag; t != ""; {
		i, ok := slices.BinarySearchFunc(natives[:], t, func(n struct{ tag, name string }, t string) int {
			return strings.Compare(n.tag, t)
		})
		if ok {
			return natives[i].name
		}
		t = t[:max(strings.LastIndexByte(t, '-'), 0)]
	}
	return tag
}
