// Package discussion lets people talk under any entry: threads, in any
// language, moderated in the open.
//
// The one idea: a comment is no entry. It lives under one and is seen by
// whoever sees that one, asked anew each time, so there is no second audience
// that could lag behind. What it shares with entries (words in languages,
// versions, a mandate) it takes from the same packages.
package discussion

import (
	"slices"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// State of a comment.
type State string

const (
	Standing  State = "said"
	Withdrawn State = "withdrawn" // by its author
	Hidden    State = "hidden"    // by a moderator, with a reason
)

// Act is what a moderator did.
type Act string

const (
	Hid    Act = "hidden"
	Showed Act = "shown"
	Closed Act = "closed"
	Opened Act = "opened"
	Kept   Act = "kept" // looked at after a report, and left as it is
)

// Reason is why a comment was reported or hidden; a code, so that the public
// log can tell it without repeating anything.
type Reason string

// Reasons in the order pages show them.
var Reasons = []Reason{"insult", "hatred", "private", "danger", "advertising", "off-topic", "other"}

// Bounds.
const (
	deepest      = 3 // answers are set in so many times; deeper ones stand beside
	longest      = 5000
	perPage      = 50
	editTime     = 30 * time.Minute
	personSays   = 40 // an hour
	networkSays  = 200
	personTells  = 20 // reports, an hour
	networkTells = 20
	pressing     = time.Hour
)

// Comment is one thing said.
type Comment struct {
	ID, Entry, Thread, Answers    string
	Depth                         int
	Path                          string
	Summary                       bool
	Person, Organisation, Mandate string
	Words                         lang.Text
	At, Changed                   db.Instant
	Revision                      int
	State                         State
	Closed                        db.Instant
}

// scopes are where a role must hold to count for an entry: itself, what it
// lies in, and the assembly of its workshop.
func scopes(e entry.Entry) []string {
	return slices.DeleteFunc([]string{e.ID, e.Parent, e.Hall}, func(s string) bool { return s == "" })
}

// MayModerate tells whether the actor may hide and close under an entry.
func MayModerate(a people.Actor, e entry.Entry) bool {
	return a.IsAny(scopes(e), people.Coordinator, people.Committee)
}

// MaySum tells whether the actor may write what the discussion came to.
func MaySum(a people.Actor, e entry.Entry) bool {
	return a.IsAny(scopes(e), people.Coordinator, people.Committee, people.Rapporteur)
}

// By tells whether the actor is the author: the person, acting for the
// organisation it was said for, or for nobody where it was said so.
func (c Comment) By(a people.Actor) bool { return a.SignedIn() && c.Person == a.Person }

// MayEdit tells whether its author may still change the words.
func (c Comment) MayEdit(a people.Actor, now db.Instant) bool {
	return c.By(a) && c.State == Standing && !c.Summary && now < c.At.Add(editTime)
}

// MayWithdraw: its author, and who speaks for the organisation it was said for.
func (c Comment) MayWithdraw(a people.Actor) bool {
	return c.State != Withdrawn && !c.Summary && (c.By(a) || c.Organisation != "" && c.Organisation == a.For() && a.May(people.Speak))
}

// Reads tells whether the actor gets to see the words. Hidden ones are shown
// to their author and to moderators; withdrawn ones, where they are kept at
// all, to the organisation they were said for and to moderators.
func (c Comment) Reads(a people.Actor, e entry.Entry) bool {
	switch c.State {
	case Standing:
		return true
	case Hidden:
		return c.By(a) || MayModerate(a, e)
	}
	return !c.Words.Empty() && (c.Organisation != "" && c.Organisation == a.For() || MayModerate(a, e))
}

// place sets an answer under the comment it answers. Beyond the deepest level
// it stands beside it: who answers whom is said in words anyway.
func (c *Comment) place(up Comment) {
	c.Entry, c.Thread, c.Answers = up.Entry, up.Thread, up.ID
	within := up.Path
	if c.Depth = up.Depth + 1; c.Depth > deepest {
		c.Depth = deepest
		within = within[:len(within)-len(up.ID)-1]
	}
	c.Path = within + "/" + c.ID
}

// checkWords refuses what cannot be said.
func checkWords(words, tag string) (string, error) {
	var list fault.List
	switch n := len([]rune(words)); {
	case n == 0:
		list.Add(fault.Invalid("words", "discussion.words.empty", "Write something first."))
	case n > longest:
		list.Add(fault.Invalid("words", "entry.text.long", "This text is too long: at most {n} characters.", "n", longest))
	}
	clean, ok := lang.Tag(tag)
	if !ok {
		list.Add(fault.Invalid("words-lang", "entry.lang.unknown", "Choose the language you write in."))
	}
	return clean, list.Err()
}

func checkReason(r Reason, note string, noteNeeded bool) error {
	var list fault.List
	if !slices.Contains(Reasons, r) {
		list.Add(fault.Invalid("reason", "discussion.reason.choose", "Choose a reason."))
	}
	if n := len([]rune(note)); n > 1000 {
		list.Add(fault.Invalid("note", "entry.text.long", "This text is too long: at most {n} characters.", "n", 1000))
	} else if n == 0 && noteNeeded {
		list.Add(fault.Invalid("note", "discussion.note.empty", "Say why in a sentence: the author reads it."))
	}
	return list.Err()
}
