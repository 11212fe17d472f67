package record

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
)

func TestParseDay(t *testing.T) {
	for s, want := range map[string]string{
		"2019-10-18": "2019-10-18", "18/10/2019": "2019-10-18", "18.10.2019": "2019-10-18", "1/2/2019": "2019-02-01", "2019-2-1": "2019-02-01",
		"10/2019": "2019-10", "2019-10": "2019-10", "2019-10-": "2019-10", "2019": "2019", "2019--": "2019", " 2019 ": "2019",
		"": "", "-": "", "31/02/2019": "", "2019-13": "", "2019-00-10": "", "19": "", "2019-10-18-1": "", "0999": "", "2019-10-18T00:00": "", "octobre 2019": "",
	} {
		got, ok := ParseDay(s)
		if got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v, want %q", s, got, ok, want)
		}
	}
}

func TestParseMoney(t *testing.T) {
	for s, want := range map[string]string{
		"12000 EUR": "12000 EUR", "12 000 EUR": "12000 EUR", "12\u202f000\u00a0€": "12000 EUR", "€ 12000": "12000 EUR", "12.000,50 €": "12000 EUR",
		"12,000.5 usd": "12000 USD", "$1": "1 USD", "0 BRL": "0 BRL", "1200,50 €": "1200 EUR", "١٢٠٠٠ MAD": "12000 MAD", "EUR 1'000": "1000 EUR", "007 XOF": "7 XOF",
		"": "", "12000": "", "EUR": "", "-5 EUR": "", "12 EUR 5": "", "12 XYZ9": "", "1.2.3 EUR": "", "12,0000 EUR": "", "1e9 EUR": "", "99999999999999999999 EUR": "", "12 EUR USD": "", "12 00 EUR": "",
	} {
		got, ok := ParseMoney(s)
		if got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v, want %q", s, got, ok, want)
		}
	}
}

func TestParseNumber(t *testing.T) {
	for s, want := range map[string]string{"12": "12", "1 000": "1000", "1.000": "1000", "007": "7", "٣": "3", "12.5": "", "-1": "", "+1": "", "": "", "1 00": "", "a": "", "1000000000000001": ""} {
		got, ok := parseNumber(s)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q, %v, want %q", s, got, ok, want)
		}
	}
}

func TestParseWeb(t *testing.T) {
	for s, ok := range map[string]bool{
		"https://example.org": true, "http://example.org/a?b=c#d": true, "example.org/page": true, "https://xn--nxasmq6b.example": true, "https://example.org/é": true,
		"": false, "javascript:alert(1)": false, "ftp://example.org": false, "https://user:pass@example.org": false, "https://localhost": false,
		"https://example.org/a b": false, "https://example.org/\u202egpj.exe": false, "https://example.org/<b>": false, "data:text/html,x": false, "//example.org": false,
		"https://example.org/" + strings.Repeat("a", 300): false,
	} {
		if got, is := ParseWeb(s); is != ok {
			t.Errorf("%q: %q, %v", s, got, is)
		}
	}
}

func TestParseHoursLine(t *testing.T) {
	for s, want := range map[string]string{
		"mo 9-12": "mo 09:00-12:00", "Mo: 9h-12h30, 14h-18h": "mo 09:00-12:30 14:00-18:00", "fr 14:00-18:00 09:00-12:00": "fr 09:00-12:00 14:00-18:00",
		"su closed": "su closed", "2026-12-25 closed": "2026-12-25 closed", "2026-08-01..2026-08-31 closed": "2026-08-01..2026-08-31 closed",
		"sa 22:00-02:00": "sa 22:00-02:00", "tu 0-24": "tu 00:00-24:00", "we 20-0": "we 20:00-24:00", "24/12/2026 9-12": "2026-12-24 09:00-12:00",
		"": "", "mo": "", "xx 9-12": "", "mo 9": "", "mo 25-26": "", "mo 9-9": "", "mo 9:60-10": "", "mo 9-12 11-13": "", "mo 20-2 21-22": "", "2026-12 closed": "",
		"2026-08-31..2026-08-01 closed": "", "mo closed 9-12": "", "mo 9-12 closed": "", "mo -9-12": "",
	} {
		l, ok := ParseHoursLine(s)
		if ok != (want != "") || ok && l.String() != want {
			t.Errorf("%q: %q, %v, want %q", s, l.String(), ok, want)
		}
	}
}

func TestOpen(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	h := HoursOf([]string{"mo 09:00-12:00 14:00-18:00", "tu 09:00-12:00", "fr 21:00-02:00", "2026-12-22 10:00-11:00", "2026-12-21..2026-12-31 closed", "2026-12-24 09:00-10:00"})
	for at, want := range map[string]struct {
		open  bool
		until string
	}{
		"2026-12-14 08:59": {false, ""}, // a Monday
		"2026-12-14 09:00": {true, ""},
		"2026-12-14 11:59": {true, ""},
		"2026-12-14 12:00": {false, ""},
		"2026-12-14 17:59": {true, ""},
		"2026-12-16 10:00": {false, ""}, // nothing is said of Wednesdays
		"2026-12-18 23:30": {true, ""},
		"2026-12-19 01:59": {true, ""}, // Friday's night
		"2026-12-19 02:00": {false, ""},
		"2026-12-21 10:00": {false, "2026-12-31"}, // a Monday in the closure
		"2026-12-22 10:30": {true, ""},            // a day counts before a span, wherever it stands
		"2026-12-24 09:30": {true, ""},
		"2026-12-24 10:30": {false, ""},
		"2026-12-31 10:00": {false, "2026-12-31"},
		"2027-01-04 10:00": {true, ""}, // the closure ended by itself
	} {
		there, err := time.ParseInLocation("2006-01-02 15:04", at, zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := h.Open(there); got != want.open {
			t.Errorf("%s: open %v", at, got)
		}
		if got := h.ClosedUntil(there); got != want.until {
			t.Errorf("%s: closed until %q", at, got)
		}
	}
	// The same instant is open in one zone and closed in another.
	noon := time.Date(2026, 12, 14, 11, 30, 0, 0, time.UTC)
	if lisbon, _ := time.LoadLocation("Europe/Lisbon"); h.Open(noon.In(zone)) || !h.Open(noon.In(lisbon)) {
		t.Error("the zone does not count")
	}
	if n := len(h.Coming(time.Date(2027, 1, 1, 0, 0, 0, 0, zone))); n != 3 {
		t.Errorf("%d lines are still to come, want the 3 weekdays", n)
	}
}

func TestReadHours(t *testing.T) {
	ask := Question{Name: "hours", Type: Opening}
	got, err := ask.readHours([]string{"fr 9-12", "2026-12-25 closed", "mo 9-12\ntu 9-12", "we"})
	if want := []string{"mo 09:00-12:00", "tu 09:00-12:00", "fr 09:00-12:00", "2026-12-25 closed"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
	for _, s := range []string{"mo 9-12\nmo 14-18", "mo soon"} {
		if _, err := ask.readHours([]string{s}); err == nil {
			t.Errorf("%q was read", s)
		}
	}
	typed := hoursTyped([]string{"2026-12-25 closed\r\n"}, func(day string) string { return map[string]string{"mo": "9-12", "su": "soon"}[day] })
	if hoursOfDay(typed, "mo") != "9-12" || hoursOfDay(typed, "su") != "soon" || hoursOfDay(typed, "tu") != "" || hoursOfDates(typed) != "2026-12-25 closed" {
		t.Errorf("what was typed is not kept: %q", typed)
	}
}

func TestReadChoices(t *testing.T) {
	options := []Option{{Value: "a"}, {Value: "b"}, {Value: "c"}}
	for _, c := range []struct {
		kind  Type
		typed []string
		want  string
	}{
		{Choice, []string{"b"}, "b"}, {Choice, []string{"a", "b"}, "!"}, {Choice, []string{"x"}, "!"},
		{Choices, []string{"c", "a"}, "a c"}, {Choices, []string{"x", "a"}, "a"}, {Choices, []string{"x"}, "!"},
	} {
		got, err := Question{Type: c.kind, Options: options}.readChoice(c.typed)
		if said := strings.Join(got, " "); err != nil && c.want != "!" || err == nil && said != c.want {
			t.Errorf("%s %q: %q, %v", c.kind, c.typed, got, err)
		}
	}
}

// A value that was read is read again as itself.
func fuzzCanonical(f *testing.F, parse func(string) (string, bool), seeds ...string) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := parse(s)
		if !ok {
			return
		}
		if again, ok := parse(got); !ok || again != got {
			t.Errorf("%q became %q, then %q, %v", s, got, again, ok)
		}
		if strings.ContainsFunc(got, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
			t.Errorf("%q holds signs that nobody sees", got)
		}
	})
}

func FuzzParseDay(f *testing.F) {
	fuzzCanonical(f, ParseDay, "2019-10-18", "18/10/2019", "10/2019", "2019", "1.2.3", "-/-", "2019--", "٢٠١٩")
}

func FuzzParseMoney(f *testing.F) {
	fuzzCanonical(f, ParseMoney, "12 000,50 EUR", "€1", "XOF 5", "1e5 USD", "\u202e5 EUR", "١٢ MAD")
}

func FuzzParseWeb(f *testing.F) {
	fuzzCanonical(f, ParseWeb, "https://example.org", "example.org", "http://[::1]/", "https://a.b/%zz", "\u202e.org")
}

func FuzzParseHoursLine(f *testing.F) {
	fuzzCanonical(f, func(s string) (string, bool) {
		l, ok := ParseHoursLine(s)
		return l.String(), ok
	}, "mo 9-12", "2026-08-01..2026-08-31 closed", "sa 22-2", "fr 9h-12h30, 14-18", "mo 9-12 12-13")
}

func FuzzParsePhone(f *testing.F) {
	fuzzCanonical(f, ParsePhone, "+33 1 23 45 67 89", "01.23.45.67.89", "(0)1/2-3", "٠٦١٢٣٤", "+", "++33 1", "1+2 345", "+ 331", "12", "\u202e123", "123 \u00a0 456")
}

func FuzzParseWord(f *testing.F) {
	fuzzCanonical(f, parseWord, "a  b", "\u202ea", "", " ", "a\nb", "مرحبا", strings.Repeat("x", longestWord+1))
}

func FuzzParseMail(f *testing.F) {
	fuzzCanonical(f, parseMail, "a@b.org", " A@b.org ", "a@b@c", "@", "a@b", "a@[127.0.0.1]", "a b@c.org", "é@exämple.org", "a@b.org\r\nBcc: c@d.org")
}
