package ballot

import "slices"

// ResultFormat is the version of the result.
const ResultFormat = "alliance-result/1"

// Outcome is what the vote came to.
type Outcome string

// The five outcomes. Only Adopted changes anything.
const (
	Adopted  Outcome = "adopted"
	Rejected Outcome = "rejected"
	NoQuorum Outcome = "no_quorum" // may be put again; nobody with quorum said no
	Tie      Outcome = "tie"       // not adopted; one vote more would have decided
	Void     Outcome = "void"      // the ballots do not add up, or no college had anybody
)

// Result is the count, with every step that led to it.
type Result struct {
	Format   string           `json:"format"`
	Input    string           `json:"input"` // SHA-256 of the file's canonical bytes, hexadecimal
	Motion   string           `json:"motion"`
	Title    string           `json:"title"`
	Lang     string           `json:"lang,omitempty"`
	Rule     Rule             `json:"rule"`
	Secret   bool             `json:"secret"`
	Outcome  Outcome          `json:"outcome"`
	Adopted  bool             `json:"adopted"`
	Options  []OptionResult   `json:"options,omitempty"` // in the order of the paper
	Colleges []Tally          `json:"colleges"`          // by code: those of the rule and of the roll
	Total    Tally            `json:"total"`             // all voters together
	Given    int              `json:"given,omitempty"`   // ballots in the file
	Counted  int              `json:"counted,omitempty"` // of these, counted; the rest were set aside
	SetAside []SetAsideBallot `json:"set_aside,omitempty"`
	Papers   *Papers          `json:"papers,omitempty"`
	Small    int              `json:"small,omitempty"` // secret: the size under which Public shows no figures
	Trace    []Step           `json:"trace"`
}

// OptionResult is what became of one option.
type OptionResult struct {
	Option  string  `json:"option"`
	Title   string  `json:"title"`
	Outcome Outcome `json:"outcome"`
}

// Tally is one college (or all together). Numbers are voices, but for
// Organisations and Voters.
type Tally struct {
	College string `json:"college,omitempty"` // "" = all together
	// Hidden means the figures are withheld: the vote was secret and they
	// would show how few organisations voted. Figures is nil then.
	Hidden  bool     `json:"hidden,omitempty"`
	Figures *Figures `json:"figures,omitempty"`
}

// Figures of a tally. For + Against + Abstain + Blank = Cast in a vote of
// choice; in approval and score Expressed + Abstain + Blank = Cast.
type Figures struct {
	Organisations int             `json:"organisations"` // on the roll
	Voters        int             `json:"voters"`        // organisations that voted
	Roll          int             `json:"roll"`          // voices on the roll
	Present       int             `json:"present"`       // signed in, or voted
	Cast          int             `json:"cast"`
	Expressed     int             `json:"expressed"`
	For           int             `json:"for"`
	Against       int             `json:"against"`
	Abstain       int             `json:"abstain"`
	Blank         int             `json:"blank"`
	Options       []OptionFigures `json:"options,omitempty"`
}

// OptionFigures is what one option got: approvals, or scores in three sums.
type OptionFigures struct {
	Option    string `json:"option"`
	Approvals int    `json:"approvals,omitempty"`
	Sum       int64  `json:"sum,omitempty"`
	Mean      string `json:"mean,omitempty"`   // exact: "12/17"
	Median    string `json:"median,omitempty"` // exact: "7/2"
}

// Reasons for which a ballot is set aside.
const (
	Late           = "late"
	Early          = "early"
	Twice          = "twice"    // an earlier one counts
	Replaced       = "replaced" // a later one counts
	NotOnRoll      = "not_on_roll"
	MandateEnded   = "mandate_ended"
	OtherMandate   = "other_mandate"
	UnknownChoice  = "unknown_choice"
	UnknownCollege = "unknown_college" // secret: nobody of that college is on the roll
)

// SetAsideBallot is a ballot that did not count, and why.
type SetAsideBallot struct {
	Ballot string `json:"ballot"`
	Turn   int    `json:"turn,omitempty"`
	Reason string `json:"reason"`
}

// Papers is the reconciliation over all batches.
type Papers struct {
	HandedOut int `json:"handed_out"`
	Entered   int `json:"entered"`
	Spoilt    int `json:"spoilt"`
	Missing   int `json:"missing"` // handed out and not come back; 0 when more came back
}

// Step is one line of the trace: a code, where it applies and its numbers.
// Which numbers a code carries is said beside the code.
type Step struct {
	Code    string `json:"code"`
	Node    string `json:"node,omitempty"`    // place in the rule: "0" is the root, "0.2" its third child
	College string `json:"college,omitempty"` // "" = all together
	Option  string `json:"option,omitempty"`
	Batch   string `json:"batch,omitempty"`
	Reason  string `json:"reason,omitempty"`
	Base    string `json:"base,omitempty"`
	Got     *int   `json:"got,omitempty"`
	Of      *int   `json:"of,omitempty"`
	Needed  *int   `json:"needed,omitempty"`
	Share   string `json:"share,omitempty"` // exact: a threshold, a mean, a median
}

// Codes of steps.
const (
	CodeBallots      = "ballots"           // got counted of given
	CodeSetAside     = "set_aside"         // reason, got ballots
	CodePapers       = "papers"            // got entered or spoilt, of handed out
	CodePapersOver   = "papers_over"       // batch: got entered or spoilt, of handed out: void
	CodePapersLost   = "papers_unmatched"  // batch: got in the file, of entered on the sheet: void
	CodeOverVoters   = "more_than_voters"  // secret, college: got ballots, of signatures: void
	CodeUnderVoters  = "fewer_than_voters" // secret, college: got ballots, of signatures
	CodeEmptySkipped = "empty_skipped"     // college
	CodeEmptyFailed  = "empty_failed"      // college
	CodeQuorumMet    = "quorum_met"        // college: got present, of the roll, needed; share
	CodeQuorumMissed = "quorum_missed"     // the same
	CodeMet          = "threshold_met"     // college, option?: got in favour, of the base, needed; share, base
	CodeMissed       = "threshold_missed"  // the same
	CodeTie          = "threshold_tie"     // the same
	CodeObjections   = "objections_stand"  // college: got objections that stand, of raised
	CodeNoObjection  = "no_objection"      // college: got 0, of raised
	CodeScore        = "score"             // college, option: share is the value, reason how it was taken
	CodeTaken        = "option_taken"      // option: got places, when places are limited
	CodeNotTaken     = "option_not_taken"  // the same
	CodeOptionTie    = "option_tie"        // several options for the last place: none gets it
	CodeAllMet       = "all_met"           // got parts that pass, of parts asked; option?
	CodeAllMissed    = "all_missed"        // the same
	CodeAnyMet       = "any_met"           // the same
	CodeAnyMissed    = "any_missed"        // the same
	CodeHidden       = "hidden"            // college: figures withheld
	CodeOutcome      = "outcome"           // reason: the outcome
	CodeOption       = "option_outcome"    // option; reason: the outcome
)

// least is the size under which a secret vote shows no figures, whatever a
// file asks for.
const least = 5

// Public is the result as everybody may see it. After an open vote that is all
// of it. After a secret one:
//
//   - a college with under 5 organisations on the roll, or of which under 5
//     voted (but some did), shows no figure at all;
//   - the totals are withheld when they would give such a college away by
//     subtraction: only one is hidden, or those hidden together are under 5;
//   - every step that carries a withheld figure goes, and so do the counts
//     over all (papers, ballots set aside) once anything is withheld.
//
// The outcome stays. It can say something of a college of one organisation
// where all colleges must agree: that is for the rule to avoid.
func (r Result) Public() Result {
	if !r.Secret {
		return r
	}
	r.SetAside = nil
	small := max(least, r.Small)
	hidden, together := 0, 0
	r.Colleges = slices.Clone(r.Colleges)
	for i, t := range r.Colleges {
		if t.few(small) {
			hidden++
			together += t.Figures.shown()
			r.Colleges[i] = Tally{College: t.College, Hidden: true}
		}
	}
	if hidden == 0 {
		return r
	}
	if hidden == 1 || together < small {
		r.Total = Tally{Hidden: true}
	}
	r.Papers, r.Given, r.Counted = nil, 0, 0
	r.Trace = r.publicTrace()
	return r
}

func (t Tally) few(small int) bool {
	f := t.Figures
	return f != nil && f.Organisations > 0 && (f.Organisations < small || f.Voters+f.Cast > 0 && f.shown() < small)
}

// shown is how many organisations at most speak out of the figures: some may
// have signed and left no ballot.
func (f *Figures) shown() int { return min(f.Voters, f.Cast) }

// publicTrace keeps the steps of colleges whose figures are shown, says
// "hidden" once for each that is not, and keeps the outcome.
func (r Result) publicTrace() []Step {
	withheld := map[string]bool{"": r.Total.Hidden}
	for _, t := range r.Colleges {
		withheld[t.College] = t.Hidden
	}
	var out []Step
	said := map[string]bool{}
	for _, s := range r.Trace {
		switch s.Code {
		case CodeOutcome, CodeOption:
			out = append(out, s)
		case CodeBallots, CodeSetAside, CodePapers, CodePapersOver, CodePapersLost, CodeAllMet, CodeAllMissed, CodeAnyMet, CodeAnyMissed:
			// totals, or verdicts that count the withheld ones
		default:
			if !withheld[s.College] {
				out = append(out, s)
			} else if !said[s.College] {
				said[s.College] = true
				out = append(out, Step{Code: CodeHidden, Node: s.Node, College: s.College})
			}
		}
	}
	return out
}

// College finds the tally of one college; "" is all together.
func (r Result) College(id string) (Tally, bool) {
	if id == "" {
		return r.Total, true
	}
	for _, t := range r.Colleges {
		if t.College == id {
			return t, true
		}
	}
	return Tally{}, false
}

// Decided is what the leaf of a college said, for a table beside the figures.
type Decided struct {
	College          string
	Quorum, Passed   string // a code of the trace, "" when withheld or not asked
	QuorumNeeded     int
	QuorumGot        int
	ThresholdNeeded  int
	ThresholdGot     int
	ThresholdOf      int
	ThresholdMeasure string // base
}

// ByCollege gathers the trace of a vote of choice per leaf, in the order of
// the rule.
func (r Result) ByCollege() []Decided {
	var out []Decided
	at := map[string]int{}
	for _, s := range r.Trace {
		quorum := s.Code == CodeQuorumMet || s.Code == CodeQuorumMissed || s.Code == CodeEmptySkipped || s.Code == CodeEmptyFailed
		passed := s.Code == CodeMet || s.Code == CodeMissed || s.Code == CodeTie || s.Code == CodeObjections || s.Code == CodeNoObjection
		if s.Option != "" || !quorum && !passed && s.Code != CodeHidden {
			continue
		}
		i, there := at[s.Node]
		if !there {
			i = len(out)
			at[s.Node] = i
			out = append(out, Decided{College: s.College})
		}
		if quorum {
			out[i].Quorum, out[i].QuorumNeeded, out[i].QuorumGot = s.Code, value(s.Needed), value(s.Got)
		}
		if passed {
			out[i].Passed, out[i].ThresholdNeeded, out[i].ThresholdGot = s.Code, value(s.Needed), value(s.Got)
			out[i].ThresholdOf, out[i].ThresholdMeasure = value(s.Of), s.Base
		}
	}
	return out
}

func value(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}
