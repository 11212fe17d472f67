package people

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
)

// EndingMandates lists the mandates that end by themselves after one instant
// and until another, the first first; "" = of all organisations.
func EndingMandates(ctx context.Context, q db.Q, organisation string, after, until db.Instant) ([]Mandate, error) {
	var w db.Where
	w.And("m.ended = 0")
	w.And("m.until > ?", after)
	w.And("m.until <= ?", until)
	if organisation != "" {
		w.And("m.organisation = ?", organisation)
	}
	return db.All(ctx, q, scanMandate, `SELECT `+mandateColumns+mandateFrom+w.SQL()+` ORDER BY m.until, m.id LIMIT 2000`, w.Args()...)
}

// RenewMandate moves the end of a mandate that is not over. What decided it
// stays, unless another decision is named.
func RenewMandate(ctx context.Context, tx *db.Tx, mandate string, until db.Instant, reference string) error {
	n, err := tx.Exec(ctx, `UPDATE mandate SET until = $2, reference = CASE WHEN $3 = '' THEN reference ELSE $4 END WHERE id = $1 AND ended = 0`, mandate, until, reference, reference)
	if err == nil && n == 0 {
		return fault.Missing()
	}
	return err
}

// EndMandateOn lets a mandate end at an instant to come, or now where that is
// over. One that ends earlier stays as it is.
func EndMandateOn(ctx context.Context, tx *db.Tx, mandate string, at db.Instant, by string) error {
	if at <= tx.Now() {
		return EndMandate(ctx, tx, mandate, by)
	}
	_, err := tx.Exec(ctx, `UPDATE mandate SET until = $2 WHERE id = $1 AND ended = 0 AND (until = 0 OR until > $2)`, mandate, at)
	return err
}
