package help

import (
	"embed"
	"regexp"
	"slices"
	"strings"
	"sync"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/design"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

// Help is the feature.
type Help struct {
	*feature.House
	texts   func() (map[string]map[string]page, error) // made when first asked: most starts ask for none
	mayOpen func(path string, a people.Actor) bool
}

// New puts it together.
func New(h *feature.House) (feature.Feature, *Help) {
	x := &Help{House: h}
	x.texts = sync.OnceValues(func() (map[string]map[string]page, error) { return readAll(h.Catalog) })
	return feature.Feature{Name: "help", Phrases: phrases, Pages: x.pages, API: x.api}, x
}

func (x *Help) pages(r *web.Router) {
	x.mayOpen = r.MayOpen
	r.Get("/help", access.Everyone, x.overview)
	r.Get("/help/{page}", access.Everyone, x.page)
}

// section is a group of the overview, in the reader's words.
type section struct {
	Who   string
	Pages []page
}

func (x *Help) overview(c *web.Ctx) error {
	all, err := x.texts()
	if err != nil {
		return err
	}
	var list []section
	for _, g := range groups {
		s := section{Who: c.View.Say(g.Who)}
		for _, name := range g.Pages {
			s.Pages = append(s.Pages, all[c.Lang()][name])
		}
		list = append(list, s)
	}
	return c.Page(overviewPage(c.View, list))
}

// shown is a page with those before and after it; without a name there is none.
type shown struct {
	page
	Who           string
	Before, After page
}

func (x *Help) page(c *web.Ctx) error {
	names := Pages()
	at := slices.Index(names, c.Path("page"))
	if at < 0 {
		return fault.Missing()
	}
	all, err := x.texts()
	if err != nil {
		return err
	}
	said := all[c.Lang()]
	s := shown{page: said[names[at]], Who: c.View.Say(whose(names[at]))}
	s.HTML, s.Light = x.open(s.HTML, c.Actor), x.open(s.Light, c.Actor)
	if at > 0 {
		s.Before = said[names[at-1]]
	}
	if at+1 < len(names) {
		s.After = said[names[at+1]]
	}
	return c.Page(onePage(c.View, s))
}

// found is how many pages a search shows at most.
const found = 3

// Find gives the pages that hold all words looked for, those with one in their
// title first.
func (x *Help) Find(v design.View, words string) (titled []design.Link, err error) {
	all, err := x.texts()
	looked := strings.Fields(lang.Fold(words))
	if err != nil || len(looked) == 0 {
		return nil, err
	}
	var others []design.Link
	for _, name := range Pages() {
		p := all[v.Lang()][name]
		in := func(text string) func(string) bool {
			return func(word string) bool { return strings.Contains(text, word) }
		}
		l := design.Link{Href: v.Href("/help/" + name), Label: p.Title}
		switch {
		case slices.ContainsFunc(looked, func(word string) bool { return !in(p.folded)(word) }):
		case slices.ContainsFunc(looked, in(lang.Fold(p.Title))):
			titled = append(titled, l)
		default:
			others = append(others, l)
		}
	}
	titled = append(titled, others...)
	return titled[:min(len(titled), found)], nil
}

var leadsOn = regexp.MustCompile(`<a href="/[a-z]{2}(/[^"]*)">(.*?)</a>`)

// open leaves the words alone of links that somebody signed in may not follow.
// Visitors keep all of them: they lead to the sign-in, and back.
func (x *Help) open(text string, a people.Actor) string {
	if a.Person == "" {
		return text
	}
	return leadsOn.ReplaceAllStringFunc(text, func(link string) string {
		m := leadsOn.FindStringSubmatch(link)
		if x.mayOpen(m[1], a) {
			return link
		}
		return m[2]
	})
}

// whose tells for whom a page is.
func whose(name string) locale.Phrase {
	i := slices.IndexFunc(groups, func(g group) bool { return slices.Contains(g.Pages, name) })
	return groups[i].Who
}

// body is the text as the reader asked for it.
func (s shown) body(v design.View) string {
	if v.SaveData {
		return s.Light
	}
	return s.HTML
}

// sheets are what pictures need; the others need none.
func (s shown) sheets(v design.View) []string {
	if s.Pictures && !v.SaveData {
		return []string{"picture.css"}
	}
	return nil
}
