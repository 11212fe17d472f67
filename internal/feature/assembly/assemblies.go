package assembly

import (
	"context"
	"slices"

	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// Asks are what assemblies need of others.
type Asks struct {
	// Proposals gives all proposals of an assembly.
	Proposals func(ctx context.Context, q db.Q, assembly string) ([]entry.Entry, error)
	// Copy makes a proposal in parent with the texts of another.
	Copy func(ctx context.Context, tx *db.Tx, a people.Actor, parent string, of entry.Entry) (entry.Entry, error)
}

// Add begins an assembly. Whoever leads only the one it sits in leads the new
// one, too: somebody must be able to go on.
func Add(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry, s Assembly) (entry.Entry, error) {
	if !MayRun(a, e.Parent) {
		return e, access.Denied()
	}
	e, err := add(ctx, tx, a, e, s)
	if err != nil || MayRun(a, e.ID) {
		return e, err
	}
	return e, give(ctx, tx, a, a.Person, people.Grant{Role: people.Committee, Scope: e.ID})
}

func add(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry, s Assembly) (entry.Entry, error) {
	e.Kind = "assembly"
	if err := nesting(ctx, tx); err != nil {
		return e, err
	}
	if err := validate(ctx, tx, a, e, s); err != nil {
		return e, err
	}
	e, err := entry.Add(ctx, tx, a, e, s.facts(e))
	if err != nil {
		return e, err
	}
	s.Entry = e.ID
	return e, putAssembly(ctx, tx, s)
}

// Change keeps a new version of an assembly that was read at e.Revision.
func Change(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry, s Assembly) (entry.Entry, error) {
	if !MayRun(a, e.ID) {
		return e, access.Denied()
	}
	if err := nesting(ctx, tx); err != nil {
		return e, err
	}
	if err := validate(ctx, tx, a, e, s); err != nil {
		return e, err
	}
	was, err := entry.Get(ctx, tx, e.ID)
	if err != nil {
		return e, err
	}
	if was.Parent != e.Parent && e.Parent != "" && !MayRun(a, e.Parent) {
		return e, fault.Invalid("parent", "assembly.parent.denied", "You do not lead that assembly. Ask its committee.")
	}
	if e, err = entry.Change(ctx, tx, a, e, s.facts(e)); err != nil {
		return e, err
	}
	s.Entry = e.ID
	return e, putAssembly(ctx, tx, s)
}

func validate(ctx context.Context, q db.Q, a people.Actor, e entry.Entry, s Assembly) error {
	var list fault.List
	if err := e.Validate(); err != nil {
		list = append(list, fault.Of(err)...)
	}
	s.Begins, s.Ends = e.Starts, e.Ends
	list = append(list, s.check()...)
	for _, l := range s.Languages {
		if tag, ok := lang.Tag(l); !ok || tag != l {
			list.Add(fault.Invalid("languages", "entry.lang.unknown", "Choose the language you write in."))
		}
	}
	settings, err := alliance.Load(ctx, q)
	if err != nil {
		return err
	}
	for _, axis := range s.Axes {
		if _, ok := settings.Axis(axis); !ok {
			list.Add(fault.Invalid("axes", "assembly.axis.unknown", "Choose among the axes of the alliance."))
		}
	}
	if len(s.Organisers) > 0 {
		if found, err := people.OrganisationsByID(ctx, q, s.Organisers); err != nil {
			return err
		} else if len(found) != len(s.Organisers) {
			list.Add(fault.Invalid("organisers", "assembly.organiser.unknown", "There is no such organisation in the directory."))
		}
	}
	fits, err := nests(ctx, q, a, e)
	if err != nil {
		return err
	}
	list.Add(fits)
	return list.Err()
}

// nesting lets one assembly at a time find its place: two that move into each
// other at once would both find the way free.
func nesting(ctx context.Context, tx *db.Tx) error { return tx.Lock(ctx, "assembly nesting") }

// nests tells what is wrong with where an assembly sits: the one above must be
// known, and no assembly may sit in itself, by whatever detour.
func nests(ctx context.Context, q db.Q, a people.Actor, e entry.Entry) (*fault.Fault, error) {
	wrong := fault.Invalid("parent", "assembly.parent", "Choose another assembly: this one cannot sit there.")
	for up, depth := e.Parent, 0; up != ""; depth++ {
		if up == e.ID || depth == 6 {
			return wrong, nil
		}
		above, err := entry.Get(ctx, q, up)
		if fault.Is(err, fault.KindNotFound) || err == nil && (above.Kind != "assembly" || depth == 0 && !above.Visible(a)) {
			return wrong, nil
		}
		if err != nil {
			return nil, err
		}
		up = above.Parent
	}
	return nil, nil
}

// facts are what histories show beside the texts.
func (s Assembly) facts(e entry.Entry) entry.Facts {
	f := entry.Facts{"time zone": s.Timezone}
	for name, value := range map[string]string{"venue": s.Venue, "online": s.Online, "languages": join(s.Languages), "axes": join(s.Axes), "place": e.Place.Name, "country": e.Place.Country} {
		if value != "" {
			f[name] = value
		}
	}
	if e.Starts != 0 {
		f["starts"], f["ends"] = e.Starts.Day(), e.Ends.Day()
	}
	for _, p := range s.Starts {
		if p.Starts != 0 {
			f[string(p.Phase)] = p.Starts.Day()
		}
	}
	return f
}

// Move sets the phase by hand, with a reason that stays; to "" follows the
// dates again. from is the phase the person saw: of two who move it at once,
// the second is told.
func Move(ctx context.Context, tx *db.Tx, a people.Actor, assembly string, from, to Phase, reason lang.Text) error {
	if !MayRun(a, assembly) {
		return access.Denied()
	}
	if err := checkMove(from, to, reason); err != nil {
		return err
	}
	if err := tx.Lock(ctx, "assembly:"+assembly); err != nil {
		return err
	}
	s, err := assemblyByID(ctx, tx, assembly)
	if err != nil {
		return err
	}
	if s.Now(tx.Now()) != from {
		return moved()
	}
	journal.Tell(tx, a, journal.Event{Verb: "assembly.phase", Kind: "assembly", Subject: assembly, Scope: assembly, Data: map[string]string{"from": string(from), "phase": string(to)}})
	return putMove(ctx, tx, assembly, moveRow{At: tx.Now(), Person: a.Person, Was: from, Became: to, Reason: reason})
}

func moved() error {
	return fault.Conflict("assembly.phase.moved", "The phase was changed meanwhile. Look again.")
}

func checkMove(from, to Phase, reason lang.Text) error {
	var list fault.List
	if to != "" && !to.Known() {
		list.Add(fault.Invalid("phase", "assembly.phase.unknown", "Choose a phase."))
	}
	if reason.Empty() {
		list.Add(fault.Invalid("reason", "assembly.phase.reason", "Say why: everybody can read it."))
	}
	if len([]rune(reason.Original())) > 2000 {
		list.Add(fault.Invalid("reason", "entry.text.long", "This text is too long: at most {n} characters.", "n", 2000))
	}
	return list.Err()
}

// Withdraw hides an assembly or a workshop at once, or shows it again.
func Withdraw(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry, to entry.State) error {
	of := e.ID
	if e.Kind == "workshop" {
		of = e.Parent
	}
	if !MayRun(a, of) {
		return access.Denied()
	}
	if !slices.Contains([]entry.State{entry.Published, entry.Withdrawn}, to) {
		return fault.Invalid("state", "assembly.state", "Choose to show or to withdraw.")
	}
	_, err := entry.SetState(ctx, tx, a, e.ID, to)
	return err
}
