package assembly

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/id"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
)

// demo shows both meetings and the local assembly inside the second.
func (f *Feature) demo(ctx context.Context, tx *db.Tx) error {
	for _, m := range []demo.Meeting{demo.Launch(), demo.Second()} {
		if err := demoMeeting(ctx, tx, m, "", m.Slug); err != nil {
			return fmt.Errorf("%s: %w", m.Slug, err)
		}
		for _, local := range m.Local {
			if err := demoMeeting(ctx, tx, local, demo.EntryID(m.Slug, ""), m.Slug); err != nil {
				return fmt.Errorf("%s: %w", local.Slug, err)
			}
		}
	}
	return nil
}

var demoPhases = map[string]Phase{"workshops": Workshops, "synthesis": Synthesis, "plenary": Plenary, "agenda": FollowUp}

// demoMeeting seeds one meeting; space is the slug in which its workshops' names live.
func demoMeeting(ctx context.Context, tx *db.Tx, m demo.Meeting, parent, space string) error {
	zone := zoneOf(m.Timezone)
	when := func(w demo.When) db.Instant {
		at, _ := w.At(tx.Now().Time(), zone)
		return db.At(at)
	}
	s := Assembly{Timezone: m.Timezone, Venue: m.Venue, Languages: spoken(m)}
	for _, p := range m.Phases {
		if phase, ok := demoPhases[p.Key]; ok {
			s.Starts = append(s.Starts, Start{phase, when(p.Starts)})
		}
	}
	if parent != "" { // a local assembly ends with its day; what follows is brought up
		s.Starts = append(s.Starts, Start{FollowUp, when(m.Ends).Add(24 * time.Hour)})
	}
	for _, x := range m.Workshops {
		if x.Axis != "" && !slices.Contains(s.Axes, x.Axis) {
			s.Axes = append(s.Axes, x.Axis)
		}
	}
	var err error
	if s.Organisers, err = known(ctx, tx, m.Organisers); err != nil {
		return err
	}
	e := entry.Entry{ID: demo.EntryID(m.Slug, ""), Parent: parent, Lang: m.Title.Orig, Starts: when(m.Starts), Ends: when(m.Ends),
		Fields: map[string]lang.Text{entry.Title: m.Title, entry.Summary: m.Lead},
		Place:  place.Place{Name: m.City, Country: m.Country, Lat: m.Lat, Lon: m.Lon, Precision: place.InTown}}
	e.Created = e.Starts
	e.Ends = e.Ends.Add(24*time.Hour - time.Second) // the last day counts whole
	if _, err := add(ctx, tx, people.Actor{}, e, s); err != nil {
		return err
	}
	var items []Item
	for n, i := range m.Programme {
		items = append(items, Item{ID: id.Named("demo/item/" + m.Slug + i.ID + strconv.Itoa(n)), Kind: i.Kind, Title: i.Title, Starts: when(i.At), Position: n + 1, Revision: 1})
	}
	if err := putProgramme(ctx, tx, e.ID, inOrder(items)); err != nil {
		return err
	}
	for _, w := range m.Workshops {
		if err := demoWorkshop(ctx, tx, m, w, space); err != nil {
			return err
		}
	}
	if m.Invented && parent == "" {
		for _, p := range demo.People() {
			for _, r := range p.Roles {
				if r.Scope != "assembly" {
					continue
				}
				if err := people.GiveRole(ctx, tx, demo.PersonID(p.ID), people.Grant{Role: people.Role(r.Role), Scope: e.ID}, ""); err != nil {
					return err
				}
			}
		}
	}
	return demoAttendance(ctx, tx, m, e.ID)
}

func demoWorkshop(ctx context.Context, tx *db.Tx, m demo.Meeting, w demo.Workshop, space string) error {
	sequence := ToCome
	switch w.State {
	case "closed":
		sequence = Over
	case "open":
		sequence = First
		for _, s := range w.Sequences {
			if s.State == "open" {
				sequence = Sequence(s.Number)
			}
		}
	}
	e, err := addWorkshop(ctx, tx, people.Actor{}, entry.Entry{ID: demo.EntryID(space, w.ID), Parent: demo.EntryID(m.Slug, ""), Axis: w.Axis, Lang: w.Title.Orig,
		Fields: map[string]lang.Text{entry.Title: w.Title, entry.Summary: w.Lead}}, Workshop{Code: CodeOf(w.Code), Sequence: sequence})
	if err != nil {
		return err
	}
	for role, person := range map[people.Role]string{people.Facilitator: w.Facilitator, people.Rapporteur: w.Rapporteur} {
		if person == "" {
			continue
		}
		if err := people.GiveRole(ctx, tx, demo.PersonID(person), people.Grant{Role: role, Scope: e.ID}, ""); err != nil {
			return err
		}
	}
	return nil
}

func demoAttendance(ctx context.Context, tx *db.Tx, m demo.Meeting, assembly string) error {
	present := map[string]bool{}
	for _, w := range m.Workshops {
		for _, slug := range w.Present {
			present[slug] = true
		}
	}
	slugs := m.Participants
	if len(slugs) == 0 && !m.Invented {
		for _, o := range demo.Organisations() {
			slugs = append(slugs, o.Slug)
		}
	}
	if !m.Invented { // the report lists those who were there
		for _, slug := range slugs {
			present[slug] = true
		}
	}
	ids, err := known(ctx, tx, slugs)
	if err != nil {
		return err
	}
	here := map[string]bool{}
	for slug := range present {
		here[demo.OrganisationID(slug)] = true
	}
	for _, o := range ids {
		if _, err := register(ctx, tx, assembly, o, ""); err != nil {
			return err
		}
		if here[o] {
			if _, err := markPresent(ctx, tx, assembly, o, true); err != nil {
				return err
			}
		}
	}
	return nil
}

// known gives the organisations of those slugs that are in the directory.
func known(ctx context.Context, q db.Q, slugs []string) (ids []string, err error) {
	for _, slug := range slugs {
		ids = append(ids, demo.OrganisationID(slug))
	}
	found, err := people.OrganisationsByID(ctx, q, ids)
	return slices.DeleteFunc(ids, func(id string) bool {
		return !slices.ContainsFunc(found, func(o people.Organisation) bool { return o.ID == id })
	}), err
}

// spoken are the languages of a meeting: those its workshops' words came in.
func spoken(m demo.Meeting) (tags []string) {
	for _, w := range m.Workshops {
		for _, p := range w.Proposals {
			if !slices.Contains(tags, p.Title.Orig) {
				tags = append(tags, p.Title.Orig)
			}
		}
	}
	slices.SortFunc(tags, func(x, y string) int { return slices.Index(demo.Languages, x) - slices.Index(demo.Languages, y) })
	return tags
}
