package ballot

import (
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
		out = append(out, say("plenary.ballot.says.quorum", "{college}: at least {share} of the roll must be present.", "college", who, "share", n.Quorum.String()))
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

func (n Node) saysShare(say Say, who string) []string {
	table := atLeast
	if n.Threshold.More {
		table = moreThan
	}
	out := []string{say.phrase(table[n.Base], "college", who, "share", n.Threshold.Share.String())}
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
