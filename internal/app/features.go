package app

import (
	"context"

	"github.com/a-h/templ"

	"alliance/internal/feature"
	"alliance/internal/feature/account"
	"alliance/internal/feature/agenda"
	"alliance/internal/feature/assembly"
	"alliance/internal/feature/atlas"
	"alliance/internal/feature/campaign"
	"alliance/internal/feature/claim"
	"alliance/internal/feature/competence"
	"alliance/internal/feature/contribution"
	"alliance/internal/feature/directory"
	"alliance/internal/feature/discussion"
	"alliance/internal/feature/document"
	"alliance/internal/feature/event"
	"alliance/internal/feature/follow"
	"alliance/internal/feature/freshness"
	"alliance/internal/feature/handover"
	"alliance/internal/feature/help"
	"alliance/internal/feature/intake"
	"alliance/internal/feature/library"
	"alliance/internal/feature/membership"
	"alliance/internal/feature/merge"
	"alliance/internal/feature/opendata"
	"alliance/internal/feature/operate"
	"alliance/internal/feature/personal"
	"alliance/internal/feature/plenary"
	"alliance/internal/feature/plenary/ballot"
	"alliance/internal/feature/practice"
	"alliance/internal/feature/proceedings"
	"alliance/internal/feature/setup"
	"alliance/internal/feature/site"
	"alliance/internal/feature/synthesis"
	"alliance/internal/feature/trace"
	"alliance/internal/feature/worklist"
	"alliance/internal/feature/workshop"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/health"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/register"
	"alliance/internal/platform/web"
)

// features lists what people can do here, in the order of the menu. Where one
// feature asks another something, it is filled here.
func features(h *feature.House, looks func() health.House) []feature.Feature {
	workshops, proposals := workshop.New(h, workshop.Asks{
		WorkshopByCode: assembly.WorkshopByCode, CodeOf: assembly.CodeOfWorkshop, Open: assembly.Open, AssemblyOf: assembly.AssemblyOf, ZoneOf: assembly.ZoneOf,
	})
	campaigns, signing := campaign.New(h)
	memberships, members := membership.New(h, membership.Asks{Texts: texts(signing)})
	helping, helps := help.New(h)
	sites, hearing := site.New(h, site.Asks{Stage: assembly.Stage, Coming: event.Coming, Help: helps.Find})
	following, follows := follow.New(h, follow.Asks{Said: said, Hearing: hearing.Hearing})
	contributing, contributions := contribution.New(h)
	h.Offered = contributions.Offered
	documents, beside := document.New(h)
	h.Documents, h.Beside = beside.Part, document.Beside
	accounts, inviting := account.New(h)
	handing, hands := handover.New(h, handover.Asks{
		Votes: votes(members), ConfirmVote: members.ConfirmVote, Elected: members.Elected, Contacts: members.ContactsOf, TakeContact: members.TakeContact,
		Actions: agenda.Carried, Follow: follows.FollowEntry, Shares: freshness.Pass, Work: worklist.Pass, MayRenew: account.MayRenew, MayHandOver: account.MayEnd,
	})
	h.Handed = hands.Handed
	return []feature.Feature{
		directory.New(h, directory.Asks{Attended: assembly.Attended, Part: both(members.Part, signing.Part)}),
		memberships,
		campaigns,
		atlas.New(h),
		event.New(h),
		assembly.New(h, assembly.Asks{Proposals: proposals.Proposals, Copy: proposals.CopyProposal}),
		workshops,
		synthesis.New(h, synthesis.Asks{Proposals: proposals.Proposals, Create: proposals.AddProposal, AssemblyOf: assembly.AssemblyOf}),
		plenary.New(h, plenary.Asks{Registered: assembly.Registered, Present: assembly.Present, ZoneOf: assembly.ZoneOf, Proposals: proposals.Proposals, Adopt: agenda.Adopt}),
		agenda.New(h, agenda.Asks{Registered: assembly.Registered}),
		proceedings.New(h, proceedings.Asks{Registered: assembly.Registered, Programme: assembly.Programme, Zone: assembly.ZoneOf, Outcome: outcome}),
		following,
		discussion.New(h, discussion.Asks{Follow: follows.FollowEntry}),
		library.New(h, library.Asks{Next: event.ComingOf}),
		practice.New(h, practice.Asks{Drawn: trace.Drawn(h)}),
		competence.New(h),
		documents,
		contributing,
		freshness.New(h, freshness.Asks{Report: contributions.Changed}),
		accounts,
		handing,
		claim.New(h, claim.Asks{Pairs: contribution.Pairs, Invite: invites(inviting)}),
		personal.New(h, personal.Asks{Erase: inviting.EraseAccount}),
		setup.New(h, validRule),
		operate.New(h, operate.Asks{Health: looks}),
		trace.New(h),
		opendata.New(h),
		worklist.New(h),
		intake.New(h),
		merge.New(h, merge.Asks{Voting: plenary.Voting}),
		helping,
		sites,
	}
}

// both writes two parts of one page after each other.
func both(first, second func(*web.Ctx, entry.Entry) (templ.Component, error)) func(*web.Ctx, entry.Entry) (templ.Component, error) {
	return func(c *web.Ctx, e entry.Entry) (templ.Component, error) {
		a, err := first(c, e)
		if err != nil {
			return nil, err
		}
		b, err := second(c, e)
		return templ.Join(a, b), err
	}
}

// texts gives what organisations sign together, and who stands by it.
func texts(x *campaign.Campaigns) func(context.Context, db.Q, people.Actor) ([]membership.Text, error) {
	return func(ctx context.Context, q db.Q, a people.Actor) (list []membership.Text, err error) {
		found, err := x.Texts(ctx, q, a)
		for _, t := range found {
			list = append(list, membership.Text(t))
		}
		return list, err
	}
}

// invites lets an accepted claim become an invitation.
func invites(a *account.Account) func(context.Context, *db.Tx, people.Actor, claim.Invited) error {
	return func(ctx context.Context, tx *db.Tx, by people.Actor, who claim.Invited) error {
		_, err := a.InviteDecided(ctx, tx, by, account.Invitation{Email: who.Email, Name: who.Name, Lang: who.Lang, Mandate: who.Mandate, Decided: who.Claim})
		return err
	}
}

// votes gives the votes for charters that do not count for ever.
func votes(m *membership.Memberships) func(context.Context, db.Q, people.Actor, string) ([]handover.Vote, error) {
	return func(ctx context.Context, q db.Q, a people.Actor, organisation string) (list []handover.Vote, err error) {
		found, err := m.Lapses(ctx, q, a, organisation)
		for _, l := range found {
			list = append(list, handover.Vote(l))
		}
		return list, err
	}
}

// layers of the map by kind: what is itself engaged in welcome. Organisations
// they are by are in the same layer.
var layers = map[string]string{"initiative": register.Welcome, "practice": register.Welcome, "replication": register.Welcome}

// engaged gives the organisations that take part in the alliance: they come to
// its meetings, or carry what was adopted there.
func engaged(ctx context.Context, q db.Q) ([]string, error) {
	came, err := assembly.Attending(ctx, q)
	if err != nil {
		return nil, err
	}
	carry, err := agenda.Carriers(ctx, q)
	return append(came, carry...), err
}

// outcome gives the words for how a vote ended; a motion that was not voted on
// has none.
func outcome(class string) (locale.Phrase, bool) {
	said := ballot.OutcomePhrase(ballot.Outcome(class))
	return said, said.Key != ""
}

// said gives digests the words of a discussion.
func said(ctx context.Context, q db.Q, entry string, comments []string) (list []follow.Said, err error) {
	words, err := discussion.SaidOf(ctx, q, entry, comments)
	for _, w := range words {
		list = append(list, follow.Said(w))
	}
	return list, err
}

// validRule lets the settings ask whoever counts votes.
func validRule(rule string, colleges []string) error {
	r, err := ballot.ParseRule(rule)
	if err != nil {
		return err
	}
	return r.Validate(colleges...)
}
