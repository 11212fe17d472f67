package ballot

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"alliance/internal/platform/fault"
)

// Rule is how votes become a decision: a tree with a name and a version. It is
// stored as JSON and travels inside file and result.
type Rule struct {
	Name    string `json:"name"`
	Version int    `json:"version"` // from 1
	// Empty is what a college without anybody on the roll does: "skip" leaves
	// it out, "fail" is a quorum it cannot meet.
	Empty string `json:"empty"`
	Root  Node   `json:"root"`
}

// What an empty college does.
const (
	Skip = "skip"
	Fail = "fail"
)

// Kinds of nodes. All and Any have children; the others decide.
const (
	All      = "all"      // each child passes
	Any      = "any"      // one child passes
	College  = "college"  // for and against in one college
	Whole    = "whole"    // for and against, all voters together
	Consent  = "consent"  // adopted unless a reasoned objection stands
	Approval = "approval" // several options, each approved or not
	Scoring  = "score"    // several options, each given 0..scale
)

// Bases: what the share in favour is taken of.
const (
	Cast      = "cast"      // every valid ballot
	Expressed = "expressed" // for + against
	Roll      = "roll"      // everybody on the roll
	Present   = "present"   // signed in, or voted
)

// Ways to sum up scores.
const (
	Sum    = "sum"
	Mean   = "mean"
	Median = "median"
)

// Node is a branch or a leaf of a rule. Fields that do not belong to its kind
// must be left out.
type Node struct {
	Kind string `json:"kind"`
	Of   []Node `json:"of,omitempty"` // all, any
	// College the leaf asks; "" in consent, approval and score is all voters
	// together, as it always is in whole.
	College string `json:"college,omitempty"`
	// Quorum is the part of the roll that must be present (or have voted): at
	// least this fraction of its voices, rounded up, never under one voice.
	Quorum    Fraction  `json:"quorum,omitzero"`
	Base      string    `json:"base,omitempty"`
	Threshold Threshold `json:"threshold,omitzero"`
	// Abstentions and blank votes stay in the base. Expressed never has them.
	Abstentions bool     `json:"abstentions,omitempty"`
	Seats       int      `json:"seats,omitempty"` // approval, score: how many options at most; approval: 0 = all that pass
	Scale       int      `json:"scale,omitempty"` // score: the highest score
	By          string   `json:"by,omitempty"`    // score: sum, mean, median
	Least       Fraction `json:"least,omitzero"`  // score: an option below is not taken
}

// Default is the alliance's rule: each of three colleges, half of its roll
// present, more for than against.
func Default() Rule {
	return ForColleges("three colleges", "authorities", "civil_society", "migrant_led")
}

// ForColleges is the same demand on each college named.
func ForColleges(name string, colleges ...string) Rule {
	r := Rule{Name: name, Version: 1, Empty: Fail, Root: Node{Kind: All}}
	for _, c := range colleges {
		r.Root.Of = append(r.Root.Of, Node{Kind: College, College: c, Quorum: Frac(1, 2), Base: Expressed, Threshold: Threshold{true, Frac(1, 2)}})
	}
	return r
}

// ParseRule reads a stored rule, strictly, and validates it.
func ParseRule(text string) (Rule, error) {
	var r Rule
	if err := strict([]byte(text), &r); err != nil {
		return Rule{}, fault.Invalid("rule", "plenary.ballot.rule.unreadable", "The rule cannot be read: {why}.", "why", err.Error())
	}
	return r, r.Validate()
}

// JSON is the rule in the one form that is stored.
func (r Rule) JSON() (string, error) {
	b, err := Canonical(r)
	return string(b), err
}

// Style is what a ballot under the rule holds.
type Style string

// The three styles of ballot.
const (
	Choosing  Style = "choice"   // for, against, abstain, blank
	Approving Style = "approval" // a list of options
	Rating    Style = "score"    // a score for each option
)

// Style of the rule's ballots; all leaves of a valid rule agree.
func (r Rule) Style() Style {
	leaves := r.Leaves()
	if len(leaves) == 0 {
		return Choosing
	}
	return leaves[0].style()
}

func (n Node) style() Style {
	switch n.Kind {
	case Approval:
		return Approving
	case Scoring:
		return Rating
	}
	return Choosing
}

// Leaves lists the deciding nodes in the order they are written.
func (r Rule) Leaves() []Node { return r.Root.leaves(nil) }

func (n Node) leaves(to []Node) []Node {
	if !n.branch() {
		return append(to, n)
	}
	for _, c := range n.Of {
		to = c.leaves(to)
	}
	return to
}

func (n Node) branch() bool { return n.Kind == All || n.Kind == Any }

// Scale is the highest score of the rule's ballots; 0 where none are given.
func (r Rule) Scale() int {
	if leaves := r.Leaves(); len(leaves) > 0 {
		return leaves[0].Scale
	}
	return 0
}

// Consents tells whether objections matter to the rule.
func (r Rule) Consents() bool {
	return slices.ContainsFunc(r.Leaves(), func(n Node) bool { return n.Kind == Consent })
}

// Validate finds what is wrong with the rule; colleges, if given, are those
// that exist. The faults name the place: "rule.1.0" is the first child of the
// second child of the root.
func (r Rule) Validate(colleges ...string) error {
	var list fault.List
	if r.Name == "" || len(r.Name) > maxID {
		list.Add(fault.Invalid("rule.name", "plenary.ballot.rule.name", "Give the rule a name of at most 200 letters."))
	}
	if r.Version < 1 || r.Version > maxTerm {
		list.Add(fault.Invalid("rule.version", "plenary.ballot.rule.version", "The version of the rule is a whole number from 1."))
	}
	if r.Empty != Skip && r.Empty != Fail {
		list.Add(fault.Invalid("rule.empty", "plenary.ballot.rule.empty", "Say what an empty college does: skip or fail."))
	}
	c := checker{list: &list, colleges: colleges}
	c.node("rule", r.Root, 1)
	if c.nodes > 200 {
		list.Add(fault.Invalid("rule", "plenary.ballot.rule.large", "The rule has too many parts."))
	}
	if len(c.styles) > 1 || len(c.scales) > 1 {
		list.Add(fault.Invalid("rule", "plenary.ballot.rule.mixed", "All parts of a rule must ask for the same kind of ballot, with the same scale."))
	}
	return list.Err()
}

type checker struct {
	list     *fault.List
	colleges []string
	nodes    int
	styles   []Style
	scales   []int
}

func (c *checker) refuse(place, key, english string, args ...any) {
	c.list.Add(fault.Invalid(place, key, english, args...))
}

func (c *checker) node(place string, n Node, depth int) {
	if c.nodes++; c.nodes > 200 {
		return
	}
	if depth > 6 {
		c.refuse(place, "plenary.ballot.rule.deep", "The rule has parts inside parts more than 6 deep.")
		return
	}
	if n.branch() {
		if len(n.Of) == 0 {
			c.refuse(place, "plenary.ballot.rule.childless", "“All of” and “any of” need at least one part.")
		}
		for i, child := range n.Of {
			c.node(fmt.Sprintf("%s.%d", place, i), child, depth+1)
		}
	} else {
		if s := n.style(); !slices.Contains(c.styles, s) {
			c.styles = append(c.styles, s)
		}
		if !slices.Contains(c.scales, n.Scale) {
			c.scales = append(c.scales, n.Scale)
		}
	}
	c.leaf(place, n)
}

// leaf checks what belongs to each kind, and that nothing else is stated.
func (c *checker) leaf(place string, n Node) {
	type allowed struct{ of, college, count, seats, score bool }
	var may allowed
	switch n.Kind {
	case All, Any:
		may = allowed{of: true}
	case College:
		may = allowed{college: true, count: true}
		if n.College == "" {
			c.refuse(place, "plenary.ballot.rule.college", "Name the college that decides.")
		}
	case Whole:
		may = allowed{count: true}
	case Consent:
		may = allowed{college: true}
	case Approval:
		may = allowed{college: true, count: true, seats: true}
	case Scoring:
		may = allowed{college: true, seats: true, score: true}
	default:
		c.refuse(place, "plenary.ballot.rule.kind", "“{kind}” is no part of a rule.", "kind", n.Kind)
		return
	}
	if !may.of && len(n.Of) > 0 || !may.college && n.College != "" || !may.count && (n.Base != "" || !n.Threshold.IsZero() || n.Abstentions) ||
		!may.seats && n.Seats != 0 || !may.score && (n.Scale != 0 || n.By != "" || n.Least.Stated()) || may.of && n.Quorum.Stated() {
		c.refuse(place, "plenary.ballot.rule.stray", "“{kind}” has settings that do not belong to it.", "kind", n.Kind)
	}
	if len(n.College) > maxID || n.College != "" && len(c.colleges) > 0 && !slices.Contains(c.colleges, n.College) {
		c.refuse(place, "plenary.ballot.rule.college.unknown", "There is no college “{college}”.", "college", n.College)
	}
	if !may.of && (!n.Quorum.Stated() || n.Quorum.compare(Frac(1, 1)) > 0) {
		c.refuse(place, "plenary.ballot.rule.quorum", "A quorum is a fraction from 0 to 1, such as 1/2.")
	}
	if may.count {
		c.share(place, n)
	}
	if n.Seats < 0 || n.Seats > MaxOptions || may.score && n.Seats == 0 {
		c.refuse(place, "plenary.ballot.rule.seats", "Say how many options are taken, from 1 to {most}.", "most", MaxOptions)
	}
	if may.score && (n.Scale < 1 || n.Scale > 100) {
		c.refuse(place, "plenary.ballot.rule.scale", "The highest score is a whole number from 1 to 100.")
	}
	if may.score && n.By != Sum && n.By != Mean && n.By != Median {
		c.refuse(place, "plenary.ballot.rule.by", "Scores are taken by sum, mean or median.")
	}
}

func (c *checker) share(place string, n Node) {
	switch n.Base {
	case Cast, Roll, Present:
	case Expressed:
		if n.Abstentions {
			c.refuse(place, "plenary.ballot.rule.abstentions", "Votes for and against cannot include abstentions.")
		}
	default:
		c.refuse(place, "plenary.ballot.rule.base", "Say what the share is taken of: cast, expressed, roll or present.")
	}
	one := Frac(1, 1)
	if t := n.Threshold; t.IsZero() || t.More && t.Share.compare(one) >= 0 || !t.More && (t.Share.compare(one) > 0 || t.Share.n == 0) {
		c.refuse(place, "plenary.ballot.rule.threshold", "A threshold reads “more than 1/2” or “at least 2/3” and can be reached.")
	}
}

// strict decodes JSON refusing what is unknown, null, twice or trailing.
func strict(b []byte, into any) error {
	if err := wellFormed(b); err != nil {
		return err
	}
	return decodeKnown(bytes.NewReader(b), into)
}

var errTrailing = errors.New("something follows the end")
