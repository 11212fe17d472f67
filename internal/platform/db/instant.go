package db

import "time"

// Instant is microseconds since 1970 in UTC; 0 means "not yet" or "for ever".
type Instant int64

// Now reads the machine's clock.
func Now() Instant { return At(time.Now()) }

// At converts a time; the zero time is Instant 0.
func At(t time.Time) Instant {
	if t.IsZero() {
		return 0
	}
	return Instant(t.UnixMicro())
}

// Time converts back, in UTC; Instant 0 is the zero time.
func (i Instant) Time() time.Time {
	if i == 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(i)).UTC()
}

// Add moves an instant.
func (i Instant) Add(d time.Duration) Instant { return i + Instant(d.Microseconds()) }

// Day names the UTC day: "2019-10-03".
func (i Instant) Day() string { return i.Time().Format(time.DateOnly) }
