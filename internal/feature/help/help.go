// Package help is the documentation site: what to click, step by step, for
// each who takes part.
//
// The one idea: texts name labels by the key of their phrase, and the words
// come from the catalogue in the reader's language. Nothing that stands on a
// button is typed a second time, so the steps cannot say it otherwise. The
// texts are in docs/help, where translators need no Go.
package help

import (
	"alliance/internal/platform/locale"
)

//go:generate go run ./labels

// group are the pages for one sort of people.
type group struct {
	Who   locale.Phrase
	Pages []string // names of files in docs/help, without language and ending
}

// groups is the overview. Read from top to bottom it is the order of "next",
// and who takes on more finds the pages for less before.
var groups = []group{
	{locale.Phrase{Key: "help.for.all", English: "For everybody, without an account"}, []string{"read", "join", "privacy"}},
	{locale.Phrase{Key: "help.for.members", English: "For delegates of members"}, []string{"account", "organisation", "proposals", "vote", "actions", "share", "sign"}},
	{locale.Phrase{Key: "help.for.rapporteurs", English: "For rapporteurs"}, []string{"notes"}},
	{locale.Phrase{Key: "help.for.committee", English: "For the steering committee"}, []string{"synthesis"}},
	{locale.Phrase{Key: "help.for.chair", English: "For the chair"}, []string{"plenary"}},
	{locale.Phrase{Key: "help.for.coordination", English: "For the coordination"}, []string{"coordination", "assembly"}},
	{locale.Phrase{Key: "help.for.operators", English: "For those who run the server"}, []string{"operate"}},
}

// Pages names all pages, in order.
func Pages() (names []string) {
	for _, g := range groups {
		names = append(names, g.Pages...)
	}
	return names
}
