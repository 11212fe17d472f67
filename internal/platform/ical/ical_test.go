package ical

import (
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func in(t testing.TB, zone string) *time.Location {
	l, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestWrittenFileIsReadBack(t *testing.T) {
	paris := in(t, "Europe/Paris")
	starts := time.Date(2026, 10, 20, 18, 0, 0, 0, paris)
	file := Calendar{Name: "Calendrier; de, l’Alliance", Lang: "fr", Events: []Event{{
		UID: "1@alliance", Sequence: 3, Stamp: starts, Starts: starts, Ends: starts.Add(2 * time.Hour), Rule: "FREQ=WEEKLY;BYDAY=TU", Except: []time.Time{starts.AddDate(0, 0, 7)},
		Summary: Text{"Accueil, écoute; thé\\café", "fr"}, Description: Text{S: strings.Repeat("ملتقى العائلات ", 30) + "\nfin"}, Location: Text{S: "Port-Oriane"}, URL: "https://example.org/fr/calendar/1", Lat: 43.1, Lon: 3.1,
	}, {UID: "1@alliance", Stamp: starts, Starts: starts.AddDate(0, 0, 14).Add(time.Hour), Ends: starts.AddDate(0, 0, 14).Add(3 * time.Hour), Instance: starts.AddDate(0, 0, 14), Summary: Text{S: "Accueil"}},
		{UID: "2@alliance", Stamp: starts, Starts: time.Date(2026, 12, 18, 0, 0, 0, 0, time.UTC), Ends: time.Date(2026, 12, 19, 0, 0, 0, 0, time.UTC), AllDay: true, Summary: Text{S: "18"}, Cancelled: true}}}.Bytes()
	for _, line := range strings.Split(strings.TrimSuffix(string(file), "\r\n"), "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
			t.Errorf("%d bytes: %q", len(line), line)
		}
	}
	for _, want := range []string{"DTSTART;TZID=Europe/Paris:20261020T180000", "EXDATE;TZID=Europe/Paris:20261027T180000", "RECURRENCE-ID;TZID=Europe/Paris:20261103T180000", "DTSTART;VALUE=DATE:20261218",
		"STATUS:CANCELLED", "SEQUENCE:3", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "X-WR-CALNAME:Calendrier\\; de\\, l’Alliance"} {
		if !strings.Contains(string(file), want+"\r\n") {
			t.Errorf("no %q in\n%s", want, file)
		}
	}
	got, err := Read(strings.NewReader(string(file)), time.UTC, 10)
	if err != nil || len(got.Events) != 3 || len(got.Problems) != 0 {
		t.Fatalf("%v, %d events, %v", err, len(got.Events), got.Problems)
	}
	e := got.Events[0]
	if !e.Starts.Equal(starts) || e.Starts.Location().String() != "Europe/Paris" || e.Summary.S != "Accueil, écoute; thé\\café" || e.Summary.Lang != "fr" || !strings.HasSuffix(e.Description.S, "\nfin") || len(e.Except) != 1 || e.Rule == "" {
		t.Errorf("%+v", e)
	}
	if !got.Events[1].Instance.Equal(starts.AddDate(0, 0, 14)) || !got.Events[2].AllDay || !got.Events[2].Cancelled {
		t.Errorf("%+v", got.Events[1:])
	}
}

func TestZoneTellsItsChanges(t *testing.T) {
	for zone, want := range map[string]string{
		"Europe/Lisbon":     "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
		"America/Sao_Paulo": "TZOFFSETTO:-0300",
		"Africa/Casablanca": "RDATE:",           // Ramadan follows no rule of the year
		"Asia/Kolkata":      "TZOFFSETTO:+0530", // no change at all
	} {
		at := time.Date(2026, 11, 26, 18, 0, 0, 0, in(t, zone))
		file := string(Calendar{Events: []Event{{UID: "1", Starts: at, Stamp: at}}}.Bytes())
		if !strings.Contains(file, want) || !strings.Contains(file, "TZID:"+zone+"\r\n") {
			t.Errorf("%s: no %q in\n%s", zone, want, file)
		}
	}
}

// TestHourStaysAcrossClocks: what a reader works out of our VTIMEZONE is the
// hour that the zone has.
func TestHourStaysAcrossClocks(t *testing.T) {
	zones := []string{"Europe/Paris", "Europe/London", "America/New_York", "America/Santiago", "Africa/Casablanca", "Asia/Tehran", "Australia/Sydney"}
	rapid.Check(t, func(t *rapid.T) {
		l, _ := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		first := time.Date(2026, 1, 1, 0, 0, 0, 0, l)
		at := first.AddDate(0, 0, rapid.IntRange(0, 2000).Draw(t, "day")).Add(time.Duration(rapid.IntRange(5, 23).Draw(t, "hour")) * time.Hour)
		file := Calendar{Events: []Event{{UID: "1", Starts: first, Stamp: first}}}.Bytes()
		p := &parser{fallback: time.UTC, most: 5, zones: map[string]*rules{}}
		p.lines(file)
		local := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), 0, 0, time.UTC)
		got, ok := p.zones[l.String()].offset(local)
		if _, want := at.Zone(); !ok || got != want {
			t.Fatalf("%s: offset %d, want %d", at, got, want)
		}
	})
}

func TestRealPrograms(t *testing.T) {
	for _, c := range []struct {
		name, file      string
		events, guessed int
		first           string // RFC 3339
		problems        []What
	}{
		{"windows names, X- lines", "outlook.ics", 3, 0, "2026-12-08T18:30:00+01:00", nil},
		{"a custom zone that behaves like Paris", "custom-zone.ics", 2, 2, "2027-06-10T09:00:00+02:00", nil},
		{"google: HTML, floating calendar zone", "google.ics", 3, 0, "2026-12-18T19:00:00Z", nil},
		{"bare LF, no DTEND, broken lines", "bare.ics", 2, 0, "2027-01-15T00:00:00Z", []What{BadLine, NoStart, NoTitle}},
	} {
		f := open(t, c.file)
		got, err := Read(f, time.UTC, 100)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		guessed := 0
		for _, e := range got.Events {
			if e.ZoneGuessed {
				guessed++
			}
		}
		if len(got.Events) != c.events || guessed != c.guessed || got.Events[0].Starts.Format(time.RFC3339) != c.first {
			t.Errorf("%s: %d events, %d zones guessed, first %s", c.name, len(got.Events), guessed, got.Events[0].Starts.Format(time.RFC3339))
		}
		var what []What
		for _, p := range got.Problems {
			what = append(what, p.What)
		}
		if strings.Join(words(what), " ") != strings.Join(words(c.problems), " ") {
			t.Errorf("%s: problems %v, want %v", c.name, got.Problems, c.problems)
		}
	}
}

func words(list []What) (out []string) {
	for _, w := range list {
		out = append(out, string(w))
	}
	return out
}

func TestBounds(t *testing.T) {
	many := "BEGIN:VCALENDAR\r\n" + strings.Repeat("BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:x\r\nDTSTART:20270101T100000Z\r\nEND:VEVENT\r\n", 20) + "END:VCALENDAR\r\n"
	got, err := Read(strings.NewReader(many), time.UTC, 5)
	if err != nil || len(got.Events) != 5 || len(got.Problems) != 1 || got.Problems[0].What != TooMany {
		t.Errorf("%v: %d events, %v", err, len(got.Events), got.Problems)
	}
	if _, err := Read(strings.NewReader("<html>not found</html>"), time.UTC, 5); err != ErrNotCalendar {
		t.Error(err)
	}
	cut, err := Read(strings.NewReader(many[:150]), time.UTC, 5)
	if err != nil || len(cut.Problems) == 0 || cut.Problems[len(cut.Problems)-1].What != CutShort {
		t.Errorf("%v %+v", err, cut.Problems)
	}
}

func TestDuration(t *testing.T) {
	for s, want := range map[string]time.Duration{"PT1H30M": 90 * time.Minute, "P1D": 24 * time.Hour, "P2W": 14 * 24 * time.Hour, "+PT15M": 15 * time.Minute, "PT": 0, "P": 0, "-PT1H": 0, "PT1X": 0, "PT99999999H": 0} {
		if got, _ := duration(s); got != want {
			t.Errorf("%s: %s", s, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;TZID=W. Europe Standard Time:20260101T100000\nSUMMARY:x\nRRULE:FREQ=YEARLY\nEND:VEVENT\nEND:VCALENDAR")
	f.Add("BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:x\nBEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nSUMMARY:x\nDTSTART;TZID=x:20260101T100000\nEXDATE:20260101,x\nEND:VEVENT")
	f.Add("\xef\xbb\xbfBEGIN:VCALENDAR\r\n \r\n:\r\nBEGIN:VEVENT\r\nDURATION:P1D\r\nDTSTART:20260101\r\nSUMMARY:\x00\xff\r\nEND:VEVENT")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := Read(strings.NewReader(s), time.UTC, 20)
		if err != nil {
			return
		}
		for _, e := range got.Events {
			if e.Starts.IsZero() || !e.Ends.IsZero() && e.Ends.Before(e.Starts) || strings.ContainsAny(e.Summary.S, "\r\x00") {
				t.Fatalf("%+v", e)
			}
		}
		Calendar{Events: got.Events}.Bytes()
	})
}

func BenchmarkThousand(b *testing.B) {
	paris := in(b, "Europe/Paris")
	var c Calendar
	for i := range 1000 {
		at := time.Date(2026, 1, 1+i%600, 18, 0, 0, 0, paris)
		c.Events = append(c.Events, Event{UID: "x", Starts: at, Ends: at.Add(time.Hour), Stamp: at, Summary: Text{"Un titre de longueur moyenne pour un événement", "fr"}, Description: Text{S: strings.Repeat("Quelques mots de plus. ", 20)}, Location: Text{S: "Port-Oriane, France"}, URL: "https://example.org/fr/calendar/0123456789abcdef"})
	}
	for b.Loop() {
		c.Bytes()
	}
}

func open(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}
