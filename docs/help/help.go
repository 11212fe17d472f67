// Package help holds the texts and pictures of the help pages, so that the
// program can carry them. One folder for each language, one file for each page;
// README.md says how to change one, no Go is needed for it.
package help

import "embed"

// Files are the texts (fr/join.md), the pictures (fr/join.webp) and the English
// words of the labels that texts name (labels.json).
//
//go:embed fr en es pt it de ar labels.json
var Files embed.FS
