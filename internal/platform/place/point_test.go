package place

import "testing"

var pasted = []struct {
	s        string
	lat, lon float64
	ok       bool
}{
	{"48.8566, 2.3522", 48.8566, 2.3522, true},
	{" -33.45;-70.66 ", -33.45, -70.66, true},
	{"14.6937 -17.4441", 14.6937, -17.4441, true},
	{"geo:36.7,3.05?z=17", 36.7, 3.05, true},
	{"https://www.openstreetmap.org/#map=19/45.18854/5.72453", 45.18854, 5.72453, true},
	{"https://www.openstreetmap.org/?mlat=45.1885&mlon=5.7245#map=19/45.2/5.7", 45.1885, 5.7245, true},
	{"https://maps.example.org/place/X/@38.11,13.36,17z", 38.11, 13.36, true},
	{"https://maps.example.org/?q=38.11%2C13.36", 38.11, 13.36, true},
	{"91, 10", 0, 0, false},
	{"10, 181", 0, 0, false},
	{"quai des Fileuses", 0, 0, false},
	{"48.8566", 0, 0, false},
	{"", 0, 0, false},
}

func TestParsePoint(t *testing.T) {
	for _, c := range pasted {
		lat, lon, ok := ParsePoint(c.s)
		if ok != c.ok || ok && (lat != c.lat || lon != c.lon) {
			t.Errorf("%q: %v %v %v", c.s, lat, lon, ok)
		}
	}
}

func FuzzParsePoint(f *testing.F) {
	for _, c := range pasted {
		f.Add(c.s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if lat, lon, ok := ParsePoint(s); ok && !onEarth(lat, lon) {
			t.Errorf("%q: %v %v is not on Earth", s, lat, lon)
		}
	})
}
