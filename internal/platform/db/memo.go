package db

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Memo keeps answers that are dear to compute, such as the counts beside the
// filters of a long list. A cheap answer is computed anew after every write. A
// dear one is served as it was while a newer one is computed behind the
// visitor's back: a visitor waits more for a count than a count for a visitor.
// Whoever asks first, or after a long time, does wait.
type Memo[T any] struct {
	mu   sync.Mutex
	kept map[string]*remembered[T]
	busy map[string]*flight[T]
}

type remembered[T any] struct {
	value   T
	version int64
	at      time.Time
	cost    time.Duration
}

// flight is an answer being computed; others who want the same one wait for it.
type flight[T any] struct {
	version int64
	done    chan struct{}
	value   T
	err     error
}

const (
	dear     = 5 * time.Millisecond
	late     = 10 * time.Minute
	memoSize = 500
	share    = 10 // a dear answer is computed at most a tenth of the time
)

// Get gives the answer of key. compute must ask under the context it is given,
// which outlives the request.
func (m *Memo[T]) Get(ctx context.Context, d *DB, key string, compute func(context.Context) (T, error)) (T, error) {
	version, now := d.Version(), time.Now()
	m.mu.Lock()
	was, busy := m.kept[key], m.busy[key]
	if was != nil && was.version == version {
		m.mu.Unlock()
		return was.value, nil
	}
	if was != nil && was.cost > dear && now.Sub(was.at) < late {
		if busy == nil && now.Sub(was.at) > share*was.cost {
			go m.compute(context.WithoutCancel(ctx), key, m.depart(key, version), compute)
		}
		m.mu.Unlock()
		return was.value, nil
	}
	if busy != nil && busy.version == version {
		m.mu.Unlock()
		select {
		case <-busy.done:
			return busy.value, busy.err
		case <-ctx.Done():
			return *new(T), ctx.Err()
		}
	}
	f := m.depart(key, version)
	m.mu.Unlock()
	// Others may wait for this answer: it does not end with the request that asked first.
	m.compute(context.WithoutCancel(ctx), key, f, compute)
	return f.value, f.err
}

// depart puts a flight on the board; m.mu is held.
func (m *Memo[T]) depart(key string, version int64) *flight[T] {
	if m.busy == nil {
		m.busy = map[string]*flight[T]{}
	}
	f := &flight[T]{version: version, done: make(chan struct{})}
	m.busy[key] = f
	return f
}

func (m *Memo[T]) compute(ctx context.Context, key string, f *flight[T], compute func(context.Context) (T, error)) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	began := time.Now()
	defer func() {
		if p := recover(); p != nil { // behind a visitor's back nobody else would catch it
			f.err = fmt.Errorf("db: memo: panic: %v", p)
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.busy[key] == f {
			delete(m.busy, key)
		}
		if f.err == nil {
			m.keep(key, &remembered[T]{f.value, f.version, time.Now(), time.Since(began)})
		}
		close(f.done)
	}()
	f.value, f.err = compute(ctx)
}

// keep keeps an answer, in the place of any other when there are too many.
func (m *Memo[T]) keep(key string, r *remembered[T]) {
	if m.kept == nil {
		m.kept = map[string]*remembered[T]{}
	}
	if was := m.kept[key]; was != nil && was.version > r.version {
		return
	}
	if len(m.kept) >= memoSize {
		for other := range m.kept {
			delete(m.kept, other)
			break
		}
	}
	m.kept[key] = r
}
