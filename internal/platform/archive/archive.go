// Package archive writes what an alliance owns into one file that can be read
// without the program, and brings it back into an empty house.
//
// The one idea: an archive is for readers who come later, with other tools. A
// backup (package backup) is every row, for this program, sealed things and
// all, encrypted. An archive leaves out what is sealed, secret or private, row
// by row as a list of rules says (Rule), and says the rest in open forms: a ZIP
// of JSON lines with named columns, a JSON Schema for each table, files under
// their hash, a page that explains it in the alliance's languages. Both walk the
// tables with db.Snapshot and db.Loader, and compare with the same sums.
package archive

import (
	"embed"
	"errors"
	"fmt"
	"time"

	"alliance/internal/platform/db"
)

// Phrases holds the phrases of this package.
//
//go:embed phrases
var Phrases embed.FS

// Format is raised when an older program can no longer read what is written.
const Format = 1

// Rule says what of a table goes into an archive. A table without a rule makes
// writing fail: somebody has to decide.
type Rule struct {
	// Out says why nothing of it does; "" = it does.
	Out string
	// Blank are columns that stay empty: secrets and what is sealed.
	Blank []string
	// Unnamed are columns with a secret that must differ: the row's id stands there.
	Unnamed []string
	// Private are columns that stay empty unless the operator asks for addresses.
	Private []string
	// Over is a column that must not be 0: what is still going on stays out.
	Over string
	// Of is a column that points to a row of another table, which is in the archive.
	Of, Table string
	// By is a column by whose value the rows are put into files of their own.
	By string
}

// Errors an operator can act on; each is one sentence.
var (
	ErrDamaged = errors.New("the archive is damaged: it was cut off, changed, or a part of it is missing")
	ErrHostile = errors.New("this is no archive made by this program, or it was changed")
	ErrNewer   = errors.New("this archive was written by a newer version of the program: bring it in with that one")
)

// names within the archive.
const (
	headName   = "archive.json"
	rowsDir    = "data/"
	schemaDir  = "schema/"
	filesDir   = "files/"
	mostHead   = 16 << 20
	mostLine   = 64 << 20
	mostFile   = 2 << 30
	mostRatio  = 400       // rows pack to a tenth or twentieth: more is a bomb
	mostFree   = 256 << 20 // not counted against the ratio
	mostInside = 2_000_000 // parts
)

// Head says what an archive holds.
type Head struct {
	Format     int       `json:"format"`
	Alliance   string    `json:"alliance"`
	Made       time.Time `json:"made"`
	Program    string    `json:"program"`
	Addresses  bool      `json:"addresses"` // e-mail addresses of people are in it
	Migrations []int64   `json:"migrations"`
	Tables     []Table   `json:"tables"`
	LeftOut    []LeftOut `json:"left_out"`
	Parts      []Part    `json:"parts"`
	Missing    []string  `json:"missing,omitempty"` // files the database names and the folder does not have
}

// Table of an archive; rows referred to come in tables before.
type Table struct {
	Name    string      `json:"name"`
	Columns []db.Column `json:"columns"`
	Sum     db.Sum      `json:"sum"` // of the rows as `alliance backup` writes them
	Parts   []string    `json:"parts"`
}

// LeftOut is a table of the house that is not in the archive.
type LeftOut struct {
	Table string `json:"table"`
	Why   string `json:"why"`
}

// Part is one file in the archive.
type Part struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Rows counts all rows.
func (h Head) Rows() (n int64) {
	for _, t := range h.Tables {
		n += t.Sum.Rows
	}
	return n
}

// Files counts the files people sent.
func (h Head) Files() (n int) {
	for _, p := range h.Parts {
		if isFile(p.Name) {
			n++
		}
	}
	return n
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w (%s)", ErrDamaged, fmt.Sprintf(format, args...))
}
