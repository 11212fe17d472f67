package web

import (
	"hash/maphash"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
)

// Guesses remembers, in memory alone and bounded, which codes and secrets each
// network tried in vain. A whole room stands behind one network: the same wrong
// code counts once however many type it, and one that was right from there goes
// on opening what it opens.
type Guesses struct {
	mu    sync.Mutex
	seed  maphash.Seed
	wrong map[string]*tries
	right map[opened]db.Instant // until when it is known
}

const (
	wrongCodes = 120 // different ones, of one network
	wrongTime  = 10 * time.Minute
	rightTime  = 12 * time.Hour // a day of a meeting
	mostKnown  = 20000          // networks and codes kept in memory
)

type tries struct {
	codes map[uint64]bool // hashes: a code may be as long as an address
	until db.Instant
}

type opened struct {
	network string
	code    uint64
}

func (g *Guesses) hash(code string) uint64 {
	if g.wrong == nil {
		g.seed, g.wrong, g.right = maphash.MakeSeed(), map[string]*tries{}, map[opened]db.Instant{}
	}
	return maphash.String(g.seed, code)
}

// Slow tells whether a network tried too many wrong codes to try yet another.
func (g *Guesses) Slow(network, code string, now db.Instant) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	this, t := g.hash(code), g.wrong[network]
	return t != nil && now < t.until && len(t.codes) >= wrongCodes && !t.codes[this] && now >= g.right[opened{network, this}]
}

// Tried notes a code and whether it was right.
func (g *Guesses) Tried(network, code string, right bool, now db.Instant) {
	g.mu.Lock()
	defer g.mu.Unlock()
	this := g.hash(code)
	if right {
		if len(g.right) >= mostKnown {
			maps.DeleteFunc(g.right, func(_ opened, until db.Instant) bool { return now >= until })
		}
		if len(g.right) < mostKnown {
			g.right[opened{network, this}] = now.Add(rightTime)
		}
		return
	}
	t := g.wrong[network]
	if t == nil || now >= t.until {
		if len(g.wrong) >= mostKnown {
			maps.DeleteFunc(g.wrong, func(_ string, t *tries) bool { return now >= t.until })
		}
		if len(g.wrong) >= mostKnown {
			return // so many networks at once: no guesser pays for that
		}
		t = &tries{codes: map[uint64]bool{}, until: now.Add(wrongTime)}
		g.wrong[network] = t
	}
	if len(t.codes) < wrongCodes {
		t.codes[this] = true
	}
}

// bySecret tells the pages that whoever has their address may open.
func bySecret(pattern string) bool {
	return strings.Contains(pattern, "{secret}") || strings.Contains(pattern, "{token}")
}

// unguessed lets a page answer that its address alone opens. No copy of it
// stays, no search engine keeps it, and who tries many in vain waits: secrets are far too long to be
// guessed, so this only makes trying pointless from the start.
func (r *Router) unguessed(ask Handler) Handler {
	return func(c *Ctx) error {
		c.Private()
		c.W.Header().Set("X-Robots-Tag", "noindex")
		network, secret, now := c.Network(), c.Path("secret")+c.Path("token"), c.DB.Now()
		if r.secrets.Slow(network, secret, now) {
			return people.TooManyFromNetwork()
		}
		answer := &seen{ResponseWriter: c.W, status: http.StatusOK}
		c.W = answer
		err := ask(c)
		led := c.R.Method == http.MethodGet && answer.status != http.StatusOK // to somewhere else: nothing opened
		if missing := fault.Is(err, fault.KindNotFound) || err == nil && led; missing || err == nil {
			r.secrets.Tried(network, secret, !missing, now)
		}
		return err
	}
}
