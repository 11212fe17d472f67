package app_test

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	texts "alliance/docs/help"
	"alliance/internal/feature/campaign"
	"alliance/internal/feature/help"
	"alliance/internal/feature/practice"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/locale/check"
)

var (
	helpLabel = regexp.MustCompile(`\{([a-z0-9._-]+)\}`)
	helpLink  = regexp.MustCompile(`\]\((/[^)]*)\)`)
	helpHole  = regexp.MustCompile(`\{[A-Za-z0-9_]+\}`)
)

// walk is where a reader of a help page goes: as whom, and to which pages.
type walk struct {
	as    string // ids of people of the demonstration; "-" is a visitor
	pages []string
}

// walks are the ways through the demonstration that the help pages describe.
func walks(made map[string][]string) map[string][]walk {
	m := demo.Second()
	id := func(local string) string { return demo.EntryID(m.Slug, local) }
	motion := map[string][]string{} // paths by state
	for _, x := range m.Motions {
		motion[x.State] = append(motion[x.State], "/motions/"+id(x.ID))
	}
	var before, all []string
	for state, paths := range motion {
		all = append(all, paths...)
		if state != "open" && state != "decided" {
			before = append(before, paths...)
		}
	}
	open, city := motion["open"][0], "/organisations/"+demo.OrganisationID("ville-de-port-oriane")
	assembly, workshop := "/assemblies/"+id(""), filled("/workshops/{id}")
	card, action := "/practices/"+practice.DemoID("card"), "/actions/"+id(m.Actions[0].ID)
	var signatures []string
	for _, path := range made["/signatures/{id}/take-back"] {
		signatures = append(signatures, strings.TrimSuffix(path, "/take-back"))
	}
	return map[string][]walk{
		"read":    {{"-", []string{"/search", "/organisations", city, "/campaigns", "/campaigns/" + campaign.DemoID("night"), "/offline", "/propose", made["/follow/confirm/{secret}"][0]}}},
		"join":    {{"-", append([]string{"/join", made["/join/{code}"][0], made["/join/{code}/proposal"][0]}, made["/join/{code}/sent/{secret}"]...)}},
		"privacy": {{"-", []string{"/privacy", card}}, {"sissoko", []string{"/me/data", "/me/account", "/me/erase"}}},
		"account": {{"-", []string{"/sign-in", made["/invitation/{secret}"][0]}}, {"marchetti", []string{"/me", "/me/security"}}},
		"organisation": {{"marchetti", []string{"/me", city, city + "/edit", made["/mandates"][0], "/endings"}}, {"ferrandiz", []string{made["/mandates"][0], made["/invitations/new"][0]}},
			{"-", []string{"/organisations/" + demo.OrganisationID(demo.Invented()[2].Slug), "/organisations/" + demo.OrganisationID(demo.Invented()[2].Slug) + "/claim"}}},
		"proposals": {{"marchetti sissoko fontainha", append([]string{assembly, assembly + "/plenary", workshop, filled("/proposals/new"), "/me/contributions", "/me/notices"}, slices.Concat(all, made["/synthesis/{id}"])...)}},
		"vote":      {{"sissoko", append([]string{"/me", open, open + "/vote"}, motion["decided"]...)}},
		"actions":   {{"marchetti sissoko", []string{"/agenda", made["/agenda/{id}"][0], made["/agenda/{id}"][0] + "/propose", action}}},
		"share":     {{"marchetti", []string{"/practices", "/practices/new", card, "/calendar", "/calendar/new", "/library", "/initiatives", "/resources", "/trainings", made["/documents/{id}"][0]}}},
		"sign":      {{"marchetti sissoko fontainha ferrandiz", append([]string{"/campaigns", "/campaigns/new", "/campaigns/" + campaign.DemoID("night"), "/campaigns/" + campaign.DemoID("night") + "/sign"}, signatures...)}},
		"coordination": {{"ferrandiz", append([]string{"/me", "/import", "/import/organisation", "/invitations/new", made["/invitations/new"][0], "/roles", "/work", "/people"},
			slices.Concat(made["/import/{kind}/lists/{id}"], made["/import/{kind}/lists/{id}/columns"])...)}},
		"assembly":  {{"ferrandiz weidental", []string{"/assemblies", "/assemblies/new", assembly, assembly + "/people", assembly + "/attendance", workshop}}},
		"notes":     {{"elouarzi", []string{"/me", workshop, workshop + "/notes", workshop + "/notes?from=paper"}}},
		"synthesis": {{"terranova", append([]string{assembly, assembly + "/synthesis", assembly + "/coverage"}, slices.Concat(made["/assemblies/{id}/synthesis/{act}"], made["/synthesis/{id}"])...)}},
		"plenary":   {{"alassane", append([]string{assembly, assembly + "/plenary", assembly + "/plenary/new", open, open + "/chair", open + "/close"}, slices.Concat(before, chairs(before))...)}},
		"operate":   {{"ashdown", []string{"/operate", "/people/data", "/people/" + demo.PersonID("sissoko") + "/data"}}},
	}
}

func chairs(motions []string) (paths []string) {
	for _, m := range motions {
		paths = append(paths, m+"/chair")
	}
	return paths
}

// later are labels that stand on no page before something is sent or time has
// gone by; the tests of their features walk there.
var later = []string{"plenary.vote.cast", "plenary.vote.back", "synthesis.reply.words", "synthesis.reply.send", "intake.batch.apply"}

// TestHelpIsTrue walks where each help page sends its readers: every label it
// names stands there, and every link leads to a page somebody may open.
func TestHelpIsTrue(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	m := maker{t, h, map[string][]string{}}
	for _, happen := range []func(){m.meetings, m.join, m.lists, m.accounts, m.following, m.documents, m.campaigns} {
		happen()
	}
	var words map[string]string
	b, err := texts.Files.ReadFile("labels.json")
	if err == nil {
		err = json.Unmarshal(b, &words)
	}
	if err != nil {
		t.Fatal(err)
	}
	ways, readers := walks(m.made), everybody(h)
	for _, name := range help.Pages() {
		source, err := fs.ReadFile(texts.Files, "en/"+name+".md")
		if err != nil {
			t.Fatal(err)
		}
		seen := seenOn(h, ways[name])
		for _, l := range helpLabel.FindAllStringSubmatch(string(source), -1) {
			for _, part := range helpHole.Split(words[l[1]], -1) {
				if !slices.Contains(later, l[1]) && !strings.Contains(seen, strings.TrimSpace(part)) {
					t.Errorf("/help/%s names %s, %q, which stands on none of the pages it leads to", name, l[1], words[l[1]])
				}
			}
		}
		for _, l := range helpLink.FindAllStringSubmatch(string(source), -1) {
			if !slices.ContainsFunc(readers, func(c *housetest.Client) bool { return c.Probe("GET", "/en"+l[1]) == http.StatusOK }) {
				t.Errorf("/help/%s leads to %s, which nobody can open", name, l[1])
			}
		}
	}
	h.Visitor().Get("/fr/help/none").Status(404)
	h.Visitor().Get("/ar/help").Status(200).Follow("الانضمام إلى ورشة").Status(200)
	h.Visitor().Get("/en/search?q=passkey+phone").Status(200).Follow("Your account and how to sign in").Status(200)
	if page := h.Visitor().Get("/api/v1/help/join").Status(200); !strings.Contains(page.Body, `"title":"`) {
		t.Errorf("the API says of a page: %s", page.Body)
	}
}

// seenOn gives the words of all pages of some walks.
func seenOn(h *housetest.House, ways []walk) string {
	var b strings.Builder
	for _, w := range ways {
		for _, who := range strings.Fields(w.as) {
			c := h.Visitor()
			if who != "-" {
				c = as(h, who)
			}
			for _, path := range w.pages {
				b.WriteString(strings.Join(strings.Fields(c.Get("/en"+path).Text("body")), " ") + "\n")
			}
		}
	}
	return b.String()
}

// TestHelpNamesWhatThereIs: the English words of labels are those of the code,
// which `go generate` looks up.
func TestHelpNamesWhatThereIs(t *testing.T) {
	said, err := check.Words("..")
	if err != nil {
		t.Fatal(err)
	}
	b, err := texts.Files.ReadFile("labels.json")
	if err != nil {
		t.Fatal(err)
	}
	var kept map[string]string
	if err := json.Unmarshal(b, &kept); err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	fs.WalkDir(texts.Files, ".", func(file string, d fs.DirEntry, err error) error {
		if !strings.HasSuffix(file, ".md") {
			return err
		}
		b, err := texts.Files.ReadFile(file)
		for _, l := range helpLabel.FindAllStringSubmatch(string(b), -1) {
			named[l[1]] = true
		}
		return err
	})
	for key := range named {
		if words, ok := said[key]; !ok || kept[key] != words {
			t.Errorf("%s: the code says %q, labels.json %q: run go generate ./internal/feature/help", key, words, kept[key])
		}
	}
	for key := range kept {
		if !named[key] {
			t.Errorf("labels.json has %s, which no page names", key)
		}
	}
}
