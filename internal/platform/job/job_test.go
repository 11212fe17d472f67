package job

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alliance/internal/housetest/postgres"
	"alliance/internal/platform/db"
)

// onBoth runs a test on a fresh database of each engine.
func onBoth(t *testing.T, test func(t *testing.T, d *db.DB)) {
	for name, address := range map[string]func() string{
		"sqlite":   func() string { return "sqlite:" + filepath.Join(t.TempDir(), "a.db") },
		"postgres": func() string { return postgres.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			d, err := db.Open(t.Context(), address())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { d.Close() })
			if err := d.Migrate(t.Context(), Schema); err != nil {
				t.Fatal(err)
			}
			test(t, d)
		})
	}
}

// clock makes the house's clock stand still until it is moved.
func clock(d *db.DB) *atomic.Int64 {
	var now atomic.Int64
	now.Store(int64(db.Now()))
	d.Now = func() db.Instant { return db.Instant(now.Load()) }
	return &now
}

func add(t *testing.T, d *db.DB, jobs ...New) {
	t.Helper()
	err := d.Do(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		for _, n := range jobs {
			if err := Add(ctx, tx, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, d *db.DB, kind string) Count {
	t.Helper()
	all, err := Counts(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if c.Kind == kind {
			return c
		}
	}
	return Count{Kind: kind}
}

func drained(t *testing.T, r *Runner) {
	t.Helper()
	if err := r.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestJobLivesWithItsTransaction(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		var got []string
		r := NewRunner(d)
		r.Handle("say", func(_ context.Context, data []byte) error {
			got = append(got, string(data))
			return nil
		})
		add(t, d, New{Kind: "say", Data: map[string]int{"n": 1}}, New{Kind: "unknown"})
		wrong := errors.New("no")
		err := d.Do(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			if err := Add(ctx, tx, New{Kind: "say", Data: []byte("never")}); err != nil {
				return err
			}
			return wrong
		})
		if !errors.Is(err, wrong) {
			t.Fatal(err)
		}
		drained(t, r)
		if len(got) != 1 || got[0] != `{"n":1}` {
			t.Errorf("did %q", got)
		}
		if c := count(t, d, "say"); c.Waiting+c.Running+c.Dead != 0 {
			t.Errorf("left %+v", c)
		}
		if c := count(t, d, "unknown"); c.Waiting != 1 {
			t.Errorf("a kind nobody knows must wait: %+v", c)
		}
	})
}

func TestKeyIsUniqueWhileWaiting(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		now := clock(d)
		var got []string
		r := NewRunner(d)
		r.Handle("say", func(ctx context.Context, data []byte) error {
			got = append(got, string(data))
			if len(got) == 1 { // while it runs, another of its key may wait, but not run
				add(t, d, New{Kind: "say", Key: "k", Data: []byte("second")})
				other := NewRunner(d)
				other.works = r.works
				if c, err := other.take(ctx, "say"); c != nil || err != nil {
					t.Errorf("two of one key at once: %+v %v", c, err)
				}
			}
			return nil
		})
		later := d.Now().Add(time.Hour)
		add(t, d, New{Kind: "say", Key: "k", Data: []byte("old"), RunAt: later})
		drained(t, r)
		add(t, d, New{Kind: "say", Key: "k", Data: []byte("first")}, New{Kind: "say", Key: "k", Data: []byte("first"), RunAt: later})
		if c := count(t, d, "say"); c.Waiting != 1 {
			t.Fatalf("%+v", c)
		}
		drained(t, r)
		now.Add(int64(2 * time.Hour / time.Microsecond))
		drained(t, r)
		if fmt.Sprint(got) != "[first second]" {
			t.Errorf("did %q", got)
		}
	})
}

func TestFailureWaitsAndDies(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		now := clock(d)
		tries := 0
		r := NewRunner(d)
		r.Attempts = 3
		r.Handle("fail", func(context.Context, []byte) error { tries++; panic("oh \x00\xff") })
		r.Handle("hopeless", func(context.Context, []byte) error { return Hopeless(errors.New("never")) })
		add(t, d, New{Kind: "fail"}, New{Kind: "hopeless"})
		for range 6 {
			_ = r.Drain(t.Context())
			now.Add(int64(7 * time.Hour / time.Microsecond))
		}
		if tries != 3 {
			t.Errorf("tried %d times", tries)
		}
		dead, err := Dead(t.Context(), d)
		if err != nil || len(dead) != 2 {
			t.Fatalf("dead: %+v %v", dead, err)
		}
		for _, one := range dead {
			if one.Problem == "" || one.Kind == "hopeless" && one.Attempts != 1 {
				t.Errorf("%+v", one)
			}
			err := d.Do(t.Context(), func(ctx context.Context, tx *db.Tx) error { return Retry(ctx, tx, one.ID) })
			if err != nil {
				t.Fatal(err)
			}
		}
		_ = r.Drain(t.Context())
		if tries != 4 || count(t, d, "fail").Waiting != 1 || count(t, d, "hopeless").Dead != 1 {
			t.Errorf("after retry: %d tries, %+v", tries, count(t, d, "fail"))
		}
		now.Add(int64(31 * 24 * time.Hour / time.Microsecond))
		_ = r.Drain(t.Context())
		_ = r.Drain(t.Context())
		if c := count(t, d, "hopeless"); c.Dead != 0 {
			t.Errorf("dead jobs must be swept: %+v", c)
		}
	})
}

func TestLostLeaseRunsAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		now := clock(d)
		did := 0
		r := NewRunner(d)
		r.Handle("say", func(context.Context, []byte) error { did++; return nil })
		add(t, d, New{Kind: "say"})
		lost, err := r.take(t.Context(), "say") // a node takes it and dies
		if err != nil || lost == nil {
			t.Fatal(lost, err)
		}
		drained(t, r)
		if did != 0 {
			t.Fatal("taken twice within the lease")
		}
		now.Add(int64(r.Lease/time.Microsecond) + 1)
		drained(t, r)
		if did != 1 {
			t.Fatalf("did %d times after the lease", did)
		}
		// The dead node comes back: it must not settle what is no longer its own.
		if err := r.settle(t.Context(), *lost, errors.New("late")); err != nil {
			t.Fatal(err)
		}
		if c := count(t, d, "say"); c.Waiting+c.Running+c.Dead != 0 {
			t.Errorf("%+v", c)
		}
	})
}

func TestSeveralNodesDoEachJobOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		const jobs, nodes = 60, 3
		var mu sync.Mutex
		did, every := map[string]int{}, 0
		all := make(chan struct{})
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var runners []*Runner
		for range nodes {
			r := NewRunner(d)
			r.Handle("n", func(_ context.Context, data []byte) error {
				mu.Lock()
				defer mu.Unlock()
				if did[string(data)]++; len(did) == jobs && did[string(data)] == 1 {
					close(all)
				}
				return nil
			})
			r.Every("repeated", time.Hour, func(context.Context) error {
				mu.Lock()
				defer mu.Unlock()
				every++
				return nil
			})
			r.Start(ctx)
			runners = append(runners, r)
		}
		for i := range jobs {
			add(t, d, New{Kind: "n", Data: i})
		}
		select {
		case <-all:
		case <-time.After(30 * time.Second):
			t.Error("not done in time")
		}
		stop()
		for _, r := range runners {
			r.Wait()
		}
		mu.Lock()
		defer mu.Unlock()
		for data, n := range did {
			if n != 1 {
				t.Errorf("job %s ran %d times", data, n)
			}
		}
		if every != 1 {
			t.Errorf("repeated work ran %d times in its interval", every)
		}
	})
}

func TestEvery(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		now := clock(d)
		n := 0
		r := NewRunner(d)
		r.Every("tick", time.Hour, func(context.Context) error { n++; return nil })
		for _, want := range []int{1, 1, 2, 3} {
			drained(t, r)
			if n != want {
				t.Fatalf("ran %d times, want %d", n, want)
			}
			now.Add(int64(31 * time.Minute / time.Microsecond))
			if want > 1 {
				now.Add(int64(31 * time.Minute / time.Microsecond))
			}
		}
	})
}

func TestStopGivesRunningJobsTimeAndPutsThemBack(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		r := NewRunner(d)
		r.Grace = 10 * time.Millisecond
		began := make(chan struct{})
		r.Handle("slow", func(ctx context.Context, _ []byte) error {
			close(began)
			<-ctx.Done()
			return ctx.Err()
		})
		ctx, stop := context.WithCancel(t.Context())
		r.Start(ctx)
		add(t, d, New{Kind: "slow"}) // wakes the runner: the poll is seconds away
		<-began
		stop()
		r.Wait()
		next, err := r.take(t.Context(), "slow")
		if err != nil || next == nil || next.attempt != 1 {
			t.Errorf("the next node gets %+v, %v", next, err)
		}
	})
}

func TestBackoffGrowsToSixHours(t *testing.T) {
	for attempt, want := range map[int]time.Duration{1: 30 * time.Second, 2: time.Minute, 10: 256 * time.Minute, 11: 6 * time.Hour, 400: 6 * time.Hour} {
		for range 50 {
			if got := Backoff(attempt); got < want*9/10 || got > want*11/10 {
				t.Fatalf("Backoff(%d) = %v, want about %v", attempt, got, want)
			}
		}
	}
}

func TestDataMustBeText(t *testing.T) {
	if _, err := encode([]byte{0xff}); err == nil || !strings.Contains(err.Error(), "UTF-8") {
		t.Error(err)
	}
}
