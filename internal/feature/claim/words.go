package claim

import (
	"alliance/internal/platform/design"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
)

var reasonPhrases = map[Reason]locale.Phrase{
	"unproven":    {Key: "claim.reason.unproven", English: "We could not verify it"},
	"unreachable": {Key: "claim.reason.unreachable", English: "The organisation could not be reached"},
	"person":      {Key: "claim.reason.person", English: "The organisation says that somebody else acts for it"},
	"spoken":      {Key: "claim.reason.spoken", English: "Those who act for it already invite you themselves: ask them"},
	"other":       {Key: "claim.reason.other", English: "Another reason"},
}

type sayer interface {
	Say(p locale.Phrase, args ...any) string
}

func reasonWords(v sayer, r Reason) string {
	p, ok := reasonPhrases[r]
	if !ok {
		p = reasonPhrases["other"]
	}
	return v.Say(p)
}

func reasonOptions(v design.View) []design.Option {
	list := []design.Option{{}}
	for _, r := range Reasons {
		list = append(list, design.Option{Value: string(r), Label: reasonWords(v, r)})
	}
	return list
}

func stateWords(v design.View, s State) string {
	switch s {
	case Asked:
		return v.T("claim.state.asked", "Not confirmed yet")
	case Waiting:
		return v.T("claim.state.waiting", "It is being looked at")
	case Accepted:
		return v.T("claim.state.accepted", "Accepted")
	case Expired:
		return v.T("claim.state.expired", "Nobody decided in time")
	}
	return v.T("claim.state.refused", "Not accepted")
}

func seatWords(v design.View, s Seat) string {
	switch s {
	case Authority:
		return v.T("contribution.seat.authority", "Authority")
	case Association:
		return v.T("contribution.seat.association", "Association")
	case Own:
		return v.T("claim.seat.own", "The organisation itself")
	}
	return v.T("contribution.seat.coordination", "Coordination")
}

func actWords(v design.View, a Act) string {
	switch a {
	case Agree:
		return v.T("contribution.act.agreed", "Agreed")
	case Object:
		return v.T("claim.act.objected", "Objected")
	}
	return v.T("contribution.act.refused", "Refused")
}

func scopeWords(v design.View, s people.Scope) string {
	switch s {
	case people.Speak:
		return v.T("account.scope.speak", "speak")
	case people.Vote:
		return v.T("account.scope.vote", "vote")
	case people.Sign:
		return v.T("account.scope.sign", "sign")
	}
	return v.T("account.scope.edit", "edit its pages")
}

func scopeOptions(v design.View) (list []design.Option) {
	for _, s := range Scopes {
		list = append(list, design.Option{Value: string(s), Label: scopeWords(v, s)})
	}
	return list
}

func scopeList(v design.View, scopes []people.Scope) string {
	var words []string
	for _, s := range scopes {
		words = append(words, scopeWords(v, s))
	}
	return v.And(words)
}

func ticked(scopes []people.Scope) []string {
	list := make([]string, len(scopes))
	for i, s := range scopes {
		list[i] = string(s)
	}
	return list
}
