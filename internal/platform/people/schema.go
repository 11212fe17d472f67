package people

import "embed"

// Schema holds the tables of this package.
//
//go:embed schema
var Schema embed.FS
