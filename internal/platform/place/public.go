package place

import "math"

// Public gives the place as its precision promises it and no closer:
//
//   - Exact: as it is, to about ten metres;
//   - InTown: the name and centre of the town, wherever in it the place is;
//   - InCountry: the country and a point in its middle;
//   - None, or anything unknown: nothing at all.
//
// The zero coordinates mean that there is no point to draw. What is public
// stays as it is when made public again.
func (p Place) Public() Place {
	switch p.Precision {
	case Exact:
		if !onEarth(p.Lat, p.Lon) {
			p.Lat, p.Lon = 0, 0
		}
		p.Lat, p.Lon = round(p.Lat, 4), round(p.Lon, 4)
		return p
	case InTown:
		return p.inTown()
	case InCountry:
		return p.inCountry()
	}
	return Place{}
}

func (p Place) inCountry() Place {
	info, ok := Country(p.Country)
	if !ok {
		return Place{}
	}
	return Place{Country: info.Code, Lat: info.Lat, Lon: info.Lon, Precision: InCountry}
}

// inTown keeps the name only where the gazetteer knows it as a town, because
// a name may hold an address.
func (p Place) inTown() Place {
	t, known := p.town()
	if !known {
		return p.inCountry()
	}
	public := t.Place()
	if t.called(p.Name) {
		public.Name = p.Name
	}
	return public
}

// town gives the town of a place: the one it is named after, nearest to the
// point if there is one, else the town nearest to the point.
func (p Place) town() (Town, bool) {
	named := Lookup(p.Name, p.Country)
	if len(named) == 0 && !p.Located() {
		named = FindInText(p.Name, p.Country)
	}
	if !p.Located() {
		if len(named) == 0 {
			return Town{}, false
		}
		return named[0], true
	}
	const sameTown = 0.5 // degrees: a big city reaches that far from its centre
	best, found := sameTown, Town{}
	for _, t := range named {
		if d := angle(p.Lat, p.Lon, t.Lat, t.Lon); d < best {
			best, found = d, t
		}
	}
	if found.ID != 0 {
		return found, true
	}
	const village = 1000 // inhabitants: fewer would be nearly an address
	t := nearest(p.Lat, p.Lon, village)
	return t, t.ID != 0
}

// called tells that the town goes by that name in some language.
func (t Town) called(name string) bool {
	for _, other := range Lookup(name, t.Country) {
		if other.ID == t.ID {
			return true
		}
	}
	return false
}

func round(v float64, digits int) float64 {
	unit := math.Pow10(digits)
	return math.Round(v*unit) / unit
}
