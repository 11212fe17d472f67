// Package fault holds the errors a person can act on.
//
// A fault carries a kind (which decides the HTTP status), the phrase to show
// (key and English text, translated by the reader's printer) and the field it
// belongs to. Every other error is wrapped with %w, logged once and shown as a
// reference number: never invent a fault for what only the operator can mend.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what the person can do about it.
type Kind int

const (
	KindInvalid   Kind = iota + 1 // something typed is wrong: 422
	KindNotFound                  // is not there, or may not be known: 404
	KindForbidden                 // is there, but not for this person: 403
	KindConflict                  // somebody else was first, or the state moved on: 409
	KindTooMany                   // slow down: 429
	KindTooLarge                  // too much data: 413
	KindSignIn                    // who are you? 401
	KindAway                      // the data cannot be reached or written just now: 503
)

// Fault is one problem. Faults of several fields travel together in a List.
type Fault struct {
	Kind    Kind
	Field   string // form field, "" for the whole
	Key     string // phrase key
	English string // the English phrase, with {name} placeholders
	Args    []any  // name, value pairs
}

// Error shows the English text; pages use the phrase.
func (f *Fault) Error() string {
	text := f.English
	for i := 0; i+1 < len(f.Args); i += 2 {
		text = strings.ReplaceAll(text, "{"+fmt.Sprint(f.Args[i])+"}", fmt.Sprint(f.Args[i+1]))
	}
	if f.Field != "" {
		return f.Field + ": " + text
	}
	return text
}

// Invalid is a field that must be corrected.
func Invalid(field, key, english string, args ...any) *Fault {
	return &Fault{KindInvalid, field, key, english, args}
}

// NotFound hides whether the thing exists.
func NotFound(key, english string, args ...any) *Fault {
	return &Fault{Kind: KindNotFound, Key: key, English: english, Args: args}
}

// Missing is NotFound in the words every page shares.
func Missing() *Fault {
	return NotFound("fault.missing", "This page does not exist, or is not open to you.")
}

// Forbidden says no, and why.
func Forbidden(key, english string, args ...any) *Fault {
	return &Fault{Kind: KindForbidden, Key: key, English: english, Args: args}
}

// Conflict says that the state is no longer what the person saw.
func Conflict(key, english string, args ...any) *Fault {
	return &Fault{Kind: KindConflict, Key: key, English: english, Args: args}
}

// TooMany asks to wait.
func TooMany(key, english string, args ...any) *Fault {
	return &Fault{Kind: KindTooMany, Key: key, English: english, Args: args}
}

// TooLarge refuses a body or a file.
func TooLarge(key, english string, args ...any) *Fault {
	return &Fault{Kind: KindTooLarge, Key: key, English: english, Args: args}
}

// SignIn asks who the person is.
func SignIn() *Fault {
	return &Fault{Kind: KindSignIn, Key: "fault.sign-in", English: "Please sign in first."}
}

// Away asks to come back: the house cannot reach or write its data just now.
func Away() *Fault {
	return &Fault{Kind: KindAway, Key: "fault.away", English: "We cannot reach our data just now. Try again in a minute. If you sent something, go back and send it again: sent twice, it counts once."}
}

// List is what a form hands back: every field's problem at once.
type List []*Fault

func (l List) Error() string {
	parts := make([]string, len(l))
	for i, f := range l {
		parts[i] = f.Error()
	}
	return strings.Join(parts, "; ")
}

// Add appends f unless it is nil.
func (l *List) Add(f *Fault) {
	if f != nil {
		*l = append(*l, f)
	}
}

// Err is nil for an empty list.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// Of unwraps err into faults; nil when err is not something a person can act on.
func Of(err error) List {
	var list List
	if errors.As(err, &list) {
		return list
	}
	var one *Fault
	if errors.As(err, &one) {
		return List{one}
	}
	return nil
}

// Is tells whether err is a fault of that kind.
func Is(err error, kind Kind) bool {
	list := Of(err)
	return len(list) > 0 && list[0].Kind == kind
}
