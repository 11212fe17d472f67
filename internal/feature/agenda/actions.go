package agenda

import (
	"context"
	"net/url"
	"slices"
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
	// Two who close the same vote at once meet here: the second finds the item of the first.
	if err := tx.Lock(ctx, "agenda:"+assembly); err != nil {
		return "", err
	}
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
	switch parent.Class {
	case "principle":
		return entry.Entry{}, fault.Invalid("", "agenda.propose.principle", "A principle guides every action. Propose the action under an item that is one.")
	case "dropped":
		return entry.Entry{}, fault.Conflict("agenda.propose.dropped", "This item was dropped. Nothing more is proposed under it.")
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
	return e, derive(ctx, tx, a, lineage.Derivation{Kind: lineage.CarriedBy, Role: "delegate", Scope: e.Parent, Certain: true, At: e.Created}, []string{act.Item}, e.ID)
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

// Answer is a carrier's yes or no. The action is pledged once both sides said
// yes. A carrier may step back while it is not done; what was public stays so.
func Answer(ctx context.Context, tx *db.Tx, a people.Actor, action string, yes bool) error {
	act, err := locked(ctx, tx, action)
	if err != nil {
		return err
	}
	if !act.MayReport(a) {
		return hidden(ctx, tx, a, act)
	}
	switch {
	case act.Step == Dropped:
		return fault.Conflict("agenda.dropped", "This action was dropped.")
	case !yes && (act.Step == Done || act.Step == Verified):
		return fault.Conflict("agenda.ended", "This action is done. Its carriers stay named.")
	}
	n := slices.IndexFunc(act.Carriers, func(c Carrier) bool { return c.Organisation == a.For() })
	c := &act.Carriers[n]
	if yes && c.Confirmed != 0 {
		return nil // said already
	}
	verb := "action.confirmed"
	if c.Confirmed = tx.Now(); !yes {
		verb, c.Confirmed, c.Declined = "action.declined", 0, tx.Now()
	}
	if err := putCarrier(ctx, tx, action, *c, a.Person); err != nil {
		return err
	}
	journal.Tell(tx, a, journal.Event{Verb: verb, Kind: ActionKind, Subject: action, Scope: act.Item})
	joint := Joint(act.Carriers, true) == nil
	switch {
	case act.Step == Asked && joint:
		act.Step, act.Heard = Pledged, tx.Now()
		if err := save(ctx, tx, a, act, entry.Published); err != nil {
			return err
		}
		return tellCarriers(ctx, tx, a, act, "", notice.New{Key: "agenda.notice.pledged", English: "“{title}” is pledged: both sides said yes."})
	case act.Step != Asked && !joint: // one side left: it has to be asked for again
		act.Step = Asked
		if err := save(ctx, tx, a, act, ""); err != nil {
			return err
		}
	}
	if !yes {
		return tellCarriers(ctx, tx, a, act, c.Name, notice.New{Key: "agenda.notice.declined", English: "{organisation} does not carry “{title}”."})
	}
	return nil
}

// tellCarriers tells those who speak for the other carriers.
func tellCarriers(ctx context.Context, tx *db.Tx, a people.Actor, act Action, organisation string, n notice.New) error {
	e, err := entry.Get(ctx, tx, act.Entry)
	if err != nil {
		return err
	}
	n.Args, n.Link, n.Mail = map[string]string{"title": e.Title().Original()}, "/actions/"+act.Entry, true
	if organisation != "" {
		n.Args["organisation"] = organisation
	}
	for _, c := range act.Carriers {
		if c.Organisation == a.For() || c.Declined != 0 {
			continue
		}
		if err := tell(ctx, tx, c.Organisation, n); err != nil {
			return err
		}
	}
	return nil
}

// hidden refuses in the right words: who may not know of an action is not told
// that it is there.
func hidden(ctx context.Context, q db.Q, a people.Actor, act Action) error {
	if _, err := entry.See(ctx, q, a, ActionKind, act.Entry); err != nil {
		return err
	}
	return access.Denied()
}

// carried gives an action that its carrier may tell of.
func carried(ctx context.Context, tx *db.Tx, a people.Actor, action string) (Action, error) {
	act, err := locked(ctx, tx, action)
	if err != nil {
		return act, err
	}
	switch {
	case !act.MayReport(a):
		return act, hidden(ctx, tx, a, act)
	case act.Step == Dropped:
		return act, fault.Conflict("agenda.dropped", "This action was dropped.")
	case act.Step == Asked:
		return act, fault.Conflict("agenda.asked.note", "Not a joint action yet: both sides have to say yes.")
	}
	return act, nil
}

// Report is news of an action by a carrier: words, and a step if it changed.
func Report(ctx context.Context, tx *db.Tx, a people.Actor, action, tag, words, block string, step Step) (entry.Entry, error) {
	act, err := carried(ctx, tx, a, action)
	if err != nil {
		return entry.Entry{}, err
	}
	if step == act.Step {
		step = ""
	}
	if step != "" && !MayAnnounce(act.Step, step) {
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
	return e, save(ctx, tx, a, act, "")
}

// Show adds evidence: words, and a link or a file.
func Show(ctx context.Context, tx *db.Tx, a people.Actor, action, tag, words, link, file string) (entry.Entry, error) {
	act, err := carried(ctx, tx, a, action)
	if err != nil {
		return entry.Entry{}, err
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
	if !a.May(people.Speak) || a.For() == e.Organisation {
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
		if err := save(ctx, tx, a, act, ""); err != nil {
			return "", err
		}
	}
	return v.Action, tellCarriers(ctx, tx, a, act, a.Mandate.OrganisationName, notice.New{Key: "agenda.notice.confirmed", English: "{organisation} confirmed the evidence for “{title}”."})
}

// Drop ends an action or an item with a reason. Actions: a carrier or the
// committee of the assembly that adopted the item; items: that committee.
func Drop(ctx context.Context, tx *db.Tx, a people.Actor, kind, what, tag, reason string) error {
	e, err := entry.Get(ctx, tx, what)
	if err != nil {
		return err
	}
	if e.Kind != kind {
		return fault.Missing()
	}
	d := lineage.Derivation{Kind: lineage.Dropped, Role: "committee", Scope: e.Parent, Certain: true,
		Reason: lang.New(tag, reason), Parents: []lineage.Link{{Entry: what, Revision: e.Revision}}}
	if err := mayDrop(ctx, tx, a, e); err != nil {
		return err
	}
	if e.Kind == ActionKind {
		act, err := locked(ctx, tx, what)
		if err != nil {
			return err
		}
		if act.Step == Dropped {
			return fault.Conflict("agenda.dropped", "This action was dropped.")
		}
		if act.MayReport(a) {
			d.Role = "delegate"
		}
		act.Step, act.Ended, act.Heard = Dropped, tx.Now(), tx.Now()
		if err := save(ctx, tx, a, act, ""); err != nil {
			return err
		}
		if err := tellCarriers(ctx, tx, a, act, "", notice.New{Key: "agenda.notice.dropped", English: "“{title}” was dropped. Its page says why."}); err != nil {
			return err
		}
	} else {
		if e.Class == "dropped" {
			return fault.Conflict("agenda.item.dropped", "This item was dropped.")
		}
		e.Class = "dropped"
		if _, err = entry.Change(ctx, tx, a, e, entry.Facts{"class": e.Class}); err != nil {
			return err
		}
	}
	if reason == "" {
		return fault.Invalid("reason", "agenda.drop.reason", "Say why. The reason stays with it.")
	}
	if _, ok := lang.Tag(tag); !ok {
		return fault.Invalid("reason", "entry.lang.unknown", "Choose the language you write in.")
	}
	_, err = lineage.Add(ctx, tx, a, d)
	return err
}

// mayDrop refuses whoever may not drop an action or an item, and says nothing
// of what they may not know.
func mayDrop(ctx context.Context, q db.Q, a people.Actor, e entry.Entry) error {
	switch e.Kind {
	case ActionKind:
		act, err := actionByID(ctx, q, e.ID)
		if err != nil || act.MayReport(a) || a.Is(people.Committee) {
			return err
		}
		item, err := entry.Get(ctx, q, act.Item)
		if err != nil || a.Is(people.Committee, item.Parent) {
			return err
		}
		return hidden(ctx, q, a, act)
	case ItemKind:
		if !e.Visible(a) {
			return fault.Missing()
		}
		if !a.Is(people.Committee, e.Parent) {
			return access.Denied()
		}
		return nil
	}
	return fault.Missing()
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
