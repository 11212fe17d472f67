package db_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"

	"alliance/internal/platform/db"
)

// Of many who write at once to SQLite, who came first is first.
func TestWhoComesFirstWritesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t)
		hold := make(chan struct{})
		go d.Do(t.Context(), func(context.Context, *db.Tx) error { <-hold; return nil })
		synctest.Wait()
		var order []int
		for i := range 20 {
			go d.Do(t.Context(), func(context.Context, *db.Tx) error { order = append(order, i); return nil })
			synctest.Wait()
		}
		gone, leave := context.WithCancel(t.Context())
		given := make(chan error, 1)
		go func() { given <- d.Do(gone, func(context.Context, *db.Tx) error { return nil }) }()
		synctest.Wait()
		leave()
		if err := <-given; err == nil {
			t.Error("whoever left was served")
		}
		close(hold)
		synctest.Wait()
		if len(order) != 20 || !slices.IsSorted(order) {
			t.Errorf("served in the order %v", order)
		}
	})
}
