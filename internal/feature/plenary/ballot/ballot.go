// Package ballot counts one vote: a file in, a result and a trace out, the
// same bytes for ever.
//
// The one idea: nothing here knows the clock, the database or the network. The
// house exports what was cast as a File; Count reads only that. Whoever holds
// the file can count again and must get the very same bytes, so every doubtful
// case (a tie, a late vote, two votes of one voter) has one answer, written
// where it is decided and held by a test.
//
// The answers, in short:
//
//	tie                     as many for as against at a majority rule: not adopted, outcome "tie"
//	no quorum               outcome "no_quorum", unless a college with quorum already said no
//	after the close         set aside "late"; the closing instant itself is late
//	before the opening      set aside "early"
//	twice                   the last counts if the file is revisable, else the first; by time, turn, identifier
//	not on the roll         set aside "not_on_roll"
//	mandate ended           set aside "mandate_ended" from the instant it ended
//	another mandate         set aside "other_mandate"
//	unknown choice          set aside "unknown_choice"; it does not cancel an earlier, readable vote
//	more papers than given  outcome "void"
//	papers not all entered  outcome "void" (entered on the sheet ≠ entered in the file)
//	secret: more ballots than voters who signed: outcome "void"
//	empty college           the rule says: "skip" leaves it out, "fail" is a quorum it cannot meet
//	nobody in favour        never adopted, whatever the threshold
package ballot

// Format is the version of the file. A change of meaning is a new format; the
// old one keeps being counted as before.
const Format = "alliance-ballots/1"

// Limits of a file. They keep every sum far inside 64 bits and a hostile file
// from eating the machine.
const (
	MaxBytes    = 64 << 20
	MaxRoll     = 100_000
	MaxBallots  = 500_000
	MaxOptions  = 200
	MaxBatches  = 10_000
	MaxVoices   = 1_000
	MaxPapers   = 1_000_000
	maxID       = 200    // bytes of an identifier or code
	maxText     = 20_000 // bytes of a title or reason
	maxInstant  = 1 << 53
	maxDepth    = 24
	maxObjected = 10_000
)

// File is one vote, closed. Instants are microseconds UTC.
type File struct {
	Format     string      `json:"format"`
	Motion     string      `json:"motion"` // identifier
	Title      string      `json:"title"`
	Lang       string      `json:"lang,omitempty"`    // of the title
	Options    []Option    `json:"options,omitempty"` // for approval and score only
	Rule       Rule        `json:"rule"`
	Secret     bool        `json:"secret"`
	Revisable  bool        `json:"revisable"` // the last vote of a voter counts, not the first
	Opened     int64       `json:"opened"`
	Closed     int64       `json:"closed"`          // the first instant at which no vote counts
	Small      int         `json:"small,omitempty"` // secret: hide figures of fewer organisations; never under 5
	Roll       []Voter     `json:"roll"`
	Ballots    []Ballot    `json:"ballots"`
	Batches    []Batch     `json:"batches,omitempty"`
	Objections []Objection `json:"objections,omitempty"` // for consent only
}

// Option is one of several things put to the vote.
type Option struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// Voter is an organisation on the roll, frozen at the opening.
type Voter struct {
	ID       string `json:"id"` // of the organisation
	College  string `json:"college"`
	Voices   int    `json:"voices"` // at least 1
	Delegate string `json:"delegate,omitempty"`
	Mandate  string `json:"mandate,omitempty"`
	Until    int64  `json:"until,omitempty"`   // when the mandate ends; 0 = open
	Present  bool   `json:"present,omitempty"` // signed in to the meeting
	// Voted is the signature on the roll in a secret vote, where ballots do not
	// say who cast them. An open file must leave it out.
	Voted bool `json:"voted,omitempty"`
}

// Choices of a ballot.
const (
	For     = "for"
	Against = "against"
	Abstain = "abstain"
	Blank   = "blank"
)

// Channels of a ballot.
const (
	Electronic = "electronic"
	Paper      = "paper"
)

// Ballot is one vote as cast. An open ballot names its voter and weighs as many
// voices as the roll gives. A secret one names a college and an opaque random
// identifier, nothing else (no time, for times tell who it was), and weighs one
// voice: who has three voices casts three ballots.
type Ballot struct {
	ID      string   `json:"id"`
	Voter   string   `json:"voter,omitempty"`   // open only
	College string   `json:"college,omitempty"` // secret only
	Mandate string   `json:"mandate,omitempty"` // open only, "" = that of the roll
	Choice  string   `json:"choice,omitempty"`
	Approve []string `json:"approve,omitempty"`
	Scores  []Score  `json:"scores,omitempty"` // an option left out scores 0
	Channel string   `json:"channel"`
	Batch   string   `json:"batch,omitempty"` // paper only
	// At is the instant it was cast; of a paper, when it was put in the box, not
	// when somebody typed it in. Open only.
	At int64 `json:"at,omitempty"`
	// Turn orders revisions under one identifier of a secret vote: 0, 1, 2…
	Turn int `json:"turn,omitempty"`
}

// Score is what a ballot gives to an option.
type Score struct {
	Option string `json:"option"`
	Score  int    `json:"score"`
}

// Batch is a box of papers, reconciled: handed out, typed in, unreadable.
type Batch struct {
	ID        string `json:"id"`
	HandedOut int    `json:"handed_out"`
	Entered   int    `json:"entered"`
	Spoilt    int    `json:"spoilt"`
}

// Objection is a reasoned no under consent. It stands when it was raised before
// the close, has a reason, comes from the roll and was not withdrawn before the close.
type Objection struct {
	ID        string `json:"id"`
	Voter     string `json:"voter"`
	Reason    string `json:"reason"`
	At        int64  `json:"at"`
	Withdrawn int64  `json:"withdrawn,omitempty"`
}
