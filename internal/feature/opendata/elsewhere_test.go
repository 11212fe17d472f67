package opendata_test

import (
	"os"
	"strings"
	"testing"

	"alliance/internal/feature/practice"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
)

// Each line of the mapping names columns we have and a repository that is
// there: a question that changed its name would else leave a gap nobody sees.
func TestFormsOfOthersAskForColumnsWeHave(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	heads := map[string]string{}
	text, err := os.ReadFile("elsewhere/fields.tsv")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		cells := strings.Split(line, "\t")
		if line[0] == '#' || cells[0] == "repository" {
			continue
		}
		if heads[cells[1]] == "" {
			head, _, _ := strings.Cut(h.Visitor().Get("/en/open/"+cells[1]+".csv").Status(200).Body, "\r\n")
			heads[cells[1]] = "," + strings.TrimPrefix(head, "\ufeff") + ","
		}
		for _, name := range strings.Fields(cells[3]) {
			if name != "-" && !strings.Contains(heads[cells[1]], ","+name+",") {
				t.Errorf("%s has no column %q: %s", cells[1], name, line)
			}
		}
		if key := cells[0] + cells[1] + cells[2]; seen[key] {
			t.Errorf("told twice: %s", line)
		} else {
			seen[key] = true
		}
		if !strings.Contains("yes no ?", cells[4]) {
			t.Errorf("required is %q: %s", cells[4], line)
		}
	}

	// From a practice of the demonstration: filled, with gaps and what is too long.
	id := practice.DemoID("card")
	v := h.Visitor()
	page := v.Get("/en/practices/"+id).Status(200).Follow("Send it elsewhere").Status(200).
		Has("h2", "European Website on Integration").Has("h2", "GFMD").Has("h2", "Guangzhou").Has("main", "could not read the rest").
		Has("main", "of at most 100").Has("span.danger", "Empty, and they must have it").Has("main", "We do not ask for this here")
	if strings.Contains(page.Body, "/edit#") {
		t.Error("a visitor is led to the form")
	}
	c := h.As(demo.PersonID("ferrandiz"), "")
	if body := c.Get("/en/send/practice/" + id).Status(200).Body; !strings.Contains(body, "/en/practices/"+id+"/edit#") {
		t.Error("whoever may edit is not led to the question")
	}
	if body := v.Get("/en/send/practice/" + id + "?in=fr").Status(200).Body; !strings.Contains(body, `lang="fr"`) {
		t.Error("the texts did not come in French")
	}
	for _, file := range []string{"ewsi.csv", "gfmd.json", "dubai.docx"} {
		if got := v.Get("/en/send/practice/" + id + "/" + file + "?in=fr").Status(200).Body; len(got) < 200 {
			t.Errorf("%s: %q", file, got)
		}
	}
	for _, path := range []string{"/en/send/practice/none", "/en/send/organisation/" + id, "/en/send/practice/" + id + "/none.csv", "/en/send/practice/" + id + "/ewsi.pdf", "/en/send/contact/" + id} {
		v.Get(path).Status(404)
	}
	var out struct {
		Forms []struct {
			ID     string
			Fields []struct {
				Field, Text string
				Missing     []string
			}
		}
	}
	if code := h.Call("", "GET", "/send/practice/"+id+"?lang=fr", nil, &out); code != 200 || len(out.Forms) != 4 || out.Forms[0].Fields[0].Text == "" {
		t.Errorf("%d %+v", code, out)
	}
}
