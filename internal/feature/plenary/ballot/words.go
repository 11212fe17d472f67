package ballot

import (
	"embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"alliance/internal/platform/locale"
)

// Phrases of this package, for the catalogue.
//
//go:embed phrases
var Phrases embed.FS

// steps tells each code of the trace; those that depend on a reason or a base
// are in the tables below.
var steps = map[string]locale.Phrase{
	CodeBallots:      {Key: "plenary.ballot.step.ballots", English: "Ballots counted: {got} of {of}."},
	CodePapers:       {Key: "plenary.ballot.step.papers", English: "Papers that came back: {got} of {of} handed out."},
	CodePapersOver:   {Key: "plenary.ballot.step.papers_over", English: "Batch {batch}: handed out {of}, came back {got}. That is too many."},
	CodePapersLost:   {Key: "plenary.ballot.step.papers_unmatched", English: "Batch {batch}: on the sheet {of}, typed in {got}. The two do not agree."},
	CodeOverVoters:   {Key: "plenary.ballot.step.more_than_voters", English: "{college}: signatures {of}, ballots {got}. There are more ballots than voters."},
	CodeUnderVoters:  {Key: "plenary.ballot.step.fewer_than_voters", English: "{college}: signatures {of}, ballots {got}. Some voters left no readable ballot."},
	CodeEmptySkipped: {Key: "plenary.ballot.step.empty_skipped", English: "{college}: nobody is on the roll. This college is left out."},
	CodeEmptyFailed:  {Key: "plenary.ballot.step.empty_failed", English: "{college}: nobody is on the roll. A quorum is not possible."},
	CodeQuorumMet:    {Key: "plenary.ballot.step.quorum_met", English: "{college}: {got} of {of} present, {needed} needed. There is a quorum."},
	CodeQuorumMissed: {Key: "plenary.ballot.step.quorum_missed", English: "{college}: {got} of {of} present, {needed} needed. There is no quorum."},
	CodeMet:          {Key: "plenary.ballot.step.threshold_met", English: "Needed: {needed}. That is enough."},
	CodeMissed:       {Key: "plenary.ballot.step.threshold_missed", English: "Needed: {needed}. That is not enough."},
	CodeTie:          {Key: "plenary.ballot.step.threshold_tie", English: "Needed: {needed}. It is a tie."},
	CodeObjections:   {Key: "plenary.ballot.step.objections_stand", English: "{college}: objections raised {of}, still standing {got}."},
	CodeNoObjection:  {Key: "plenary.ballot.step.no_objection", English: "{college}: no reasoned objection stands."},
	CodeTaken:        {Key: "plenary.ballot.step.option_taken", English: "{college}: chosen. Places: {got}."},
	CodeNotTaken:     {Key: "plenary.ballot.step.option_not_taken", English: "{college}: not chosen. Places: {got}."},
	CodeOptionTie:    {Key: "plenary.ballot.step.option_tie", English: "{college}: a tie for the last place. Places: {got}."},
	CodeAllMet:       {Key: "plenary.ballot.step.all_met", English: "All parts of the rule are needed. Met: {got} of {of}."},
	CodeAllMissed:    {Key: "plenary.ballot.step.all_missed", English: "All parts of the rule are needed. Met: only {got} of {of}."},
	CodeAnyMet:       {Key: "plenary.ballot.step.any_met", English: "One part of the rule is enough. Met: {got} of {of}."},
	CodeAnyMissed:    {Key: "plenary.ballot.step.any_missed", English: "One part of the rule would be enough. Met: none of {of}."},
	CodeHidden:       {Key: "plenary.ballot.step.hidden", English: "{college}: no figures. The vote was secret, and few organisations voted."},
}

var asides = map[string]locale.Phrase{
	Late:           {Key: "plenary.ballot.aside.late", English: "Set aside, cast after the close: {got}."},
	Early:          {Key: "plenary.ballot.aside.early", English: "Set aside, cast before the opening: {got}."},
	Twice:          {Key: "plenary.ballot.aside.twice", English: "Set aside, second vote of one voter: {got}. The first counts."},
	Replaced:       {Key: "plenary.ballot.aside.replaced", English: "Set aside, changed by the voter later: {got}. The last counts."},
	NotOnRoll:      {Key: "plenary.ballot.aside.not_on_roll", English: "Set aside, organisation not on the roll: {got}."},
	MandateEnded:   {Key: "plenary.ballot.aside.mandate_ended", English: "Set aside, mandate ended: {got}."},
	OtherMandate:   {Key: "plenary.ballot.aside.other_mandate", English: "Set aside, not the mandate on the roll: {got}."},
	UnknownChoice:  {Key: "plenary.ballot.aside.unknown_choice", English: "Set aside, unreadable choice: {got}."},
	UnknownCollege: {Key: "plenary.ballot.aside.unknown_college", English: "Set aside, college not on the roll: {got}."},
}

var favours = map[string]locale.Phrase{
	Expressed: {Key: "plenary.ballot.favour.expressed", English: "{college}: {got} in favour, of {of} for or against."},
	Cast:      {Key: "plenary.ballot.favour.cast", English: "{college}: {got} in favour, of {of} votes cast."},
	Present:   {Key: "plenary.ballot.favour.present", English: "{college}: {got} in favour, of {of} present."},
	Roll:      {Key: "plenary.ballot.favour.roll", English: "{college}: {got} in favour, of {of} on the roll."},
}

var values = map[string]locale.Phrase{
	Sum:    {Key: "plenary.ballot.value.sum", English: "{college}: sum of the scores {value}."},
	Mean:   {Key: "plenary.ballot.value.mean", English: "{college}: mean score {value}."},
	Median: {Key: "plenary.ballot.value.median", English: "{college}: median score {value}."},
}

var outcomes = map[Outcome]locale.Phrase{
	Adopted:  {Key: "plenary.ballot.outcome.adopted", English: "The motion is adopted."},
	Rejected: {Key: "plenary.ballot.outcome.rejected", English: "The motion is rejected."},
	NoQuorum: {Key: "plenary.ballot.outcome.no_quorum", English: "Without a quorum, nothing is decided."},
	Tie:      {Key: "plenary.ballot.outcome.tie", English: "It is a tie. The motion is not adopted."},
	Void:     {Key: "plenary.ballot.outcome.void", English: "The vote is void. It must be held again."},
}

var optionOutcomes = map[Outcome]locale.Phrase{
	Adopted:  {Key: "plenary.ballot.option.adopted", English: "“{option}”: adopted."},
	Rejected: {Key: "plenary.ballot.option.rejected", English: "“{option}”: not adopted."},
	NoQuorum: {Key: "plenary.ballot.option.no_quorum", English: "“{option}”: no quorum, not decided."},
	Tie:      {Key: "plenary.ballot.option.tie", English: "“{option}”: a tie, not adopted."},
	Void:     {Key: "plenary.ballot.option.void", English: "“{option}”: the vote is void."},
}

// verdicts tell in two words what a college said.
var verdicts = map[string]locale.Phrase{
	CodeMet:          {Key: "plenary.ballot.verdict.met", English: "In favour"},
	CodeMissed:       {Key: "plenary.ballot.verdict.missed", English: "Not in favour"},
	CodeTie:          {Key: "plenary.ballot.verdict.tie", English: "Tie"},
	CodeQuorumMissed: {Key: "plenary.ballot.verdict.no_quorum", English: "No quorum"},
	CodeEmptySkipped: {Key: "plenary.ballot.verdict.skipped", English: "Left out"},
	CodeEmptyFailed:  {Key: "plenary.ballot.verdict.no_quorum", English: "No quorum"},
	CodeNoObjection:  {Key: "plenary.ballot.verdict.met", English: "In favour"},
	CodeObjections:   {Key: "plenary.ballot.verdict.objection", English: "An objection stands"},
}

// said tells the figures of a college; blank votes only where there are some.
func (f Figures) said(say Say, who string) string {
	args := []any{"college", who, "for", f.For, "against", f.Against, "abstain", f.Abstain, "blank", f.Blank}
	if f.Blank == 0 {
		return say("plenary.ballot.tally.plain", "{college}: for {for}, against {against}, abstaining {abstain}.", args...)
	}
	return say("plenary.ballot.tally", "{college}: for {for}, against {against}, abstaining {abstain}, blank {blank}.", args...)
}

// OutcomePhrase is the sentence of an outcome, for headings.
func OutcomePhrase(o Outcome) locale.Phrase { return outcomes[o] }

// Say is how words are asked for: the reader's printer's T.
type Say func(key, english string, args ...any) string

func (say Say) phrase(ph locale.Phrase, args ...any) string {
	return say(ph.Key, ph.English, args...)
}

// college names a college in the reader's words; "" is all voters together.
func (say Say) college(id string, name func(string) string) string {
	if id == "" {
		return say("plenary.ballot.together", "All together")
	}
	return name(id)
}

// Part is what a result says of one college: "" of all voters together.
type Part struct {
	College string
	Verdict string // in two words; "" where the rule asks nothing of it
	Good    bool   // the college said yes
	Lines   []string
}

// ExplainParts tells a result college by college, in the order of the rule, and
// apart what holds for the whole vote. The lines of a part do not repeat its name.
func ExplainParts(r Result, say Say, name func(college string) string) (parts []Part, whole []string) {
	at := map[string]int{}
	for _, s := range r.Trace {
		if s.College == "" || s.Option != "" {
			whole = append(whole, r.sentences(s, say, name, nil)...)
			continue
		}
		i, known := at[s.College]
		if !known {
			i = len(parts)
			at[s.College] = i
			parts = append(parts, Part{College: s.College})
		}
		if v, ok := verdicts[s.Code]; ok {
			parts[i].Verdict, parts[i].Good = say.phrase(v), s.Code == CodeMet || s.Code == CodeNoObjection
		}
		for _, line := range r.sentences(s, say, func(string) string { return "" }, nil) {
			parts[i].Lines = append(parts[i].Lines, begin(line))
		}
	}
	return parts, whole
}

// begin makes a sentence of what stands after "Name: ".
func begin(line string) string {
	line = strings.TrimLeftFunc(line, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '“' && r != '«' })
	first, size := utf8.DecodeRuneInString(line)
	return string(unicode.ToUpper(first)) + line[size:]
}

// Explain tells a result in sentences, in the order of its trace: per college
// who was there, how it voted and what was needed, then the outcome. name gives
// the reader's word for a college.
func Explain(r Result, say Say, name func(college string) string) []string {
	titles := map[string]string{}
	for _, o := range r.Options {
		titles[o.Option] = o.Title
	}
	var out []string
	for _, s := range r.Trace {
		out = append(out, r.sentences(s, say, name, titles)...)
	}
	return out
}

func (r Result) sentences(s Step, say Say, name func(string) string, titles map[string]string) []string {
	who, about := say.college(s.College, name), s.Option
	if t := titles[s.Option]; t != "" {
		about = t
	}
	if s.Option != "" && s.Code != CodeAllMet && s.Code != CodeAllMissed && s.Code != CodeAnyMet && s.Code != CodeAnyMissed {
		who = say("plenary.ballot.about", "{college}, “{option}”", "college", who, "option", about)
	}
	args := []any{"college", who, "got", value(s.Got), "of", value(s.Of), "needed", value(s.Needed), "batch", s.Batch, "value", s.Share}
	switch s.Code {
	case CodeOutcome:
		return []string{say.phrase(outcomes[Outcome(s.Reason)])}
	case CodeOption:
		return []string{say.phrase(optionOutcomes[Outcome(s.Reason)], "option", about)}
	case CodeSetAside:
		return []string{say.phrase(asides[s.Reason], args...)}
	case CodeScore:
		return []string{say.phrase(values[s.Reason], args...)}
	case CodeMet, CodeMissed, CodeTie:
		line := say.phrase(favours[s.Base], args...) + " " + say.phrase(steps[s.Code], args...)
		if t, _ := r.College(s.College); s.Option == "" && t.Figures != nil {
			return []string{t.Figures.said(say, who), line}
		}
		return []string{line}
	case CodeAllMet, CodeAllMissed, CodeAnyMet, CodeAnyMissed:
		if value(s.Of) == 1 {
			return nil // one part: the lines above say it all
		}
		line := say.phrase(steps[s.Code], args...)
		if s.Option != "" {
			line = say("plenary.ballot.about_option", "“{option}”: {text}", "option", about, "text", line)
		}
		return []string{line}
	}
	if ph, known := steps[s.Code]; known {
		return []string{say.phrase(ph, args...)}
	}
	return nil
}
