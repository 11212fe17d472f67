package site

import (
	"cmp"
	"context"
	"slices"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// homeView is all the home page shows.
type homeView struct {
	Alliance alliance.Alliance
	Now      []underway
	Items    []entry.Entry
	Figures  figures
	Dates    []date
	Path     func(entry.Entry) string
}

// underway is an assembly at work.
type underway struct {
	Entry entry.Entry
	Phase locale.Phrase
	Until db.Instant // 0 = nobody said
}

// figures count what everybody may see.
type figures struct {
	Organisations int
	Countries     int
	ByKind        []entry.Facet
}

// date is something to come.
type date struct {
	Entry entry.Entry
	At    db.Instant
	Due   bool // an end to keep, not a beginning
}

// Phases in which an assembly is at work: somebody can take part today.
var busy = []string{"workshops", "synthesis", "reply", "plenary"}

const (
	homeItems = 6
	homeDates = 5
)

func (s *Site) home(c *web.Ctx) error {
	ctx := c.Context()
	view := homeView{Alliance: c.Alliance, Path: s.pathOf}
	var err error
	if view.Now, err = s.underway(ctx, c.Actor); err != nil {
		return err
	}
	if view.Items, err = entry.List(ctx, s.DB, entry.Filter{Kinds: []string{"item"}, Actor: c.Actor, Order: entry.ByNew, Limit: homeItems}); err != nil {
		return err
	}
	if view.Figures, err = s.count(ctx); err != nil {
		return err
	}
	if view.Dates, err = s.toCome(ctx, c.Actor); err != nil {
		return err
	}
	return c.Page(homePage(c.View, view))
}

// pathOf gives the page of an entry, "" when its kind has none here.
func (s *Site) pathOf(e entry.Entry) string {
	if k, ok := s.Kinds[e.Kind]; ok && k.Path != nil {
		return k.Path(e.ID)
	}
	return ""
}

// underway lists the assemblies at work. Phases follow the clock, so what is
// remembered is told again each minute.
func (s *Site) underway(ctx context.Context, a people.Actor) ([]underway, error) {
	if s.asks.Stage == nil {
		return nil, nil
	}
	now := s.DB.Now()
	all, err := s.atWork.Get(ctx, s.DB, now.Time().Format("02T15:04"), func(ctx context.Context) (all []underway, err error) {
		list, err := entry.List(ctx, s.DB, entry.Filter{Kinds: []string{"assembly"}, Any: true, Order: entry.ByNew, Limit: 20})
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			code, name, until, err := s.asks.Stage(ctx, s.DB, e.ID, now)
			if err != nil {
				return nil, err
			}
			if slices.Contains(busy, code) {
				all = append(all, underway{Entry: e, Phase: name, Until: until})
			}
		}
		return all, nil
	})
	if err != nil {
		return nil, err
	}
	var seen []underway
	for _, u := range all {
		if u.Entry.Visible(a) {
			seen = append(seen, u)
		}
	}
	return seen, nil
}

func (s *Site) count(ctx context.Context) (figures, error) {
	return s.figures.Get(ctx, s.DB, "", func(ctx context.Context) (f figures, err error) {
		public := entry.Filter{Kinds: []string{"organisation"}}
		if f.ByKind, err = entry.Facets(ctx, s.DB, public, entry.ByClass); err != nil {
			return f, err
		}
		for _, k := range f.ByKind {
			f.Organisations += k.Count
		}
		countries, err := entry.Facets(ctx, s.DB, public, entry.ByCountry)
		for _, c := range countries {
			if c.Value != "" {
				f.Countries++
			}
		}
		return f, err
	})
}

// college is a bar of the figures.
type college struct {
	Name  lang.Text
	Kind  string // of its organisations, for the strand
	Count int
}

// colleges sums the organisations up by the college they vote in; the rest has
// a voice without a vote.
func (h homeView) colleges() (list []college, voice int) {
	for _, c := range h.Alliance.Colleges {
		one := college{Name: c.Name}
		for _, k := range c.Kinds {
			if one.Kind == "" {
				one.Kind = string(k)
			}
		}
		for _, f := range h.Figures.ByKind {
			if h.Alliance.CollegeOf(people.OrganisationKind(f.Value)) == c.ID {
				one.Count += f.Count
			}
		}
		list = append(list, one)
	}
	for _, f := range h.Figures.ByKind {
		if h.Alliance.CollegeOf(people.OrganisationKind(f.Value)) == "" {
			voice += f.Count
		}
	}
	return list, voice
}

// toCome lists the next dates: assemblies that begin, events, actions to be done by.
func (s *Site) toCome(ctx context.Context, a people.Actor) ([]date, error) {
	now := s.DB.Now()
	list, err := entry.List(ctx, s.DB, entry.Filter{Kinds: []string{"assembly", "action"}, Actor: a, Order: entry.ByNew, Limit: 100,
		Side: func(w *db.Where) {
			w.And("(e.kind = 'assembly' AND e.starts > ? OR e.kind = 'action' AND e.ends > ? AND e.class NOT IN ('done','verified','dropped'))", now, now)
		}})
	if err != nil {
		return nil, err
	}
	var dates []date
	for _, e := range list {
		if e.Kind == "assembly" {
			dates = append(dates, date{Entry: e, At: e.Starts})
		} else {
			dates = append(dates, date{Entry: e, At: e.Ends, Due: true})
		}
	}
	if s.asks.Coming != nil {
		events, at, err := s.asks.Coming(ctx, s.DB, a, now, homeDates)
		if err != nil {
			return nil, err
		}
		for i, e := range events {
			dates = append(dates, date{Entry: e, At: at[i]})
		}
	}
	slices.SortStableFunc(dates, func(x, y date) int { return cmp.Compare(x.At, y.At) })
	return dates[:min(len(dates), homeDates)], nil
}

// brief cuts a text at a word, for a card.
func brief(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	cut := most
	for i := most; i > most/2; i-- {
		if r[i] == ' ' {
			cut = i
			break
		}
	}
	return string(r[:cut]) + " …"
}
