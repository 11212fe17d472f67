package backup

import (
	"errors"

	"alliance/internal/platform/db"
)

// Failure is why a backup could not be restored, in one word: what fits into a
// code, and what can be said in each language.
type Failure string

// Failures. ErrJournal is of who looks at the journal of what came back.
const (
	Another Failure = "another" // something else: the console said it
	Cut     Failure = "cut"
	Changed Failure = "changed"
	Locked  Failure = "locked" // with the key that was given
	Differs Failure = "differs"
	Newer   Failure = "newer" // than the program it was rehearsed with
	NoRoom  Failure = "room"
	Journal Failure = "journal"
)

// ErrJournal says that what came back was changed past the program.
var ErrJournal = errors.New("the journal is broken")

// failures have their numbers in codes: new ones come last.
var failures = []struct {
	Failure
	err error
}{
	{Another, errors.New("it could not be restored, for a reason that a code does not tell")},
	{Cut, ErrCut}, {Changed, ErrHostile}, {Locked, ErrKey}, {Differs, ErrDiffers}, {Newer, db.ErrNewer}, {NoRoom, ErrRoom}, {Journal, ErrJournal},
}

// Why gives the failure behind an error; "" for none.
func Why(err error) Failure {
	if err == nil {
		return ""
	}
	for _, f := range failures[1:] {
		if errors.Is(err, f.err) {
			return f.Failure
		}
	}
	return Another
}

func (f Failure) number() int {
	for i, one := range failures {
		if one.Failure == f {
			return i
		}
	}
	return 0
}

// Error is the failure as an error says it.
func (f Failure) Error() string { return failures[f.number()].err.Error() }
