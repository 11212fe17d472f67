package workshop

import (
	"context"
	"maps"
	"sync"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
)

// A code is short, so that it can be read from a wall. What keeps it from
// being guessed is that a network may be wrong only so many times. A whole
// room stands behind one network: the same wrong code counts once however many
// type it, and a code that was right from there goes on opening its room.
const (
	wrongCodes = 120 // different ones, of one network
	wrongTime  = 10 * time.Minute
	rightTime  = 12 * time.Hour // a day of a meeting
	mostKnown  = 20000          // networks and codes kept in memory
)

// guesses remembers, in memory alone, which codes networks tried.
type guesses struct {
	mu    sync.Mutex
	wrong map[string]*tries
	right map[string]db.Instant // network and code → until when it is known
}

type tries struct {
	codes map[string]bool
	until db.Instant
}

// slow tells whether a network tried too many wrong codes to try yet another.
func (g *guesses) slow(network, code string, now db.Instant) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.wrong[network]
	return t != nil && now < t.until && len(t.codes) >= wrongCodes && !t.codes[code] && now >= g.right[network+" "+code]
}

// tried notes a code and whether it was right.
func (g *guesses) tried(network, code string, right bool, now db.Instant) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.wrong == nil {
		g.wrong, g.right = map[string]*tries{}, map[string]db.Instant{}
	}
	if right {
		if len(g.right) >= mostKnown {
			maps.DeleteFunc(g.right, func(_ string, until db.Instant) bool { return now >= until })
		}
		if len(g.right) < mostKnown {
			g.right[network+" "+code] = now.Add(rightTime)
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
		t = &tries{codes: map[string]bool{}, until: now.Add(wrongTime)}
		g.wrong[network] = t
	}
	if len(t.codes) < wrongCodes {
		t.codes[code] = true
	}
}

// enter is joined for somebody who comes with a code from outside.
func (s *Workshops) enter(ctx context.Context, network, code string) (Room, error) {
	plain, now := plainCode(code), s.DB.Now()
	if s.guesses.slow(network, plain, now) {
		return Room{}, fault.TooMany("workshop.code.slow", "Too many wrong codes came from your network. Wait ten minutes, or ask the rapporteur to write for you.")
	}
	r, err := s.joined(ctx, s.DB, code)
	if missing := fault.Is(err, fault.KindNotFound); (missing && plain != "") || err == nil {
		s.guesses.tried(network, plain, !missing, now)
	}
	return r, err
}
