package place

import "testing"

func TestZone(t *testing.T) {
	for _, c := range []struct{ town, country, want string }{
		{"Paris", "FR", "Europe/Paris"},
		{"", "FR", "Europe/Paris"},
		{"Palermo", "IT", "Europe/Rome"},
		{"Barcelona", "ES", "Europe/Madrid"},
		{"Las Palmas de Gran Canaria", "ES", "Atlantic/Canary"},
		{"Gao", "ML", "Africa/Bamako"},
		{"São Paulo", "BR", "America/Sao_Paulo"},
		{"Manaus", "BR", "America/Manaus"},
		{"", "BR", ""}, // several are possible: nothing is guessed
		{"", "", ""},
	} {
		if got := Of(c.town, c.country).Zone(); got != c.want {
			t.Errorf("%s, %s: %q, want %q", c.town, c.country, got, c.want)
		}
	}
	for country := range zones() {
		for _, z := range zones()[country] {
			if _, ok := ParseZone(z.zone); !ok {
				t.Errorf("%s: %s is no time zone", country, z.zone)
			}
			if !onEarth(z.lat, z.lon) || z.lat == 0 && z.lon == 0 {
				t.Errorf("%s is at %v, %v", z.zone, z.lat, z.lon)
			}
		}
	}
}

func TestParseZone(t *testing.T) {
	for s, want := range map[string]bool{"Europe/Paris": true, " Europe/Paris ": true, "UTC": true, "Local": false, "": false, "Paris": false, "../../etc/passwd": false, "Europe/Nowhere": false} {
		if _, ok := ParseZone(s); ok != want {
			t.Errorf("%q: %v", s, ok)
		}
	}
}
