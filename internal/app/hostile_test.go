package app_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/web"
)

type route = web.Route

// hostile values: no field, query or path may bring more than a clear error.
var hostile = []string{
	"\x00", "a\x00b", "caf\xe9", "\xff\xfeh\x00", "\xed\xa0\x80", "\u202e\u200f\ufeff",
	"2026-13-40", "2026-02-30T25:61", "0000-00-00", "99999-12-31",
	"-1", "0", "1e400", "NaN", "9223372036854775807", "99999999999999999999999999", "0x1F", "٣",
	"xx-unknown", "fr-FR-x-very-long-private-subtag", "en,fr", "0000000000000000", "../../../etc/passwd", "//evil.example", "javascript:alert(1)",
	"<script>alert(1)</script>", "{{.}}", "' OR 1=1 --", "\"; DROP TABLE entry; --", "=cmd|' /C calc'!A0", "%s%n%x", "%",
	"a\nb\r\nc\td", " ", "\\u0000", "[]", `{"a":`, strings.Repeat("é", 3000),
}

// names of every form field and query value that the sources ask for.
func names(t *testing.T) []string {
	t.Helper()
	asked := regexp.MustCompile(`\b(?:Form|Forms|Checked|Query|Queries|File|Files|FormValue|PostFormValue)\("([^"]+)"|\bName:\s+"([a-z_-]+)"| name="([a-z_-]+)"`)
	found := map[string]bool{}
	filepath.Walk("..", func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") || !strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".templ") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, m := range asked.FindAllSubmatch(source, -1) {
			found[string(m[1])+string(m[2])+string(m[3])] = true
		}
		return err
	})
	var list []string
	for name := range found {
		list = append(list, name, name+"-lang")
	}
	if slices.Sort(list); len(list) < 100 {
		t.Fatalf("only %d names found: does the pattern still fit?", len(list))
	}
	return list
}

// attackers: nobody, and those whose rights differ.
func attackers(h *housetest.House) map[string]func() *housetest.Client {
	list := map[string]func() *housetest.Client{"visitor": h.Visitor}
	for _, p := range demo.People() {
		if !slices.Contains(visiting, p.ID) {
			continue
		}
		mandate := ""
		if len(p.Mandate) > 0 {
			mandate = demo.MandateID(p.ID)
		}
		list[p.ID] = func() *housetest.Client { return h.As(demo.PersonID(p.ID), mandate) }
	}
	return list
}

// TestHostileForms posts hostile values into every form of the house: as each
// form stands on its page, one field after the other; then as every role all
// fields at once, given twice. Whatever comes, the house answers clearly: never
// with an error of its own.
func TestHostileForms(t *testing.T) {
	fields := names(t)
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		routes := h.App.Router.Routes()
		slices.SortStableFunc(routes, func(a, b route) int { return lastly(a) - lastly(b) })
		everybody := attackers(h)
		sent := 0
		// First as the forms stand: what is sent at random afterwards may end accounts.
		for _, who := range []string{"marchetti", "terranova", "ashdown"} {
			n := besiege(t, h, who, everybody[who], routes)
			if sent += n; n < 20 {
				t.Errorf("%s found fields for %d forms only: are they still found?", who, n)
			}
		}
		for i, r := range routes {
			if r.Method != http.MethodPost {
				continue
			}
			// Each role meets some of the values at each form; all of them meet all.
			for j, who := range slices.Sorted(maps.Keys(everybody)) {
				value, form := lang.Cut(hostile[(i*7+j)%len(hostile)], 100), url.Values{} // long ones come field by field
				for _, f := range fields {
					form[f] = []string{value, value}
				}
				sent++
				if code := everybody[who]().Knock("/fr"+sample(r.Pattern), form); code >= 500 {
					t.Errorf("%s, POST %s with %q in all fields: %d", who, r.Pattern, value, code)
				}
			}
		}
		t.Logf("%d forms sent", sent)
		if sent < 1000 {
			t.Error("too few: are the forms still found?")
		}
	}, housetest.Demonstration)
}

// besiege sends each form that a role finds on the pages, as it stands, with
// one field after the other made hostile.
func besiege(t *testing.T, h *housetest.House, who string, client func() *housetest.Client, routes []route) (sent int) {
	seen, at := map[string]bool{}, len(who)
	for _, r := range routes {
		if r.Method != http.MethodGet {
			continue
		}
		for _, f := range client().Get("/fr" + sample(r.Pattern)).Forms() {
			if seen[f.Action] || strings.Contains(f.Action, "sign-out") || strings.Contains(f.Action, "demo/") {
				continue
			}
			seen[f.Action] = true
			c := client()
			for name, values := range f.Fields {
				for range 2 {
					value := hostile[at%len(hostile)]
					at, sent = at+1, sent+1
					f.Fields[name] = []string{value}
					if code := c.Knock(f.Action, f.Fields); code >= 500 {
						t.Errorf("%s, form of %s to %s with %q in %s: %d", who, r.Pattern, f.Action, value, name, code)
					}
				}
				f.Fields[name] = values
			}
		}
	}
	return sent
}

// TestHostileAddresses asks every page with hostile queries and paths, and with
// pieces of other languages, which no page takes for more than words.
func TestHostileAddresses(t *testing.T) {
	fields := names(t)
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		everybody := attackers(h)
		for i, r := range h.App.Router.Routes() {
			if r.Method != http.MethodGet {
				continue
			}
			for k, who := range []string{"visitor", "terranova"} {
				c := everybody[who]()
				ask := func(value string, look func(address string) (code int, wrong []string)) {
					query := url.Values{}
					for _, f := range fields {
						query[f] = []string{value}
					}
					path := strings.ReplaceAll(regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(r.Pattern, "X"), "X", url.PathEscape(value))
					for where, address := range map[string]string{"query": sample(r.Pattern) + "?" + query.Encode(), "path": path} {
						if code, wrong := look("/fr" + address); code >= 500 || len(wrong) > 0 {
							t.Errorf("%s, GET %s with %q in the %s: %d, %v", who, r.Pattern, value, where, code, wrong)
						}
					}
				}
				if who == "visitor" {
					ask(written[i*5%len(written)], func(address string) (int, []string) { p := c.Get(address); return p.Code, broken(p) })
				}
				if who != "visitor" || i%2 == 0 {
					ask(hostile[(i*7+k*3)%len(hostile)], func(address string) (int, []string) { return c.Probe("GET", address), nil })
				}
			}
		}
		for _, raw := range []string{"/%00", "/fr/%00", "/fr/organisations%00", "/%ff/organisations", "/fr/organisations?%ff=%fe&q=%00", "/fr/search?q=%zz", "/fr/map?;;;=&&==", "/api/v1/%00", "/api/v1/organisations/%ff"} {
			if code := h.Visitor().Probe("GET", raw); code >= 500 {
				t.Errorf("GET %s: %d", raw, code)
			}
		}
	}, housetest.Demonstration)
}

// lastly puts last what ends an account or a session.
func lastly(r route) int {
	if strings.Contains(r.Pattern, "erase") {
		return 1
	}
	return 0
}

// TestWrongEncodingKeepsWhatWasTyped: a form in another encoding comes back
// with an error in the reader's language, filled in, and nothing is kept.
func TestWrongEncodingKeepsWhatWasTyped(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		m := demo.Second()
		path := fmt.Sprintf("/fr/assemblies/%s/plenary/new", demo.EntryID(m.Slug, ""))
		c := attackers(h)["terranova"]()
		form := c.Get(path).Status(200).Form(path)
		form.Set("title", "Un caf\xe9 pour tous")
		form.Set("summary", "Des mots clairs.\x00")
		page := c.Post(path, form).Status(422).Has(".error-summary", "encodage")
		if !strings.Contains(page.Body, "Un caf\uFFFD pour tous") || !strings.Contains(page.Body, "Des mots clairs.") || strings.Contains(page.Body, "\x00") {
			t.Errorf("what was typed is not shown again:\n%s", page.Text("main"))
		}
		form.Set("title", "Un café\x00 pour tous")
		c.Post(path, form).Status(200).Has("h1", "Un café pour tous")
	}, housetest.Demonstration)
}
