package plenary

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"alliance/internal/feature/plenary/ballot"
	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/job"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/people"
)

// Asks are what the plenary needs of others.
type Asks struct {
	// Registered and Present give the organisations of an assembly.
	Registered func(ctx context.Context, q db.Q, assembly string) ([]string, error)
	Present    func(ctx context.Context, q db.Q, assembly string) ([]string, error)
	// ZoneOf gives the time zone of an assembly: its clocks go by it.
	ZoneOf func(ctx context.Context, q db.Q, assembly string) (string, error)
	// Proposals gives all proposals of an assembly.
	Proposals func(ctx context.Context, q db.Q, assembly string) ([]entry.Entry, error)
	// Adopt makes an item of an adopted motion.
	Adopt func(ctx context.Context, tx *db.Tx, a people.Actor, assembly, class, motion, lang string, fields map[string]lang.Text, from []string) (string, error)
}

// NewMotion is what the chair fills in.
type NewMotion struct {
	Assembly, Lang       string
	Title, Summary, Body string
	From                 []string // proposals
	Becomes              string
	Secret, Revisable    bool
}

// Put puts a motion on the list of the plenary.
func (p *Plenary) Put(ctx context.Context, tx *db.Tx, a people.Actor, n NewMotion) (entry.Entry, error) {
	if !MayChair(a, n.Assembly) {
		return entry.Entry{}, access.Denied()
	}
	if _, err := entry.See(ctx, tx, a, "assembly", n.Assembly); err != nil {
		return entry.Entry{}, err
	}
	// One at a time with whoever else deals with the same proposals: of two
	// motions made at once, or a motion and a merge, the second is told.
	if err := tx.Lock(ctx, "lineage:"+n.Assembly); err != nil {
		return entry.Entry{}, err
	}
	if err := p.known(ctx, tx, a, n); err != nil {
		return entry.Entry{}, err
	}
	e := entry.Entry{Kind: "motion", Class: string(Coming), Parent: n.Assembly, Lang: n.Lang}
	e.Set(entry.Title, n.Title)
	e.Set(entry.Summary, n.Summary)
	e.Set("body", n.Body)
	var list fault.List
	if err := e.Validate(); err != nil {
		list = append(list, fault.Of(err)...)
	}
	if n.Summary == "" {
		list.Add(fault.Invalid("summary", "plenary.summary.empty", "Write in plain words what is put to the vote."))
	}
	if err := list.Err(); err != nil {
		return e, err
	}
	// Translations of the proposal it repeats word for word come along.
	if len(n.From) == 1 {
		if from, err := entry.Get(ctx, tx, n.From[0]); err == nil {
			for _, field := range amendable {
				if t := from.Text(field); t.Orig == n.Lang && t.Original() == e.Text(field).Original() {
					e.Fields[field] = t
				}
			}
		}
	}
	return p.put(ctx, tx, a, e, Motion{Assembly: n.Assembly, Becomes: n.Becomes, State: Coming, Secret: n.Secret, Revisable: n.Revisable && !n.Secret}, n.From)
}

// known checks that a motion comes from published proposals of its assembly.
func (p *Plenary) known(ctx context.Context, tx *db.Tx, a people.Actor, n NewMotion) error {
	if len(n.From) == 0 {
		return nil
	}
	all, err := p.asks.Proposals(ctx, tx, n.Assembly)
	if err != nil {
		return err
	}
	for _, from := range n.From {
		if !slices.ContainsFunc(all, func(e entry.Entry) bool { return e.ID == from && e.State == entry.Published && e.Visible(a) }) {
			return fault.Missing()
		}
	}
	taken, err := dealt(ctx, tx, n.From)
	if err != nil {
		return err
	}
	for _, e := range all {
		if slices.Contains(n.From, e.ID) && taken[e.ID] {
			return fault.Conflict("plenary.from.dealt", "“{title}” was dealt with meanwhile: put to the vote, merged or set aside. Look at the list again.", "title", e.Title().Original())
		}
	}
	return nil
}

// dealt tells which proposals no new motion may come from: somebody merged,
// split, reworded or set them aside, or a motion of theirs is coming, open or
// adopted. One whose motion was not adopted may be put to the vote again.
func dealt(ctx context.Context, q db.Q, proposals []string) (map[string]bool, error) {
	touching, err := lineage.Touching(ctx, q, proposals...)
	if err != nil {
		return nil, err
	}
	taken := map[string]bool{}
	for _, d := range touching {
		if d.UndoneBy != "" || d.Undoes != "" {
			continue
		}
		if d.Kind == lineage.PutToVote && len(d.Children) == 1 {
			m, err := motionByID(ctx, q, d.Children[0].Entry)
			if err != nil {
				return nil, err
			}
			if m.State == Decided && m.Outcome != string(ballot.Adopted) {
				continue
			}
		}
		for _, l := range d.Parents {
			taken[l.Entry] = true
		}
	}
	return taken, nil
}

func (p *Plenary) put(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry, m Motion, from []string) (entry.Entry, error) {
	if err := tx.Lock(ctx, "plenary:"+m.Assembly); err != nil {
		return e, err
	}
	if m.Becomes != "principle" {
		m.Becomes = "action"
	}
	number, err := nextNumber(ctx, tx, m.Assembly)
	if err != nil {
		return e, err
	}
	m.Number = number
	e.Person = a.Person // the plenary's motion belongs to no organisation
	if e, err = entry.Add(ctx, tx, a, e, entry.Facts{"state": string(m.State), "ballot": secrecy(m)}); err != nil {
		return e, err
	}
	m.Entry = e.ID
	if err := putMotion(ctx, tx, m); err != nil {
		return e, err
	}
	if len(from) == 0 {
		return e, nil
	}
	found, err := entry.Many(ctx, tx, from)
	if err != nil {
		return e, err
	}
	d := lineage.Derivation{Kind: lineage.PutToVote, Role: "committee", Scope: m.Assembly, Certain: true, At: e.Created, Children: []lineage.Link{{Entry: e.ID, Revision: 1}}}
	for _, f := range from {
		if x, ok := found[f]; ok {
			d.Parents = append(d.Parents, lineage.Link{Entry: f, Revision: x.Revision})
		}
	}
	_, err = lineage.Add(ctx, tx, a, d)
	return e, err
}

func secrecy(m Motion) string {
	if m.Secret {
		return "secret"
	}
	return "open"
}

// Begin freezes roll and rule and opens the vote. minutes 0 = until the chair closes.
func (p *Plenary) Begin(ctx context.Context, tx *db.Tx, a people.Actor, motion string, minutes int) error {
	m, err := p.chaired(ctx, tx, a, motion)
	if err != nil {
		return err
	}
	if m.State != Coming {
		return begun(m)
	}
	if minutes < 0 || minutes > 60*24*30 {
		return fault.Invalid("minutes", "plenary.minutes", "Choose between 1 minute and 30 days, or leave it empty.")
	}
	settings, err := alliance.Load(ctx, tx)
	if err != nil {
		return err
	}
	if m.Rule, err = ruleOf(settings); err != nil {
		return err
	}
	seats, err := p.roll(ctx, tx, settings, m.Assembly)
	if err != nil {
		return err
	}
	if len(seats) == 0 {
		return fault.Invalid("", "plenary.roll.empty", "No organisation with a vote is registered for this assembly. Register them first.")
	}
	for _, s := range seats {
		if err := putSeat(ctx, tx, motion, s); err != nil {
			return err
		}
	}
	m.State, m.Opened = Open, tx.Now()
	if minutes > 0 {
		m.Closes = tx.Now().Add(time.Duration(minutes) * time.Minute)
		if err := job.Add(ctx, tx, job.New{Kind: closeJob, Data: motion, RunAt: m.Closes, Key: motion}); err != nil {
			return err
		}
	}
	if err := putMotion(ctx, tx, m); err != nil {
		return err
	}
	if err := later(ctx, tx, news{Motion: motion, State: Open}); err != nil {
		return err
	}
	return p.classify(ctx, tx, a, m, "motion.opened")
}

// begun says why a motion that is no longer coming cannot be opened or withdrawn.
func begun(m Motion) error {
	if m.State == Withdrawn {
		return fault.Conflict("plenary.withdrawn.already", "This motion was withdrawn.")
	}
	return fault.Conflict("plenary.begun", "This vote was opened already.")
}

// MayWithdraw: who made a motion, or who chairs, as long as it is not open.
func MayWithdraw(a people.Actor, m Motion, e entry.Entry) bool {
	return m.State == Coming && (MayChair(a, m.Assembly) || a.SignedIn() && a.Person == e.Person)
}

// Withdraw takes a motion off the list before its vote opens. It stays in the
// record with the reason, and its proposals are open again.
func (p *Plenary) Withdraw(ctx context.Context, tx *db.Tx, a people.Actor, motion, tag, reason string) error {
	m, err := held(ctx, tx, motion)
	if err != nil {
		return err
	}
	e, err := entry.See(ctx, tx, a, "motion", motion)
	if err != nil {
		return err
	}
	if m.State != Coming && (MayChair(a, m.Assembly) || a.Person == e.Person) {
		return begun(m)
	}
	if !MayWithdraw(a, m, e) {
		return access.Denied()
	}
	if reason == "" {
		return fault.Invalid("reason", "plenary.withdraw.reason", "Say why. Everybody can read it.")
	}
	if _, ok := lang.Tag(tag); !ok {
		return fault.Invalid("reason", "entry.lang.unknown", "Choose the language you write in.")
	}
	why, role := lang.New(tag, reason), "plenary"
	if err := tx.Lock(ctx, "lineage:"+m.Assembly); err != nil {
		return err
	}
	touching, err := lineage.Touching(ctx, tx, motion)
	if err != nil {
		return err
	}
	for _, d := range touching {
		if d.Kind == lineage.PutToVote && d.UndoneBy == "" {
			if _, err := lineage.Undo(ctx, tx, a, d.ID, role, why); err != nil {
				return err
			}
		}
	}
	if _, err := lineage.Add(ctx, tx, a, lineage.Derivation{Kind: lineage.Dropped, Role: role, Scope: m.Assembly, Certain: true, Reason: why,
		Parents: []lineage.Link{{Entry: motion, Revision: e.Revision}}}); err != nil {
		return err
	}
	m.State = Withdrawn
	if err := putMotion(ctx, tx, m); err != nil {
		return err
	}
	return p.classify(ctx, tx, a, m, "motion.withdrawn")
}

// ruleOf gives the alliance's rule, or the default where none was chosen.
func ruleOf(s alliance.Alliance) (string, error) {
	if s.Rule != "" {
		if _, err := ballot.ParseRule(s.Rule); err != nil {
			return "", fmt.Errorf("plenary: the alliance's rule: %w", err)
		}
		return s.Rule, nil
	}
	var colleges []string
	for _, c := range s.Colleges {
		colleges = append(colleges, c.ID)
	}
	return ballot.ForColleges("default", colleges...).JSON()
}

// roll lists who may vote: registered organisations that sit in a college, one
// voice each.
func (p *Plenary) roll(ctx context.Context, q db.Q, s alliance.Alliance, assembly string) ([]Seat, error) {
	registered, err := p.asks.Registered(ctx, q, assembly)
	if err != nil {
		return nil, err
	}
	present, err := p.asks.Present(ctx, q, assembly)
	if err != nil {
		return nil, err
	}
	organisations, err := people.OrganisationsByID(ctx, q, registered)
	if err != nil {
		return nil, err
	}
	here := map[string]bool{}
	for _, o := range present {
		here[o] = true
	}
	var seats []Seat
	for _, o := range organisations {
		if college := s.CollegeOf(o.Kind); college != "" && o.Withdrawn == 0 {
			seats = append(seats, Seat{Organisation: o.ID, Name: o.Name, Kind: o.Kind, College: college, Voices: 1, Present: here[o.ID]})
		}
	}
	// By college and name, as rollOf gives it once it is frozen.
	slices.SortFunc(seats, func(x, y Seat) int {
		return cmp.Or(cmp.Compare(x.College, y.College), cmp.Compare(lang.Fold(x.Name), lang.Fold(y.Name)), byOrganisation(x, y))
	})
	return seats, nil
}

func byOrganisation(a, b Seat) int { return strings.Compare(a.Organisation, b.Organisation) }

// Cast adds the ballot of the actor's organisation and gives its receipt: the
// ballot's identifier. Of a secret vote there is none: whoever kept it (the
// browser's history, the house's memory of forms already sent) would tie a
// person to a ballot, and it could be shown to whoever paid for the vote.
//
// One organisation has one voice: of two delegates who vote at once, the first
// counts and the second is told; where votes are revisable, the last counts.
func (p *Plenary) Cast(ctx context.Context, tx *db.Tx, a people.Actor, motion, choice string) (receipt string, err error) {
	// Votes go side by side; the close waits for those in hand and holds back
	// later ones, so what was acknowledged is counted.
	if err := tx.Share(ctx, "motion:"+motion); err != nil {
		return "", err
	}
	m, err := motionByID(ctx, tx, motion)
	if err != nil {
		return "", err
	}
	now := tx.Now()
	if !a.Mandate.Allows(people.Vote, now) {
		return "", fault.Forbidden("plenary.vote.mandate", "To vote, act for an organisation under a mandate to vote.")
	}
	if !m.Accepts(now) {
		return "", fault.Conflict("plenary.vote.closed", "This vote is closed. Your vote was not counted.")
	}
	if !slices.Contains(Choices, choice) {
		return "", fault.Invalid("choice", "plenary.vote.choice", "Choose one of the answers.")
	}
	before, err := sign(ctx, tx, motion, a.For())
	if err != nil {
		return "", err
	}
	if before > 0 && !m.Revisable {
		return "", fault.Conflict("plenary.vote.twice", "Your organisation has voted already. One organisation has one voice.")
	}
	b := ballot.Ballot{ID: id.New(), Voter: a.For(), Mandate: a.Mandate.ID, Choice: choice, Channel: ballot.Electronic, At: int64(now), Turn: before}
	if m.Secret {
		seat, err := seatOf(ctx, tx, motion, a.For())
		if err != nil {
			return "", err
		}
		b = ballot.Ballot{ID: id.Secret(10), College: seat.College, Choice: choice, Channel: ballot.Electronic}
	} else {
		journal.Tell(tx, a, journal.Event{Verb: "motion.voted", Kind: "motion", Subject: motion, Scope: m.Assembly})
	}
	if err := putBallot(ctx, tx, motion, b); err != nil || m.Secret {
		return "", err
	}
	return b.ID, nil
}

// Attend keeps who is present while the vote is open. It changes only what was
// ticked or unticked since the list was shown: two who keep the list at once
// do not undo each other. Who voted is present.
func (p *Plenary) Attend(ctx context.Context, tx *db.Tx, a people.Actor, motion, shown string, here []string) error {
	m, err := p.chaired(ctx, tx, a, motion)
	if err != nil {
		return err
	}
	if m.State != Open {
		return fault.Conflict("plenary.closed", "This vote is closed already.")
	}
	seats, err := rollOf(ctx, tx, m.Entry)
	if err != nil {
		return err
	}
	slices.SortFunc(seats, byOrganisation)
	if shown != "" && len(shown) != len(seats) {
		return fault.Conflict("plenary.presence.old", "This list is too old. Look at the roll again.")
	}
	ticked := map[string]bool{}
	for _, o := range here {
		ticked[o] = true
	}
	for i, s := range seats {
		was := s.Present
		if shown != "" {
			was = shown[i] == '1'
		}
		if ticked[s.Organisation] == was {
			continue // nobody touched it
		}
		present := ticked[s.Organisation] || s.Votes > 0
		if present == s.Present {
			continue
		}
		if err := markPresent(ctx, tx, m.Entry, s.Organisation, present); err != nil {
			return err
		}
	}
	journal.Tell(tx, a, journal.Event{Verb: "motion.presence", Kind: "motion", Subject: motion, Scope: m.Assembly})
	return nil
}

// presenceShown is the column of presence as it is shown: one sign a seat, by
// organisation, for the roll is frozen.
func presenceShown(seats []Seat) string {
	seats = slices.SortedFunc(slices.Values(seats), byOrganisation)
	b := make([]byte, len(seats))
	for i, s := range seats {
		b[i] = '0'
		if s.Present {
			b[i] = '1'
		}
	}
	return string(b)
}

// Papers enters a box of papers. Of an open vote: who voted what. Of a secret
// one: how many of each choice by college, and who signed.
type Papers struct {
	HandedOut, Spoilt int
	Votes             map[string]string         // open: organisation → choice
	Counts            map[string]map[string]int // secret: college → choice → papers
	Signed            []string                  // secret: organisations that took a paper
}

// Enter adds papers while the vote is open or waits to be counted.
func (p *Plenary) Enter(ctx context.Context, tx *db.Tx, a people.Actor, motion string, papers Papers) error {
	m, err := p.chaired(ctx, tx, a, motion)
	if err != nil {
		return err
	}
	if m.State != Open {
		return fault.Conflict("plenary.papers.closed", "Papers are entered while the vote is open.")
	}
	if err := p.readable(ctx, tx, m, papers); err != nil {
		return err
	}
	at := tx.Now() // a paper was put in the box before the close, whenever it is typed in
	if m.Closes != 0 && at >= m.Closes {
		at = m.Closes - 1
	}
	batch := ballot.Batch{ID: id.New(), HandedOut: papers.HandedOut, Spoilt: papers.Spoilt}
	for _, organisation := range sortedKeys(papers.Votes) {
		before, err := sign(ctx, tx, motion, organisation)
		if err != nil {
			return err
		}
		if before > 0 {
			return fault.Conflict("plenary.papers.twice", "One of these organisations has voted already. Take its paper out.")
		}
		if err := putBallot(ctx, tx, motion, ballot.Ballot{ID: id.New(), Voter: organisation, Choice: papers.Votes[organisation], Channel: ballot.Paper, Batch: batch.ID, At: int64(at)}); err != nil {
			return err
		}
		batch.Entered++
	}
	for _, organisation := range papers.Signed {
		before, err := sign(ctx, tx, motion, organisation)
		if err != nil {
			return err
		}
		if before > 0 {
			return fault.Conflict("plenary.papers.twice", "One of these organisations has voted already. Take its paper out.")
		}
	}
	for _, college := range sortedKeys(papers.Counts) {
		for _, choice := range sortedKeys(papers.Counts[college]) {
			for range papers.Counts[college][choice] {
				if err := putBallot(ctx, tx, motion, ballot.Ballot{ID: id.Secret(10), College: college, Choice: choice, Channel: ballot.Paper, Batch: batch.ID}); err != nil {
					return err
				}
				batch.Entered++
			}
		}
	}
	journal.Tell(tx, a, journal.Event{Verb: "motion.papers", Kind: "motion", Subject: motion, Scope: m.Assembly, Data: map[string]string{"entered": strconv.Itoa(batch.Entered)}})
	return putBatch(ctx, tx, motion, batch, a.Person)
}

// readable checks papers before anything is kept: choices and colleges that
// exist, and no more papers than were handed out.
func (p *Plenary) readable(ctx context.Context, tx *db.Tx, m Motion, papers Papers) error {
	if m.Secret && len(papers.Votes) > 0 || !m.Secret && (len(papers.Counts) > 0 || len(papers.Signed) > 0) {
		return fault.Conflict("plenary.papers.kind", "Papers of a secret vote name nobody; those of an open vote do.")
	}
	seats, err := rollOf(ctx, tx, m.Entry)
	if err != nil {
		return err
	}
	colleges := map[string]bool{}
	for _, s := range seats {
		colleges[s.College] = true
	}
	total := papers.Spoilt + len(papers.Votes)
	for _, choice := range papers.Votes {
		if !slices.Contains(Choices, choice) {
			return fault.Invalid("choice", "plenary.vote.choice", "Choose one of the answers.")
		}
	}
	for college, counts := range papers.Counts {
		for choice, n := range counts {
			if !colleges[college] || !slices.Contains(Choices, choice) || n < 0 {
				return fault.Invalid("counts", "plenary.vote.choice", "Choose one of the answers.")
			}
			total += n
		}
	}
	if total == 0 {
		return fault.Invalid("handed_out", "plenary.papers.none", "Enter at least one paper.")
	}
	if total > papers.HandedOut || papers.Spoilt < 0 {
		return fault.Invalid("handed_out", "plenary.papers.over", "There are more papers than were handed out. Count them again.")
	}
	return nil
}

// Close ends the vote now, counts it and keeps file and result.
func (p *Plenary) Close(ctx context.Context, tx *db.Tx, a people.Actor, motion string) error {
	m, err := p.chaired(ctx, tx, a, motion)
	if err != nil {
		return err
	}
	if m.State != Open {
		return fault.Conflict("plenary.closed", "This vote is closed already.")
	}
	if m.Closes == 0 || m.Closes > tx.Now() {
		// A vote may have begun after this transaction and ended before it.
		last, err := lastVote(ctx, tx, motion)
		if err != nil {
			return err
		}
		m.Closes = max(tx.Now(), last+1)
	}
	return p.count(ctx, tx, a, m)
}

func (p *Plenary) count(ctx context.Context, tx *db.Tx, a people.Actor, m Motion) error {
	e, err := entry.Get(ctx, tx, m.Entry)
	if err != nil {
		return err
	}
	if m.Secret {
		if err := shuffle(ctx, tx, m.Entry); err != nil {
			return err
		}
	}
	f, err := fileFor(ctx, tx, m, e)
	if err != nil {
		return err
	}
	result, err := ballot.Count(f)
	if err != nil {
		return fmt.Errorf("plenary: count %s: %w", m.Entry, err)
	}
	if err := p.keep(ctx, tx, &m, f, result); err != nil {
		return err
	}
	if result.Adopted {
		if m.Item, err = p.asks.Adopt(ctx, tx, a, m.Assembly, m.Becomes, m.Entry, e.Lang, e.Fields, nil); err != nil {
			return err
		}
	} else if _, err := lineage.Add(ctx, tx, a, lineage.Derivation{Kind: lineage.Rejected, Role: "plenary", Scope: m.Assembly, Certain: true,
		Parents: []lineage.Link{{Entry: m.Entry, Revision: e.Revision}}}); err != nil {
		return err
	}
	if err := putMotion(ctx, tx, m); err != nil {
		return err
	}
	if err := later(ctx, tx, news{Motion: m.Entry, State: Decided}); err != nil {
		return err
	}
	return p.classify(ctx, tx, a, m, "motion."+m.Outcome)
}

// keep puts file and result, in their one form, beside the motion.
func (p *Plenary) keep(ctx context.Context, tx *db.Tx, m *Motion, f ballot.File, result ballot.Result) error {
	file, err := f.Bytes()
	if err != nil {
		return err
	}
	told, err := result.Bytes()
	if err != nil {
		return err
	}
	m.State, m.Outcome, m.Result = Decided, string(result.Outcome), string(told)
	return keepFile(ctx, tx, m.Entry, string(file))
}

// fileFor puts everything that matters for the count into one file.
func fileFor(ctx context.Context, q db.Q, m Motion, e entry.Entry) (f ballot.File, err error) {
	rule, err := ballot.ParseRule(m.Rule)
	if err != nil {
		return f, err
	}
	settings, err := alliance.Load(ctx, q)
	if err != nil {
		return f, err
	}
	f = ballot.File{Format: ballot.Format, Motion: m.Entry, Title: e.Title().Original(), Lang: e.Lang, Rule: rule, Secret: m.Secret, Revisable: m.Revisable,
		Opened: int64(m.Opened), Closed: int64(m.Closes)}
	if m.Secret {
		f.Small = settings.Small
	}
	if f.Ballots, err = ballotsOf(ctx, q, m.Entry); err != nil {
		return f, err
	}
	// The roll names the mandate under which an organisation voted last.
	mandates, turns := map[string]string{}, map[string]int{}
	for _, b := range f.Ballots {
		if b.Turn >= turns[b.Voter] {
			mandates[b.Voter], turns[b.Voter] = b.Mandate, b.Turn
		}
	}
	seats, err := rollOf(ctx, q, m.Entry)
	if err != nil {
		return f, err
	}
	for _, s := range seats {
		v := ballot.Voter{ID: s.Organisation, College: s.College, Voices: s.Voices, Present: s.Present, Voted: m.Secret && s.Votes > 0}
		if !m.Secret {
			v.Mandate = mandates[s.Organisation]
		}
		f.Roll = append(f.Roll, v)
	}
	f.Batches, err = batchesOf(ctx, q, m.Entry)
	return f, err
}

// chaired reads a motion that the actor chairs and nobody else changes until
// the end of the transaction.
func (p *Plenary) chaired(ctx context.Context, tx *db.Tx, a people.Actor, motion string) (Motion, error) {
	m, err := held(ctx, tx, motion)
	if err == nil && !MayChair(a, m.Assembly) {
		err = access.Denied()
	}
	return m, err
}

// held reads a motion that nobody else changes until the end of the transaction.
func held(ctx context.Context, tx *db.Tx, motion string) (Motion, error) {
	if err := tx.Lock(ctx, "motion:"+motion); err != nil {
		return Motion{}, err
	}
	return motionByID(ctx, tx, motion)
}

// classify shows the motion's state on its entry, as a new version.
func (p *Plenary) classify(ctx context.Context, tx *db.Tx, a people.Actor, m Motion, verb string) error {
	e, err := entry.Get(ctx, tx, m.Entry)
	if err != nil {
		return err
	}
	e.Class = string(m.State)
	if m.Outcome != "" {
		e.Class = m.Outcome
	}
	if _, err := entry.Change(ctx, tx, a, e, entry.Facts{"state": e.Class, "ballot": secrecy(m)}); err != nil {
		return err
	}
	journal.Tell(tx, a, journal.Event{Verb: verb, Kind: "motion", Subject: m.Entry, Scope: m.Assembly})
	return nil
}

const closeJob = "plenary.close"

// work closes votes whose time has passed: at their instant by a job, and any
// that was missed (the program was down) by looking every minute.
func (p *Plenary) work(r *job.Runner) {
	closeOne := func(ctx context.Context, motion string) error {
		return p.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
			m, err := held(ctx, tx, motion)
			if err != nil || !m.Over(tx.Now()) {
				return err
			}
			return p.count(ctx, tx, people.Actor{}, m)
		})
	}
	r.Handle(closeJob, func(ctx context.Context, data []byte) error {
		return closeOne(ctx, string(bytes.Trim(data, `"`)))
	})
	r.Handle(tellJob, p.spread)
	r.Every("plenary.overdue", time.Minute, func(ctx context.Context) error {
		late, err := overdue(ctx, p.DB, p.DB.Now())
		for _, motion := range late { // one that cannot be counted keeps no other waiting
			err = errors.Join(err, closeOne(ctx, motion))
		}
		return err
	})
}

// Amend proposes other words for one text of a coming motion.
func (p *Plenary) Amend(ctx context.Context, tx *db.Tx, a people.Actor, motion, field, words, why string) (entry.Entry, error) {
	if !a.Mandate.Allows(people.Speak, tx.Now()) {
		return entry.Entry{}, fault.Forbidden("plenary.amend.mandate", "To amend, act for an organisation under a mandate to speak.")
	}
	m, err := held(ctx, tx, motion)
	if err != nil {
		return entry.Entry{}, err
	}
	if m.State != Coming {
		return entry.Entry{}, fault.Conflict("plenary.amend.late", "The words are frozen: the vote was opened.")
	}
	e, err := entry.See(ctx, tx, a, "motion", motion)
	if err != nil {
		return e, err
	}
	if !slices.Contains(amendable, field) {
		return e, fault.Invalid("field", "plenary.amend.field", "Choose which text you amend.")
	}
	base := e.Text(field).Original()
	if words == "" || words == base {
		return e, fault.Invalid("words", "plenary.amend.same", "Write the words as you want them.")
	}
	amendment := entry.Entry{Kind: "amendment", Parent: motion, Lang: e.Lang, Class: field}
	setWords(&amendment, words)
	amendment.Set("why", why)
	if amendment, err = entry.Add(ctx, tx, a, amendment, entry.Facts{"state": "proposed"}); err != nil {
		return amendment, err
	}
	return amendment, putAmendment(ctx, tx, Amendment{Entry: amendment.ID, Motion: motion, Field: field, Base: base, State: "proposed"})
}

// Settle accepts an amendment (the motion takes its words) or refuses it. One
// written against words that changed since must be written anew.
func (p *Plenary) Settle(ctx context.Context, tx *db.Tx, a people.Actor, amendment string, accept bool) (motion string, err error) {
	x, err := amendmentByID(ctx, tx, amendment)
	if err != nil {
		return "", err
	}
	m, err := p.chaired(ctx, tx, a, x.Motion)
	if err != nil {
		return "", err
	}
	if x, err = amendmentByID(ctx, tx, amendment); err != nil { // again, under the lock
		return "", err
	}
	if x.State != "proposed" || m.State != Coming {
		return "", fault.Conflict("plenary.amend.settled", "This amendment was settled already.")
	}
	x.State = "refused"
	if accept {
		x.State = "accepted"
		e, err := entry.Get(ctx, tx, x.Motion)
		if err != nil {
			return "", err
		}
		if e.Text(x.Field).Original() != x.Base {
			return "", fault.Conflict("plenary.amend.conflict", "The motion changed since this amendment was written. Compare, and write it anew.")
		}
		words, err := entry.Get(ctx, tx, amendment)
		if err != nil {
			return "", err
		}
		e.Set(x.Field, wordsOf(words).Original())
		if _, err := entry.Change(ctx, tx, a, e, entry.Facts{"state": string(m.State), "ballot": secrecy(m)}); err != nil {
			return "", err
		}
	}
	journal.Tell(tx, a, journal.Event{Verb: "amendment." + x.State, Kind: "amendment", Subject: amendment, Scope: x.Motion})
	return x.Motion, putAmendment(ctx, tx, x)
}

// Reserve adds a reservation that travels with a decision.
func (p *Plenary) Reserve(ctx context.Context, tx *db.Tx, a people.Actor, motion, tag, words string) error {
	if !a.Mandate.Allows(people.Speak, tx.Now()) {
		return fault.Forbidden("plenary.reserve.mandate", "To add a reservation, act for an organisation under a mandate to speak.")
	}
	m, err := motionByID(ctx, tx, motion)
	if err != nil {
		return err
	}
	if _, err := entry.See(ctx, tx, a, "motion", motion); err != nil {
		return err
	}
	if m.State != Decided {
		return fault.Conflict("plenary.reserve.early", "Reservations are added once the vote is decided.")
	}
	if words == "" {
		return fault.Invalid("words", "plenary.reserve.empty", "Write your reservation.")
	}
	r := entry.Entry{Kind: "reservation", Parent: motion, Lang: tag}
	setWords(&r, words)
	_, err = entry.Add(ctx, tx, a, r, nil)
	return err
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
