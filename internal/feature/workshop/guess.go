package workshop

import (
	"context"

	"alliance/internal/platform/fault"
)

// enter is joined for somebody who comes with a code from outside. A code is
// short, so that it can be read from a wall. What keeps it from being guessed is
// that a network may be wrong only so many times.
func (s *Workshops) enter(ctx context.Context, network, code string) (Room, error) {
	plain, now := plainCode(code), s.DB.Now()
	if s.guesses.Slow(network, plain, now) {
		return Room{}, fault.TooMany("workshop.code.slow", "Too many wrong codes came from your network. Wait ten minutes, or ask the rapporteur to write for you.")
	}
	r, err := s.joined(ctx, s.DB, code)
	if missing := fault.Is(err, fault.KindNotFound); (missing && plain != "") || err == nil {
		s.guesses.Tried(network, plain, !missing, now)
	}
	return r, err
}
