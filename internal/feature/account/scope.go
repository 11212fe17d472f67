package account

import (
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
)

// scopes are what a mandate can allow, in the order pages show them.
var scopes = []struct {
	scope people.Scope
	words locale.Phrase
	of    func(people.Mandate) bool
}{
	{people.Speak, locale.Phrase{Key: "account.scope.speak", English: "speak"}, func(m people.Mandate) bool { return m.Speak }},
	{people.Vote, locale.Phrase{Key: "account.scope.vote", English: "vote"}, func(m people.Mandate) bool { return m.Vote }},
	{people.Sign, locale.Phrase{Key: "account.scope.sign", English: "sign"}, func(m people.Mandate) bool { return m.Sign }},
	{people.Edit, locale.Phrase{Key: "account.scope.edit", English: "edit its pages"}, func(m people.Mandate) bool { return m.Edit }},
}
