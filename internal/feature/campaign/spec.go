package campaign

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

var campaignWords = record.Words{One: locale.Phrase{Key: "campaign.one", English: "Campaign"}, Many: locale.Phrase{Key: "campaign.many", English: "Campaigns"},
	Lead: locale.Phrase{Key: "campaign.lead", English: "Open letters, appeals and positions that organisations sign together: to whom, until when, and who stands by them."},
	New:  locale.Phrase{Key: "campaign.new", English: "Begin a campaign"}, None: locale.Phrase{Key: "campaign.none", English: "No campaign matches."},
	Count: func(v design.View, n int) string {
		return v.N("campaign.count", n, "{n} campaign", "{n} campaigns")
	}}

var forms = []record.Option{
	{Value: "letter", Label: locale.Phrase{Key: "campaign.form.letter", English: "Open letter"}}, {Value: "appeal", Label: locale.Phrase{Key: "campaign.form.appeal", English: "Appeal"}},
	{Value: "position", Label: locale.Phrase{Key: "campaign.form.position", English: "Common position"}}, {Value: "support", Label: locale.Phrase{Key: "campaign.form.support", English: "Letter of support"}},
}

var organisations = []string{"organisation"}

var spec = record.Spec{
	Kind: Kind, Version: 1, Class: "form", Partners: []string{"initiators"}, Themes: true, Documents: true,
	Title:   record.Question{Name: entry.Title, Label: locale.Phrase{Key: "campaign.q.title", English: "Title of the text"}, Type: record.Line, Required: true, Schema: "name"},
	Summary: record.Question{Name: entry.Summary, Label: locale.Phrase{Key: "campaign.q.summary", English: "What it asks for, in one or two lines"}, Type: record.Prose, Max: 500, Required: true, Schema: "description"},
	Sections: []record.Section{
		{Title: locale.Phrase{Key: "campaign.s.words", English: "The text that is signed"}, First: true, Questions: []record.Question{
			{Name: words, Label: locale.Phrase{Key: "campaign.q.words", English: "The text in full"}, Hint: locale.Phrase{Key: "campaign.q.words.hint", English: "Once somebody has signed it, its words stay. Translations can be added at any time."}, Type: record.Prose, Max: 20000, Required: true, Schema: "text"},
		}},
		{Title: locale.Phrase{Key: "campaign.s.who", English: "To whom, and until when"}, Questions: []record.Question{
			{Name: "form", Label: locale.Phrase{Key: "campaign.q.form", English: "What it is"}, Type: record.Choice, Options: forms, Required: true, Facet: true},
			{Name: addressee, Label: locale.Phrase{Key: "campaign.q.addressee", English: "To whom it is addressed"}, Type: record.Line, Required: true},
			{Name: "initiators", Label: locale.Phrase{Key: "campaign.q.initiators", English: "Who begins it, beside the organisation it is by"}, Hint: locale.Phrase{Key: "campaign.q.initiators.hint", English: "One a line, as they stand in the directory. They can edit this page too. To begin it is not to sign it."}, Type: record.Entries, Kinds: organisations, Schema: "creator"},
			{Name: opens, Label: locale.Phrase{Key: "campaign.q.opens", English: "Signatures from"}, Type: record.Day},
			{Name: closes, Label: locale.Phrase{Key: "campaign.q.closes", English: "Signatures until"}, Type: record.Day},
			{Name: "source", Label: locale.Phrase{Key: "campaign.q.source", English: "The text elsewhere on the web"}, Type: record.Web, Schema: "sameAs"},
		}},
		{Title: locale.Phrase{Key: "campaign.s.after", English: "What came of it"}, Questions: []record.Question{
			{Name: sent, Label: locale.Phrase{Key: "campaign.q.sent", English: "Sent on"}, Hint: locale.Phrase{Key: "campaign.q.sent.hint", English: "From then on nobody can sign any more."}, Type: record.Day},
			{Name: "reply", Label: locale.Phrase{Key: "campaign.q.reply", English: "What was answered, and what followed"}, Type: record.Prose},
		}},
	},
}

var signatureWords = record.Words{One: locale.Phrase{Key: "campaign.signature", English: "Signature"}, Many: locale.Phrase{Key: "campaign.signatures", English: "Signatures"},
	Lead: locale.Phrase{Key: "campaign.signatures.lead", English: "Which organisation signed what, on which day, and by which vote. One that was taken back stays here with its day."},
	New:  locale.Phrase{Key: "campaign.sign", English: "Sign"}, None: locale.Phrase{Key: "campaign.signatures.none", English: "No signature matches."},
	Count: func(v design.View, n int) string {
		return v.N("campaign.signatures.count", n, "{n} signature", "{n} signatures")
	}}

var ways = []record.Option{
	{Value: Mandate, Label: locale.Phrase{Key: "campaign.way.mandate", English: "Signed here, under a mandate"}},
	{Value: Paper, Label: locale.Phrase{Key: "campaign.way.paper", English: "Noted by the coordination, from paper or mail"}},
}

var signatureSpec = record.Spec{
	Kind: Signed, Version: 1, Schema: "EndorseAction",
	Title:   record.Question{Name: entry.Title, Label: locale.Phrase{Key: "campaign.g.title", English: "Who signed what"}, Type: record.Line, Kept: true, Schema: "name"},
	Summary: record.Question{Name: entry.Summary, Label: locale.Phrase{Key: "campaign.g.summary", English: "A word with the signature"}, Type: record.Prose, Max: 600, Schema: "description"},
	Sections: []record.Section{
		{Title: locale.Phrase{Key: "campaign.g.who", English: "Who, and what"}, Questions: []record.Question{
			{Name: signer, Label: locale.Phrase{Key: "campaign.g.signer", English: "Organisation that signed"}, Type: record.Entries, Kinds: organisations, Required: true, Schema: "agent"},
			{Name: campaign, Label: locale.Phrase{Key: "campaign.g.campaign", English: "Text"}, Type: record.Entries, Kinds: []string{Kind}, Required: true, Facet: true, Schema: "object"},
			{Name: signed, Label: locale.Phrase{Key: "campaign.g.signed", English: "Signed on"}, Type: record.Day, Required: true, Kept: true, Schema: "startTime"},
			{Name: withdrawn, Label: locale.Phrase{Key: "campaign.g.withdrawn", English: "Taken back on"}, Type: record.Day, Kept: true, Schema: "endTime"},
			{Name: way, Label: locale.Phrase{Key: "campaign.g.way", English: "How it came here"}, Type: record.Choice, Options: ways, Required: true, Facet: true, Kept: true},
		}},
		{Title: locale.Phrase{Key: "campaign.g.vote", English: "The vote behind it"}, Questions: []record.Question{
			{Name: decided, Label: locale.Phrase{Key: "campaign.g.decided", English: "Day of the vote"}, Hint: locale.Phrase{Key: "campaign.g.decided.hint", English: "On which the council, the board or the general meeting decided to sign, if it did."}, Type: record.Day},
			{Name: number, Label: locale.Phrase{Key: "campaign.g.number", English: "Number of the decision"}, Type: record.Word},
			{Name: document, Label: locale.Phrase{Key: "campaign.g.document", English: "The decision or the signed letter, on the web"}, Type: record.Web, Schema: "url"},
		}},
	},
}

// settle keeps the rules of a text: its days follow each other, and what
// somebody has signed is not reworded under them.
func (x *Campaigns) settle(ctx context.Context, q db.Q, _ people.Actor, r *record.Record) error {
	c := campaignOf(*r)
	var list fault.List
	if c.Opens != "" && c.Closes != "" && record.LastDay(c.Closes) < record.FirstDay(c.Opens) {
		list.Add(fault.Invalid(closes, "campaign.backwards", "The end comes before the beginning."))
	}
	if c.Opens != "" && c.Sent != "" && record.LastDay(c.Sent) < record.FirstDay(c.Opens) {
		list.Add(fault.Invalid(sent, "campaign.backwards", "The end comes before the beginning."))
	}
	if r.ID != "" {
		signs, err := count(ctx, q, r.ID)
		if err != nil {
			return err
		}
		if signs > 0 {
			was, err := entry.Get(ctx, q, r.ID)
			if err != nil {
				return err
			}
			for _, name := range []string{entry.Title, words, addressee} {
				if was.Text(name).Original() != r.Text(name).Original() {
					list.Add(fault.Invalid(name, "campaign.signed", "It has been signed: these words stay as they are. For other words begin another campaign."))
				}
			}
		}
	}
	return list.Err()
}

// saved lets signatures be known to whom their text is known, and no others.
func (x *Campaigns) saved(ctx context.Context, tx *db.Tx, a people.Actor, r record.Record) error {
	list, err := signaturesOf(ctx, tx, people.Actor{}, true, campaign, r.ID)
	if err != nil {
		return err
	}
	for _, s := range list {
		if s.Audience == r.Audience && (s.State == entry.Published) == (r.State == entry.Published) {
			continue
		}
		own, err := x.signatures.Get(ctx, tx, s.ID)
		if err != nil {
			return err
		}
		own.Audience, own.State = r.Audience, entry.Withdrawn
		if r.State == entry.Published {
			own.State = entry.Published
		}
		if _, err := x.signatures.Change(ctx, tx, a, own); err != nil {
			return err
		}
	}
	return nil
}
