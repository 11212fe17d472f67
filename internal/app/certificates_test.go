package app_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/miekg/dns"
	"golang.org/x/crypto/acme/autocert"

	"alliance/internal/app"
)

// authority is Let's Encrypt's own test authority, which finds every name on this machine.
type authority struct {
	*httptest.Server
	root *x509.Certificate
}

func newAuthority(t *testing.T, httpPort, tlsPort int) authority {
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	names := &dns.Server{Listener: l, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		answer := new(dns.Msg).SetReply(q)
		if q.Question[0].Qtype == dns.TypeA {
			answer.Answer = []dns.RR{&dns.A{Hdr: dns.RR_Header{Name: q.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET}, A: net.IPv4(127, 0, 0, 1)}}
		}
		_ = w.WriteMsg(answer)
	})}
	go func() { _ = names.ActivateAndServe() }()
	t.Cleanup(func() { _ = names.Shutdown() })
	quiet, store := log.New(io.Discard, "", 0), db.NewMemoryStore()
	issuer := ca.New(quiet, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "usual"}})
	front := wfe.New(quiet, store, va.New(quiet, httpPort, tlsPort, true, l.Addr().String(), store), issuer, []string{"authority.test"}, true, false, 0, 0)
	s := httptest.NewTLSServer(front.Handler())
	t.Cleanup(s.Close)
	return authority{s, issuer.GetRootCert(0).Cert}
}

// TestCertificates starts the program as a volunteer would on a bare machine:
// it gets its certificate from an authority, over either port, answers https,
// leads http there, and asks no second time when it is started again.
func TestCertificates(t *testing.T) {
	const host = "alliance.example.test"
	secure, open := freePort(t), freePort(t)
	for _, way := range []string{"over https alone", "over http"} {
		t.Run(way, func(t *testing.T) {
			ca := newAuthority(t, open.Port, secure.Port)
			dir := t.TempDir()
			c := app.Config{Database: "sqlite:" + filepath.Join(dir, "house.db"), Origin: "https://" + host, Listen: secure.String(),
				TLS: true, TLSAuthority: ca.URL + "/dir", Authority: ca.Client()}
			if way == "over http" {
				c.TLSHTTP = open.String()
			}
			trust := x509.NewCertPool()
			trust.AddCert(ca.root)
			client := &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
				Transport: &http.Transport{DisableKeepAlives: true, ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: trust},
					DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
						to := secure
						if strings.HasSuffix(address, ":80") {
							to = open
						}
						return new(net.Dialer).DialContext(ctx, network, to.String())
					}}}
			first := answered(t, client, c, "https://"+host+"/readyz")
			if first.StatusCode != 200 || first.ProtoMajor != 2 || first.TLS.PeerCertificates[0].VerifyHostname(host) != nil || first.Header.Get("Strict-Transport-Security") == "" {
				t.Error(first.Status, first.Proto, first.Header)
			}
			ca.Close() // whoever has a certificate needs no authority
			second := answered(t, client, c, "https://"+host+"/readyz")
			if second.TLS == nil || !second.TLS.PeerCertificates[0].Equal(first.TLS.PeerCertificates[0]) {
				t.Error("another certificate after the restart")
			}
			if c.TLSHTTP != "" {
				led := answered(t, client, c, "http://"+host+"/fr/agenda?q=1")
				if led.StatusCode != http.StatusPermanentRedirect || led.Header.Get("Location") != "https://"+host+"/fr/agenda?q=1" {
					t.Error(led.Status, led.Header)
				}
			}
		})
	}
}

// A name is needed, and https: otherwise the program says so instead of starting.
func TestCertificatesNeedAName(t *testing.T) {
	for _, origin := range []string{"", "http://alliance.example.org", "https://192.0.2.7", "https://alliance", "https://[::1]:443"} {
		c := app.Config{Database: "sqlite:" + filepath.Join(t.TempDir(), "house.db"), Console: io.Discard, Origin: origin, Listen: "127.0.0.1:0", TLS: true}
		a, err := app.Open(context.Background(), c)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.ServeTLS(context.Background(), c); err == nil || !strings.Contains(err.Error(), "--origin") {
			t.Errorf("%q: %v", origin, err)
		}
		a.Close()
	}
}

// Whatever address is asked for over http, the way leads to this host.
func TestPlainLeadsToThisHost(t *testing.T) {
	const origin = "https://alliance.example.org"
	h := app.Plain(&autocert.Manager{}, origin).Handler
	for address, to := range map[string]string{"/fr/agenda?q=1": "/fr/agenda?q=1", "//elsewhere.example/": "//elsewhere.example/", "http://elsewhere.example/fr/": "/fr/", "x:.elsewhere.example/": "/", "x:@elsewhere.example": "/"} {
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, httptest.NewRequest("GET", address, nil))
		if got := answer.Header().Get("Location"); answer.Code != http.StatusPermanentRedirect || got != origin+to {
			t.Errorf("%s: %d %s", address, answer.Code, got)
		}
	}
}

// answered runs the program until it answered one request.
func answered(t *testing.T, client *http.Client, c app.Config, address string) *http.Response {
	t.Helper()
	ready := make(announced)
	c.Console = ready
	a, err := app.Open(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.ServeTLS(ctx, c) }()
	defer func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	<-ready
	resp, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp
}

// announced is a console that tells when the program first said something: it listens then.
type announced chan struct{}

func (a announced) Write(said []byte) (int, error) {
	select {
	case <-a:
	default:
		close(a)
	}
	return len(said), nil
}

func freePort(t *testing.T) *net.TCPAddr {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr)
}
