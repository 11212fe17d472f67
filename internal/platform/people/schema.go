package people

import (
	"embed"

	"alliance/internal/platform/db"
)

// Schema holds the tables of this package.
//
//go:embed schema
var Schema embed.FS

var _ = db.Unseen("session", "attempt", "link", "token", "challenge", "passkey")
