package account

import (
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
)

// scopes are what a mandate can allow, in the order pages show them.
var scopes = []struct {
	scope people.Scope
	words locale.Phrase
	hint  locale.Phrase
	of    func(people.Mandate) bool
}{
	{people.Speak, locale.Phrase{Key: "account.scope.speak", English: "speak"},
		locale.Phrase{Key: "account.scope.speak.hint", English: "Write proposals, comments and replies in its name."}, func(m people.Mandate) bool { return m.Speak }},
	{people.Vote, locale.Phrase{Key: "account.scope.vote", English: "vote"},
		locale.Phrase{Key: "account.scope.vote.hint", English: "Cast its vote in the plenary. One organisation has one vote."}, func(m people.Mandate) bool { return m.Vote }},
	{people.Sign, locale.Phrase{Key: "account.scope.sign", English: "sign"},
		locale.Phrase{Key: "account.scope.sign.hint", English: "Commit it: carry actions, confirm, sign."}, func(m people.Mandate) bool { return m.Sign }},
	{people.Edit, locale.Phrase{Key: "account.scope.edit", English: "edit its pages"},
		locale.Phrase{Key: "account.scope.edit.hint", English: "Keep its profile up to date, and invite others to act for it."}, func(m people.Mandate) bool { return m.Edit }},
}

// roleHints say what somebody with a role does.
var roleHints = map[people.Role]locale.Phrase{
	people.Operator:    {Key: "account.role.operator.hint", English: "Runs the server. Has no say in content."},
	people.Coordinator: {Key: "account.role.coordinator.hint", English: "Looks after organisations, people, assemblies and settings."},
	people.Committee:   {Key: "account.role.committee.hint", English: "Works on the synthesis, the plenary and the agenda."},
	people.Chair:       {Key: "account.role.chair.hint", English: "Opens and closes votes."},
	people.Facilitator: {Key: "account.role.facilitator.hint", English: "Leads workshops."},
	people.Rapporteur:  {Key: "account.role.rapporteur.hint", English: "Writes down what workshops say."},
}
