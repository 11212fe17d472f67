package contribution

import (
	"context"

	"alliance/internal/platform/db"
)

func (f *Feature) demo(ctx context.Context, tx *db.Tx) error { return nil }
