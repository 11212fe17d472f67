package plenary

import (
	"alliance/internal/platform/alike"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
)

func at(v design.View) db.Instant { return db.At(v.Now) }

func diff(before, after string) []alike.Edit { return alike.Diff(before, after) }
