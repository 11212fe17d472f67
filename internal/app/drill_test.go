package app_test

import (
	"cmp"
	"context"
	"html"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// TestOutsidersDrill does to the house of the demonstration what somebody from
// outside would try, with nothing but its pages. It crawls as each role, asks
// every address again as all the others, sends each form as somebody who was
// never offered it, from another site and in the name of another organisation;
// then it writes markup and pieces of languages into every field, and looks at
// all pages once more. What is refused tells nothing and writes nothing; words
// stay words.
//
// The rest of the drill: who may do what, by table, in TestAccessMatrix; values
// that are no text, numbers or dates, in TestHostileForms and TestHostileCalls;
// slow requests in TestThousandSlowConnections, floods in TestFloods.
//
// It is bounded by requests, not by the clock, and goes the same way each time.
func TestOutsidersDrill(t *testing.T) {
	d := newDrill(t)
	d.crawl(2, d.roles, nil)
	d.atLeast("addresses", len(d.seen), 400)
	d.atLeast("forms", len(d.forms), 150)
	d.askAsOthers()
	d.sendAsOthers()
	d.sendFromElsewhere()
	d.sendForOthers()
	made := d.writeEverywhere()
	d.atLeast("pages made of written words", len(made), 30)
	d.hide() // some of it is published now, and who may what has changed
	d.crawl(2, d.roles[:2], made)
	d.atLeast("pages that show written words", d.shown, 150)
	if broken, err := journal.Check(t.Context(), d.h.DB); broken != 0 || err != nil {
		t.Errorf("the journal breaks at %d: %v", broken, err)
	}
	t.Logf("%d requests, %d addresses, %d forms, %d secrets, %d pages show what was written", d.asked, len(d.seen), len(d.forms), len(d.secrets), d.shown)
}

// mostAsked bounds the drill.
const mostAsked = 12_000

// visiting are those whose rights differ: two delegates of different
// organisations, who takes notes, the committee, the coordination, the operator.
var visiting = []string{"marchetti", "fontainha", "elouarzi", "terranova", "ferrandiz", "ashdown"}

// drill is one such visit.
type drill struct {
	*testing.T
	h       *housetest.House
	roles   []outsider
	routes  *http.ServeMux             // which page or form an address is
	seen    map[string]map[string]bool // addresses, and who came upon them by links
	offered map[string]map[string]bool // targets of forms, and who was offered them
	forms   []met                      // at most two for each target
	secrets []secret
	asked   int // requests so far
	shown   int // pages that show what the drill wrote
}

// outsider is somebody who visits, as whoever they stepped into.
type outsider struct {
	name  string
	actor func() people.Actor
	come  func() *housetest.Client // in a new session
}

// met is a form, where it stands and who met it there.
type met struct {
	housetest.Form
	by   outsider
	page string
}

// secret is what only some may read.
type secret struct {
	words, what string
	may         map[string]bool // by name
}

func newDrill(t *testing.T) *drill {
	d := &drill{T: t, h: housetest.New(t, db.SQLite, housetest.Demonstration), routes: http.NewServeMux(),
		seen: map[string]map[string]bool{}, offered: map[string]map[string]bool{}}
	for _, r := range d.h.App.Router.Routes() {
		pattern := strings.TrimSuffix("/{lang}"+r.Pattern, "/")
		d.routes.Handle(r.Method+" "+pattern, http.NotFoundHandler())
	}
	d.roles = []outsider{{"visitor", func() people.Actor { return people.Actor{} }, d.h.Visitor}}
	for _, who := range visiting {
		person, mandate := demo.PersonID(who), demo.MandateID(who)
		if who == "ashdown" { // acts for nobody
			mandate = ""
		}
		d.roles = append(d.roles, outsider{who, func() people.Actor { return d.h.Actor(person, mandate) }, func() *housetest.Client { return d.h.As(person, mandate) }})
	}
	d.hide()
	return d
}

// hide gathers what not everybody may read: titles of entries, as each entry
// itself says who sees it, and the addresses people sign in with.
func (d *drill) hide() {
	all, err := entry.List(context.Background(), d.h.DB, entry.Filter{Any: true, Limit: 100_000})
	if err != nil {
		d.Fatal(err)
	}
	d.secrets = nil
	hidden := func(words, what string, may func(people.Actor) bool) {
		s := secret{words, what, map[string]bool{}}
		for _, who := range d.roles {
			s.may[who.name] = may(who.actor())
		}
		d.secrets = append(d.secrets, s)
	}
	open := ""
	for _, e := range all {
		if e.Visible(people.Actor{}) {
			open += e.Title().Original() + "\n"
		}
	}
	for _, e := range all {
		if words := e.Title().Original(); !e.Visible(people.Actor{}) && len(words) >= 16 && !strings.Contains(open, words) {
			hidden(words, e.Kind+" "+e.ID+" ("+string(e.State)+")", e.Visible)
		}
	}
	d.atLeast("entries that are not for everybody", len(d.secrets), 5)
	for _, p := range demo.People() {
		hidden(p.Email, "the address of "+p.ID, func(a people.Actor) bool {
			return a.Person == demo.PersonID(p.ID) || a.Somewhere(people.Coordinator) || a.Somewhere(people.Operator)
		})
	}
}

func (d *drill) atLeast(what string, n, least int) {
	d.Helper()
	if n < least {
		d.Fatalf("only %d %s: are they still found?", n, what)
	}
}

// pattern is the page or form that an address leads to; "" = none.
func (d *drill) pattern(method, path string) string {
	req, err := http.NewRequest(method, path, nil)
	if err != nil {
		return ""
	}
	_, pattern := d.routes.Handler(req)
	return pattern
}

// crawl follows links as each role, from where everybody begins and from more;
// of each page at most some.
func (d *drill) crawl(most int, roles []outsider, more []string) {
	for _, who := range roles {
		c, done, times := who.come(), map[string]bool{}, map[string]int{}
		queue := append(slices.Clone(more), "/fr/", "/fr/me")
		for len(queue) > 0 {
			path := queue[0]
			queue = queue[1:]
			page := d.pattern(http.MethodGet, path)
			if page == "" || done[path] || times[page] >= most {
				continue
			}
			done[path] = true
			times[page]++
			p := d.get(who, c, path)
			d.come(who, path, p)
			for _, to := range p.Links("body") {
				if to, _, _ = strings.Cut(to, "#"); strings.HasPrefix(to, "/fr/") {
					queue = append(queue, to)
				}
			}
		}
	}
}

// come notes that somebody came upon an address, and which forms stand there.
func (d *drill) come(who outsider, path string, p *housetest.Page) {
	note(d.seen, path, who.name)
	for _, f := range p.Forms() {
		target := d.pattern(http.MethodPost, f.Action)
		alike := 0
		for _, m := range d.forms {
			if d.pattern(http.MethodPost, m.Action) == target {
				alike++
			}
		}
		if d.offered[f.Action] == nil && alike < 2 {
			d.forms = append(d.forms, met{f, who, path})
		}
		note(d.offered, f.Action, who.name)
	}
}

func note(m map[string]map[string]bool, key, who string) {
	if m[key] == nil {
		m[key] = map[string]bool{}
	}
	m[key][who] = true
}

// get asks for a page, which changes nothing.
func (d *drill) get(who outsider, c *housetest.Client, path string) *housetest.Page {
	before := d.head()
	p := c.Get(path)
	if d.head() != before {
		d.Errorf("%s: GET %s wrote something", who.name, path)
	}
	d.look(who, "GET "+path, p)
	return p
}

// look holds for every answer: no error of ours, nothing that this person may
// not read, and words that stay words.
func (d *drill) look(who outsider, what string, p *housetest.Page) {
	if d.asked++; d.asked > mostAsked {
		d.Fatalf("more than %d requests", mostAsked)
	}
	if p.Code >= 500 {
		d.Errorf("%s, %s: %d", who.name, what, p.Code)
	}
	body := html.UnescapeString(p.Body)
	room := strings.HasPrefix(p.Path, "/fr/join/") // its code opens it, and shows what was said there
	for _, s := range d.secrets {
		if !room && strings.Contains(body, s.words) && !s.may[who.name] {
			d.Errorf("%s, %s: shows %q, %s", who.name, what, s.words, s.what)
		}
	}
	for _, wrong := range broken(p) {
		d.Errorf("%s, %s: %s", who.name, what, wrong)
	}
	if strings.Contains(body, canary) {
		d.shown++
	}
}

// askAsOthers asks each address as those who did not come upon it.
func (d *drill) askAsOthers() {
	addresses := slices.Sorted(maps.Keys(d.seen))
	for _, who := range d.roles {
		c, actor := who.come(), who.actor()
		for _, path := range addresses {
			if d.seen[path][who.name] {
				continue
			}
			p := d.get(who, c, path)
			page, _ := d.h.App.Router.PageOf(strings.TrimPrefix(path, "/fr"))
			if !page.Policy.Allow(actor) && !refused(p) {
				d.Errorf("%s is shown %s, which is for %s", who.name, path, page.Policy.Name)
			}
			for _, f := range p.Forms() {
				note(d.offered, f.Action, who.name)
			}
		}
	}
}

// refused: the answer is no, or asks who one is.
func refused(p *housetest.Page) bool {
	return p.Code == 401 || p.Code == 403 || p.Code == 404 || strings.HasPrefix(p.Path, "/fr/sign-in")
}

// sendAsOthers sends each form as those who were offered none to its target.
func (d *drill) sendAsOthers() {
	for _, f := range d.forms {
		for _, who := range d.roles {
			if d.offered[f.Action][who.name] || who.name != "visitor" && ofAnybody(f.Action) || leaves(f.Action) {
				continue
			}
			p, wrote := d.send(who, who.come(), f.Form)
			if !refused(p) || wrote {
				d.Errorf("%s sends the form to %s, which only %v were offered: %d at %s, wrote: %v", who.name, f.Action, slices.Sorted(maps.Keys(d.offered[f.Action])), p.Code, p.Path, wrote)
			}
		}
	}
}

// ofAnybody tells the forms that everybody with an account may send about
// themselves, though they are shown only where there is something to say.
func ofAnybody(target string) bool {
	return target == "/fr/endings/mails" || target == "/fr/me/security/codes" || strings.HasPrefix(target, "/fr/sign-in/with/") || strings.HasSuffix(target, "/going") || strings.HasPrefix(target, "/fr/comments/") && strings.HasSuffix(target, "/report")
}

// send sends a form, and tells whether anything was written.
func (d *drill) send(who outsider, c *housetest.Client, f housetest.Form) (p *housetest.Page, wrote bool) {
	version, head := d.h.DB.Version(), d.head()
	p = c.Post(f.Action, f.Fields)
	d.look(who, "POST "+f.Action, p)
	return p, d.h.DB.Version() != version || d.head() != head
}

func (d *drill) head() int64 {
	n, err := journal.Head(context.Background(), d.h.DB)
	if err != nil {
		d.Fatal(err)
	}
	return n
}

// sendFromElsewhere sends each form as who was offered it, from another site.
func (d *drill) sendFromElsewhere() {
	for _, f := range d.forms {
		if p, wrote := d.send(f.by, f.by.come().Header("Origin", "https://elsewhere.example"), f.Form); p.Code != http.StatusForbidden || wrote {
			d.Errorf("%s, a form to %s from another site: %d, wrote: %v", f.by.name, f.Action, p.Code, wrote)
		}
	}
}

// sendForOthers puts another organisation, mandate and person in the place of
// one's own wherever a form names them: nothing is done in the others' name.
func (d *drill) sendForOthers() {
	sent := 0
	for _, f := range d.forms {
		other := d.roles[1]
		if other.name == f.by.name {
			other = d.roles[2]
		}
		mine, theirs := f.by.actor(), other.actor()
		swap := map[string]string{mine.Person: theirs.Person, mine.Mandate.ID: theirs.Mandate.ID, mine.Mandate.Organisation: theirs.Mandate.Organisation}
		delete(swap, "")
		changed := f
		changed.Fields = maps.Clone(f.Fields)
		for name, values := range f.Fields {
			if to := swap[values[0]]; to != "" {
				changed.Fields[name] = []string{to}
			}
		}
		if maps.EqualFunc(changed.Fields, f.Fields, slices.Equal) || leaves(f.Action) {
			continue
		}
		sent++
		changed.Fields.Set(design.KeyField, web.NewKey())
		head := d.head()
		d.send(f.by, f.by.come(), changed.Form)
		lines, err := journal.Since(context.Background(), d.h.DB, head, 100)
		if err != nil {
			d.Fatal(err)
		}
		for _, line := range lines {
			if line.Organisation != "" && line.Organisation != mine.Mandate.Organisation || line.Person != "" && line.Person != mine.Person || line.Mandate != "" && line.Mandate != mine.Mandate.ID {
				d.Errorf("%s, a form to %s in the name of %s: %s was done for %s by %s", f.by.name, f.Action, other.name, line.Verb, line.Organisation, cmp.Or(line.Person, "nobody"))
			}
		}
	}
	d.atLeast("forms that name who acts", sent, 3)
}

// leaves tells the forms after which one is somebody else, or nobody.
func leaves(target string) bool {
	return strings.Contains(target, "sign-out") || strings.Contains(target, "/demo/") || strings.Contains(target, "erase") || strings.Contains(target, "/me/sessions")
}
