package app

import (
	"alliance/internal/feature"
	"alliance/internal/feature/account"
	"alliance/internal/feature/agenda"
	"alliance/internal/feature/assembly"
	"alliance/internal/feature/directory"
	"alliance/internal/feature/event"
	"alliance/internal/feature/plenary"
	"alliance/internal/feature/plenary/ballot"
	"alliance/internal/feature/proceedings"
	"alliance/internal/feature/setup"
	"alliance/internal/feature/site"
	"alliance/internal/feature/synthesis"
	"alliance/internal/feature/trace"
	"alliance/internal/feature/workshop"
	"alliance/internal/platform/locale"
)

// features lists what people can do here, in the order of the menu. Where one
// feature asks another something, it is filled here.
func features(h *feature.House) []feature.Feature {
	workshops, proposals := workshop.New(h, workshop.Asks{
		WorkshopByCode: assembly.WorkshopByCode, CodeOf: assembly.CodeOfWorkshop, Open: assembly.Open, AssemblyOf: assembly.AssemblyOf, ZoneOf: assembly.ZoneOf,
	})
	return []feature.Feature{
		directory.New(h, directory.Asks{}),
		event.New(h),
		assembly.New(h, assembly.Asks{Proposals: proposals.Proposals, Copy: proposals.CopyProposal}),
		workshops,
		synthesis.New(h, synthesis.Asks{Proposals: proposals.Proposals, Create: proposals.AddProposal, AssemblyOf: assembly.AssemblyOf}),
		plenary.New(h, plenary.Asks{Registered: assembly.Registered, Present: assembly.Present, ZoneOf: assembly.ZoneOf, Proposals: proposals.Proposals, Adopt: agenda.Adopt}),
		agenda.New(h),
		proceedings.New(h, proceedings.Asks{Registered: assembly.Registered, Programme: assembly.Programme, Zone: assembly.ZoneOf, Outcome: outcome}),
		account.New(h),
		setup.New(h, validRule),
		trace.New(h),
		site.New(h, site.Asks{Stage: assembly.Stage, Coming: event.Coming}),
	}
}

// outcome gives the words for how a vote ended; a motion that was not voted on
// has none.
func outcome(class string) (locale.Phrase, bool) {
	said := ballot.OutcomePhrase(ballot.Outcome(class))
	return said, said.Key != ""
}

// validRule lets the settings ask whoever counts votes.
func validRule(rule string, colleges []string) error {
	r, err := ballot.ParseRule(rule)
	if err != nil {
		return err
	}
	return r.Validate(colleges...)
}
