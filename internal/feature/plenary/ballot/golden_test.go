package ballot_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"alliance/internal/feature/plenary/ballot"
)

var update = flag.Bool("update", false, "write the golden results anew")

// vector is one file of testdata: why the result is what it is, the file, what
// a person expects of it, and the result to the byte.
type vector struct {
	Why    string          `json:"why"`
	File   json.RawMessage `json:"file"`
	Expect struct {
		Outcome ballot.Outcome            `json:"outcome"`
		Figures map[string][4]int         `json:"figures,omitempty"` // for, against, abstain, blank
		Options map[string]ballot.Outcome `json:"options,omitempty"`
		Counted int                       `json:"counted"`
		Aside   map[string]int            `json:"aside,omitempty"`
		Codes   []string                  `json:"codes,omitempty"`  // that the trace must hold
		Shares  []string                  `json:"shares,omitempty"` // values of scores, in order
		Hidden  []string                  `json:"hidden,omitempty"` // in public; "" = the totals
	} `json:"expect"`
	Result json.RawMessage `json:"result,omitempty"`
	Public json.RawMessage `json:"public,omitempty"`
	Words  []string        `json:"words,omitempty"`
}

func TestGolden(t *testing.T) {
	paths, _ := filepath.Glob("testdata/*.json")
	if len(paths) < 20 {
		t.Fatalf("only %d vectors", len(paths))
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".json"), func(t *testing.T) { golden(t, path) })
	}
}

func golden(t *testing.T, path string) {
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var v vector
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	file, err := ballot.Parse(bytes.NewReader(v.File))
	if err != nil {
		t.Fatal(err)
	}
	r, err := ballot.Count(file)
	if err != nil {
		t.Fatal(err)
	}
	v.check(t, r)
	var line bytes.Buffer
	if err := ballot.CountFile(bytes.NewReader(v.File), &line); err != nil {
		t.Fatal(err)
	}
	result := bytes.TrimSuffix(line.Bytes(), []byte("\n"))
	public, err := ballot.Canonical(r.Public())
	if err != nil {
		t.Fatal(err)
	}
	words := ballot.Explain(r.Public(), english, strings.ToUpper)
	if *update {
		v.Result, v.Words, v.Public = result, words, nil
		if file.Secret {
			v.Public = public
		}
		rewrite(t, path, v)
		return
	}
	same(t, "result", v.Result, result)
	if file.Secret {
		same(t, "public", v.Public, public)
	}
	if !slices.Equal(words, v.Words) {
		t.Errorf("words are now\n%s", strings.Join(words, "\n"))
	}
}

// check holds the count against what a person wrote down.
func (v vector) check(t *testing.T, r ballot.Result) {
	t.Helper()
	e := v.Expect
	if r.Outcome != e.Outcome || r.Adopted != (e.Outcome == ballot.Adopted) || r.Counted != e.Counted {
		t.Errorf("outcome %s (adopted %v, %d counted), want %s, %d counted", r.Outcome, r.Adopted, r.Counted, e.Outcome, e.Counted)
	}
	for college, want := range e.Figures {
		tally, _ := r.College(college)
		if f := tally.Figures; [4]int{f.For, f.Against, f.Abstain, f.Blank} != want {
			t.Errorf("college %q: %+v, want %v", college, *f, want)
		}
	}
	for _, o := range r.Options {
		if o.Outcome != e.Options[o.Option] {
			t.Errorf("option %s: %s, want %s", o.Option, o.Outcome, e.Options[o.Option])
		}
	}
	aside := map[string]int{}
	for _, a := range r.SetAside {
		aside[a.Reason]++
	}
	for _, reason := range []string{ballot.Late, ballot.Early, ballot.Twice, ballot.Replaced, ballot.NotOnRoll, ballot.MandateEnded, ballot.OtherMandate, ballot.UnknownChoice, ballot.UnknownCollege} {
		if aside[reason] != e.Aside[reason] {
			t.Errorf("%d set aside as %s, want %d", aside[reason], reason, e.Aside[reason])
		}
	}
	var shares []string
	for _, s := range r.Trace {
		if s.Code == ballot.CodeScore {
			shares = append(shares, s.Share)
		}
	}
	if !slices.Equal(shares, e.Shares) {
		t.Errorf("values %v, want %v", shares, e.Shares)
	}
	for _, code := range e.Codes {
		if !slices.ContainsFunc(r.Trace, func(s ballot.Step) bool { return s.Code == code }) {
			t.Errorf("the trace has no %s", code)
		}
	}
	public := r.Public()
	for _, tally := range append(public.Colleges, public.Total) {
		if tally.Hidden != slices.Contains(e.Hidden, tally.College) {
			t.Errorf("college %q hidden: %v", tally.College, tally.Hidden)
		}
	}
}

func same(t *testing.T, what string, want, got []byte) {
	t.Helper()
	var compact bytes.Buffer
	if err := json.Compact(&compact, want); err != nil || !bytes.Equal(compact.Bytes(), got) {
		t.Errorf("%s changed:\n got %s\nwant %s", what, got, compact.Bytes())
	}
}

func rewrite(t *testing.T, path string, v vector) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
