package plenary

import (
	"context"
	"slices"
	"strings"
	"testing"

	"alliance/internal/feature/plenary/ballot"
	"alliance/internal/platform/db"
)

// After the close, secret ballots lie in the order of their random identifiers
// and, on PostgreSQL, were all written by one transaction: neither place nor
// number ties them to the order in which the roll was signed.
func TestSecretBallotsLoseTheirOrder(t *testing.T) {
	inHall(t, 4, func(h *hall) {
		motion := h.motion(true, false, 0)
		for i, o := range h.members {
			if err := h.cast(h.delegate(o), motion, Choices[i%3]); err != nil {
				h.t.Fatal(err)
			}
		}
		h.at(h.clock() + 1)
		h.close(motion)
		place, writer := "rowid", "0"
		if h.d.Engine == db.PostgreSQL {
			place, writer = "ctid", "xmin::text::bigint"
		}
		ctx := context.Background()
		ids, err := db.All(ctx, h.d, db.Value[string], `SELECT id FROM ballot WHERE motion = $1 ORDER BY `+place, motion)
		if err != nil || len(ids) != len(h.members) {
			h.t.Fatal(err, len(ids))
		}
		if !slices.IsSorted(ids) {
			h.t.Errorf("rows lie in the order of casting: %v", ids)
		}
		writers, err := db.All(ctx, h.d, db.Value[int64], `SELECT DISTINCT `+writer+` FROM ballot WHERE motion = $1`, motion)
		if err != nil || len(writers) != 1 {
			h.t.Errorf("ballots were written by %v %v", writers, err)
		}
	})
}

// Of a secret vote nobody gets a receipt: it would be kept beside the person.
func TestNoReceiptOfASecretVote(t *testing.T) {
	inHall(t, 1, func(h *hall) {
		for _, secret := range []bool{true, false} {
			motion := h.motion(secret, false, 0)
			var receipt string
			voter := h.delegate(h.members[0])
			err := h.d.Do(context.Background(), func(ctx context.Context, tx *db.Tx) (err error) {
				receipt, err = h.p.Cast(ctx, tx, voter, motion, ballot.For)
				return err
			})
			if err != nil || (receipt == "") != secret {
				h.t.Errorf("secret %v: receipt %q %v", secret, receipt, err)
			}
		}
	})
}

// Long words of an amendment stand whole in the motion.
func TestLongAmendment(t *testing.T) {
	inHall(t, 1, func(h *hall) {
		long := strings.Repeat("Nous accueillons. ", 60)
		a := h.delegate(h.members[0])
		err := h.d.Do(context.Background(), func(ctx context.Context, tx *db.Tx) error {
			motion, err := h.p.Put(ctx, tx, h.chair, NewMotion{Assembly: h.assembly, Lang: "fr", Title: "Motion", Summary: "Premiers mots."})
			if err != nil {
				return err
			}
			x, err := h.p.Amend(ctx, tx, a, motion.ID, "summary", long, "")
			if err != nil {
				return err
			}
			if got := wordsOf(x).Original(); got != long {
				h.t.Errorf("the amendment says %q", got)
			}
			_, err = h.p.Settle(ctx, tx, h.chair, x.ID, true)
			return err
		})
		if err != nil {
			h.t.Error(err)
		}
	})
}
