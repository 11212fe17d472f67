package flow_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
)

// longList is a list that is worked through in steps.
func longList(n int) string {
	var b strings.Builder
	b.WriteString("name;country;town\n")
	for i := range n {
		fmt.Fprintf(&b, "Place %06d of %c%c;France;Lyon\n", i*7919%1_000_000, 'A'+i%26, 'a'+i/26%26)
	}
	return b.String()
}

func entries(t *testing.T, h *housetest.House) int64 {
	t.Helper()
	n, err := db.One(context.Background(), h.DB, db.Value[int64], `SELECT count(*) FROM entry WHERE kind = 'initiative' AND state <> 'withdrawn'`)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestLongListsComeInSteps: the page tells how far it is, the same file again
// changes nothing, stopping takes back what came in, and so does an undo.
func TestLongListsComeInSteps(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		const n = 620
		c := h.As(h.Person("Rosa", people.Grant{Role: people.Coordinator}).ID, "")
		bring := func() *housetest.Page {
			page := c.Get("/en/import/initiative").Upload("Continue", nil, map[string][2]string{"file": {"long.csv", longList(n)}}).Status(200).Has("h1", "What each column holds")
			page = page.Submit("Look through the rows", nil).Status(200).Has("main", "Doubts are being looked for").Has("main", "of 621 rows are done")
			h.Drain()
			page = c.Get(page.Path).Status(200)
			if all := fmt.Sprintf("Take all %d suggestions", n); strings.Contains(page.Body, all) {
				page = page.Submit(all, nil).Status(200)
				h.Drain()
				page = c.Get(page.Path).Status(200)
			}
			return page
		}

		page := bring().Has("main", "Every row is decided").Submit("Bring the list in", nil).Status(200).Has("main", "The list is being brought in")
		h.Drain()
		list := c.Get(page.Path).Status(200).Has("main", "was brought in on")
		if got := entries(t, h); got != n {
			t.Fatalf("%d of %d came in", got, n)
		}

		again := bring().Has("main", "Every row is decided").Submit("Bring the list in", nil).Status(200)
		h.Drain()
		c.Get(again.Path).Has("main", "Unchanged, known already")
		if got := entries(t, h); got != n {
			t.Errorf("the same file again: %d", got)
		}

		undo := list.Follow("Take this list back").Submit("Take it back", nil).Status(200).Has("main", "being taken back")
		h.Drain()
		c.Get(undo.Path).Has("main", "was taken back on")
		if got := entries(t, h); got != 0 {
			t.Errorf("%d stay after an undo", got)
		}

		// Stopped before the first step: what came in, nothing here, is taken back.
		stopped := bring().Submit("Bring the list in", nil).Status(200).Submit("Stop, and take back what came in", nil).Status(200).Has("main", "being taken back")
		h.Drain()
		c.Get(stopped.Path).Has("main", "was taken back on")
		if got := entries(t, h); got != 0 {
			t.Errorf("%d came in though it was stopped", got)
		}

		away := bring().Submit("Put this list away", nil).Status(200)
		h.Drain()
		c.Get(away.Path).Status(200)
		rows, err := db.One(context.Background(), h.DB, db.Value[int64], `SELECT count(*) FROM import_batch WHERE state IN ('dropping','draft')`)
		if err != nil || rows != 0 {
			t.Errorf("%d lists stay after they were put away: %v", rows, err)
		}
	})
}
