package ballot

import (
	"reflect"
	"strings"

	"alliance/internal/platform/locale"
)

// moreThan and atLeast tell a threshold per base.
var moreThan = map[string]locale.Phrase{
	Expressed: {Key: "plenary.ballot.says.more.expressed", English: "{college}: more than {share} of the votes for and against must be in favour."},
	Cast:      {Key: "plenary.ballot.says.more.cast", English: "{college}: more than {share} of the votes cast must be in favour."},
	Present:   {Key: "plenary.ballot.says.more.present", English: "{college}: more than {share} of those present must be in favour."},
	Roll:      {Key: "plenary.ballot.says.more.roll", English: "{college}: more than {share} of the whole roll must be in favour."},
}

var atLeast = map[string]locale.Phrase{
	Expressed: {Key: "plenary.ballot.says.least.expressed", English: "{college}: at least {share} of the votes for and against must be in favour."},
	Cast:      {Key: "plenary.ballot.says.least.cast", English: "{college}: at least {share} of the votes cast must be in favour."},
	Present:   {Key: "plenary.ballot.says.least.present", English: "{college}: at least {share} of those present must be in favour."},
	Roll:      {Key: "plenary.ballot.says.least.roll", English: "{college}: at least {share} of the whole roll must be in favour."},
}

var scorings = map[string]locale.Phrase{
	Sum:    {Key: "plenary.ballot.says.score.sum", English: "{college}: each option gets 0 to {scale}. The highest sums win. Places: {seats}."},
	Mean:   {Key: "plenary.ballot.says.score.mean", English: "{college}: each option gets 0 to {scale}. The highest means win. Places: {seats}."},
	Median: {Key: "plenary.ballot.says.score.median", English: "{college}: each option gets 0 to {scale}. The highest medians win. Places: {seats}."},
}

// ExplainRule tells a rule in sentences before the vote: what each college must
// say, and what happens to an empty one.
func ExplainRule(r Rule, say Say, name func(college string) string) []string {
	out := r.Root.says(say, name)
	if r.Empty == Skip {
		return append(out, say("plenary.ballot.says.empty.skip", "A college with nobody on the roll is left out."))
	}
	return append(out, say("plenary.ballot.says.empty.fail", "A college with nobody on the roll blocks the decision."))
}

func (n Node) says(say Say, name func(string) string) []string {
	if n.branch() {
		var out []string
		if list, same := n.alike(); same {
			names := make([]string, len(list))
			for i, c := range list {
				names[i] = name(c)
			}
			out = append(out, say("plenary.ballot.says.every", "Each of these colleges must agree: {colleges}.", "colleges", say.join(names)))
			one := n.Of[0]
			return append(out, one.says(say, func(string) string { return say("plenary.ballot.says.each", "Each college") })...)
		}
		if len(n.Of) > 1 && n.Kind == All {
			out = append(out, say("plenary.ballot.says.all", "All of this is needed:"))
		} else if len(n.Of) > 1 {
			out = append(out, say("plenary.ballot.says.any", "One of these is enough:"))
		}
		for _, c := range n.Of {
			out = append(out, c.says(say, name)...)
		}
		return out
	}
	who := say.college(n.College, name)
	var out []string
	if n.Quorum.n > 0 {
		out = append(out, say("plenary.ballot.says.quorum", "{college}: at least {share} of the roll must be present.", "college", who, "share", say.share(n.Quorum)))
	}
	switch n.Kind {
	case Consent:
		return append(out, say("plenary.ballot.says.consent", "{college}: adopted, unless a reasoned objection stands.", "college", who))
	case Scoring:
		out = append(out, say.phrase(scorings[n.By], "college", who, "scale", n.Scale, "seats", n.Seats))
		if n.Least.Stated() {
			out = append(out, say("plenary.ballot.says.least_score", "An option needs at least {share}.", "share", n.Least.String()))
		}
		return out
	case Approval:
		out = append(out, say("plenary.ballot.says.approval", "{college}: each voter approves as many options as they like.", "college", who))
	}
	return append(out, n.saysShare(say, who)...)
}

// alike tells the colleges of a rule that asks the same of each of them.
func (n Node) alike() (colleges []string, same bool) {
	if n.Kind != All || len(n.Of) < 2 {
		return nil, false
	}
	first := n.Of[0]
	for _, c := range n.Of {
		if c.branch() || c.College == "" {
			return nil, false
		}
		colleges = append(colleges, c.College)
		c.College = first.College
		if !reflect.DeepEqual(c, first) {
			return nil, false
		}
	}
	return colleges, true
}

// join puts names in a row; commas read well in every language of the house.
func (say Say) join(names []string) string {
	return strings.Join(names, say("plenary.ballot.says.comma", ", "))
}

// share says a share in percent where that is exact: "50%", but "2/3".
func (say Say) share(f Fraction) string {
	if n, d := f.Terms(); d > 0 && 100*n%d == 0 {
		return say("plenary.ballot.percent", "{n}%", "n", int(100*n/d))
	}
	return f.String()
}

func (n Node) saysShare(say Say, who string) []string {
	table := atLeast
	if n.Threshold.More {
		table = moreThan
	}
	out := []string{say.phrase(table[n.Base], "college", who, "share", say.share(n.Threshold.Share))}
	if n.Seats > 0 {
		out = append(out, say("plenary.ballot.says.seats", "Those approved most are chosen. Places: {seats}.", "seats", n.Seats))
	}
	switch {
	case n.Abstentions:
		out = append(out, say("plenary.ballot.says.abstentions", "Abstentions and blank votes stay in this total."))
	case n.Base != Expressed:
		out = append(out, say("plenary.ballot.says.no_abstentions", "Abstentions and blank votes are left out of this total."))
	}
	return out
}
