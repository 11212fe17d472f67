package entry

import (
	"maps"

	"alliance/internal/platform/place"
)

// exactly are the facts of a version that close in on a place: they are told
// only while the place is told exactly.
var exactly = []string{"address", "venue"}

// tellable takes out of versions what may no longer be told of the place. How
// closely a place is told is decided now, for all that was ever written of it:
// a shelter whose town became dangerous to know does not stand in its history.
func tellable(now place.Place, list []Revision) []Revision {
	for i, r := range list {
		facts := maps.Clone(r.Facts)
		if now.Precision < place.Exact {
			for _, name := range exactly {
				delete(facts, name)
			}
		}
		if name := facts["place"]; name != "" && (now.Precision < place.InTown || !isTown(name, facts["country"]) && name != now.Public().Name) {
			delete(facts, "place")
		}
		if now.Precision == place.None {
			delete(facts, "country")
		}
		list[i].Facts = facts
	}
	return list
}

// isTown tells that a name is that of a town and no closer.
func isTown(name, country string) bool { return len(place.Lookup(name, country)) > 0 }
