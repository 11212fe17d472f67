package app_test

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"alliance/internal/app"
	"alliance/internal/feature/campaign"
	"alliance/internal/feature/claim"
	"alliance/internal/feature/competence"
	"alliance/internal/feature/contribution"
	"alliance/internal/feature/document"
	"alliance/internal/feature/freshness"
	"alliance/internal/feature/handover"
	"alliance/internal/feature/library"
	"alliance/internal/feature/membership"
	"alliance/internal/feature/merge"
	"alliance/internal/feature/practice"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/entry"
	named "alliance/internal/platform/id"
	"alliance/internal/platform/locale/check"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestEveryPhrase goes over the whole project: each phrase in seven languages,
// with the same placeholders and the plural forms its language has.
func TestEveryPhrase(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	problems, err := check.Phrases("..", app.AllPhrases(h.App.Features)...)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
}

// TestEveryKind: whatever people publish has words, a page, demonstration and API.
func TestEveryKind(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	ctx := context.Background()
	for name, k := range h.Kinds {
		if k.One.English == "" || k.Many.English == "" || len(k.Fields) == 0 || k.Path == nil {
			t.Errorf("kind %s: name, fields and page must be given", name)
			continue
		}
		list, err := entry.List(ctx, h.DB, entry.Filter{Kinds: []string{name}, Any: true, Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			t.Errorf("kind %s: the demonstration shows none", name)
			continue
		}
		if list[0].Visible(people.Actor{}) {
			h.Visitor().Get("/fr" + k.Path(list[0].ID)).Status(200)
			h.Visitor().Get("/fr/lineage/" + list[0].ID).Status(200)
			h.Visitor().Get("/fr/history/" + list[0].ID).Status(200)
		}
	}
}

var statement = regexp.MustCompile("`((?:SELECT|INSERT|UPDATE|DELETE|WITH)\\b[^`]*)`")

// TestEveryStatement prepares each constant statement on both engines, so that
// one text really serves both. Those put together at run time are met by the
// tests of their packages.
func TestEveryStatement(t *testing.T) {
	var texts []string
	filepath.Walk("..", func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "housetest") || strings.Contains(path, "platform/search/") || strings.Contains(path, "platform/db/") { // these two know their engine
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, at := range statement.FindAllSubmatchIndex(source, -1) {
			before, after := strings.TrimRight(string(source[:at[0]]), " \n\t"), strings.TrimLeft(string(source[at[1]:]), " \n\t")
			if strings.HasSuffix(before, "+") || strings.HasPrefix(after, "+") {
				continue // a piece of a longer text
			}
			texts = append(texts, string(source[at[2]:at[3]]))
		}
		return nil
	})
	if len(texts) < 50 {
		t.Fatalf("only %d statements found: does the pattern still fit?", len(texts))
	}
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		for _, text := range texts {
			if err := h.DB.Prepare(context.Background(), text); err != nil {
				t.Errorf("%v\n%s", err, text)
			}
		}
	})
}

// TestOpenAPI: the description is valid, and every operation is reached.
func TestOpenAPI(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	page := h.Visitor().Get("/api/v1/openapi.json").Status(200)
	doc, err := openapi3.NewLoader().LoadFromData([]byte(page.Body))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("OpenAPI %s", doc.OpenAPI)
	}
	if err := doc.Validate(context.Background(), openapi3.DisableExamplesValidation(), openapi3.DisableSchemaPatternValidation()); err != nil {
		t.Error(err)
	}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			if op.Summary == "" {
				t.Errorf("%s %s says nothing of itself", method, path)
			}
		}
	}
}

// TestAccessMatrix asks every page and form as every role, with the
// identifiers of the demonstration, and holds the answers against a golden
// file: a change of who may do what shows as a diff.
func TestAccessMatrix(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	roles := []string{"visitor"}
	// A new session for each question: some of the forms change who acts.
	clients := map[string]func() *housetest.Client{"visitor": h.Visitor}
	for _, p := range demo.People() {
		mandate := ""
		if len(p.Mandate) > 0 {
			mandate = demo.MandateID(p.ID)
		}
		roles = append(roles, p.ID)
		clients[p.ID] = func() *housetest.Client { return h.As(demo.PersonID(p.ID), mandate) }
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# route × role → status. Written by: go test ./internal/app -run TestAccessMatrix -update\n%-62s", "#")
	for _, r := range roles {
		fmt.Fprintf(&b, " %-10.10s", r)
	}
	b.WriteByte('\n')
	routes := h.App.Router.Routes()
	sort.SliceStable(routes, func(i, j int) bool { return !ends(routes[i]) && ends(routes[j]) })
	for _, route := range routes {
		fmt.Fprintf(&b, "%-62s", route.Method+" "+route.Pattern)
		for _, r := range roles {
			fmt.Fprintf(&b, " %-10d", clients[r]().Probe(route.Method, "/fr"+sample(route.Pattern)))
		}
		b.WriteByte('\n')
	}
	golden := filepath.Join("testdata", "access.txt")
	if *update {
		os.MkdirAll("testdata", 0o755)
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	compareLines(t, string(want), b.String())
}

// ends tells the forms that end an account: they are asked last.
func ends(r web.Route) bool { return r.Method == "POST" && strings.Contains(r.Pattern, "erase") }

func compareLines(t *testing.T, want, got string) {
	t.Helper()
	known := map[string]bool{}
	for s := bufio.NewScanner(strings.NewReader(want)); s.Scan(); {
		known[s.Text()] = true
	}
	var diff []string
	for s := bufio.NewScanner(strings.NewReader(got)); s.Scan(); {
		if !known[s.Text()] {
			diff = append(diff, "now:    "+s.Text())
		}
		delete(known, s.Text())
	}
	for line := range known {
		diff = append(diff, "golden: "+line)
	}
	sort.Slice(diff, func(i, j int) bool { return diff[i][8:] < diff[j][8:] })
	if len(diff) > 0 {
		t.Errorf("who may do what has changed; if that is meant, run with -update:\n%s", strings.Join(diff, "\n"))
	}
}

// sample puts identifiers of the second meeting into a pattern.
func sample(pattern string) string {
	m := demo.Second()
	id := func(local string) string { return demo.EntryID(m.Slug, local) }
	known := []struct{ prefix, id string }{
		{"/assemblies/", id("")}, {"/workshops/", id(m.Workshops[0].ID)}, {"/proposals/", id(m.Workshops[0].Proposals[0].ID)},
		{"/stakes/", id(m.Workshops[0].Stakes[0].ID)}, {"/motions/", id(m.Motions[0].ID)}, {"/agenda/", id(m.Adopted[0].ID)}, {"/actions/", id(m.Actions[0].ID)},
		{"/organisations/", demo.OrganisationID(demo.Invented()[0].Slug)}, {"/calendar/", demo.EntryID("calendar", "aide-juridique")},
		{"/discussions/", id(m.Actions[0].ID)}, {"/comments/", named.Named("demo/comment/1")},
		{"/practices/", practice.DemoID("card")}, {"/repetitions/", practice.DemoID("card-valdelumbre")}, {"/specifications/", practice.DemoID("form")}, {"/competences/", competence.DemoID("fr-ccas")},
		{"/initiatives/", library.DemoID("desk")}, {"/resources/", library.DemoID("card-kit")}, {"/trainings/", library.DemoID("law-first")},
		{"/trainers/", library.DemoID("maree-team")}, {"/stories/", library.DemoID("story-counter")}, {"/entries/", id(m.Motions[0].ID)},
		{"/memberships/", membership.DemoID("ville-de-port-oriane/quais-ouverts")}, {"/contacts/", membership.DemoID("port-oriane-accueil")}, {"/networks/", demo.OrganisationID("quais-ouverts")},
		{"/campaigns/", campaign.DemoID("night")}, {"/signatures/", campaign.DemoID("night/mujeres-de-la-orilla")},
		{"/validate/", contribution.DemoID("gao")}, {"/check-shares/", freshness.DemoID("share/" + freshness.DemoID("now"))}, {"/checks/", freshness.DemoID("now")},
		{"/claims/", claim.DemoID("waiting")}, {"/merges/", merge.DemoMerge()},
		{"/report/", library.DemoID("desk")}, {"/closures/", library.DemoID("desk")},
		{"/change/", library.DemoID("desk")}, {"/endings/records/", membership.DemoID("port-oriane-accueil")}, {"/endings/votes/", membership.DemoID("ville-de-port-oriane/quais-ouverts")},
		{"/handovers/", handover.DemoID("handed")}, {"/elections/", handover.DemoID("election/came")}, {"/mandates/{id}/end", handover.DemoID("mandate/came")}, {"/mandates/", handover.DemoID("mandate/leaves")},
		{"/lineage/", id(m.Motions[0].ID)}, {"/history/", id(m.Motions[0].ID)}, {"/translate/", id(m.Motions[0].ID)},
	}
	if strings.HasPrefix(pattern, "/send/") {
		pattern = strings.NewReplacer("{kind}", "practice", "{id}", practice.DemoID("card"), "{file}", "ewsi.docx").Replace(pattern)
	}
	if strings.HasPrefix(pattern, "/documents/") {
		pattern = strings.NewReplacer("{id}", practice.DemoID("card"), "{file}", document.DemoID("card-form")).Replace(pattern)
	}
	if strings.HasPrefix(pattern, "/calendar/sources/") {
		pattern = strings.Replace(pattern, "{id}", demo.EntryID("calendar", "source"), 1)
	}
	for _, k := range known {
		if strings.HasPrefix(pattern, k.prefix) {
			pattern = strings.Replace(pattern, "{id}", k.id, 1)
		}
	}
	pattern = strings.NewReplacer("/open/questions/{file}", "/open/questions/practice.docx", "/open/{file}", "/open/organisation.csv", "/import/{kind}/lists/{id}", "/import/organisation/lists/none", "/network-graph/{file}", "/network-graph/networks.graphml", "/propose/{kind}", "/propose/initiative", "/help/{page}", "/help/join", "/{organisation}", "/"+demo.OrganisationID("ville-de-port-oriane"), "/{kind}", "/organisation", "/{file}", "/"+demo.OrganisationID(demo.Invented()[0].Slug)+".docx").Replace(pattern)
	return regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(pattern, "0000000000000000")
}
