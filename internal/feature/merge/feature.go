package merge

import (
	"context"
	"embed"
	"slices"
	"strings"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/intake"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

//go:embed schema
var schema embed.FS

// Asks are what a merge wants to know of other features; nil asks nothing.
type Asks struct {
	// Voting tells whether an organisation has a voice in a vote that is open.
	Voting func(ctx context.Context, q db.Q, organisation string) (bool, error)
}

// Feature is the feature.
type Feature struct {
	*feature.House
	asks  Asks
	alike db.Memo[[]intake.Twins]
}

// New puts it together.
func New(h *feature.House, asks Asks) feature.Feature {
	f := &Feature{House: h, asks: asks}
	return feature.Feature{Name: "merge", Schema: schema, Phrases: phrases, Pages: f.pages, API: f.api, Demo: f.demo, Erase: forget, Onward: f.onward}
}

// steers are those who may: the coordination.
var steers = access.Role(people.Coordinator)

func (f *Feature) pages(r *web.Router) {
	r.Get("/merges", steers, f.index)
	r.Get("/merges/new", steers, f.compare)
	r.Post("/merges/new", steers, f.merge)
	r.Post("/merges/apart", steers, f.apart)
	r.Get("/merges/{id}", steers, f.show)
	r.Post("/merges/{id}/undo", steers, f.undo)
}

// points are the columns of the platform in which entries stand, and those of
// all features.
func (f *Feature) points() []entry.Point { return slices.Concat(PlatformPoints, f.Points) }

// PlatformPoints are those of the tables of the platform.
var PlatformPoints = []entry.Point{
	{Table: "mandate", Column: "organisation", Key: []string{"id"}},
	{Table: "entry", Column: "organisation", Key: []string{"id"}, Own: "id"},
	{Table: "entry", Column: "checked_by", Key: []string{"id"}, Own: "id"},
	{Table: "entry", Column: "parent", Key: []string{"id"}, Own: "id"},
	{Table: "record_value", Column: "value", Key: []string{"entry", "name", "n"}, Once: []string{"entry", "name"}, Own: "entry"},
	{Table: "derivation_link", Column: "entry", Key: []string{"derivation", "side"}, Once: []string{"derivation", "side"}, Rest: []string{"revision", "position", "taken", "left_out", "why"}},
}

// kinds lists what can be merged, by name.
func (f *Feature) kinds() (list []feature.Kind) {
	for _, k := range f.Kinds {
		if mergeable(k) {
			list = append(list, k)
		}
	}
	slices.SortFunc(list, func(a, b feature.Kind) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// onward leads the coordination from a record to its second one.
func (f *Feature) onward(ctx context.Context, q db.Q, v design.View, a people.Actor, of string) ([]design.Onward, error) {
	if !a.Is(people.Coordinator) {
		return nil, nil
	}
	heads, err := entry.Heads(ctx, q, []string{of})
	if err != nil || !mergeable(f.Kinds[heads[of].Kind]) {
		return nil, err
	}
	return []design.Onward{{Link: design.Link{Href: v.Href("/merges/new?kept=" + of), Label: v.T("merge.onward", "Merge with a second record of it"), Icon: "git-merge"}}}, nil
}

// twins are pairs that look alike, of which nobody has said that they are two.
type twins struct {
	Kept, Given entry.Entry
	Sure        bool
}

// mostTwins is how many pairs a page shows.
const mostTwins = 50

// alikeOf gives the pairs of a kind, surer ones first. Which names are alike is
// worked out behind the reader's back; whether both still stand is asked now.
func (f *Feature) alikeOf(ctx context.Context, a people.Actor, kind string) (list []twins, err error) {
	pairs, err := f.alike.Get(ctx, f.DB, kind, func(ctx context.Context) ([]intake.Twins, error) { return intake.TwinsAmong(ctx, f.DB, kind) })
	if err != nil {
		return nil, err
	}
	apart, err := aparts(ctx, f.DB)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, p := range pairs {
		ids = append(ids, p.One, p.Other)
	}
	found, err := entry.Many(ctx, f.DB, ids)
	for _, p := range pairs {
		one, other := found[p.One], found[p.Other]
		if one.ID != p.One || other.ID != p.Other || !one.Visible(a) || !other.Visible(a) || one.State != entry.Published || other.State != entry.Published || apart[orderly(p.One, p.Other)] {
			continue
		}
		list = append(list, twins{one, other, p.Sure})
	}
	slices.SortStableFunc(list, func(x, y twins) int {
		switch {
		case x.Sure == y.Sure:
			return 0
		case x.Sure:
			return -1
		}
		return 1
	})
	return list[:min(len(list), mostTwins)], err
}

func orderly(one, other string) [2]string { return [2]string{min(one, other), max(one, other)} }
