package agenda

import (
	"context"
	"net/url"
	"strconv"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
)

// Names of the kinds of entries here.
const (
	ItemKind     = "item"
	ActionKind   = "action"
	UpdateKind   = "update"
	EvidenceKind = "evidence"
)

// Adopt makes an item of what the plenary adopted. class is "action" or
// "principle"; from are the motion and the proposals behind it. Adopting the
// same motion again gives the item there is.
func Adopt(ctx context.Context, tx *db.Tx, a people.Actor, assembly, class, motion string, tag string, fields map[string]lang.Text, from []string) (string, error) {
	if motion != "" {
		if there, err := itemOfMotion(ctx, tx, motion); err == nil {
			return there.Entry, nil
		} else if !fault.Is(err, fault.KindNotFound) {
			return "", err
		}
	}
	e, err := addItem(ctx, tx, a, entry.Entry{Kind: ItemKind, Class: class, Parent: assembly, Lang: tag, Fields: fields}, Item{Motion: motion, Decided: tx.Now()})
	if err != nil {
		return "", err
	}
	if motion != "" {
		from = append([]string{motion}, from...)
	}
	return e.ID, derive(ctx, tx, a, lineage.Derivation{Kind: lineage.Adopted, Role: "plenary", Scope: assembly, Certain: true}, from[:min(1, len(from))], e.ID)
}

func addItem(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry, i Item) (entry.Entry, error) {
	if e.ID == "" {
		e.ID = id.New()
	}
	// Adopted by the alliance as a whole: the item belongs to no single organisation.
	e.Person, e.Organisation = a.Person, ""
	e, err := entry.Add(ctx, tx, a, e, entry.Facts{"class": e.Class})
	if err != nil {
		return e, err
	}
	i.Entry = e.ID
	_, err = putItem(ctx, tx, e.Parent, i)
	return e, err
}

func derive(ctx context.Context, tx *db.Tx, a people.Actor, d lineage.Derivation, from []string, child string) error {
	if len(from) == 0 {
		return nil
	}
	found, err := entry.Many(ctx, tx, append(from, child))
	if err != nil {
		return err
	}
	for _, f := range from {
		d.Parents = append(d.Parents, lineage.Link{Entry: f, Revision: found[f].Revision})
	}
	d.Children = []lineage.Link{{Entry: child, Revision: found[child].Revision}}
	_, err = lineage.Add(ctx, tx, a, d)
	return err
}

// NewAction is what somebody fills in to propose an action.
type NewAction struct {
	Item, Lang     string
	Title, Summary string
	Carriers       []string // organisations
	Due            db.Instant
}

// Propose asks for an action to be carried. The proposer's organisation is
// among the carriers and has said yes by proposing; the others are asked.
func Propose(ctx context.Context, tx *db.Tx, a people.Actor, n NewAction) (entry.Entry, error) {
	if !a.May(people.Speak) {
		return entry.Entry{}, fault.Forbidden("agenda.propose.mandate", "To propose an action, act for an organisation under a mandate to speak.")
	}
	parent, err := entry.See(ctx, tx, a, ItemKind, n.Item)
	if err != nil {
		return entry.Entry{}, err
	}
	if parent.Class == "principle" {
		return entry.Entry{}, fault.Invalid("", "agenda.propose.principle", "A principle guides every action. Propose the action under an item that is one.")
	}
	carriers, err := carriersNamed(ctx, tx, append([]string{a.For()}, n.Carriers...))
	if err != nil {
		return entry.Entry{}, err
	}
	var list fault.List
	list.Add(Joint(carriers, false))
	if n.Due != 0 && n.Due < tx.Now() {
		list.Add(fault.Invalid("due", "agenda.due.past", "This day has passed already."))
	}
	e := entry.Entry{Kind: ActionKind, Class: string(Asked), Parent: n.Item, Lang: n.Lang, State: entry.Proposed, Ends: n.Due}
	e.Set(entry.Title, n.Title)
	e.Set(entry.Summary, n.Summary)
	if err := e.Validate(); err != nil {
		list = append(list, fault.Of(err)...)
	}
	if err := list.Err(); err != nil {
		return e, err
	}
	for i := range carriers {
		carriers[i].Asked = tx.Now()
		if carriers[i].Organisation == a.For() {
			carriers[i].Confirmed = tx.Now()
		}
	}
	return addAction(ctx, tx, a, e, Action{Item: n.Item, Step: Asked, Due: n.Due, Heard: tx.Now(), Carriers: carriers})
}

func addAction(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry, act Action) (entry.Entry, error) {
	e, err := entry.Add(ctx, tx, a, e, act.facts())
	if err != nil {
		return e, err
	}
	act.Entry = e.ID
	if err := putAction(ctx, tx, act); err != nil {
		return e, err
	}
	for _, c := range act.Carriers {
		by := ""
		if c.Confirmed != 0 {
			by = a.Person
		}
		if err := putCarrier(ctx, tx, e.ID, c, by); err != nil {
			return e, err
		}
		if c.Confirmed == 0 && c.Declined == 0 {
			if err := tell(ctx, tx, c.Organisation, notice.New{Key: "agenda.notice.asked", English: "Your organisation is asked to carry “{title}”.",
				Args: map[string]string{"title": e.Title().Original()}, Link: "/actions/" + e.ID, Mail: true}); err != nil {
				return e, err
			}
		}
	}
	scope := e.Parent
	return e, derive(ctx, tx, a, lineage.Derivation{Kind: lineage.CarriedBy, Role: "delegate", Scope: scope, Certain: true}, []string{act.Item}, e.ID)
}

// tell tells everybody who speaks for an organisation.
func tell(ctx context.Context, tx *db.Tx, organisation string, n notice.New) error {
	mandates, err := people.MandatesFor(ctx, tx, organisation)
	if err != nil {
		return err
	}
	var persons []string
	for _, m := range mandates {
		if m.Allows(people.Speak, tx.Now()) {
			persons = append(persons, m.Person)
		}
	}
	return notice.TellAll(ctx, tx, persons, n)
}

func carriersNamed(ctx context.Context, q db.Q, ids []string) ([]Carrier, error) {
	seen := map[string]bool{"": true}
	var wanted []string
	for _, o := range ids {
		if !seen[o] {
			seen[o] = true
			wanted = append(wanted, o)
		}
	}
	found, err := people.OrganisationsByID(ctx, q, wanted)
	if err != nil {
		return nil, err
	}
	var carriers []Carrier
	for _, o := range found {
		if o.Withdrawn == 0 {
			carriers = append(carriers, Carrier{Organisation: o.ID, Name: o.Name, Kind: o.Kind})
		}
	}
	return carriers, nil
}

func (a Action) facts() entry.Facts {
	f := entry.Facts{"step": string(a.Step)}
	if a.Due != 0 {
		f["due"] = a.Due.Day()
	}
	yes := 0
	for _, c := range a.Carriers {
		if c.Confirmed != 0 {
			yes++
		}
	}
	f["carriers"] = strconv.Itoa(yes) + "/" + strconv.Itoa(len(a.Carriers))
	return f
}

// Answer is a carrier's yes or no. The action is pledged once both sides said yes.
func Answer(ctx context.Context, tx *db.Tx, a people.Actor, action string, yes bool) error {
	act, err := locked(ctx, tx, action)
	if err != nil {
		return err
	}
	if !act.MayReport(a) {
		return access.Denied()
	}
	if act.Step == Dropped {
		return fault.Conflict("agenda.dropped", "This action was dropped.")
	}
	for i, c := range act.Carriers {
		if c.Organisation != a.For() {
			continue
		}
		if yes {
			act.Carriers[i].Confirmed = tx.Now()
		} else {
			act.Carriers[i].Confirmed, act.Carriers[i].Declined = 0, tx.Now()
		}
		if err := putCarrier(ctx, tx, action, act.Carriers[i], a.Person); err != nil {
			return err
		}
	}
	verb := "action.confirmed"
	if !yes {
		verb = "action.declined"
	}
	journal.Tell(tx, a, journal.Event{Verb: verb, Kind: ActionKind, Subject: action, Scope: act.Item})
	if act.Step == Asked && Joint(act.Carriers, true) == nil {
		act.Step, act.Heard = Pledged, tx.Now()
		return save(ctx, tx, a, act, entry.Published)
	}
	if act.Step != Asked && Joint(act.Carriers, true) != nil { // one side left: it is no joint action any more
		act.Step = Asked
		return save(ctx, tx, a, act, entry.Proposed)
	}
	return nil
}

// Report is news of an action by a carrier: words, and a step if it changed.
func Report(ctx context.Context, tx *db.Tx, a people.Actor, action, tag, words, block string, step Step) (entry.Entry, error) {
	act, err := locked(ctx, tx, action)
	if err != nil {
		return entry.Entry{}, err
	}
	if !act.MayReport(a) {
		return entry.Entry{}, access.Denied()
	}
	if step != "" && step != act.Step && !MayAnnounce(act.Step, step) {
		return entry.Entry{}, fault.Invalid("step", "agenda.step.order", "From here this step cannot be announced. Look at the action again.")
	}
	e := entry.Entry{Kind: UpdateKind, Class: string(step), Parent: action, Lang: tag}
	e.Set(entry.Title, words)
	e.Set("block", block)
	if words == "" {
		return e, fault.Invalid("words", "agenda.update.empty", "Write what happened, in a sentence or two.")
	}
	if e, err = entry.Add(ctx, tx, a, e, nil); err != nil {
		return e, err
	}
	act.Heard = tx.Now()
	if step != "" {
		act.Step = step
		act.Ended = 0
		if step == Done {
			act.Ended = tx.Now()
		}
	}
	return e, save(ctx, tx, a, act, entry.Published)
}

// Show adds evidence: words, and a link or a file.
func Show(ctx context.Context, tx *db.Tx, a people.Actor, action, tag, words, link, file string) (entry.Entry, error) {
	act, err := locked(ctx, tx, action)
	if err != nil {
		return entry.Entry{}, err
	}
	if !act.MayReport(a) {
		return entry.Entry{}, access.Denied()
	}
	var list fault.List
	if words == "" {
		list.Add(fault.Invalid("words", "agenda.evidence.empty", "Say in a sentence what this shows."))
	}
	if link != "" {
		if u, err := url.Parse(link); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			list.Add(fault.Invalid("link", "agenda.evidence.link", "Write a whole address, beginning with https://"))
		}
	}
	if err := list.Err(); err != nil {
		return entry.Entry{}, err
	}
	e := entry.Entry{Kind: EvidenceKind, Parent: action, Lang: tag}
	e.Set(entry.Title, words)
	if e, err = entry.Add(ctx, tx, a, e, entry.Facts{"link": link, "file": file}); err != nil {
		return e, err
	}
	if err := putEvidence(ctx, tx, Evidence{Entry: e.ID, Action: action, Link: link, File: file}); err != nil {
		return e, err
	}
	act.Heard = tx.Now()
	if err := save(ctx, tx, a, act, ""); err != nil {
		return e, err
	}
	return e, derive(ctx, tx, a, lineage.Derivation{Kind: lineage.Evidenced, Role: "delegate", Scope: act.Item, Certain: true}, []string{action}, e.ID)
}

// Confirm is another organisation's word that the evidence is true. A done
// action with confirmed evidence is verified.
func Confirm(ctx context.Context, tx *db.Tx, a people.Actor, evidence string) (action string, err error) {
	v, err := evidenceByID(ctx, tx, evidence)
	if err != nil {
		return "", err
	}
	e, err := entry.See(ctx, tx, a, EvidenceKind, evidence)
	if err != nil {
		return "", err
	}
	if v.Confirmed == 0 && !v.MayConfirm(a, e.Organisation) {
		return "", fault.Forbidden("agenda.evidence.own", "Evidence is confirmed by another organisation than the one that gave it.")
	}
	act, err := locked(ctx, tx, v.Action)
	if err != nil {
		return "", err
	}
	v.Confirmed, v.ConfirmedBy, v.ConfirmedFor = tx.Now(), a.Person, a.For()
	first, err := confirmEvidence(ctx, tx, v)
	if err != nil {
		return "", err
	}
	if !first {
		return "", fault.Conflict("agenda.evidence.again", "Somebody confirmed this already.")
	}
	journal.Tell(tx, a, journal.Event{Verb: "evidence.confirmed", Kind: EvidenceKind, Subject: evidence, Scope: v.Action})
	if act.Step == Done {
		act.Step = Verified
		return v.Action, save(ctx, tx, a, act, "")
	}
	return v.Action, nil
}

// Drop ends an action or an item with a reason. Actions: a carrier or the
// committee; items: the committee.
func Drop(ctx context.Context, tx *db.Tx, a people.Actor, what, tag, reason string) error {
	e, err := entry.See(ctx, tx, a, "", what)
	if err != nil {
		return err
	}
	if reason == "" {
		return fault.Invalid("reason", "agenda.drop.reason", "Say why. The reason stays with it.")
	}
	switch e.Kind {
	case ActionKind:
		act, err := locked(ctx, tx, what)
		if err != nil {
			return err
		}
		if !act.MayReport(a) && !a.Is(people.Committee) {
			return access.Denied()
		}
		if act.Step == Dropped {
			return fault.Conflict("agenda.dropped", "This action was dropped.")
		}
		act.Step, act.Ended, act.Heard = Dropped, tx.Now(), tx.Now()
		if err := save(ctx, tx, a, act, ""); err != nil {
			return err
		}
	case ItemKind:
		if !a.Is(people.Committee, e.Parent) {
			return access.Denied()
		}
		e.Class = "dropped"
		if e, err = entry.Change(ctx, tx, a, e, entry.Facts{"class": e.Class}); err != nil {
			return err
		}
	default:
		return fault.Missing()
	}
	role := "delegate"
	if a.Is(people.Committee, e.Parent) {
		role = "committee"
	}
	_, err = lineage.Add(ctx, tx, a, lineage.Derivation{Kind: lineage.Dropped, Role: role, Scope: e.Parent, Certain: true,
		Reason: lang.New(tag, reason), Parents: []lineage.Link{{Entry: what, Revision: e.Revision}}})
	return err
}

// locked reads an action that nobody else changes until the end of the
// transaction: of two answers at once, the second sees the first.
func locked(ctx context.Context, tx *db.Tx, action string) (Action, error) {
	if err := tx.Lock(ctx, "action:"+action); err != nil {
		return Action{}, err
	}
	return actionByID(ctx, tx, action)
}

// save keeps the side table and, as a new version, what the entry shows of it.
func save(ctx context.Context, tx *db.Tx, a people.Actor, act Action, state entry.State) error {
	if err := putAction(ctx, tx, act); err != nil {
		return err
	}
	e, err := entry.Get(ctx, tx, act.Entry)
	if err != nil {
		return err
	}
	if e.Class == string(act.Step) && (state == "" || e.State == state) {
		return nil
	}
	e.Class = string(act.Step)
	if state != "" {
		e.State = state
	}
	_, err = entry.Change(ctx, tx, a, e, act.facts())
	return err
}
