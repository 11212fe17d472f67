package web

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// ParseProxies reads the addresses of proxies: "127.0.0.1, 10.0.0.0/8, ::1".
func ParseProxies(list string) (proxies []netip.Prefix, err error) {
	for one := range strings.SplitSeq(list, ",") {
		one = strings.TrimSpace(one)
		if one == "" {
			continue
		}
		p, err := netip.ParsePrefix(one)
		if err != nil {
			a, addrErr := netip.ParseAddr(one)
			if addrErr != nil {
				return nil, fmt.Errorf("web: %q is no address of a proxy; write 127.0.0.1 or 10.0.0.0/8", one)
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		proxies = append(proxies, p)
	}
	return proxies, nil
}

// network is where a request comes from, as limits count it: an address, or
// the /64 that one household or office has of IPv6. What X-Forwarded-For says
// counts only from proxies that were configured, read from the right: what
// stands left of the first unknown address may be invented.
func (r *Router) network(req *http.Request) string {
	peer, err := netip.ParseAddrPort(req.RemoteAddr)
	if err != nil {
		return "unknown"
	}
	at := peer.Addr().Unmap().WithZone("")
	said := strings.Split(strings.Join(req.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(said) - 1; i >= 0 && r.isProxy(at); i-- {
		before, err := netip.ParseAddr(strings.TrimSpace(said[i]))
		if err != nil {
			break
		}
		at = before.Unmap().WithZone("")
	}
	if at.Is6() {
		if wide, err := at.Prefix(64); err == nil {
			return wide.String()
		}
	}
	return at.String()
}

// FromProxy tells whether a request comes from a proxy that was configured,
// whose word counts.
func (r *Router) FromProxy(req *http.Request) bool {
	peer, err := netip.ParseAddrPort(req.RemoteAddr)
	return err == nil && r.isProxy(peer.Addr().Unmap().WithZone(""))
}

func (r *Router) isProxy(a netip.Addr) bool {
	for _, p := range r.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// Network is where the request comes from, for limits: a mark that nobody can
// read back without the key of the house. No address is kept anywhere.
func (c *Ctx) Network() string { return c.router.Key.Mark("network", c.router.network(c.R)) }

// mill counts within a minute, in memory and bounded: for what is too frequent
// to be counted in the database.
type mill struct {
	mu     sync.Mutex
	minute int64
	seen   map[string]int
}

const millKeys = 20000

// turn counts one and tells whether it is within the limit.
func (m *mill) turn(key string, limit int, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if minute := now.Unix() / 60; minute != m.minute || m.seen == nil || len(m.seen) >= millKeys {
		m.minute, m.seen = minute, map[string]int{}
	}
	m.seen[key]++
	return m.seen[key] <= limit
}
