// Package trace shows where things come from and what became of them: the
// lineage both ways, every version with its differences, translations and
// their staleness, and the journal of who did what for whom.
//
// The one idea: it knows no kind of entry. The spine and the graph hold all it
// shows, so whatever a feature publishes can be traced without a line here.
package trace

import (
	"context"
	"slices"
	"sort"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/people"
)

// Most entries shown around one.
const most = 150

// Story is what lies around an entry, as far as the actor may know of it.
type Story struct {
	Root        entry.Entry
	Entries     map[string]entry.Entry
	Derivations []lineage.Derivation // between visible entries, oldest first
	Names       Names
	Drawing     Drawing
	Number      map[string]int // of the boxes
	Truncated   bool
	Hidden      int // entries that are there and may not be shown
}

// Names of persons and organisations that stand in a story or a history.
type Names struct {
	Persons       map[string]string
	Organisations map[string]people.Organisation
}

// Tell collects the story of an entry.
func Tell(ctx context.Context, q db.Q, a people.Actor, root string) (Story, error) {
	e, err := entry.See(ctx, q, a, "", root)
	if err != nil {
		return Story{}, err
	}
	g, err := lineage.Around(ctx, q, root, most)
	if err != nil {
		return Story{}, err
	}
	s := Story{Root: e, Truncated: g.Truncated, Number: map[string]int{}}
	if s.Entries, err = entry.Many(ctx, q, g.Entries); err != nil {
		return s, err
	}
	for id, e := range s.Entries {
		if !e.Visible(a) {
			delete(s.Entries, id)
			s.Hidden++
		}
	}
	for _, d := range g.Derivations {
		if d.Parents, d.Children = s.visible(d.Parents), s.visible(d.Children); len(d.Parents)+len(d.Children) > 0 {
			s.Derivations = append(s.Derivations, d)
		}
	}
	s.draw()
	s.Names, err = s.names(ctx, q)
	return s, err
}

func (s *Story) visible(links []lineage.Link) (shown []lineage.Link) {
	for _, l := range links {
		if _, ok := s.Entries[l.Entry]; ok {
			shown = append(shown, l)
		}
	}
	return shown
}

func (s *Story) draw() {
	var ids []string
	for id := range s.Entries {
		ids = append(ids, id)
	}
	sort.Slice(ids, func(i, j int) bool {
		a, b := s.Entries[ids[i]], s.Entries[ids[j]]
		return a.Created < b.Created || a.Created == b.Created && a.ID < b.ID
	})
	var edges []Edge
	open := map[string]bool{}
	for _, d := range s.Derivations {
		if d.UndoneBy != "" {
			continue
		}
		for _, p := range d.Parents {
			if len(d.Children) == 0 {
				open[p.Entry] = true
			}
			for _, c := range d.Children {
				edges = append(edges, Edge{p.Entry, c.Entry, d.Certain})
			}
		}
	}
	s.Drawing = Draw(s.Root.ID, ids, edges, open)
	for _, b := range s.Drawing.Boxes {
		s.Number[b.Entry] = b.Number
	}
}

func (s *Story) names(ctx context.Context, q db.Q) (Names, error) {
	var persons, organisations []string
	for _, e := range s.Entries {
		organisations = append(organisations, e.Organisation)
	}
	for _, d := range s.Derivations {
		persons, organisations = append(persons, d.Person), append(organisations, d.Organisation)
	}
	return NamesOf(ctx, q, persons, organisations)
}

// NamesOf looks names up, each once; "" is left out.
func NamesOf(ctx context.Context, q db.Q, persons, organisations []string) (Names, error) {
	n := Names{Persons: map[string]string{}, Organisations: map[string]people.Organisation{}}
	found, err := people.PersonsByID(ctx, q, unique(persons))
	if err != nil {
		return n, err
	}
	for _, p := range found {
		n.Persons[p.ID] = p.Name
	}
	orgs, err := people.OrganisationsByID(ctx, q, unique(organisations))
	if err != nil {
		return n, err
	}
	for _, o := range orgs {
		n.Organisations[o.ID] = o
	}
	return n, nil
}

func unique(ids []string) (out []string) {
	seen := map[string]bool{"": true}
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// Step is one derivation seen from an entry, with the branch beyond it.
type Step struct {
	Derivation lineage.Derivation
	Branch     []Branch // parents when walking up, children when walking down
	Link       lineage.Link
}

// Branch is an entry in a nested list, with the steps beyond it.
type Branch struct {
	Entry entry.Entry
	Link  lineage.Link
	Steps []Step
	Again bool // told in full elsewhere on the page
}

// Up tells where an entry came from, Down what became of it, nested.
func (s Story) Up() []Step   { return s.steps(s.Root.ID, true, map[string]bool{}) }
func (s Story) Down() []Step { return s.steps(s.Root.ID, false, map[string]bool{}) }

func (s Story) steps(from string, up bool, told map[string]bool) (steps []Step) {
	told[from] = true
	for _, d := range s.Derivations {
		here, beyond := d.Parents, d.Children
		if up {
			here, beyond = d.Children, d.Parents
		}
		for _, h := range here {
			if h.Entry != from {
				continue
			}
			step := Step{Derivation: d, Link: h}
			for _, l := range beyond {
				b := Branch{Entry: s.Entries[l.Entry], Link: l, Again: told[l.Entry]}
				if !b.Again && d.UndoneBy == "" {
					b.Steps = s.steps(l.Entry, up, told)
				}
				step.Branch = append(step.Branch, b)
			}
			steps = append(steps, step)
		}
	}
	return steps
}

// standing tells whether any step was not taken back.
func standing(steps []Step) bool {
	return slices.ContainsFunc(steps, func(s Step) bool { return s.Derivation.UndoneBy == "" })
}

// Change is the difference between a version and the one before.
type Change struct {
	Revision entry.Revision
	Fields   []FieldChange
	Facts    []FactChange
	State    entry.State // new state, "" when it stayed
}

// FieldChange is a text that changed in one language.
type FieldChange struct {
	Field, Lang   string
	Before, After string
	Translation   bool
}

// FactChange is a fact that changed.
type FactChange struct{ Name, Before, After string }

// Changes compares each version with the one before, newest first.
func Changes(revisions []entry.Revision) []Change {
	changes := make([]Change, len(revisions))
	for i, r := range revisions {
		var before entry.Revision
		if i+1 < len(revisions) {
			before = revisions[i+1]
		}
		c := Change{Revision: r}
		if r.State != before.State {
			c.State = r.State
		}
		for _, field := range keys(r.Fields, before.Fields) {
			c.Fields = append(c.Fields, fieldChanges(field, before.Fields[field], r.Fields[field])...)
		}
		for _, name := range keys(r.Facts, before.Facts) {
			if b, a := before.Facts[name], r.Facts[name]; a != b {
				c.Facts = append(c.Facts, FactChange{name, b, a})
			}
		}
		changes[i] = c
	}
	return changes
}

func fieldChanges(field string, before, after lang.Text) (list []FieldChange) {
	for _, tag := range keys(after.V, before.V) {
		if b, a := before.V[tag].S, after.V[tag].S; a != b {
			list = append(list, FieldChange{Field: field, Lang: tag, Before: b, After: a, Translation: after.Orig != "" && tag != after.Orig})
		}
	}
	return list
}

func keys[V any](maps ...map[string]V) (names []string) {
	seen := map[string]bool{}
	for _, m := range maps {
		for k := range m {
			if !seen[k] {
				seen[k] = true
				names = append(names, k)
			}
		}
	}
	sort.Strings(names)
	return names
}
