package ballot_test

import (
	"bytes"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"alliance/internal/feature/plenary/ballot"
)

var colleges = []string{"authorities", "civil_society", "migrant_led"}

const opened, closed = 1_000, 2_000

// leaf draws a leaf of a rule of choice.
func leaf(t *rapid.T) ballot.Node {
	n := ballot.Node{Kind: ballot.College, College: rapid.SampledFrom(colleges).Draw(t, "college")}
	if rapid.Bool().Draw(t, "whole") {
		n.Kind, n.College = ballot.Whole, ""
	}
	d := rapid.Int64Range(1, 7).Draw(t, "denominator")
	n.Quorum = ballot.Frac(rapid.Int64Range(0, d).Draw(t, "quorum"), d)
	n.Base = rapid.SampledFrom([]string{ballot.Cast, ballot.Expressed, ballot.Roll, ballot.Present}).Draw(t, "base")
	n.Abstentions = n.Base != ballot.Expressed && rapid.Bool().Draw(t, "abstentions")
	n.Threshold.More = rapid.Bool().Draw(t, "more")
	if n.Threshold.More {
		n.Threshold.Share = ballot.Frac(rapid.Int64Range(0, d-1).Draw(t, "share"), d)
	} else {
		n.Threshold.Share = ballot.Frac(rapid.Int64Range(1, d).Draw(t, "share"), d)
	}
	return n
}

func rule(t *rapid.T) ballot.Rule {
	r := ballot.Rule{Name: "drawn", Version: 1, Empty: rapid.SampledFrom([]string{ballot.Skip, ballot.Fail}).Draw(t, "empty")}
	r.Root.Kind = rapid.SampledFrom([]string{ballot.All, ballot.Any}).Draw(t, "root")
	for range rapid.IntRange(1, 3).Draw(t, "parts") {
		n := leaf(t)
		if rapid.IntRange(0, 3).Draw(t, "deeper") == 0 {
			n = ballot.Node{Kind: rapid.SampledFrom([]string{ballot.All, ballot.Any}).Draw(t, "branch"), Of: []ballot.Node{n, leaf(t)}}
		}
		r.Root.Of = append(r.Root.Of, n)
	}
	return r
}

// open draws an open vote with every sort of doubtful ballot in it.
func open(t *rapid.T) ballot.File {
	f := ballot.File{Format: ballot.Format, Motion: "m", Title: "t", Rule: rule(t), Opened: opened, Closed: closed, Revisable: rapid.Bool().Draw(t, "revisable")}
	for i := range rapid.IntRange(0, 9).Draw(t, "roll") {
		f.Roll = append(f.Roll, ballot.Voter{ID: fmt.Sprint("v", i), College: rapid.SampledFrom(colleges).Draw(t, "seat"),
			Voices: rapid.IntRange(1, 3).Draw(t, "voices"), Present: rapid.Bool().Draw(t, "present"), Until: rapid.SampledFrom([]int64{0, 0, 0, 1_500}).Draw(t, "until")})
	}
	for i := range rapid.IntRange(0, 14).Draw(t, "ballots") {
		f.Ballots = append(f.Ballots, ballot.Ballot{ID: fmt.Sprintf("b%02d", i), Voter: fmt.Sprint("v", rapid.IntRange(0, 9).Draw(t, "voter")), Channel: ballot.Electronic,
			Choice: rapid.SampledFrom([]string{ballot.For, ballot.For, ballot.Against, ballot.Abstain, ballot.Blank, "?"}).Draw(t, "choice"),
			At:     rapid.Int64Range(opened-1, closed).Draw(t, "at")})
	}
	return f
}

// secretly draws a secret vote; the box may hold too many.
func secretly(t *rapid.T) ballot.File {
	f := ballot.File{Format: ballot.Format, Motion: "m", Title: "t", Rule: rule(t), Opened: opened, Closed: closed, Secret: true}
	for i := range rapid.IntRange(0, 20).Draw(t, "roll") {
		v := ballot.Voter{ID: fmt.Sprint("v", i), College: rapid.SampledFrom(colleges).Draw(t, "seat"), Voices: 1, Voted: rapid.IntRange(0, 4).Draw(t, "voted") > 0}
		f.Roll = append(f.Roll, v)
		if v.Voted && rapid.IntRange(0, 9).Draw(t, "lost") > 0 {
			f.Ballots = append(f.Ballots, ballot.Ballot{ID: fmt.Sprint("r", i*7919%101), College: v.College, Channel: ballot.Electronic,
				Choice: rapid.SampledFrom([]string{ballot.For, ballot.Against, ballot.Abstain}).Draw(t, "choice")})
		}
	}
	return f
}

func counted(t *rapid.T, f ballot.File) (ballot.Result, []byte) {
	r, err := ballot.Count(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := r.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return r, b
}

func TestOrderLeavesNoMark(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := open(t)
		_, before := counted(t, f)
		_, again := counted(t, f)
		f.Roll = rapid.Permutation(f.Roll).Draw(t, "roll, shuffled")
		f.Ballots = rapid.Permutation(f.Ballots).Draw(t, "ballots, shuffled")
		_, after := counted(t, f)
		if !bytes.Equal(before, again) || !bytes.Equal(before, after) {
			t.Fatalf("not the same bytes\n%s%s%s", before, again, after)
		}
	})
}

// The exported bytes count to the same result as the file they came from, and
// the result survives being stored.
func TestExportCountsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := open(t)
		if rapid.Bool().Draw(t, "secret") {
			f = secretly(t)
		}
		_, want := counted(t, f)
		exported, err := f.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if err := ballot.CountFile(bytes.NewReader(exported), &got); err != nil {
			t.Fatal(err)
		}
		stored, err := ballot.ParseResult(got.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		again, _ := stored.Bytes()
		if !bytes.Equal(got.Bytes(), want) || !bytes.Equal(again, want) {
			t.Fatalf("%s%s%s", want, got.Bytes(), again)
		}
	})
}

func TestCellsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := open(t)
		voices := map[string]int{}
		for _, v := range f.Roll {
			voices[v.ID] = v.Voices
		}
		r, _ := counted(t, f)
		if r.Counted+len(r.SetAside) != len(f.Ballots) || r.Given != len(f.Ballots) {
			t.Fatalf("%d counted, %d set aside, %d given", r.Counted, len(r.SetAside), len(f.Ballots))
		}
		cast := 0
		for _, b := range f.Ballots {
			if !slices.ContainsFunc(r.SetAside, func(a ballot.SetAsideBallot) bool { return a.Ballot == b.ID }) {
				cast += voices[b.Voter]
			}
		}
		sum := ballot.Figures{}
		for _, c := range append(r.Colleges, r.Total) {
			g := c.Figures
			if g.For+g.Against != g.Expressed || g.Expressed+g.Abstain+g.Blank != g.Cast || g.Cast > g.Present || g.Present > g.Roll || g.Voters > g.Organisations {
				t.Fatalf("%s: %+v", c.College, *g)
			}
			if c.College != "" {
				sum.Cast, sum.For, sum.Roll, sum.Present = sum.Cast+g.Cast, sum.For+g.For, sum.Roll+g.Roll, sum.Present+g.Present
			}
		}
		if g := r.Total.Figures; g.Cast != cast || sum.Cast != cast || sum.For != g.For || sum.Roll != g.Roll || sum.Present != g.Present {
			t.Fatalf("colleges %+v, total %+v, ballots %d", sum, *g, cast)
		}
	})
}

// One more organisation of the roll in favour, or one that changes from against
// to for, never undoes an adoption. (It holds for the roll as frozen: a roll
// that grows raises the quorum.)
func TestMoreInFavourNeverHurts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := open(t)
		before, _ := counted(t, f)
		if !before.Adopted {
			return
		}
		var silent []string
		for _, v := range f.Roll {
			if !slices.ContainsFunc(f.Ballots, func(b ballot.Ballot) bool { return b.Voter == v.ID }) {
				silent = append(silent, v.ID)
			}
		}
		if rapid.Bool().Draw(t, "change") || len(silent) == 0 {
			i := slices.IndexFunc(f.Ballots, func(b ballot.Ballot) bool { return b.Choice == ballot.Against })
			if i < 0 {
				return
			}
			f.Ballots[i].Choice = ballot.For
		} else {
			f.Ballots = append(f.Ballots, ballot.Ballot{ID: "new", Voter: rapid.SampledFrom(silent).Draw(t, "who"), Choice: ballot.For, Channel: ballot.Electronic, At: opened})
		}
		if after, _ := counted(t, f); !after.Adopted {
			t.Fatalf("adopted became %s", after.Outcome)
		}
	})
}

func TestRevisableLastWins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := open(t)
		f.Rule.Empty, f.Rule.Root = ballot.Fail, ballot.Node{Kind: ballot.Whole, Quorum: ballot.Frac(0, 1), Base: ballot.Expressed, Threshold: ballot.Threshold{More: true, Share: ballot.Frac(1, 2)}}
		r, _ := counted(t, f)
		aside := map[string]bool{}
		for _, a := range r.SetAside {
			if a.Reason != ballot.Twice && a.Reason != ballot.Replaced {
				aside[a.Ballot] = true
			}
		}
		kept := map[string]ballot.Ballot{}
		ballots := slices.Clone(f.Ballots)
		slices.SortStableFunc(ballots, func(a, b ballot.Ballot) int { // drawn in order of identifier
			return int(a.At - b.At)
		})
		if !f.Revisable {
			slices.Reverse(ballots)
		}
		for _, b := range ballots {
			if !aside[b.ID] {
				kept[b.Voter] = b
			}
		}
		want := [3]int{}
		for _, v := range f.Roll {
			switch b, voted := kept[v.ID]; {
			case voted && b.Choice == ballot.For:
				want[0] += v.Voices
			case voted && b.Choice == ballot.Against:
				want[1] += v.Voices
			case voted:
				want[2] += v.Voices
			}
		}
		if g := r.Total.Figures; [3]int{g.For, g.Against, g.Abstain + g.Blank} != want {
			t.Fatalf("%+v, want %v", *g, want)
		}
	})
}

// The alliance's rule, worked out a second time with rational numbers and
// nothing of the package's own arithmetic.
func TestDefaultRuleAgainstRationals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := open(t)
		f.Rule = ballot.Default()
		r, _ := counted(t, f)
		half, pass, refused := big.NewRat(1, 2), true, false
		for _, c := range r.Colleges {
			g := c.Figures
			quorum := g.Roll > 0 && g.Present > 0 && big.NewRat(int64(g.Present), int64(g.Roll)).Cmp(half) >= 0
			majority := g.Expressed > 0 && big.NewRat(int64(g.For), int64(g.Expressed)).Cmp(half) > 0
			pass = pass && quorum && majority
			refused = refused || quorum && !majority && (g.For != g.Against || g.For == 0)
		}
		if r.Adopted != pass || (r.Outcome == ballot.Rejected) != refused {
			t.Fatalf("%s, want adopted %v, refused %v\n%+v", r.Outcome, pass, refused, r.Trace)
		}
	})
}

// What is public after a secret vote gives no small college away: not directly,
// not by subtraction from the totals, not in the trace.
func TestPublicKeepsSmallCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		full, _ := counted(t, secretly(t))
		public := full.Public()
		if public.Outcome != full.Outcome || public.Adopted != full.Adopted || public.SetAside != nil {
			t.Fatal("the outcome must stay, the ballots set aside must not")
		}
		hidden, together := map[string]bool{}, 0
		for i, c := range public.Colleges {
			g := full.Colleges[i].Figures
			small := g.Organisations > 0 && (g.Organisations < 5 || g.Voters+g.Cast > 0 && min(g.Voters, g.Cast) < 5)
			if c.Hidden != small || (c.Figures == nil) != small {
				t.Fatalf("%s: hidden %v with %+v", c.College, c.Hidden, *g)
			}
			if small {
				hidden[c.College] = true
				together += min(g.Voters, g.Cast)
			}
		}
		if public.Total.Figures != nil && (len(hidden) == 1 || len(hidden) > 1 && together < 5) {
			t.Fatal("the totals give a college away")
		}
		for _, s := range public.Trace {
			if hidden[s.College] && s.Code != ballot.CodeHidden || s.Code == ballot.CodeHidden && (s.Got != nil || s.Of != nil || s.Share != "") {
				t.Fatalf("the trace tells %+v", s)
			}
			if len(hidden) > 0 && (s.Code == ballot.CodeBallots || s.Code == ballot.CodeAllMet || s.Code == ballot.CodeAllMissed) {
				t.Fatalf("the trace tells %+v", s)
			}
		}
		ballot.Explain(public, english, strings.ToUpper)
	})
}
