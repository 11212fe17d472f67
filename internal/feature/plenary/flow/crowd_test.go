package flow_test

import (
	"context"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/housetest/crowd"
	"alliance/internal/platform/journal"
)

// Three hundred vote in parallel, on phones and by program, click twice, hang
// up and send again, a colleague votes too; the chair closes while the last of
// them are at it. Whoever was told that the vote is in the box finds it counted,
// once and as given; everybody else was told that the vote is closed.
func TestACrowdVotes(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		ctx := context.Background()
		hall, err := crowd.Gather(ctx, h.DB, h.Server.URL, 300)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []bool{false, true} {
			motion, err := hall.Open(ctx, "Une maison pour tous", secret)
			if err != nil {
				t.Fatal(err)
			}
			closed, most := make(chan error, 1), len(hall.Delegates)*4/5
			told := hall.Vote(ctx, motion, 24, func(so int) {
				if so == most {
					go func() { closed <- hall.Close(ctx, motion) }()
				}
			})
			if err := <-closed; err != nil {
				t.Fatal(err)
			}
			counted, wrong, err := hall.Check(ctx, motion, told)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range append(wrong, told.Faults...) {
				t.Errorf("secret %v: %s", secret, w)
			}
			if told.Twice > 0 {
				t.Errorf("secret %v: %d organisations voted twice", secret, told.Twice)
			}
			if counted < most || counted+told.Refused != len(hall.Delegates) {
				t.Errorf("secret %v: %d counted and %d refused of %d", secret, counted, told.Refused, len(hall.Delegates))
			}
			hall.Delegates = hall.Delegates[:60] // the rest of the roll stays away from the next vote
			t.Logf("secret %v: %d counted, %d came late, %d sent again", secret, counted, told.Refused, told.Repeats)
		}
		if broken, err := journal.Check(ctx, h.DB); broken != 0 || err != nil {
			t.Errorf("the journal breaks at %d: %v", broken, err)
		}
	})
}
