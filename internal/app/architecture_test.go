package app_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// order is the platform from the ground up: each package may import only those
// before it. Packages below one of them (locale/check) count as it.
var order = []string{
	"fault", "id", "lang", "seal", "alike", "outside", "ical", "logline", "db", "locale", "place", "demo", "passkey", "people", "access", "journal", "alliance",
	"search", "entry", "register", "lineage", "job", "file", "backup", "archive", "held", "metric", "span", "mail", "health", "notice", "design", "web", "record", "output", "intake", "mirror",
}

const module = "alliance/internal/"

// TestWhoMayImportWhom holds the rules of ARCHITECTURE.md. Each has its reason.
func TestWhoMayImportWhom(t *testing.T) {
	for _, p := range packages(t) {
		for _, i := range p.Imports {
			if reason := forbidden(p.ImportPath, i); reason != "" {
				t.Errorf("%s imports %s: %s", p.ImportPath, i, reason)
			}
		}
	}
}

type pkg struct {
	ImportPath string
	Imports    []string
	GoFiles    []string
	Dir        string
}

func packages(t *testing.T) (list []pkg) {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,GoFiles,Dir", "alliance/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var p pkg
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
	return list
}

func forbidden(from, to string) string {
	if strings.Contains(from, "/housetest") || !strings.HasPrefix(from, "alliance/") {
		return ""
	}
	platform, isPlatform := part(from, "platform/")
	feature, isFeature := part(from, "feature/")
	switch {
	case isPlatform && strings.HasPrefix(to, module):
		below, ok := part(to, "platform/")
		if !ok {
			return "the platform knows no feature, or it could not carry all of them"
		}
		if below != platform && slices.Index(order, below) >= slices.Index(order, platform) {
			return "a package of the platform stands only on those before it; otherwise nobody can read it from the ground up"
		}
	case isFeature && strings.HasPrefix(to, module):
		other, ok := part(to, "feature/")
		if ok && other != feature {
			return "features never import each other: ask, tell or point"
		}
		if strings.HasPrefix(to, module+"app") {
			return "only app puts the house together"
		}
	case !isPlatform && !isFeature && from != module+"app" && from != module+"feature" && strings.HasPrefix(to, module+"feature/"):
		return "only app imports features"
	}
	pure := []string{module + "platform/fault", module + "platform/lang", module + "platform/id", module + "feature/plenary/ballot"}
	if slices.Contains(pure, from) && slices.Contains([]string{"database/sql", "net/http", "github.com/a-h/templ"}, to) {
		return "what is pure stays pure: it can be read, tested and trusted alone"
	}
	if (to == "github.com/jackc/pgx/v5/stdlib" || to == "modernc.org/sqlite") && from != module+"platform/db" {
		return "only db knows which engines there are"
	}
	return ""
}

// part gives the name of the folder after prefix: "web" of …/platform/web/x.
func part(path, prefix string) (string, bool) {
	rest, ok := strings.CutPrefix(path, module+prefix)
	name, _, _ := strings.Cut(rest, "/")
	return name, ok && name != ""
}

// TestPlatformIsListed: a new package of the platform takes its place in the order.
func TestPlatformIsListed(t *testing.T) {
	for _, p := range packages(t) {
		if name, ok := part(p.ImportPath, "platform/"); ok && !slices.Contains(order, name) {
			t.Errorf("%s has no place in the order of the platform", p.ImportPath)
		}
	}
}
