package assembly

import (
	"context"
	"fmt"
	"strconv"

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
	s := Assembly{Timezone: m.Timezone}
	for _, p := range m.Phases {
		if phase, ok := demoPhases[p.Key]; ok {
			s.Starts = append(s.Starts, Start{phase, when(p.Starts)})
		}
	}
	e := entry.Entry{ID: demo.EntryID(m.Slug, ""), Parent: parent, Lang: m.Title.Orig, Starts: when(m.Starts), Ends: when(m.Ends),
		Fields: map[string]lang.Text{entry.Title: m.Title, entry.Summary: m.Lead},
		Place:  place.Place{Name: m.City, Country: m.Country, Lat: m.Lat, Lon: m.Lon, Precision: place.InTown}}
	e.Created = e.Starts
	if _, err := add(ctx, tx, people.Actor{}, e, s); err != nil {
		return err
	}
	for n, i := range m.Programme {
		if err := putItem(ctx, tx, Item{ID: id.Named("demo/item/" + m.Slug + i.ID + strconv.Itoa(n)), Assembly: e.ID, Kind: i.Kind, Title: i.Title.JSON(), Starts: when(i.At), Position: n + 1}); err != nil {
			return err
		}
	}
	for _, w := range m.Workshops {
		if err := demoWorkshop(ctx, tx, m, w, space); err != nil {
			return err
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
		for _, o := range demo.Organisations() { // the list of those who were there
			slugs = append(slugs, o.Slug)
			present[o.Slug] = true
		}
	}
	for _, slug := range slugs {
		o := demo.OrganisationID(slug)
		if found, err := people.OrganisationsByID(ctx, tx, []string{o}); err != nil || len(found) == 0 {
			if err != nil {
				return err
			}
			continue
		}
		if err := register(ctx, tx, assembly, o, ""); err != nil {
			return err
		}
		if present[slug] {
			if err := markPresent(ctx, tx, assembly, o, true); err != nil {
				return err
			}
		}
	}
	return nil
}
