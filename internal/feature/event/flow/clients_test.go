package flow_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
)

// readBy is an event as a program that is not ours understood it.
type readBy struct {
	UID, Summary, Description, Location, Start string
	Cancelled                                  bool
	Dates                                      []string // the first ones, where the program works out repetitions
}

// programs read a calendar file from their input. What is missing is named by
// make need.
func programs(t *testing.T) map[string]*exec.Cmd {
	t.Helper()
	modules, err := filepath.Abs("../../../../npm/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	node := func(script string) *exec.Cmd {
		cmd := exec.Command("node", "testdata/"+script)
		cmd.Env = append(os.Environ(), "NODE_PATH="+modules, "TZ=UTC")
		return cmd
	}
	return map[string]*exec.Cmd{"ical.js": node("ical.cjs"), "node-ical": node("node-ical.cjs"), "icalendar": exec.Command("/usr/bin/python3", "testdata/read.py")}
}

// TestOtherProgramsReadOurFeed has each of them read the demonstration's
// calendar in French and in Arabic: the same events, hours and words.
func TestOtherProgramsReadOurFeed(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	for _, tag := range []string{"fr", "ar"} {
		want := ours(t, h, tag)
		feed := h.Visitor().Get("/" + tag + "/calendar.ics").Status(200).Body
		for name, program := range programs(t) {
			program.Stdin = strings.NewReader(feed)
			var out, problem bytes.Buffer
			program.Stdout, program.Stderr = &out, &problem
			if err := program.Run(); err != nil {
				t.Fatalf("%s: %v\n%s\nmake need tells what is missing", name, err, problem.String())
			}
			var got []readBy
			if err := json.Unmarshal(out.Bytes(), &got); err != nil {
				t.Fatalf("%s: %v: %s", name, err, out.String())
			}
			compare(t, tag+", "+name, got, want)
		}
	}
}

// ours is what the feed must tell, from the database.
func ours(t *testing.T, h *housetest.House, tag string) map[string]readBy {
	t.Helper()
	ctx := context.Background()
	list, err := entry.List(ctx, h.DB, entry.Filter{Kinds: []string{"event"}, Limit: 500, Side: func(w *db.Where) {
		w.And("EXISTS (SELECT 1 FROM event_date d WHERE d.event = e.id AND d.ends > ?)", h.DB.Now().Add(-366*24*time.Hour))
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]readBy{}
	for _, e := range list {
		type side struct {
			zone, rule string
			allDay     bool
			cancelled  db.Instant
			uid        string // of another calendar
		}
		s, err := db.One(ctx, h.DB, func(r db.Row) (s side, err error) {
			return s, r.Scan(&s.zone, &s.rule, &s.allDay, &s.cancelled, &s.uid)
		}, `SELECT zone, rule, all_day, cancelled, uid FROM event WHERE entry = $1`, e.ID)
		if err != nil {
			t.Fatal(err)
		}
		zone, err := time.LoadLocation(s.zone)
		if err != nil {
			t.Fatal(err)
		}
		say := func(i db.Instant) string {
			if s.allDay {
				return i.Time().In(zone).Format(time.DateOnly)
			}
			return i.Time().Format("2006-01-02T15:04:05Z")
		}
		x := readBy{UID: e.ID + "@alliance", Summary: e.Title().In(tag).S, Description: e.Text(entry.Summary).In(tag).S, Start: say(e.Starts), Cancelled: s.cancelled != 0}
		if s.uid != "" {
			x.UID = s.uid
		}
		if s.rule != "" {
			dates, err := db.All(ctx, h.DB, db.Value[db.Instant], `SELECT at FROM event_date WHERE event = $1 ORDER BY at LIMIT 12`, e.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, at := range dates {
				x.Dates = append(x.Dates, say(at))
			}
		}
		want[x.UID] = x
	}
	if len(want) < 10 {
		t.Fatalf("only %d events in the demonstration", len(want))
	}
	return want
}

func compare(t *testing.T, who string, got []readBy, want map[string]readBy) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d events, want %d", who, len(got), len(want))
	}
	for _, g := range got {
		w, ok := want[g.UID]
		switch {
		case !ok:
			t.Errorf("%s: an event %s nobody knows", who, g.UID)
		case g.Summary != w.Summary || g.Start != w.Start || g.Cancelled != w.Cancelled || !strings.Contains(g.Description, w.Description):
			t.Errorf("%s: read %+v, want %+v", who, g, w)
		case len(g.Dates) > 0:
			if a, b := strings.Join(g.Dates[:min(len(g.Dates), len(w.Dates))], " "), strings.Join(w.Dates, " "); a != b {
				t.Errorf("%s: %s takes place %s, want %s", who, g.Summary, a, b)
			}
		}
	}
}

// TestPeopleSubscribeToOurFeed does as somebody with a calendar of their own:
// vdirsyncer fetches the feed, and khal shows what is on it.
func TestPeopleSubscribeToOurFeed(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	want := ours(t, h, "fr")
	feed := h.Visitor().Get("/fr/calendar.ics").Status(200).Body
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
		io.WriteString(w, feed)
	}))
	defer server.Close()
	home := t.TempDir()
	config := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(home, filepath.Dir(name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config(".config/vdirsyncer/config", `[general]
status_path = "`+home+`/status"
[pair ours]
a = "there"
b = "here"
collections = null
[storage there]
type = "http"
url = "`+server.URL+`/fr/calendar.ics"
[storage here]
type = "filesystem"
path = "`+home+`/ours"
fileext = ".ics"
`)
	config(".config/khal/config", `[calendars]
[[ours]]
path = `+home+`/ours
readonly = True
[locale]
local_timezone = Europe/Paris
default_timezone = Europe/Paris
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
`)
	run := func(name string, args ...string) string {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home+"/.config", "XDG_DATA_HOME="+home+"/data", "XDG_CACHE_HOME="+home+"/cache", "LC_ALL=C.UTF-8", "TZ=Europe/Paris")
		cmd.Stdin = strings.NewReader("y\ny\n")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s\nmake need tells what is missing", name, err, out)
		}
		return string(out)
	}
	if err := os.MkdirAll(home+"/ours", 0o700); err != nil {
		t.Fatal(err)
	}
	run("vdirsyncer", "discover")
	run("vdirsyncer", "sync")
	files, err := filepath.Glob(home + "/ours/*.ics")
	if err != nil || len(files) != len(want) {
		t.Errorf("vdirsyncer keeps %d of %d events (%v)", len(files), len(want), err)
	}
	// Again: nothing has changed, so nothing comes anew.
	if again := run("vdirsyncer", "sync"); strings.Contains(again, "Copying") {
		t.Errorf("the same feed comes twice: %s", again)
	}
	listed := run("khal", "list", "--format", "{title}|{start-date}", "--day-format", "", h.DB.Now().Time().Format(time.DateOnly), "400d")
	for _, e := range want {
		if start, err := time.Parse("2006-01-02T15:04:05Z", e.Start); err == nil && start.After(h.DB.Now().Time().Add(48*time.Hour)) && !strings.Contains(listed, e.Summary) {
			t.Errorf("khal does not show %q", e.Summary)
		}
	}
	if n := strings.Count(listed, "|"); n < 10 {
		t.Errorf("khal shows %d lines:\n%s", n, listed)
	}
}
