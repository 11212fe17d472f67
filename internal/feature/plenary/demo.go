package plenary

import (
	"context"
	"fmt"
	"slices"
	"time"

	"alliance/internal/feature/plenary/ballot"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/id"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/people"
)

// demo puts the motions of the invented meeting to the vote: decided ones with
// their recorded votes, one open, one to come.
func (p *Plenary) demo(ctx context.Context, tx *db.Tx) error {
	m := demo.Second()
	zone, err := time.LoadLocation(m.Timezone)
	if err != nil {
		zone = time.UTC
	}
	when := func(w demo.When) db.Instant {
		at, _ := w.At(tx.Now().Time(), zone)
		return db.At(at)
	}
	settings, err := alliance.Load(ctx, tx)
	if err != nil {
		return err
	}
	for _, x := range m.Motions {
		if err := p.demoMotion(ctx, tx, settings, m, x, when(x.Opens), when(x.Closes)); err != nil {
			return fmt.Errorf("motion %s: %w", x.ID, err)
		}
	}
	return nil
}

func (p *Plenary) demoMotion(ctx context.Context, tx *db.Tx, settings alliance.Alliance, m demo.Meeting, x demo.Motion, opens, closes db.Instant) error {
	motion := Motion{Assembly: demo.EntryID(m.Slug, ""), Becomes: "action", State: Coming, Secret: x.Secret}
	var from []string
	for _, f := range x.From {
		from = append(from, demo.EntryID(m.Slug, f))
	}
	var written db.Instant // before its vote opened
	if opens != 0 && opens < tx.Now() {
		written = opens.Add(-time.Hour)
	}
	e, err := p.put(ctx, tx, people.Actor{}, entry.Entry{ID: demo.EntryID(m.Slug, x.ID), Kind: "motion", Class: string(Coming), Parent: motion.Assembly, Lang: x.Title.Orig, Created: written,
		Fields: map[string]lang.Text{entry.Title: x.Title, entry.Summary: x.Plain}}, motion, from)
	if err != nil {
		return err
	}
	if x.State == "coming" {
		return demoAmendment(ctx, tx, m, e)
	}
	if motion, err = motionByID(ctx, tx, e.ID); err != nil {
		return err
	}
	if motion.Rule, err = ruleOf(settings); err != nil {
		return err
	}
	motion.State, motion.Opened, motion.Closes = Open, opens, closes
	seats, err := p.roll(ctx, tx, settings, motion.Assembly)
	if err != nil {
		return err
	}
	for _, s := range seats {
		s.Present = s.Present || x.State == "decided"
		if err := putSeat(ctx, tx, e.ID, s); err != nil {
			return err
		}
	}
	if err := putMotion(ctx, tx, motion); err != nil {
		return err
	}
	if err := p.demoVotes(ctx, tx, motion, x, seats); err != nil {
		return err
	}
	if x.State == "open" {
		return p.classify(ctx, tx, people.Actor{}, motion, "motion.opened")
	}
	return p.demoDecision(ctx, tx, m, motion, x)
}

func (p *Plenary) demoVotes(ctx context.Context, tx *db.Tx, motion Motion, x demo.Motion, seats []Seat) error {
	paper := ballot.Batch{ID: id.Named("demo/batch/" + motion.Entry)}
	for _, slug := range sortedKeys(x.Votes) {
		organisation := demo.OrganisationID(slug)
		if !slices.ContainsFunc(seats, func(s Seat) bool { return s.Organisation == organisation }) {
			continue
		}
		if _, err := sign(ctx, tx, motion.Entry, organisation); err != nil {
			return err
		}
		b := ballot.Ballot{ID: id.Named("demo/ballot/" + motion.Entry + slug), Voter: organisation, Choice: x.Votes[slug], Channel: ballot.Electronic, At: int64(motion.Opened.Add(time.Minute))}
		if slices.Contains(x.Paper, slug) {
			b.Channel, b.Batch = ballot.Paper, paper.ID
			paper.Entered++
			paper.HandedOut++
		}
		if err := putBallot(ctx, tx, motion.Entry, b); err != nil {
			return err
		}
	}
	if paper.HandedOut == 0 {
		return nil
	}
	return putBatch(ctx, tx, motion.Entry, paper, "")
}

// demoDecision counts for real: the outcome shown is what ballot says, and a
// difference to what the story tells is an error.
func (p *Plenary) demoDecision(ctx context.Context, tx *db.Tx, m demo.Meeting, motion Motion, x demo.Motion) error {
	e, err := entry.Get(ctx, tx, motion.Entry)
	if err != nil {
		return err
	}
	f, err := fileFor(ctx, tx, motion, e)
	if err != nil {
		return err
	}
	result, err := ballot.Count(f)
	if err != nil {
		return err
	}
	if string(result.Outcome) != x.Outcome {
		return fmt.Errorf("counted %s, the story says %s", result.Outcome, x.Outcome)
	}
	if err := p.keep(ctx, tx, &motion, f, result); err != nil {
		return err
	}
	if x.Item != "" {
		motion.Item = demo.EntryID(m.Slug, x.Item) // the agenda, which comes after, adds it
	}
	if err := putMotion(ctx, tx, motion); err != nil {
		return err
	}
	if !result.Adopted {
		if _, err := lineage.Add(ctx, tx, people.Actor{}, lineage.Derivation{Kind: lineage.Rejected, Role: "plenary", Scope: motion.Assembly, Certain: true,
			Parents: []lineage.Link{{Entry: motion.Entry, Revision: e.Revision}}}); err != nil {
			return err
		}
	}
	for _, r := range x.Reservations {
		if _, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "reservation", Parent: motion.Entry, Lang: r.Text.Orig,
			Organisation: demo.OrganisationID(r.Organisation), Fields: map[string]lang.Text{entry.Title: r.Text}}, nil); err != nil {
			return err
		}
	}
	return p.classify(ctx, tx, people.Actor{}, motion, "motion."+motion.Outcome)
}

// demoAmendment lets one organisation ask for a sentence more.
func demoAmendment(ctx context.Context, tx *db.Tx, m demo.Meeting, motion entry.Entry) error {
	more := map[string]string{
		"fr": "Un bilan est publié chaque année.", "en": "A report is published each year.", "es": "Cada año se publica un balance.", "pt": "Todos os anos é publicado um balanço.",
		"it": "Ogni anno si pubblica un bilancio.", "de": "Jedes Jahr erscheint ein Bericht.", "ar": "يُنشر تقرير كل سنة.",
	}[motion.Lang]
	if more == "" || len(m.Participants) == 0 {
		return nil
	}
	base := motion.Text(entry.Summary).Original()
	a, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "amendment", Parent: motion.ID, Lang: motion.Lang, Class: entry.Summary,
		Organisation: demo.OrganisationID(m.Participants[0]), Fields: map[string]lang.Text{entry.Title: lang.New(motion.Lang, base+" "+more)}}, entry.Facts{"state": "proposed"})
	if err != nil {
		return err
	}
	return putAmendment(ctx, tx, Amendment{Entry: a.ID, Motion: motion.ID, Field: entry.Summary, Base: base, State: "proposed"})
}
