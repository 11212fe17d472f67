package web

import (
	"net/http/httptest"
	"testing"
	"time"
)

// Whose word counts about where a request comes from.
func TestNetwork(t *testing.T) {
	for _, c := range []struct{ proxies, peer, said, want string }{
		{"", "203.0.113.7:4000", "", "203.0.113.7"},
		{"", "203.0.113.7:4000", "198.51.100.1", "203.0.113.7"}, // nobody configured: forged
		{"", "127.0.0.1:4000", "198.51.100.1", "127.0.0.1"},
		{"127.0.0.1", "127.0.0.1:4000", "198.51.100.1", "198.51.100.1"},
		{"127.0.0.1", "203.0.113.7:4000", "198.51.100.1", "203.0.113.7"},
		{"127.0.0.1", "127.0.0.1:4000", "10.9.9.9, 198.51.100.1", "198.51.100.1"}, // what stands left may be invented
		{"127.0.0.1,198.51.100.0/24", "127.0.0.1:4000", "203.0.113.9, 198.51.100.1", "203.0.113.9"},
		{"127.0.0.1", "127.0.0.1:4000", "", "127.0.0.1"},
		{"127.0.0.1", "127.0.0.1:4000", "nonsense", "127.0.0.1"},
		{"127.0.0.1", "127.0.0.1:4000", "198.51.100.1, ", "127.0.0.1"},
		{"::1", "[::1]:4000", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
		{"", "[2001:db8:1:2:aaaa::1]:4000", "", "2001:db8:1:2::/64"},
		{"", "[::ffff:203.0.113.7]:4000", "", "203.0.113.7"},
		{"", "[fe80::1%eth0]:4000", "", "fe80::/64"},
		{"", "@", "", "unknown"},
	} {
		proxies, err := ParseProxies(c.proxies)
		if err != nil {
			t.Fatal(err)
		}
		req := httptest.NewRequest("GET", "/", nil)
		req.RemoteAddr = c.peer
		if c.said != "" {
			req.Header.Set("X-Forwarded-For", c.said)
		}
		if got := (&Router{Proxies: proxies}).network(req); got != c.want {
			t.Errorf("proxies %q, from %s, said %q: %s, want %s", c.proxies, c.peer, c.said, got, c.want)
		}
	}
	for _, bad := range []string{"localhost", "10.0.0.0/99", "1.2.3"} {
		if _, err := ParseProxies(bad); err == nil {
			t.Errorf("%q taken", bad)
		}
	}
}

func FuzzNetwork(f *testing.F) {
	f.Add("127.0.0.1:1", "1.2.3.4, ::1,,")
	proxies, _ := ParseProxies("127.0.0.1,::1")
	f.Fuzz(func(t *testing.T, peer, said string) {
		req := httptest.NewRequest("GET", "/", nil)
		req.RemoteAddr, req.Header["X-Forwarded-For"] = peer, []string{said}
		if (&Router{Proxies: proxies}).network(req) == "" {
			t.Error("nowhere")
		}
	})
}

func TestMillIsBounded(t *testing.T) {
	var m mill
	now := time.Unix(600, 0)
	for range 3 {
		if !m.turn("a", 3, now) {
			t.Fatal("too early")
		}
	}
	if m.turn("a", 3, now) || !m.turn("b", 3, now) || !m.turn("a", 3, now.Add(time.Minute)) {
		t.Error("counts by key and minute")
	}
	for i := range 3 * millKeys {
		m.turn(string(rune(i)), 3, now)
	}
	if len(m.seen) > millKeys {
		t.Errorf("%d keys", len(m.seen))
	}
}
