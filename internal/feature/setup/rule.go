package setup

import (
	"encoding/json"
	"slices"
	"strings"

	"alliance/internal/platform/fault"
)

// RuleDraft is the decision rule as chosen: one of two ready-made shapes with
// their numbers, or the JSON of any other rule.
type RuleDraft struct {
	Shape    string // colleges, whole, custom
	Quorum   string // "0", "1/3", "1/2", "2/3"
	Majority string // "more than 1/2" …
	JSON     string
}

// Shapes, quorums and majorities a page offers.
const (
	shapeColleges = "colleges"
	shapeWhole    = "whole"
	shapeCustom   = "custom"
)

var (
	quorums    = []string{"0", "1/3", "1/2", "2/3"}
	majorities = []string{"more than 1/2", "at least 3/5", "at least 2/3", "at least 3/4"}
)

// defaultRule: every college agrees, half of it takes part, more for than against.
var defaultRule = RuleDraft{Shape: shapeColleges, Quorum: "1/2", Majority: "more than 1/2"}

// rule is the stored form, as the plenary's counting reads it.
type rule struct {
	Name    string `json:"name"`
	Version int    `json:"version"`
	Empty   string `json:"empty"`
	Root    node   `json:"root"`
}

type node struct {
	Kind      string `json:"kind"`
	Of        []node `json:"of,omitempty"`
	College   string `json:"college,omitempty"`
	Quorum    string `json:"quorum,omitempty"`
	Base      string `json:"base,omitempty"`
	Threshold string `json:"threshold,omitempty"`
}

// ruleDraft finds the shape of a stored rule.
func ruleDraft(stored string) RuleDraft {
	if stored == "" {
		return defaultRule
	}
	custom := RuleDraft{Shape: shapeCustom, Quorum: defaultRule.Quorum, Majority: defaultRule.Majority, JSON: indent(stored)}
	var r rule
	if err := json.Unmarshal([]byte(stored), &r); err != nil || len(r.Root.Of) == 0 && r.Root.Kind != "whole" {
		return custom
	}
	d := RuleDraft{Shape: shapeWhole, Quorum: r.Root.Quorum, Majority: r.Root.Threshold}
	if r.Root.Kind != "whole" {
		d = RuleDraft{Shape: shapeColleges, Quorum: r.Root.Of[0].Quorum, Majority: r.Root.Of[0].Threshold}
	}
	var ids []string
	for _, n := range r.Root.Of {
		ids = append(ids, n.College)
	}
	// The shape is only this one if it gives the very same rule.
	again, err := d.build(r.Version, ids)
	if err != nil || !same(again, stored) {
		return custom
	}
	return d
}

func same(x, y string) bool {
	var a, b any
	return json.Unmarshal([]byte(x), &a) == nil && json.Unmarshal([]byte(y), &b) == nil && compact(a) == compact(b)
}

func compact(v any) string { b, _ := json.Marshal(v); return string(b) }

func indent(stored string) string {
	var v any
	if json.Unmarshal([]byte(stored), &v) != nil {
		return stored
	}
	b, _ := json.MarshalIndent(v, "", "  ")
	return string(b)
}

// json gives the rule to store; its version counts up when it differs from the
// one before.
func (d RuleDraft) json(was string, colleges []string) (string, error) {
	if d.Shape == shapeCustom {
		if strings.TrimSpace(d.JSON) == "" {
			return "", fault.Invalid("rule-json", "setup.rule.empty", "Write the rule, or choose a ready-made one.")
		}
		var v any
		if err := json.Unmarshal([]byte(d.JSON), &v); err != nil {
			return "", fault.Invalid("rule-json", "setup.rule.json", "This is not JSON: {why}.", "why", err.Error())
		}
		return compact(v), nil
	}
	var before rule
	json.Unmarshal([]byte(was), &before)
	version := max(1, before.Version)
	made, err := d.build(version, colleges)
	if err == nil && was != "" && !same(made, was) {
		made, err = d.build(version+1, colleges)
	}
	return made, err
}

func (d RuleDraft) build(version int, colleges []string) (string, error) {
	if !slices.Contains(quorums, d.Quorum) {
		return "", fault.Invalid("quorum", "setup.rule.quorum", "Choose how many must take part.")
	}
	if !slices.Contains(majorities, d.Majority) {
		return "", fault.Invalid("majority", "setup.rule.majority", "Choose a majority.")
	}
	leaf := node{Quorum: d.Quorum, Base: "expressed", Threshold: d.Majority}
	r := rule{Version: version, Empty: "fail"}
	switch d.Shape {
	case shapeColleges:
		r.Name, r.Root.Kind = "each college", "all"
		for _, c := range colleges {
			leaf.Kind, leaf.College = "college", c
			r.Root.Of = append(r.Root.Of, leaf)
		}
	case shapeWhole:
		leaf.Kind = "whole"
		r.Name, r.Root = "all together", leaf
	default:
		return "", fault.Invalid("rule", "setup.rule.choose", "Choose a rule.")
	}
	return compact(r), nil
}
