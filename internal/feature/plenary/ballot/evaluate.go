package ballot

import (
	"slices"
	"strconv"
	"strings"
)

// verdict is what a node says of one option. With a yes-or-no motion there is
// one option without a name.
type verdict int

// Undecided verdicts lie between failed and passed: `all` fails if one part
// fails, whatever the others would have said with a quorum; `any` passes if one
// part passes. Only when a missing quorum or a tie could have changed the
// answer is the answer "no quorum" or "tie", quorum first.
const (
	skipped verdict = iota
	failed
	tied
	quorumless
	passed
)

func (v verdict) outcome() Outcome {
	switch v {
	case passed:
		return Adopted
	case tied:
		return Tie
	case quorumless:
		return NoQuorum
	case failed:
		return Rejected
	}
	return Void
}

// names of the options, or the one without a name.
func (c *count) names() []string {
	if len(c.file.Options) == 0 {
		return []string{""}
	}
	ids := make([]string, len(c.file.Options))
	for i, o := range c.file.Options {
		ids[i] = o.ID
	}
	return ids
}

func (c *count) same(v verdict) []verdict { return slices.Repeat([]verdict{v}, len(c.names())) }

// node decides one node of the rule, per option. place is "0.2.1".
func (c *count) node(place string, n Node) []verdict {
	if n.branch() {
		return c.branch(place, n)
	}
	t := c.college(n.College)
	if t.Roll == 0 {
		if c.file.Rule.Empty == Skip {
			c.say(Step{Code: CodeEmptySkipped, Node: place, College: n.College})
			return c.same(skipped)
		}
		c.say(Step{Code: CodeEmptyFailed, Node: place, College: n.College})
		return c.same(quorumless)
	}
	if !c.quorum(place, n, t) {
		return c.same(quorumless)
	}
	switch n.Kind {
	case Consent:
		return c.consent(place, n)
	case Approval:
		return c.approval(place, n, t)
	case Scoring:
		return c.score(place, n, t)
	}
	return []verdict{c.majority(Step{Node: place, College: n.College, Got: new(t.For)}, n, t, t.For == t.Against)}
}

func (c *count) quorum(place string, n Node, t *tally) bool {
	needed := max(1, n.Quorum.ceil(t.Roll))
	s := Step{Code: CodeQuorumMet, Node: place, College: n.College, Got: new(t.Present), Of: new(t.Roll), Needed: &needed, Share: n.Quorum.String()}
	if t.Present < needed {
		s.Code = CodeQuorumMissed
	}
	c.say(s)
	return s.Code == CodeQuorumMet
}

// majority decides by the node's threshold and says so. It is a tie when those
// in favour (s.Got) reach the share exactly, more was asked, and as many were against.
func (c *count) majority(s Step, n Node, t *tally, even bool) verdict {
	base := n.base(t)
	needed := n.Threshold.needed(base)
	s.Of, s.Needed, s.Share, s.Base = &base, &needed, n.Threshold.String(), n.Base
	got, v := *s.Got, failed
	s.Code = CodeMissed
	share := n.Threshold.Share
	switch {
	case got >= needed:
		s.Code, v = CodeMet, passed
	case got > 0 && even && n.Threshold.More && int64(got)*share.d == share.n*int64(base):
		s.Code, v = CodeTie, tied
	}
	c.say(s)
	return v
}

// base of the share. Blank votes stay or go with the abstentions.
func (n Node) base(t *tally) int {
	left := 0
	if !n.Abstentions {
		left = t.Abstain + t.Blank
	}
	switch n.Base {
	case Cast:
		return t.Cast - left
	case Roll:
		return max(0, t.Roll-left)
	case Present:
		return max(0, t.Present-left)
	}
	return t.Expressed
}

func (c *count) consent(place string, n Node) []verdict {
	stand, raised := 0, 0
	for _, o := range c.file.Objections {
		v := c.voters[o.Voter]
		if v == nil || n.College != "" && v.College != n.College {
			continue
		}
		raised++
		if o.At < c.file.Closed && (v.Until == 0 || o.At < v.Until) && strings.TrimSpace(o.Reason) != "" && (o.Withdrawn == 0 || o.Withdrawn >= c.file.Closed) {
			stand++
		}
	}
	s := Step{Code: CodeNoObjection, Node: place, College: n.College, Got: &stand, Of: &raised}
	if stand > 0 {
		s.Code = CodeObjections
	}
	c.say(s)
	if stand > 0 {
		return c.same(failed)
	}
	return c.same(passed)
}

// approval: each option against the threshold, then, where places are limited,
// those approved most.
func (c *count) approval(place string, n Node, t *tally) []verdict {
	out := make([]verdict, len(c.file.Options))
	values := make([]Fraction, len(out))
	for i, o := range c.file.Options {
		got := t.approvals[i]
		values[i] = Frac(int64(got), 1)
		out[i] = c.majority(Step{Node: place, College: n.College, Option: o.ID, Got: &got}, n, t, got == t.Expressed-got)
	}
	if n.Seats > 0 {
		c.seat(place, n, values, out)
	}
	return out
}

// score: options by value, from the highest, as many as there are places.
func (c *count) score(place string, n Node, t *tally) []verdict {
	out := make([]verdict, len(c.file.Options))
	values := make([]Fraction, len(out))
	for i, o := range c.file.Options {
		switch n.By {
		case Sum:
			values[i] = Frac(t.sums[i], 1)
		case Mean:
			values[i] = t.mean(i)
		case Median:
			values[i] = t.median(i)
		}
		c.say(Step{Code: CodeScore, Node: place, College: n.College, Option: o.ID, Share: values[i].String(), Reason: n.By})
		out[i] = failed
		if values[i].n > 0 && (!n.Least.Stated() || values[i].compare(n.Least) >= 0) {
			out[i] = passed
		}
	}
	c.seat(place, n, values, out)
	return out
}

// seat keeps as many of the options that pass as there are places. Equals at
// the last place that do not all fit are tied: none of them gets it.
func (c *count) seat(place string, n Node, values []Fraction, out []verdict) {
	eligible := slices.Clone(out)
	for i := range out {
		if eligible[i] != passed {
			continue
		}
		above, equal := 0, 0
		for j := range out {
			if eligible[j] != passed {
				continue
			}
			switch values[j].compare(values[i]) {
			case 1:
				above++
			case 0:
				equal++
			}
		}
		switch {
		case above >= n.Seats:
			out[i] = failed
		case above+equal > n.Seats:
			out[i] = tied
		}
	}
	for i, o := range c.file.Options {
		s := Step{Code: CodeNotTaken, Node: place, College: n.College, Option: o.ID, Got: new(n.Seats)}
		switch out[i] {
		case passed:
			s.Code = CodeTaken
		case tied:
			s.Code = CodeOptionTie
		}
		c.say(s)
	}
}

// branch combines the children, option by option.
func (c *count) branch(place string, n Node) []verdict {
	var parts [][]verdict
	for i, child := range n.Of {
		parts = append(parts, c.node(place+"."+strconv.Itoa(i), child))
	}
	names := c.names()
	out := make([]verdict, len(names))
	for o, name := range names {
		got, asked, worst, best := 0, 0, passed, skipped
		for _, p := range parts {
			if p[o] == skipped {
				continue
			}
			asked++
			if p[o] == passed {
				got++
			}
			worst, best = weaker(worst, p[o]), max(best, p[o])
		}
		if asked == 0 {
			out[o] = skipped
			continue
		}
		s := Step{Node: place, Option: name, Got: &got, Of: &asked}
		if n.Kind == All {
			out[o], s.Code = worst, pick(worst == passed, CodeAllMet, CodeAllMissed)
		} else {
			out[o], s.Code = best, pick(best == passed, CodeAnyMet, CodeAnyMissed)
		}
		c.say(s)
	}
	return out
}

// weaker is the verdict of two parts that must both pass: failed first, then a
// missing quorum, then a tie.
func weaker(a, b verdict) verdict {
	for _, v := range []verdict{failed, quorumless, tied} {
		if a == v || b == v {
			return v
		}
	}
	return passed
}

func pick(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

// conclude turns the root's verdicts into the outcome.
func (c *count) conclude(r *Result, verdicts []verdict) {
	best := skipped
	for i, v := range verdicts {
		best = max(best, v)
		if len(c.file.Options) == 0 {
			continue
		}
		o := c.file.Options[i]
		outcome := v.outcome()
		if c.void {
			outcome = Void
		}
		r.Options = append(r.Options, OptionResult{o.ID, o.Title, outcome})
		c.say(Step{Code: CodeOption, Option: o.ID, Reason: string(outcome)})
	}
	r.Outcome = best.outcome()
	if c.void {
		r.Outcome = Void
	}
	r.Adopted = r.Outcome == Adopted
	c.say(Step{Code: CodeOutcome, Reason: string(r.Outcome)})
}
