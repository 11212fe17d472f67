package db

import (
	"sync"
	"time"
)

// Memo keeps answers that are dear to compute, such as the counts beside the
// filters of a long list. An answer is fresh while nothing was written; one
// that took more than a few milliseconds may also be served up to ten seconds
// late, because a visitor waits more for a count than a count for a visitor.
type Memo[T any] struct {
	mu   sync.Mutex
	kept map[string]remembered[T]
}

type remembered[T any] struct {
	value   T
	version int64
	at      time.Time
	cost    time.Duration
}

const (
	dear     = 5 * time.Millisecond
	late     = 10 * time.Second
	memoSize = 500
)

// Get gives the answer of key, computing it when it must.
func (m *Memo[T]) Get(d *DB, key string, compute func() (T, error)) (T, error) {
	version, now := d.Version(), time.Now()
	m.mu.Lock()
	was, ok := m.kept[key]
	m.mu.Unlock()
	if ok && (was.version == version || was.cost > dear && now.Sub(was.at) < late) {
		return was.value, nil
	}
	value, err := compute()
	if err != nil {
		return value, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil || len(m.kept) >= memoSize {
		m.kept = map[string]remembered[T]{}
	}
	m.kept[key] = remembered[T]{value, version, now, time.Since(now)}
	return value, nil
}
