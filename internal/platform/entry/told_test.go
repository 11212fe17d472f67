package entry

import (
	"maps"
	"testing"

	"alliance/internal/platform/place"
)

func TestWhatHistoryTellsOfAPlace(t *testing.T) {
	was := Facts{"place": "Lyon", "country": "FR", "address": "12 rue des Lilas", "stage": "trial"}
	street := Facts{"place": "12 rue des Lilas", "country": "FR"}
	for _, c := range []struct {
		name string
		now  place.Place
		was  Facts
		want Facts
	}{
		{"told exactly", place.Place{Name: "Lyon", Country: "FR", Lat: 45.75, Lon: 4.85, Precision: place.Exact}, was, was},
		{"told by its town", place.Of("Lyon", "FR"), was, Facts{"place": "Lyon", "country": "FR", "stage": "trial"}},
		{"told by its country", place.Of("", "FR"), was, Facts{"country": "FR", "stage": "trial"}},
		{"not told", place.Place{}, was, Facts{"stage": "trial"}},
		{"an address written as a town", place.Of("Lyon", "FR"), street, Facts{"country": "FR"}},
	} {
		got := tellable(c.now, []Revision{{Facts: c.was}})[0].Facts
		if !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if was["address"] == "" {
		t.Error("what was read was changed")
	}
	if got := tellable(place.Place{}, []Revision{{}}); got[0].Facts != nil {
		t.Error("nothing told becomes something")
	}
}
