package web

import "embed"

// Phrases of this package, and of the platform below it that has no pages.
//
//go:embed phrases
var Phrases embed.FS
