package synthesis

import (
	"context"
	"time"

	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
)

// Asks are what the desk needs of others.
type Asks struct {
	// Proposals gives all proposals of an assembly, of its workshops and of the committee.
	Proposals func(ctx context.Context, q db.Q, assembly string) ([]entry.Entry, error)
	// Create keeps a new proposal; its class is the level.
	Create func(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry, stakes []string) (entry.Entry, error)
	// AssemblyOf gives the assembly an entry lives in.
	AssemblyOf func(ctx context.Context, q db.Q, entry string) (string, error)
}

// Perform does an act: the parents must be open proposals of the assembly.
// Giving the reason for an orphan (not_carried) is one that makes nothing.
func (s *Synthesis) Perform(ctx context.Context, tx *db.Tx, a people.Actor, act Act) (lineage.Derivation, error) {
	if !MaySynthesise(a, act.Assembly) {
		return lineage.Derivation{}, access.Denied()
	}
	if err := act.Validate(); err != nil {
		return lineage.Derivation{}, err
	}
	parents, err := s.claim(ctx, tx, act.Assembly, unique(act.Parents))
	if err != nil {
		return lineage.Derivation{}, err
	}
	d := lineage.Derivation{Kind: act.Kind, Role: "committee", Scope: act.Assembly, Certain: true, Reason: lang.New(act.Lang, act.Reason)}
	for i, p := range parents {
		l := lineage.Link{Entry: p.ID, Revision: p.Revision}
		if i < len(act.Credits) {
			l.Taken, l.LeftOut, l.Why = act.Credits[i].Taken, act.Credits[i].LeftOut, act.Credits[i].Why
		}
		d.Parents = append(d.Parents, l)
	}
	for _, w := range act.Into {
		child, err := s.create(ctx, tx, a, act, w, parents)
		if err != nil {
			return d, err
		}
		d.Children = append(d.Children, lineage.Link{Entry: child.ID, Revision: child.Revision})
	}
	if d, err = lineage.Add(ctx, tx, a, d); err != nil {
		return d, err
	}
	settings, err := alliance.Load(ctx, tx)
	if err != nil {
		return d, err
	}
	until := tx.Now().Add(time.Duration(settings.Reply) * 24 * time.Hour)
	if err := putPeriod(ctx, tx, d.ID, until); err != nil {
		return d, err
	}
	return d, s.tell(ctx, tx, d, parents)
}

// claim reads the parents under a lock, so that of two committees members who
// deal with the same proposal, the second is told what the first did.
func (s *Synthesis) claim(ctx context.Context, tx *db.Tx, assembly string, ids []string) ([]entry.Entry, error) {
	if err := tx.Lock(ctx, "lineage:"+assembly); err != nil {
		return nil, err
	}
	found, err := entry.Many(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	acts, err := lineage.Touching(ctx, tx, ids...)
	if err != nil {
		return nil, err
	}
	fates := Fates(acts)
	var parents []entry.Entry
	for _, id := range ids {
		e, ok := found[id]
		if !ok || e.Kind != "proposal" || e.State != entry.Published && e.State != entry.Withdrawn {
			return nil, fault.Missing()
		}
		where, err := s.asks.AssemblyOf(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		if where != assembly {
			return nil, fault.Missing()
		}
		if e.State == entry.Withdrawn {
			return nil, takenBack(e)
		}
		if _, dealt := fates[id]; dealt {
			return nil, fault.Conflict("synthesis.conflict", "“{title}” was dealt with meanwhile. Look at the desk again.", "title", e.Title().Original())
		}
		parents = append(parents, e)
	}
	return parents, nil
}

func takenBack(e entry.Entry) error {
	return fault.Conflict("synthesis.gone", "“{title}” was taken back meanwhile. Look at the desk again.", "title", e.Title().Original())
}

func (s *Synthesis) create(ctx context.Context, tx *db.Tx, a people.Actor, act Act, w Wording, parents []entry.Entry) (entry.Entry, error) {
	if _, ok := lang.Tag(w.Lang); !ok {
		return entry.Entry{}, fault.Invalid("lang", "entry.lang.unknown", "Choose the language you write in.")
	}
	fields := map[string]lang.Text{}
	for name, words := range w.fields() {
		if words != "" {
			fields[name] = lang.New(w.Lang, words)
		}
	}
	themes := map[string]bool{}
	var all []string
	for _, p := range parents {
		full, err := entry.Get(ctx, tx, p.ID) // Many leaves themes out
		if err != nil {
			return entry.Entry{}, err
		}
		for _, t := range full.Themes {
			if !themes[t] {
				themes[t] = true
				all = append(all, t)
			}
		}
	}
	if w.Level == "" {
		w.Level = parents[0].Class
	}
	return s.asks.Create(ctx, tx, a, entry.Entry{Parent: act.Assembly, Lang: w.Lang, Fields: fields, Class: w.Level, Themes: all, Axis: parents[0].Axis}, nil)
}

// tell tells the authors, once each.
func (s *Synthesis) tell(ctx context.Context, tx *db.Tx, d lineage.Derivation, parents []entry.Entry) error {
	told := map[string]bool{d.Person: true}
	for _, p := range parents {
		persons := []string{p.Person}
		if p.Organisation != "" {
			mandates, err := people.MandatesFor(ctx, tx, p.Organisation)
			if err != nil {
				return err
			}
			for _, m := range mandates {
				if m.Allows(people.Speak, tx.Now()) {
					persons = append(persons, m.Person)
				}
			}
		}
		for _, person := range persons {
			if person == "" || told[person] {
				continue
			}
			told[person] = true
			if err := notice.Tell(ctx, tx, notice.New{Person: person, Key: "synthesis.notice", English: "The committee dealt with “{title}”. You may reply.",
				Args: map[string]string{"title": p.Title().Original()}, Link: "/synthesis/" + d.ID, Mail: true}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Undo takes an act back. Its results are withdrawn, its parents open again.
func (s *Synthesis) Undo(ctx context.Context, tx *db.Tx, a people.Actor, derivation, tag, reason string) (assembly string, err error) {
	d, err := lineage.Get(ctx, tx, derivation)
	if err != nil {
		return "", err
	}
	if !isAct(d) { // votes and adoptions are not the committee's to take back
		return "", fault.Missing()
	}
	if !MaySynthesise(a, d.Scope) {
		return "", access.Denied()
	}
	if _, ok := lang.Tag(tag); !ok {
		return "", fault.Invalid("lang", "entry.lang.unknown", "Choose the language you write in.")
	}
	if reason == "" {
		return "", fault.Invalid("reason", "synthesis.reason", "Say why. Authors and members will read it.")
	}
	if err := tx.Lock(ctx, "lineage:"+d.Scope); err != nil {
		return "", err
	}
	var children []string
	for _, c := range d.Children {
		children = append(children, c.Entry)
	}
	if len(children) > 0 {
		later, err := lineage.Touching(ctx, tx, children...)
		if err != nil {
			return "", err
		}
		fates := Fates(later)
		for _, c := range children {
			if _, built := fates[c]; built {
				return "", fault.Conflict("synthesis.built-on", "Something was built on the result already. Take that back first.")
			}
		}
	}
	if _, err := lineage.Undo(ctx, tx, a, derivation, "committee", lang.New(tag, reason)); err != nil {
		return "", err
	}
	for _, c := range children {
		if _, err := entry.SetState(ctx, tx, a, c, entry.Withdrawn); err != nil {
			return "", err
		}
	}
	return d.Scope, nil
}

// Reply keeps an author's answer.
func (s *Synthesis) Reply(ctx context.Context, tx *db.Tx, a people.Actor, derivation, proposal, tag, words string) (string, error) {
	d, err := lineage.Get(ctx, tx, derivation)
	if err != nil {
		return "", err
	}
	e, err := entry.See(ctx, tx, a, "proposal", proposal)
	if err != nil {
		return "", err
	}
	until, err := period(ctx, tx, derivation)
	if err != nil {
		return "", err
	}
	if !isAct(d) || !hasParent(d, proposal) || !Wrote(a, e) {
		return "", access.Denied()
	}
	if d.UndoneBy != "" {
		return "", fault.Conflict("synthesis.undone.note", "This act was taken back. Its proposals are open again.")
	}
	if !MayReply(a, e, until, tx.Now()) {
		return "", fault.Conflict("synthesis.reply.late", "The time to reply has ended.")
	}
	if words == "" {
		return "", fault.Invalid("words", "synthesis.reply.empty", "Write your reply.")
	}
	if _, ok := lang.Tag(tag); !ok {
		return "", fault.Invalid("words", "entry.lang.unknown", "Choose the language you write in.")
	}
	r := entry.Entry{Kind: "reply", Parent: proposal, Lang: tag}
	r.Set(entry.Title, words)
	if r, err = entry.Add(ctx, tx, a, r, nil); err != nil {
		return "", err
	}
	return r.ID, putReply(ctx, tx, r.ID, derivation, proposal)
}

func hasParent(d lineage.Derivation, proposal string) bool {
	for _, p := range d.Parents {
		if p.Entry == proposal {
			return true
		}
	}
	return false
}

func putPeriod(ctx context.Context, tx *db.Tx, derivation string, until db.Instant) error {
	_, err := tx.Exec(ctx, `INSERT INTO reply_period (derivation, until) VALUES ($1,$2)`, derivation, until)
	return err
}

// period gives the end of the time to reply; 0 when there is none.
func period(ctx context.Context, q db.Q, derivation string) (db.Instant, error) {
	all, err := periods(ctx, q, []string{derivation})
	return all[derivation], err
}

// periods gives the ends of the times to reply, by act.
func periods(ctx context.Context, q db.Q, derivations []string) (map[string]db.Instant, error) {
	ends := map[string]db.Instant{}
	for len(derivations) > 0 {
		n := min(len(derivations), 200)
		var w db.Where
		w.In("derivation", derivations[:n])
		rows, err := db.All(ctx, q, db.Pair[string, db.Instant], `SELECT derivation, until FROM reply_period`+w.SQL(), w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			ends[r.A] = r.B
		}
		derivations = derivations[n:]
	}
	return ends, nil
}

func putReply(ctx context.Context, tx *db.Tx, reply, derivation, proposal string) error {
	_, err := tx.Exec(ctx, `INSERT INTO reply (entry, derivation, proposal) VALUES ($1,$2,$3)`, reply, derivation, proposal)
	return err
}

// repliesTo gives the replies to acts, by act.
func repliesTo(ctx context.Context, q db.Q, derivations []string) (map[string][]string, error) {
	byAct := map[string][]string{}
	for len(derivations) > 0 {
		n := min(len(derivations), 200)
		var w db.Where
		w.In("derivation", derivations[:n])
		rows, err := db.All(ctx, q, db.Pair[string, string], `SELECT derivation, entry FROM reply`+w.SQL()+` ORDER BY entry`, w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			byAct[r.A] = append(byAct[r.A], r.B)
		}
		derivations = derivations[n:]
	}
	return byAct, nil
}
