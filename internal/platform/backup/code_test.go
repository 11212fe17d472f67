package backup

import (
	"errors"
	"fmt"
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
		{5000 * 24 * time.Hour, 100 * time.Hour, mostDays, (1<<14 - 1) * time.Second},
		{-time.Hour, time.Minute, 0, time.Minute}, // the clock there is behind
	} {
		code := report.Code(report.Made.Add(c.after), c.took)
		if len(code) != 19 {
			t.Fatalf("%q is not short", code)
		}
		for _, typed := range []string{code, strings.ToLower(code), strings.ReplaceAll(code, "-", " "), strings.ReplaceAll(code, "-", ""),
			strings.NewReplacer("0", "o", "1", "l").Replace(code)} {
			said, ok := ReadCode(typed, kept)
			if !ok || said.Of.File != mine.File || said.Took != c.said || said.Failure != "" || !said.At.Equal(report.Made.AddDate(0, 0, c.days)) {
				t.Errorf("%q: %+v, %v", typed, said, ok)
			}
		}
		if _, ok := ReadCode(code, []Run{other, {}}); ok {
			t.Error("it fits another backup")
		}
		mistyped(t, code, kept)
	}
}

// mistyped changes each letter of a code.
func mistyped(t *testing.T, code string, kept []Run) {
	t.Helper()
	plain := strings.ReplaceAll(code, "-", "")
	for i := range plain {
		for _, letter := range "0Z7" {
			if wrong := plain[:i] + string(letter) + plain[i+1:]; wrong != plain {
				if said, ok := ReadCode(wrong, kept); ok {
					t.Errorf("%s is taken for %s: %+v", wrong, plain, said)
				}
			}
		}
	}
}

// TestCodesOfFailures: each kind of failure is brought, with the backup and the
// day, from a backup whose end nobody saw; none is ever a rehearsal that went well.
func TestCodesOfFailures(t *testing.T) {
	report, mine := taken("20261101", "mine")
	_, other := taken("20261102", "other")
	failed := Run{What: Backup, Problem: "no room"}
	kept := []Run{failed, other, mine}
	for i, f := range failures {
		code := f.Code(mine.File, report.Made.Add(50*time.Hour), time.Duration(i)*10*time.Minute)
		said, ok := ReadCode(code, kept)
		if want := min(max(time.Duration(i)*10*time.Minute, time.Second), 1023*time.Second); !ok || said.Of.File != mine.File || said.Failure != f.Failure || said.Took != want || !said.At.Equal(report.Made.AddDate(0, 0, 2)) {
			t.Errorf("%s: %+v, %v", f.Failure, said, ok)
		}
		if _, ok := ReadCode(code, []Run{failed, other, {}}); ok {
			t.Errorf("%s fits another backup", f.Failure)
		}
		mistyped(t, code, kept)
		if Why(fmt.Errorf("with more words: %w", f.err)) != f.Failure || f.Failure.Error() != f.err.Error() {
			t.Errorf("%s is not known by its error", f.Failure)
		}
	}
	if got := failureOf(15); got != Another {
		t.Errorf("of a newer program: %s", got)
	}
	if Why(nil) != "" || Why(errors.New("the disk is on fire")) != Another {
		t.Error("an error nobody knows is not another")
	}
	if code := Cut.Code("backup of sunday.age", report.Made, time.Second); code != "" {
		t.Errorf("of a file that was renamed: %s", code)
	}
}

func FuzzReadCode(f *testing.F) {
	report, mine := taken("20261101", "mine")
	f.Add(report.Code(report.Made, time.Minute))
	f.Add(Cut.Code(mine.File, report.Made, time.Minute))
	f.Add("")
	f.Add("ÄÖÜ-\x00-0000-0000")
	f.Add(strings.Repeat("Z", 1000))
	f.Fuzz(func(t *testing.T, text string) {
		said, ok := ReadCode(text, []Run{mine, {}})
		if ok && (said.Of.File != mine.File || said.Took > 1<<14*time.Second || said.At.Before(report.Made)) {
			t.Errorf("%q leads to %+v", text, said)
		}
	})
}
