package outside

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestPublic(t *testing.T) {
	for a, want := range map[string]bool{
		"8.8.8.8": true, "93.184.216.34": true, "2606:4700:4700::1111": true, "2a00:1450::1": true,
		"127.0.0.1": false, "127.9.9.9": false, "::1": false, "0.0.0.0": false, "::": false, "0.1.2.3": false,
		"10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.1.1": false, "100.64.0.1": false, "169.254.169.254": false,
		"fe80::1": false, "fc00::1": false, "fd12:3456::1": false, "ff02::1": false, "224.0.0.1": false, "255.255.255.255": false, "240.0.0.1": false,
		"::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "2001:db8::1": false, "192.0.2.1": false, "198.18.0.1": false, "198.51.100.1": false, "203.0.113.7": false,
		"::127.0.0.1": false, "fec0::1": false, "2001::1": false, "172.32.0.1": true, "100.128.0.1": true,
	} {
		if got := Public(netip.MustParseAddr(a)); got != want {
			t.Errorf("%s: public %v", a, got)
		}
	}
}

func TestAddressesRefusedAtOnce(t *testing.T) {
	c := New()
	for address, want := range map[string]Why{
		"ftp://example.org/x": BadAddress, "file:///etc/passwd": BadAddress, "https://": BadAddress, "javascript:alert(1)": BadAddress, "https://user:pw@example.org/": BadAddress,
		"http://example.org:22/": BadAddress, "http://127.0.0.1/": NotPublic, "http://[::1]/": NotPublic, "http://169.254.169.254/latest": NotPublic, "http://[::ffff:10.0.0.1]/": NotPublic,
	} {
		var e *Error
		if err := c.Check(address); !errors.As(err, &e) || e.Why != want {
			t.Errorf("%s: %v, want %s", address, err, want)
		}
	}
	for _, fine := range []string{"https://example.org/x.ics", "webcal://example.org/x.ics", "http://example.org:8080/"} {
		if err := c.Check(fine); err != nil {
			t.Errorf("%s: %v", fine, err)
		}
	}
}

// near gives a client for which the test's server is the open internet under
// the names of a table.
func near(t *testing.T, s *httptest.Server, names map[string][]string) *Client {
	t.Helper()
	c := New()
	own := netip.MustParseAddrPort(strings.TrimPrefix(s.URL, "http://"))
	c.Ports, c.Time = nil, 5*time.Second
	c.Public = func(a netip.Addr) bool { return a == own.Addr() || Public(a) }
	c.Resolve = func(_ context.Context, host string) (found []netip.Addr, err error) {
		for _, a := range names[host] {
			found = append(found, netip.MustParseAddr(a))
		}
		return found, nil
	}
	return c
}

func port(s *httptest.Server) string { return s.URL[strings.LastIndexByte(s.URL, ':'):] }

func why(err error) Why {
	var e *Error
	if errors.As(err, &e) {
		return e.Why
	}
	return ""
}

func TestGuardedRequests(t *testing.T) {
	mux := http.NewServeMux()
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	ended := make(chan struct{})
	t.Cleanup(func() { close(ended) })
	mux.HandleFunc("/fine", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-None-Match") == `"1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, "fine")
	})
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/inner", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://10.0.0.1/secret", http.StatusFound)
	})
	mux.HandleFunc("/inner-name", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://inner.example"+port(s)+"/secret", http.StatusFound)
	})
	mux.HandleFunc("/file", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
	})
	mux.HandleFunc("/large", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, strings.Repeat("x", 2000)) })
	mux.HandleFunc("/bomb", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		for range 1000 {
			z.Write(make([]byte, 10000))
		}
		z.Close()
	})
	mux.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		select {
		case <-ended:
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("/no", func(w http.ResponseWriter, r *http.Request) { http.Error(w, "no", http.StatusForbidden) })
	var secrets atomic.Int32
	mux.HandleFunc("/secret", func(http.ResponseWriter, *http.Request) { secrets.Add(1) })
	c := near(t, s, map[string][]string{"town.example": {"127.0.0.1"}, "inner.example": {"10.0.0.7"}, "both.example": {"127.0.0.1", "192.168.0.1"}})
	// The same for libraries that ask by themselves.
	library := func(address string) error {
		res, err := c.HTTP(1000).Get(address)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		_, err = io.ReadAll(res.Body)
		return err
	}
	for path, want := range map[string]Why{"/fine": "", "/loop": Redirects, "/inner": NotPublic, "/inner-name": NotPublic, "/file": BadAddress, "/large": TooLarge, "/bomb": TooLarge, "/no": ""} {
		if err := library("http://town.example" + port(s) + path); why(err) != want {
			t.Errorf("by a library, %s: %v, want %q", path, err, want)
		}
	}
	for path, want := range map[string]Why{"/fine": "", "/loop": Redirects, "/inner": NotPublic, "/inner-name": NotPublic, "/file": BadAddress, "/large": TooLarge, "/bomb": TooLarge, "/no": Refused} {
		if _, err := c.Get(t.Context(), "http://town.example"+port(s)+path, 1000, Kept{}); why(err) != want {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	for address, want := range map[string]Why{"http://inner.example" + port(s) + "/secret": NotPublic, "http://both.example" + port(s) + "/secret": NotPublic, "http://nowhere.example/": NotFound} {
		if _, err := c.Get(t.Context(), address, 1000, Kept{}); why(err) != want {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
		if err := library(address); why(err) != want {
			t.Errorf("by a library, %s: %v, want %q", address, err, want)
		}
	}
	if n := secrets.Load(); n != 0 {
		t.Errorf("an inner address was asked %d times", n)
	}
	slow := *c
	slow.Time = 300 * time.Millisecond
	if _, err := slow.Get(t.Context(), "http://town.example"+port(s)+"/endless", 1000, Kept{}); why(err) != Slow {
		t.Error(err)
	}
	first, err := c.Get(t.Context(), "http://town.example"+port(s)+"/fine", 1000, Kept{})
	if err != nil || string(first.Body) != "fine" {
		t.Fatalf("%q %v", first.Body, err)
	}
	if again, err := c.Get(t.Context(), "http://town.example"+port(s)+"/fine", 1000, first.Kept); err != nil || !again.Same {
		t.Errorf("%+v %v", again, err)
	}
}

// TestRebinding: a name that is public when first asked and inner the second
// time reaches nothing, since there is no second time.
func TestRebinding(t *testing.T) {
	var asked, secrets atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Load() > 1 {
			secrets.Add(1)
		}
		fmt.Fprint(w, "x")
	}))
	t.Cleanup(s.Close)
	c := near(t, s, nil)
	c.Resolve = func(context.Context, string) ([]netip.Addr, error) {
		if asked.Add(1) == 1 {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
		}
		return []netip.Addr{netip.MustParseAddr("10.0.0.1")}, nil
	}
	if _, err := c.Get(t.Context(), "http://turn.example"+port(s)+"/", 1000, Kept{}); err != nil {
		t.Error(err)
	}
	if _, err := c.Get(t.Context(), "http://turn.example"+port(s)+"/", 1000, Kept{}); why(err) != NotPublic {
		t.Error(err)
	}
	if asked.Load() != 2 || secrets.Load() != 0 {
		t.Errorf("resolved %d times, reached %d", asked.Load(), secrets.Load())
	}
}
