package intake

import (
	"context"
	"time"

	"alliance/internal/platform/db"
)

// stepLasts is how long a step of a long list should last, from its first word
// until it is on the disk: nobody else waits longer for one.
const stepLasts = 25 * time.Millisecond

// pace is how many rows a step takes. It follows what the last one took: what a
// row costs differs a hundredfold between kinds, engines and hours of the day.
type pace struct{ rows int }

func newPace() *pace { return &pace{rows: 8} }

// step does something with so many rows in one transaction, and sets the pace
// of the next by how long others had to wait for this one.
func (p *pace) step(ctx context.Context, d *db.DB, rows int, do func(context.Context, *db.Tx) error) error {
	var began time.Time
	err := d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		began = time.Now() // one's turn has come
		return do(ctx, tx)
	})
	if err == nil && rows > 0 {
		p.follow(rows, time.Since(began))
	}
	return err
}

// follow sets the pace: at once where a step was too long, by and by where it was short.
func (p *pace) follow(rows int, took time.Duration) {
	fits := int(float64(rows) * float64(stepLasts) / float64(max(took, time.Microsecond)))
	p.rows = min(max(fits, 1), max(p.rows, rows+rows/2+1), stepRows)
}
