// Package outside asks other servers for something: the only way out of the
// house for a web request.
//
// The one idea: an address is judged after its name is resolved, and the
// connection goes to the very address that was judged. So a name that answers
// with an inner address, at once, at the second question or after a redirect,
// reaches nothing. Everything has a bound: size, time, redirects.
package outside

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Client asks others. Its bounds can be narrowed; tests replace who resolves
// and what counts as public.
type Client struct {
	Resolve   func(ctx context.Context, host string) ([]netip.Addr, error)
	Public    func(netip.Addr) bool
	Ports     []string // allowed; nil = any
	Redirects int
	Time      time.Duration
	Agent     string
}

// New gives a client with the bounds of the house.
func New() *Client {
	return &Client{
		Resolve: func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		},
		Public: Public, Ports: []string{"80", "443", "8080", "8443"}, Redirects: 5, Time: 20 * time.Second, Agent: "Alliance",
	}
}

// Why a request came to nothing.
type Why string

const (
	BadAddress Why = "bad-address" // no web address, or one with a name and password
	NotPublic  Why = "not-public"  // leads to an inner address
	NotFound   Why = "not-found"   // no such name
	Redirects  Why = "redirects"   // one redirect after another
	Slow       Why = "slow"        // no answer in time, or it never ends
	TooLarge   Why = "too-large"
	Refused    Why = "refused" // an answer other than success
	Broken     Why = "broken"  // no connection, or it broke
)

// Error says why, and where it happened: after redirects that may be elsewhere.
type Error struct {
	Why    Why
	Host   string
	Status int
	Err    error
}

func (e *Error) Error() string {
	s := "outside: " + string(e.Why)
	if e.Host != "" {
		s += " at " + e.Host
	}
	if e.Status != 0 {
		s += fmt.Sprintf(" (status %d)", e.Status)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// Kept is what a server said of an answer, to ask only for a newer one.
type Kept struct{ ETag, Modified string }

// Answer is what came back.
type Answer struct {
	Same bool // 304: nothing new
	Body []byte
	Type string
	Kept
}

// Get asks for an address: at most so many bytes of body, after decompression.
// Its error is an *Error.
func (c *Client) Get(ctx context.Context, address string, most int64, kept Kept) (Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, c.Time)
	defer cancel()
	u, err := c.check(address)
	if err != nil {
		return Answer{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return Answer{}, &Error{Why: BadAddress, Err: err}
	}
	req.Header.Set("User-Agent", c.Agent)
	req.Header.Set("Accept", "*/*")
	if kept.ETag != "" {
		req.Header.Set("If-None-Match", kept.ETag)
	}
	if kept.Modified != "" {
		req.Header.Set("If-Modified-Since", kept.Modified)
	}
	transport := c.transport()
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, CheckRedirect: func(next *http.Request, via []*http.Request) error {
		if len(via) > c.Redirects {
			return &Error{Why: Redirects, Host: next.URL.Host}
		}
		_, err := c.check(next.URL.String())
		return err
	}}
	res, err := client.Do(req)
	if err != nil {
		return Answer{}, c.why(ctx, err, u.Host)
	}
	defer res.Body.Close()
	host := res.Request.URL.Host
	a := Answer{Type: res.Header.Get("Content-Type"), Kept: Kept{short(res.Header.Get("ETag")), short(res.Header.Get("Last-Modified"))}}
	switch {
	case res.StatusCode == http.StatusNotModified:
		a.Same = true
		return a, nil
	case res.StatusCode != http.StatusOK:
		return a, &Error{Why: Refused, Host: host, Status: res.StatusCode}
	}
	a.Body, err = io.ReadAll(io.LimitReader(res.Body, most+1))
	if err != nil {
		return a, c.why(ctx, err, host)
	}
	if int64(len(a.Body)) > most {
		return a, &Error{Why: TooLarge, Host: host}
	}
	return a, nil
}

// HTTP gives a client for libraries that ask by themselves: each address is
// judged by the same rule, also after redirects, and no body is longer than most.
func (c *Client) HTTP(most int64) *http.Client {
	return &http.Client{Transport: judged{c, most}, Timeout: c.Time, CheckRedirect: func(next *http.Request, via []*http.Request) error {
		if len(via) > c.Redirects {
			return &Error{Why: Redirects, Host: next.URL.Host}
		}
		return nil
	}}
}

// judged is the transport of HTTP.
type judged struct {
	c    *Client
	most int64
}

func (j judged) RoundTrip(req *http.Request) (*http.Response, error) {
	if _, err := j.c.check(req.URL.String()); err != nil {
		return nil, err
	}
	req = req.Clone(req.Context())
	req.Header.Set("User-Agent", j.c.Agent)
	res, err := j.c.transport().RoundTrip(req)
	if err != nil {
		return nil, j.c.why(req.Context(), err, req.URL.Host)
	}
	res.Body = struct {
		io.Reader
		io.Closer
	}{&bounded{res.Body, j.most, req.URL.Host}, res.Body}
	return res, nil
}

// bounded breaks off a body that is too long, rather than giving half of it.
type bounded struct {
	io.Reader
	left int64
	host string
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, &Error{Why: TooLarge, Host: b.host}
	}
	return n, err
}

func short(s string) string {
	if len(s) > 300 {
		return ""
	}
	return s
}

// Check tells whether an address may be asked at all, as far as that can be
// said before its name is resolved: for a form.
func (c *Client) Check(address string) error {
	_, err := c.check(address)
	return err
}

func (c *Client) check(address string) (*url.URL, error) {
	bad := func(err error) error { return &Error{Why: BadAddress, Err: err} }
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || len(address) > 2000 {
		return nil, bad(err)
	}
	if u.Scheme == "webcal" { // what programs write for "https, and it is a calendar"
		u.Scheme = "https"
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Opaque != "" {
		return nil, bad(nil)
	}
	if port := u.Port(); port != "" && c.Ports != nil && !contains(c.Ports, port) {
		return nil, bad(nil)
	}
	if a, err := netip.ParseAddr(u.Hostname()); err == nil && !c.Public(a.Unmap().WithZone("")) {
		return nil, &Error{Why: NotPublic, Host: u.Host}
	}
	return u, nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// transport connects only to addresses that were judged. No proxy of the
// environment: it would resolve names itself.
func (c *Client) transport() *http.Transport {
	dialer := &net.Dialer{Timeout: c.Time / 2}
	return &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			host, port, err := net.SplitHostPort(address)
			if err != nil {
				return nil, err
			}
			found, err := c.resolve(ctx, host)
			if err != nil {
				return nil, err
			}
			var last error
			for _, a := range found {
				conn, err := dialer.DialContext(ctx, network, netip.AddrPortFrom(a, portOf(port)).String())
				if err == nil {
					return conn, nil
				}
				last = err
			}
			return nil, last
		},
		DisableKeepAlives: true, TLSHandshakeTimeout: c.Time / 2, ResponseHeaderTimeout: c.Time, MaxResponseHeaderBytes: 64 << 10, ForceAttemptHTTP2: true,
	}
}

// resolve gives the addresses of a name. One inner address among them is
// enough to refuse all: nobody honest has both.
func (c *Client) resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	var found []netip.Addr
	if a, err := netip.ParseAddr(host); err == nil {
		found = []netip.Addr{a}
	} else {
		var err error
		if found, err = c.Resolve(ctx, host); err != nil || len(found) == 0 {
			return nil, &Error{Why: NotFound, Host: host, Err: err}
		}
	}
	for i, a := range found {
		found[i] = a.Unmap()
		if found[i].Zone() != "" || !c.Public(found[i]) {
			return nil, &Error{Why: NotPublic, Host: host}
		}
	}
	return found, nil
}

func portOf(s string) uint16 {
	n, err := net.LookupPort("tcp", s)
	if err != nil {
		return 0
	}
	return uint16(n)
}

// why gives the reason of a failure in our words.
func (c *Client) why(ctx context.Context, err error, host string) error {
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	var timeout net.Error
	if ctx.Err() != nil || errors.As(err, &timeout) && timeout.Timeout() {
		return &Error{Why: Slow, Host: host, Err: err}
	}
	return &Error{Why: Broken, Host: host, Err: err}
}

// special are the ranges that are no public host, beyond those netip names:
// shared, documentation, benchmarks, translation to IPv4 and reserved ones.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("3fff::/20"),
}

// Public tells whether an address is a host on the open internet.
func Public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsValid() || !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified() {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return !a.Is6() || netip.MustParsePrefix("2000::/3").Contains(a)
}
