package db_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alliance/internal/platform/db"
)

func open(t *testing.T) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func TestADearAnswerIsMadeBehindTheVisitorsBack(t *testing.T) {
	d := open(t)
	var m db.Memo[int64]
	var made atomic.Int64
	slow := make(chan struct{})
	get := func() int64 {
		n, err := m.Get(t.Context(), d, "key", func(context.Context) (int64, error) {
			if n := made.Add(1); n > 1 {
				<-slow
			}
			time.Sleep(6 * time.Millisecond)
			return made.Load(), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for range 2 {
		if get() != 1 {
			t.Fatal("nothing was written, yet the answer was made twice")
		}
	}
	time.Sleep(80 * time.Millisecond) // a dear answer is not made all the time
	d.Changed()
	if got := get(); got != 1 {
		t.Errorf("the visitor got %d: they waited for a new answer", got)
	}
	close(slow)
	for wait := time.Now().Add(5 * time.Second); get() != 2; time.Sleep(time.Millisecond) {
		if time.Now().After(wait) {
			t.Fatal("the new answer never came")
		}
	}
}

func TestACheapAnswerIsNeverOld(t *testing.T) {
	d := open(t)
	var m db.Memo[int]
	n := 0
	for range 20 {
		n++
		d.Changed()
		got, err := m.Get(t.Context(), d, "", func(context.Context) (int, error) { return n, nil })
		if err != nil || got != n {
			t.Fatalf("%d instead of %d, %v", got, n, err)
		}
	}
}

func TestAnAnswerIsMadeOnceForAllWhoWait(t *testing.T) {
	d := open(t)
	var m db.Memo[int]
	var made atomic.Int64
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			got, err := m.Get(t.Context(), d, "", func(context.Context) (int, error) {
				time.Sleep(50 * time.Millisecond)
				return int(made.Add(1)), nil
			})
			if got != 1 || err != nil {
				t.Errorf("%d, %v", got, err)
			}
		})
	}
	all.Wait()
	if made.Load() != 1 {
		t.Errorf("made %d times", made.Load())
	}
}

func TestAnAnswerThatFailsIsNotKept(t *testing.T) {
	d := open(t)
	var m db.Memo[int]
	if _, err := m.Get(t.Context(), d, "", func(context.Context) (int, error) { panic("broken") }); err == nil {
		t.Error("a panic gave an answer")
	}
	broken := errors.New("broken")
	if _, err := m.Get(t.Context(), d, "", func(context.Context) (int, error) { return 0, broken }); !errors.Is(err, broken) {
		t.Error(err)
	}
	if got, err := m.Get(t.Context(), d, "", func(context.Context) (int, error) { return 7, nil }); got != 7 || err != nil {
		t.Error(got, err)
	}
}
