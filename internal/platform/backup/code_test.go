package backup

import (
	"strings"
	"testing"
	"time"
)

// taken is a backup of a day with its end.
func taken(day string, end string) (Report, Run) {
	at, err := time.Parse(stamp, day+"T041500Z")
	if err != nil {
		panic(err)
	}
	proof := proofOf([]byte(end))
	return Report{Made: at, Proof: proof}, Run{What: Backup, File: "alliance-" + day + "T041500Z-abcd.tar.gz.age", Proof: proof}
}

// TestCodes: a code leads to its backup, with the day and how long it took, however
// it is typed; one letter wrong, or of another backup, it leads nowhere.
func TestCodes(t *testing.T) {
	report, mine := taken("20261101", "mine")
	_, other := taken("20261102", "other")
	kept := []Run{other, mine, {What: Backup, File: "of an older program"}}
	for _, c := range []struct {
		after, took time.Duration
		days        int
		said        time.Duration
	}{
		{time.Hour, 300 * time.Millisecond, 0, time.Second},
		{30 * time.Hour, 90 * time.Second, 1, 90 * time.Second},
		{400 * 24 * time.Hour, 3 * time.Hour, 400, 3 * time.Hour},
		{5000 * 24 * time.Hour, 100 * time.Hour, mostDays, mostTook * time.Second},
		{-time.Hour, time.Minute, 0, time.Minute}, // the clock there is behind
	} {
		code := report.Code(report.Made.Add(c.after), c.took)
		if len(code) != 19 {
			t.Fatalf("%q is not short", code)
		}
		for _, typed := range []string{code, strings.ToLower(code), strings.ReplaceAll(code, "-", " "), strings.ReplaceAll(code, "-", ""),
			strings.NewReplacer("0", "o", "1", "l").Replace(code)} {
			of, at, took, ok := ReadCode(typed, kept)
			if !ok || of.File != mine.File || took != c.said || !at.Equal(report.Made.AddDate(0, 0, c.days)) {
				t.Errorf("%q: %s of %v, %v, %v", typed, of.File, at, took, ok)
			}
		}
		if _, _, _, ok := ReadCode(code, []Run{other, {}}); ok {
			t.Error("it fits another backup")
		}
		plain := strings.ReplaceAll(code, "-", "")
		for i := range plain {
			for _, letter := range "0Z7" {
				if wrong := plain[:i] + string(letter) + plain[i+1:]; wrong != plain {
					if _, _, _, ok := ReadCode(wrong, kept); ok {
						t.Errorf("%s is taken for %s", wrong, plain)
					}
				}
			}
		}
	}
}

func FuzzReadCode(f *testing.F) {
	report, mine := taken("20261101", "mine")
	f.Add(report.Code(report.Made, time.Minute))
	f.Add("")
	f.Add("ÄÖÜ-\x00-0000-0000")
	f.Add(strings.Repeat("Z", 1000))
	f.Fuzz(func(t *testing.T, text string) {
		of, at, took, ok := ReadCode(text, []Run{mine, {}})
		if ok && (of.File != mine.File || took > mostTook*time.Second || at.Before(report.Made)) {
			t.Errorf("%q leads to %q, %v, %v", text, of.File, at, took)
		}
	})
}
