package membership

import (
	"slices"

	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// voteName says how a vote stands, and how the word is coloured.
func voteName(v design.View, vote Vote) (word, style string) {
	switch vote {
	case Valid:
		return v.T("membership.vote.valid", "Voted and valid"), "ok"
	case Renew:
		return v.T("membership.vote.renew", "To be confirmed after the election"), "warn"
	case Lapsed:
		return v.T("membership.vote.lapsed", "Not confirmed after the election"), "warn"
	case Superseded:
		return v.T("membership.vote.superseded", "An older version of the charter"), "warn"
	case Unvoted:
		return v.T("membership.vote.unvoted", "Signed, no vote noted"), "info"
	case Unsigned:
		return v.T("membership.vote.unsigned", "No signature of the charter noted"), ""
	case Over:
		return v.T("membership.vote.over", "Ended"), ""
	}
	return v.T("membership.vote.coming", "Still to come"), "info"
}

func roleName(v design.View, value string) string {
	ask, _ := spec.Question(role)
	o, ok := ask.Option(value)
	if !ok {
		return value
	}
	return v.Say(o.Label)
}

func taskName(v design.View, value string) string {
	ask, _ := contactSpec.Question("task")
	o, ok := ask.Option(value)
	if !ok {
		return value
	}
	return v.Say(o.Label)
}

// times says from when to when.
func times(v design.View, m Membership) string {
	switch {
	case m.Since != "" && m.Until != "":
		return v.T("membership.from-until", "From {from} until {until}", "from", record.SayDay(v, m.Since), "until", record.SayDay(v, m.Until))
	case m.Since != "":
		return v.T("membership.from", "Since {from}", "from", record.SayDay(v, m.Since))
	case m.Until != "":
		return v.T("membership.until", "Until {until}", "until", record.SayDay(v, m.Until))
	}
	return ""
}

// decision says which vote it was.
func decision(v design.View, m Membership) string {
	switch {
	case m.Decided != "" && m.Number != "":
		return v.T("membership.decision.number", "Vote: {day}, no. {number}", "day", record.SayDay(v, m.Decided), "number", m.Number)
	case m.Decided != "":
		return v.T("membership.decision", "Vote: {day}", "day", record.SayDay(v, m.Decided))
	}
	return ""
}

// choice offers networks by name, none first.
func choice(v design.View, none string, list []entry.Entry) []design.Option {
	options := []design.Option{{Label: none}}
	for _, n := range list {
		t := n.Title().In(v.Lang())
		options = append(options, design.Option{Value: n.ID, Label: t.S, Lang: t.Lang})
	}
	slices.SortStableFunc(options[1:], func(a, b design.Option) int { return v.Compare(a.Label, b.Label) })
	return options
}

// countries counts the members of the registry by country.
func (l listView) countries(v design.View) (list []design.Option) {
	n := map[string]int{}
	for _, row := range l.all {
		if c := row.Member.Place.Public().Country; c != "" {
			n[c]++
		}
	}
	for c, count := range n {
		list = append(list, design.Option{Value: c, Label: v.Country(c), Count: count})
	}
	slices.SortFunc(list, func(a, b design.Option) int { return v.Compare(a.Label, b.Label) })
	return list
}

func (l listView) kinds(v design.View) (list []design.Option) {
	n := map[string]int{}
	for _, row := range l.all {
		n[row.Member.Class]++
	}
	for _, k := range people.OrganisationKinds {
		if n[string(k)] > 0 {
			list = append(list, design.Option{Value: string(k), Label: design.KindName(v, string(k)), Count: n[string(k)]})
		}
	}
	return list
}

// found says what was asked and how many there are, in one sentence.
func (l listView) found(v design.View) string {
	n := len(l.Rows)
	in, also := l.Registry.Organisations[l.Query.In].Title().In(v.Lang()).S, l.Registry.Organisations[l.Query.Also].Title().In(v.Lang()).S
	switch {
	case in != "" && also != "" && l.Query.Valid:
		return v.N("membership.found.both-valid", n, "{n} member of {a} is also in {b}, with votes that are still valid", "{n} members of {a} are also in {b}, with votes that are still valid", "a", in, "b", also)
	case in != "" && also != "":
		return v.N("membership.found.both", n, "{n} member of {a} is also in {b}", "{n} members of {a} are also in {b}", "a", in, "b", also)
	}
	return v.N("membership.found", n, "{n} organisation", "{n} organisations")
}

// tally counts how the votes behind memberships stand.
type tally struct{ Members, Valid int }

func (r Registry) tally(network string) (t tally) {
	for _, m := range r.Memberships {
		if m.Network == network && holds(m, r.Today) {
			t.Members++
			if r.Vote(m) == Valid {
				t.Valid++
			}
		}
	}
	return t
}

// bars are how many members have which vote.
func (n networkView) bars(v design.View) (list []design.Bar) {
	for _, vote := range Votes {
		if n.Votes[vote] > 0 {
			word, _ := voteName(v, vote)
			list = append(list, design.Bar{Label: word, Value: n.Votes[vote], Of: len(n.Members)})
		}
	}
	return list
}

func audienceName(v design.View, a entry.Audience) string {
	if a == entry.Members {
		return v.T("membership.audience.members", "Members only")
	}
	return v.T("membership.audience.committee", "Coordination only")
}

func or(words, else_ string) string {
	if words == "" {
		return else_
	}
	return words
}

// joined puts short facts on one line after a role.
func joined(facts ...string) (line string) {
	for _, f := range facts {
		if f != "" {
			line += " · " + f
		}
	}
	return line
}

// parts is a day as DateInput takes it: a year or a month alone, too.
func parts(day string) string {
	switch len(day) {
	case 4:
		return day + "--"
	case 7:
		return day + "-"
	}
	return day
}

// texts are what organisations sign together, as a choice has them.
func (r Registry) texts() []entry.Entry {
	list := make([]entry.Entry, len(r.Texts))
	for i, t := range r.Texts {
		list[i] = t.Entry
	}
	return list
}
