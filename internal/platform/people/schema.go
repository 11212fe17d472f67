package people

import "embed"

// Schema holds the tables of this package.
//
//go:embed schema
var Schema embed.FS

// Phrases holds the words of this package's faults.
//
//go:embed phrases
var Phrases embed.FS
