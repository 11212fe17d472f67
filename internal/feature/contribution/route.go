package contribution

import (
	"cmp"
	"context"
	"slices"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
)

// Seat is the side from which somebody looks at a contribution.
type Seat string

const (
	Authority    Seat = "authority"
	Association  Seat = "association"
	Coordination Seat = "coordination" // where no pair is left
)

// SeatOf gives the seat of an organisation, "" for those that sit on neither
// side and cannot be validators.
func SeatOf(kind people.OrganisationKind) Seat {
	switch kind {
	case people.LocalAuthority, people.PublicInstitution:
		return Authority
	case people.CivilSociety, people.MigrantLed:
		return Association
	}
	return ""
}

// Validator is an organisation that looks at what is proposed in an area, on a
// theme, or both. Whoever holds a mandate to edit for it acts.
type Validator struct {
	ID, Organisation string
	Seat             Seat
	Name             string
	Area             Area
	Theme            string // "" = every theme
	Since            db.Instant
}

// Area is a region (so many kilometres around a town), a country, or everywhere.
type Area struct {
	Country  string // "" = everywhere
	Town     string // "" = the whole country
	Lat, Lon float64
	Km       int
}

// Reach of a region.
const (
	usualKm = 100
	mostKm  = 1000
)

func (a Area) validate() error {
	if a.Town != "" && (a.Km < 1 || a.Km > mostKm) {
		return fault.Invalid("km", "contribution.km", "Write how many kilometres the region reaches: from 1 to {n}.", "n", mostKm)
	}
	return nil
}

// rank tells how near a validator is to a place and its themes: a smaller
// region before a larger one, a region before a country, a country before
// everywhere; of two of one area the one for the theme.
func (v Validator) rank(at place.Place, themes []string) (rank int, covers bool) {
	if v.Theme != "" {
		if !slices.Contains(themes, v.Theme) {
			return 0, false
		}
		rank = 1
	}
	switch {
	case v.Area.Country == "":
		return rank, true
	case v.Area.Town == "":
		return 2 + rank, v.Area.Country == at.Country
	case at.Precision < place.InTown || !at.Located():
		return 0, false // nobody told where in the country
	}
	if place.Kilometres(v.Area.Lat, v.Area.Lon, at.Lat, at.Lon) > float64(v.Area.Km) {
		return 0, false
	}
	return 2*(2+mostKm-v.Area.Km) + rank, true
}

// Pair is who may decide together: one organisation of each list.
type Pair struct{ Authorities, Associations []string }

// Has gives the seat an organisation holds in the pair, "" for none.
func (p Pair) Has(organisation string) Seat {
	switch {
	case slices.Contains(p.Authorities, organisation):
		return Authority
	case slices.Contains(p.Associations, organisation):
		return Association
	}
	return ""
}

// Route gives the pairs that look at what is proposed in a place on themes, the
// most specific first, each wider than the one before. Each seat is held by the
// nearest there is: where a region has an authority of its own and no
// association, the country's association sits beside it. Nobody is left out
// who could complete a pair; without one side there is no pair.
func Route(at place.Place, themes []string, all []Validator) (pairs []Pair) {
	type near struct {
		Validator
		rank int
	}
	var list []near
	var ranks []int
	for _, v := range all {
		if rank, covers := v.rank(at, themes); covers {
			list = append(list, near{v, rank})
			ranks = append(ranks, rank)
		}
	}
	slices.SortFunc(ranks, func(a, b int) int { return cmp.Compare(b, a) })
	nearest := func(seat Seat, from int) (names []string) {
		best := -1
		for _, v := range list {
			if v.Seat != seat || v.rank > from || v.rank < best {
				continue
			}
			if v.rank > best {
				best, names = v.rank, nil
			}
			if !slices.Contains(names, v.Organisation) {
				names = append(names, v.Organisation)
			}
		}
		slices.Sort(names)
		return names
	}
	for _, from := range slices.Compact(ranks) {
		p := Pair{nearest(Authority, from), nearest(Association, from)}
		if len(p.Authorities) == 0 || len(p.Associations) == 0 {
			continue
		}
		if n := len(pairs); n > 0 && slices.Equal(pairs[n-1].Authorities, p.Authorities) && slices.Equal(pairs[n-1].Associations, p.Associations) {
			continue
		}
		pairs = append(pairs, p)
	}
	return pairs
}

// Looks tells who may decide on a contribution now: the pairs whose turn has
// come, the widest last, and whether the coordination decides because no pair
// is left.
func (c Contribution) Looks(all []Validator) (pairs []Pair, coordination bool) {
	pairs = Route(c.Place, c.Themes, all)
	if c.Widened >= len(pairs) {
		return pairs, true
	}
	return pairs[:c.Widened+1], false
}

// SeatFor gives the seat from which an actor may decide on a contribution now,
// "" for none.
func (c Contribution) SeatFor(a people.Actor, all []Validator) Seat {
	pairs, coordination := c.Looks(all)
	if a.For() != "" && a.May(people.Edit) {
		for _, p := range pairs {
			if seat := p.Has(a.For()); seat != "" {
				return seat
			}
		}
	}
	if coordination && a.Is(people.Coordinator) {
		return Coordination
	}
	return ""
}

// Pairs reads who validates, and gives a way to ask for the pairs that may decide
// about something in a place on themes when so many let their time go by, for
// features that need the same pairs: their organisations by side, the widest
// pair last, and whether none is left.
func Pairs(ctx context.Context, q db.Q) (func(at place.Place, themes []string, widened int) (authorities, associations [][]string, coordination bool), error) {
	all, err := validators(ctx, q)
	return func(at place.Place, themes []string, widened int) (authorities, associations [][]string, coordination bool) {
		pairs, coordination := Contribution{Place: at, Themes: themes, Widened: widened}.Looks(all)
		for _, p := range pairs {
			authorities, associations = append(authorities, p.Authorities), append(associations, p.Associations)
		}
		return authorities, associations, coordination
	}, err
}
