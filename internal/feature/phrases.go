package feature

import "embed"

// Phrases of this package and of the faults that every feature shares.
//
//go:embed phrases
var Phrases embed.FS
