package browser

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"
)

// Page is one address to audit.
type Page struct {
	URL       string // absolute, on loopback
	Type      string // row of the budgets: home text form sensitive vault map board live dashboard desk; "" for the usual
	Lang      string // language the page must be in
	Sensitive bool   // must not be stored by any cache; its fields need no autocomplete
	// Cookies of someone signed in. With none the visit is anonymous and must leave nothing behind.
	Cookies []*http.Cookie
	// Status the page must answer with; 0 stands for 200.
	Status int
}

// Finding is one thing wrong with one page.
type Finding struct {
	Page     string // URL
	Rule     string // what was broken, in a few words
	Selector string // where
	Expected string // what should be there
}

func (f Finding) String() string {
	return fmt.Sprintf("%s\n    %s: %s\n    expected %s", f.Page, f.Rule, f.Selector, f.Expected)
}

// Audit checks pages in a real browser and fails the test when it finds
// anything. The languages of the site are those of the pages; titles must be unique and
// the order of navigation the same among the pages of one language.
func Audit(tb testing.TB, pages []Page) {
	tb.Helper()
	found, err := Inspect(pages, func(p Page, took time.Duration, found []Finding) {
		tb.Logf("%4.1f s %2d %s", took.Seconds(), len(found), p.URL)
		for _, f := range found { // said at once: the whole takes minutes
			tb.Log(f)
		}
	})
	if err != nil {
		tb.Fatal(err)
	}
	for _, f := range found {
		tb.Error(f)
	}
}

// Inspect gives what Audit would fail with, in the order of the pages. It gives
// an error when it could not look at all, for want of a browser or a package.
// done, if given, hears of each page when it was looked at.
func Inspect(pages []Page, done ...func(p Page, took time.Duration, found []Finding)) ([]Finding, error) {
	script, err := npm("axe-core/axe.min.js")
	if err != nil {
		return nil, err
	}
	axe, err := os.ReadFile(script)
	if err != nil {
		return nil, err
	}
	jar, err := npm("vnu-jar/build/dist/vnu.jar")
	if err != nil {
		return nil, err
	}
	sniffer, err := npm("@pa11y/html_codesniffer/build/HTMLCS.js")
	if err != nil {
		return nil, err
	}
	second, err := os.ReadFile(sniffer)
	if err != nil {
		return nil, err
	}
	a := &audit{axe: string(axe), htmlcs: string(second), jar: jar, looked: make([]*look, len(pages)), sheets: map[string]bool{}}
	for _, p := range pages {
		if err := onLoopback(p.URL); err != nil {
			return nil, err
		}
		if !slices.Contains(a.langs, p.Lang) {
			a.langs = append(a.langs, p.Lang)
		}
		if _, known := budgets[p.Type]; !known {
			return nil, fmt.Errorf("browser: no budget for pages of type %q", p.Type)
		}
	}
	if _, err := chromium(); err != nil {
		return nil, err
	}
	sample := firstOfEachType(pages)
	validity := make(chan []Finding, 1)
	go func() { validity <- a.valid(pages) }() // Java starts while the browser works
	next := make(chan int)
	var wait sync.WaitGroup
	for range 2 { // two tabs on two cores
		wait.Go(func() {
			d := desk{}
			defer d.clear()
			for i := range next {
				l := a.look(d, pages[i], sample[i])
				if l.broken { // the browser, not the page: once more, with new tabs
					d.clear()
					l = a.look(d, pages[i], sample[i])
				}
				a.looked[i] = l
				for _, tell := range done {
					tell(pages[i], a.looked[i].took, a.looked[i].found)
				}
			}
		})
	}
	for i := range pages {
		next <- i
	}
	close(next)
	wait.Wait()
	invalid := <-validity
	for _, l := range a.looked { // alone, for only then do times tell of the page and not of this machine
		if Timed && l.sample {
			a.slow(l)
		}
	}
	return a.findings(pages, invalid), nil
}

// Timed has one page of each type measured over a slow network, too. Only on an
// idle machine, and alone: what others do beside it counts, so no suite asks it.
var Timed bool

// firstOfEachType picks the pages to load once more and to look at over a slow
// network: those of one type are built alike, and each view takes seconds.
func firstOfEachType(pages []Page) map[int]bool {
	seen, sample := map[string]bool{}, map[int]bool{}
	for i, p := range pages {
		if !seen[p.Type] {
			seen[p.Type], sample[i] = true, true
		}
	}
	return sample
}

func onLoopback(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	if h := u.Hostname(); h != "localhost" && h != "::1" && !strings.HasPrefix(h, "127.") {
		return fmt.Errorf("browser: %s is not on this machine", address)
	}
	return nil
}

type audit struct {
	axe, htmlcs, jar string
	langs            []string
	looked           []*look

	mu     sync.Mutex
	sheets map[string]bool // style sheets read already
}

// look is one page under inspection.
type look struct {
	Page
	budget     Budget
	found      []Finding
	title      string
	nav        [][]string
	alternates [][2]string
	starts     map[string]edge
	desk       desk
	sample     bool // the first page of its type: looked at more closely
	broken     bool // a check could not be made
	took       time.Duration
}

type edge struct{ Left, Right float64 }

type inside struct{ Rule, At, Want string }

func (l *look) say(rule, selector, expected string, args ...any) {
	l.found = append(l.found, Finding{l.URL, rule, selector, fmt.Sprintf(expected, args...)})
}

// each says the rule once per selector, at most six times.
func (l *look) each(rule string, selectors []string, expected string) {
	for i, s := range selectors {
		if i == 6 {
			l.say(rule, fmt.Sprintf("and %d more", len(selectors)-i), "%s", expected)
			return
		}
		l.say(rule, s, "%s", expected)
	}
}

func (l *look) broke(err error) bool {
	if err != nil {
		l.broken = true
		l.say("the check broke", "browser", "to look at the page: %v", err)
	}
	return err != nil
}

func (l *look) rtl() bool { return isRTL(l.Lang) }

func (a *audit) look(d desk, p Page, sample bool) *look {
	l := &look{Page: p, budget: budgets[p.Type], desk: d, sample: sample}
	start := time.Now()
	defer func() { l.took = time.Since(start) }()
	a.headers(l)
	length := a.withScripts(l)
	a.withoutScripts(l, length)
	if l.Sensitive {
		a.exit(l)
	}
	return l
}

// withScripts makes the first view and looks at it in every way, then the repeat view.
// It gives the length of the main text.
func (a *audit) withScripts(l *look) (length int) {
	v, err := l.desk.visit(l.Page, true)
	if l.broke(err) {
		return 0
	}
	l.wire(v, true)
	length, err = ask[int](v, "mainText")
	l.broke(err)
	a.sheetsOf(l, v)
	l.traces(v)
	a.structure(l, v)
	l.reading(v)
	l.keyboard(v)
	l.modes(v)
	l.reflow(v)
	a.accessibility(l, v)
	l.each("script errors", v.complaints(), "none (errors in scripts, and what the policy blocked)")
	l.again(v)
	return length
}

// again weighs a repeat view: what no cache kept. Of each type one page is really
// loaded twice; of the others the answers say what a cache keeps.
func (l *look) again(v *view) {
	kb := 0.0
	for _, r := range v.seen() {
		if !longKept(r.Cache) {
			kb += r.Bytes / 1000
		}
	}
	if l.sample {
		_, err := v.load(l.URL)
		if l.broke(err) {
			return
		}
		kb = weigh(v.seen(), "")
	}
	l.limit("weight of a repeat view", kb, l.budget.KBRepeat)
}

func (a *audit) withoutScripts(l *look, length int) {
	v, err := l.desk.visit(l.Page, false)
	if l.broke(err) {
		return
	}
	l.wire(v, false)
	n, err := ask[int](v, "mainText")
	if !l.broke(err) && float64(n) < float64(length)*l.budget.TextShare {
		l.say("text without JavaScript", "main", "at least %.0f %% of the %d characters that are there with scripts, there are %d", l.budget.TextShare*100, length, n)
	}
	dead, err := ask[[]inside](v, "dead")
	l.broke(err)
	l.add(dead)
}

func (l *look) add(found []inside) {
	for _, f := range found {
		l.say(f.Rule, f.At, "%s", f.Want)
	}
}

func (a *audit) structure(l *look, v *view) {
	got, err := ask[struct {
		Found      []inside
		Title      string
		Blocks     []block
		Alternates [][2]string
		Nav        [][]string
	}](v, "structure", l.Lang, l.rtl(), a.langs, l.Sensitive)
	if l.broke(err) {
		return
	}
	l.add(got.Found)
	l.title, l.nav, l.alternates = got.Title, got.Nav, got.Alternates
	for _, b := range got.Blocks {
		if wrong := b.wrong(l.Lang); wrong != "" {
			l.say("language of parts (WCAG 3.1.2)", b.At, "%s", wrong)
		}
	}
}

func (l *look) reading(v *view) {
	got, err := ask[*struct {
		Words          int
		Mean, P95, LIX float64
		Longest        string
	}](v, "reading", l.Lang)
	if l.broke(err) || got == nil || got.Words < fewWords {
		return
	}
	if got.Mean > l.budget.Mean {
		l.say("reading: words a sentence", "main", "a mean of at most %.0f, it is %.1f", l.budget.Mean, got.Mean)
	}
	if got.P95 > l.budget.P95 {
		l.say("reading: long sentences", "main", "19 of 20 with at most %.0f words, the longest: %q", l.budget.P95, got.Longest)
	}
	if scriptOf(l.Lang) == "Latin" && got.LIX > l.budget.LIX+0.5 {
		l.say("reading: LIX", "main", "at most %.0f, it is %.1f: shorter sentences, shorter words", l.budget.LIX, got.LIX)
	}
}

// accessibility runs axe with everything unfolded: all rules in light colours,
// those about colours again in dark ones.
func (a *audit) accessibility(l *look, v *view) {
	if l.broke(first(v.size(360, 740), v.media("", "prefers-color-scheme", "light"))) {
		return
	}
	_, err := ask[bool](v, "openDetails")
	if l.broke(err) {
		return
	}
	if _, err := eval[struct{}](v, a.axe); l.broke(err) {
		return
	}
	got, err := ask[[]inside](v, "axeRun", "tag", []string{"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"})
	l.broke(err)
	l.add(got)
	if _, err := eval[bool](v, a.htmlcs+"\n;true"); l.broke(err) { // a second engine finds what the first does not
		return
	}
	got, err = ask[[]inside](v, "htmlcs")
	l.broke(err)
	l.add(got)
	if l.broke(v.media("", "prefers-color-scheme", "dark")) {
		return
	}
	got, err = ask[[]inside](v, "axeRun", "rule", []string{"color-contrast", "link-in-text-block"})
	l.broke(err)
	for i := range got {
		got[i].Rule += " (dark)"
	}
	l.add(got)
}

// findings adds what only shows among several pages, and sorts all by page.
func (a *audit) findings(pages []Page, validity []Finding) []Finding {
	a.unique()
	a.sameOrder()
	a.mirrored()
	var out []Finding
	for i, l := range a.looked {
		out = append(out, l.found...)
		for _, f := range validity {
			if f.Page == pages[i].URL {
				out = append(out, f)
			}
		}
	}
	place := map[string]int{}
	for i, p := range pages {
		place[p.URL] = i
	}
	sort.SliceStable(out, func(i, j int) bool { return place[out[i].Page] < place[out[j].Page] })
	return distinct(out)
}

// distinct drops what was found twice, such as with and without JavaScript.
func distinct(found []Finding) (out []Finding) {
	seen := map[Finding]bool{}
	for _, f := range found {
		if !seen[f] {
			seen[f] = true
			out = append(out, f)
		}
	}
	return out
}

func (a *audit) unique() {
	seen := map[string]string{}
	for _, l := range a.looked {
		key := l.Lang + "\x00" + l.title
		if other, ok := seen[key]; ok && other != l.URL && l.title != "" {
			l.say("unique titles", "title", "a title of its own; %q is also that of %s", l.title, other)
		} else {
			seen[key] = l.URL
		}
	}
}

// sameOrder: the links that two pages of a language share keep their order (WCAG 3.2.3, 3.2.6).
func (a *audit) sameOrder() {
	firstOf := map[string]*look{}
	for _, l := range a.looked {
		one := firstOf[l.Lang]
		if one == nil {
			firstOf[l.Lang] = l
			continue
		}
		for i := range min(len(l.nav), len(one.nav)) {
			common := func(list, other []string) (out []string) {
				for _, s := range list {
					if slices.Contains(other, s) {
						out = append(out, s)
					}
				}
				return out
			}
			if !slices.Equal(common(l.nav[i], one.nav[i]), common(one.nav[i], l.nav[i])) {
				l.say("navigation in the same order", "header nav, footer", "the order of links that %s has", one.URL)
			}
		}
	}
}

// mirrored compares each right-to-left page with the left-to-right page that it names as its alternate.
func (a *audit) mirrored() {
	known, d := map[string]map[string]edge{}, desk{}
	defer d.clear()
	for _, l := range a.looked {
		known[l.URL] = l.starts
	}
	for _, l := range a.looked {
		if !l.rtl() || len(l.starts) == 0 {
			continue
		}
		for _, alt := range l.alternates {
			if alt[0] == "x-default" || isRTL(alt[0]) || onLoopback(alt[1]) != nil {
				continue
			}
			ref, ok := known[alt[1]]
			if !ok {
				ref = startsOf(d, Page{URL: alt[1], Lang: alt[0], Cookies: l.Cookies})
				known[alt[1]] = ref
			}
			for part, here := range l.starts {
				there, ok := ref[part]
				if ok && abs(here.Right-there.Left) > mirrorWithin {
					l.say("mirrored", part, "to start %.0f px from the right, as it does from the left in %s; it starts at %.0f", there.Left, alt[0], here.Right)
				}
			}
			break
		}
	}
}

func startsOf(d desk, p Page) map[string]edge {
	v, err := d.visit(p, true)
	if err != nil {
		return nil
	}
	starts, _ := ask[map[string]edge](v, "starts")
	return starts
}

func abs(x float64) float64 { return max(x, -x) }
