package workshop

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lineage"
)

// Stage is how far a proposal came. Nobody sets it: it is read from the state
// of the entry and from the lineage.
type Stage string

const (
	Writing    Stage = "draft"     // in the workshop, not brought up
	Written    Stage = "written"   // brought up: everybody reads it
	Synthesis  Stage = "synthesis" // the committee merged, split or reworded it
	Voted      Stage = "vote"      // in a motion
	Adopted    Stage = "adopted"
	Rejected   Stage = "rejected"
	SetAside   Stage = "set_aside"
	NotCarried Stage = "not_carried"
	Withdrawn  Stage = "withdrawn"
)

// Stages in the order of the way, then the ends of other ways.
var Stages = []Stage{Writing, Written, Synthesis, Voted, Adopted, Rejected, SetAside, NotCarried, Withdrawn}

// far orders stages: of several ways a proposal went on, the furthest tells.
var far = map[Stage]int{Writing: 0, Written: 1, NotCarried: 2, SetAside: 3, Synthesis: 4, Rejected: 5, Voted: 6, Adopted: 7}

// Fate is what became of a proposal.
type Fate struct {
	Stage   Stage
	Certain bool // false: a reading of the sources, to be confirmed
	Dealt   bool // the committee dealt with it: its words are no longer its author's to change
	Next    []lineage.Derivation
}

// fates follows proposals down the lineage, all at once: as many steps as the
// longest way, whatever their number.
func fates(ctx context.Context, q db.Q, list []entry.Entry) (map[string]Fate, error) {
	down := map[string][]lineage.Derivation{}
	seen, known := map[string]bool{}, map[string]bool{}
	var front []string
	for _, e := range list {
		front, seen[e.ID] = append(front, e.ID), true
	}
	for depth := 0; len(front) > 0 && depth < 12; depth++ {
		touching, err := lineage.Touching(ctx, q, front...)
		if err != nil {
			return nil, err
		}
		front = nil
		for _, d := range touching {
			if known[d.ID] || d.UndoneBy != "" || d.Undoes != "" || d.Kind == lineage.Answers || d.Kind == lineage.Raised {
				continue
			}
			known[d.ID] = true
			for _, p := range d.Parents {
				down[p.Entry] = append(down[p.Entry], d)
			}
			for _, c := range d.Children {
				if !seen[c.Entry] {
					front, seen[c.Entry] = append(front, c.Entry), true
				}
			}
		}
	}
	result := make(map[string]Fate, len(list))
	for _, e := range list {
		f := Fate{Stage: Written, Certain: true, Next: down[e.ID], Dealt: len(down[e.ID]) > 0}
		f.Stage, f.Certain = furthest(e.ID, down, 0)
		switch {
		case e.State == entry.Withdrawn:
			f.Stage = Withdrawn
		case e.State != entry.Published && f.Stage == Written:
			f.Stage = Writing
		}
		result[e.ID] = f
	}
	return result, nil
}

// furthest walks down; lineage has no circles, the depth is for broken imports.
func furthest(id string, down map[string][]lineage.Derivation, depth int) (Stage, bool) {
	best, certain := Written, true
	if depth > 20 {
		return best, certain
	}
	take := func(s Stage, c bool) {
		if far[s] > far[best] {
			best, certain = s, c
		}
	}
	for _, d := range down[id] {
		switch d.Kind {
		case lineage.SetAside:
			take(SetAside, d.Certain)
		case lineage.NotCarried:
			take(NotCarried, d.Certain)
		case lineage.Rejected:
			take(Rejected, d.Certain)
		case lineage.Adopted:
			take(Adopted, d.Certain)
		case lineage.PutToVote, lineage.Amended:
			take(Voted, d.Certain)
		case lineage.Merged, lineage.Split, lineage.Reworded, lineage.BroughtUp:
			take(Synthesis, d.Certain)
		}
		if d.Kind == lineage.Adopted || d.Kind == lineage.Rejected {
			continue
		}
		for _, c := range d.Children {
			s, sure := furthest(c.Entry, down, depth+1)
			if s == Rejected && best == Voted {
				best, certain = Rejected, sure // the vote is over
				continue
			}
			take(s, sure && d.Certain)
		}
	}
	return best, certain
}
