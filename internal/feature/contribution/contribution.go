// Package contribution lets people without an account propose a record of any
// kind, and lets the right two look at it: an authority and an association of
// that place and theme.
//
// The one idea: what is proposed is no entry yet. It lies here, sealed, until
// both of a pair agree; then it becomes an entry like any other, and what is
// known of its author is erased in the same transaction. So no list, search,
// history or export can show what nobody agreed to, and nothing of the author
// outlives the decision.
package contribution

import (
	"slices"
	"strings"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/record"
)

// State of a contribution. One that its author takes back is deleted.
type State string

const (
	Asked     State = "asked"   // its author has not confirmed the address
	Waiting   State = "waiting" // for the pair
	Changes   State = "changes" // the pair asks its author for a change
	Published State = "published"
	Refused   State = "refused"
)

// Over tells that nothing changes any more.
func (s State) Over() bool { return s == Published || s == Refused }

// writable tells that its author may still write it.
func (c Contribution) writable() bool {
	return c.State == Waiting || c.State == Changes || c.State == Asked && c.Changes != ""
}

// How long things last, and how many may come.
const (
	confirmWithin = 48 * time.Hour
	turnLasts     = 14 * 24 * time.Hour  // before the next wider pair may decide, too
	linkLasts     = 180 * 24 * time.Hour // undecided, or unanswered by its author
	linkAfter     = 30 * 24 * time.Hour  // after the end
	networkAsks   = 20                   // an hour
	addressMails  = 5                    // a day
	longest       = 2000                 // of words to the author
)

// Contribution is one record that somebody proposes.
type Contribution struct {
	ID, Kind, Entry string
	Changes         string // published record it would change; "" = it would be a new one
	State           State
	At              db.Instant
	Round           int
	Widened         int
	Due, Until      db.Instant
	Ended           db.Instant
	Reason          Reason // of a refusal
	Place           place.Place
	Themes          []string
	Typed           record.Typed // what was written; nil once it is over
	Was             record.Typed // of a change: the record as its author found it
	Author          Author
}

// Author is whom to tell: no name is asked, and nothing else is known.
type Author struct {
	Email string `json:"e"`
	Lang  string `json:"l"` // of the mails
}

func (a Author) validate() error {
	if _, ok := people.EmailKey(a.Email); !ok || !mail.Address(a.Email) {
		return fault.Invalid("email", "people.email.form", "Write an e-mail address, such as name@example.org.")
	}
	return nil
}

// Act is what a seat says of a contribution.
type Act string

const (
	Agree  Act = "agree"
	Change Act = "change"
	Refuse Act = "refuse"
)

// Acts in the order of the form.
var Acts = []Act{Agree, Change, Refuse}

// Reason is why one is refused: a code, so that the public log can tell it
// without repeating anything.
type Reason string

// Reasons in the order pages show them. The house alone gives the last: nobody
// decided, or the author did not answer.
var Reasons = []Reason{"double", "subject", "unsure", "private", "danger", "hatred", "advertising", "other", unanswered}

const unanswered Reason = "unanswered"

// Said is what a seat said in a round.
type Said struct {
	Contribution string
	Round        int
	Seat         Seat
	Organisation string // "" for the coordination
	Person       string
	Act          Act
	Reason       Reason
	Words, Lang  string // to the author
	At           db.Instant
}

// validate: who refuses says why in a word of the list, who asks for a change
// says which.
func (s Said) validate() error {
	var list fault.List
	if !slices.Contains(Acts, s.Act) {
		list.Add(fault.Invalid("act", "contribution.act.choose", "Choose what you decide."))
	}
	if s.Act == Refuse && (!slices.Contains(Reasons, s.Reason) || s.Reason == unanswered) {
		list.Add(fault.Invalid("reason", "contribution.reason.choose", "Choose the reason. The author is told, and the public log shows it."))
	}
	if s.Act == Change && strings.TrimSpace(s.Words) == "" {
		list.Add(fault.Invalid("words", "contribution.words.empty", "Say what should change: the author reads it."))
	}
	if len([]rune(s.Words)) > longest {
		list.Add(fault.Invalid("words", "entry.text.long", "This text is too long: at most {n} characters.", "n", longest))
	}
	return list.Err()
}

// Outcome is what follows from what was said in a round: one that refuses or
// asks for a change decides, and so does the coordination; to publish takes
// both seats.
func Outcome(said []Said) State {
	agreed := map[Seat]bool{}
	for _, s := range said {
		switch s.Act {
		case Refuse:
			return Refused
		case Change:
			return Changes
		case Agree:
			agreed[s.Seat] = true
		}
	}
	if agreed[Coordination] || agreed[Authority] && agreed[Association] {
		return Published
	}
	return Waiting
}
