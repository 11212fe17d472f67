package proceedings

import (
	"context"
	"slices"
	"time"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
)

// most is how many entries of one kind a book holds.
const most = 2000

// book is an assembly as its proceedings tell it.
type book struct {
	Assembly     entry.Entry
	Zone         *time.Location
	Participants []bench
	Countries    int
	Programme    []point
	Chapters     []chapter
	Acts         []act
	Votes        []vote
	Adopted      []adopted
	Untraced     []entry.Entry
}

// bench is a college with its organisations.
type bench struct {
	College       lang.Text // empty: without a vote
	Strand        string    // a kind of organisation, for colour and shape
	Organisations []people.Organisation
}

type point struct {
	Starts db.Instant
	Title  lang.Text
	Place  string
}

// chapter is a workshop with what it brought.
type chapter struct {
	Workshop          entry.Entry
	Axis              lang.Text
	Stakes, Proposals []entry.Entry
}

// act is what the committee did with proposals, and why.
type act struct {
	lineage.Derivation
	From, To []entry.Entry
}

// vote is a motion with its outcome and the reservations that travel with it.
type vote struct {
	Motion       entry.Entry
	Outcome      locale.Phrase
	Reservations []entry.Entry
}

// adopted is an item of the agenda with what it came from and the actions that
// carry it.
type adopted struct {
	Item    entry.Entry
	From    []entry.Entry // motions or proposals
	Certain bool          // false: where it came from is a reading of the sources
	Actions []entry.Entry
}

// gather reads the book, as much of it as the actor may see.
func (p *Proceedings) gather(ctx context.Context, q db.Q, a people.Actor, assembly entry.Entry, house alliance.Alliance) (book, error) {
	b := book{Assembly: assembly, Zone: time.UTC}
	zone, err := p.asks.Zone(ctx, q, assembly.ID)
	if err != nil {
		return b, err
	}
	if known, err := time.LoadLocation(zone); err == nil {
		b.Zone = known
	}
	if err := p.participants(ctx, q, &b, house); err != nil {
		return b, err
	}
	if err := p.asks.Programme(ctx, q, assembly.ID, func(starts db.Instant, title lang.Text, place string) {
		b.Programme = append(b.Programme, point{starts, title, place})
	}); err != nil {
		return b, err
	}
	for _, part := range []func(context.Context, db.Q, people.Actor, *book, alliance.Alliance) error{p.chapters, p.acts, p.votes, p.agenda} {
		if err := part(ctx, q, a, &b, house); err != nil {
			return b, err
		}
	}
	return b, p.untraced(ctx, q, &b)
}

// participants seats the organisations by college; those of no college last.
func (p *Proceedings) participants(ctx context.Context, q db.Q, b *book, house alliance.Alliance) error {
	ids, err := p.asks.Registered(ctx, q, b.Assembly.ID)
	if err != nil {
		return err
	}
	all, err := people.OrganisationsByID(ctx, q, ids)
	if err != nil {
		return err
	}
	countries := map[string]bool{}
	benches := make([]bench, len(house.Colleges)+1)
	for i, c := range house.Colleges {
		benches[i].College = c.Name
		if len(c.Kinds) > 0 {
			benches[i].Strand = string(c.Kinds[0])
		}
	}
	for _, o := range all {
		at := slices.IndexFunc(house.Colleges, func(c alliance.College) bool { return slices.Contains(c.Kinds, o.Kind) })
		if at < 0 {
			at = len(house.Colleges)
		}
		benches[at].Organisations = append(benches[at].Organisations, o)
		if o.Country != "" {
			countries[o.Country] = true
		}
	}
	b.Countries = len(countries)
	b.Participants = slices.DeleteFunc(benches, func(x bench) bool { return len(x.Organisations) == 0 })
	return nil
}

// chapters reads workshops, stakes and proposals, in the order of the axes.
func (p *Proceedings) chapters(ctx context.Context, q db.Q, a people.Actor, b *book, house alliance.Alliance) error {
	rooms, err := entry.List(ctx, q, entry.Filter{Kinds: []string{"workshop"}, Parent: b.Assembly.ID, Actor: a, Limit: most})
	if err != nil {
		return err
	}
	axis := func(w entry.Entry) int {
		return slices.IndexFunc(house.Axes, func(t alliance.Topic) bool { return t.ID == w.Axis })
	}
	slices.SortStableFunc(rooms, func(x, y entry.Entry) int { return axis(x) - axis(y) })
	at := map[string]int{}
	for i, w := range rooms {
		at[w.ID] = i
		c := chapter{Workshop: w}
		if n := axis(w); n >= 0 {
			c.Axis = house.Axes[n].Name
		}
		b.Chapters = append(b.Chapters, c)
	}
	brought, err := entry.List(ctx, q, entry.Filter{Kinds: []string{"stake", "proposal"}, Actor: a, Order: entry.ByOld, Limit: most, Side: inside(b.Assembly.ID)})
	if err != nil {
		return err
	}
	for _, e := range brought {
		if i, ok := at[e.Parent]; ok && e.Kind == "stake" {
			b.Chapters[i].Stakes = append(b.Chapters[i].Stakes, e)
		} else if ok {
			b.Chapters[i].Proposals = append(b.Chapters[i].Proposals, e)
		}
	}
	return nil
}

// inside keeps what lives in the workshops of an assembly.
func inside(assembly string) func(*db.Where) {
	return func(w *db.Where) {
		w.And(`EXISTS (SELECT 1 FROM entry room WHERE room.id = e.parent AND room.kind = 'workshop' AND room.parent = ?)`, assembly)
	}
}

// told are the kinds of derivation a synthesis consists of.
var told = []lineage.Kind{lineage.Merged, lineage.Split, lineage.Reworded, lineage.SetAside, lineage.NotCarried}

// acts reads the synthesis: what stands of it, oldest first.
func (p *Proceedings) acts(ctx context.Context, q db.Q, a people.Actor, b *book, _ alliance.Alliance) error {
	all, err := lineage.Within(ctx, q, b.Assembly.ID)
	if err != nil {
		return err
	}
	var ids []string
	for _, d := range all {
		if slices.Contains(told, d.Kind) && d.UndoneBy == "" {
			for _, l := range slices.Concat(d.Parents, d.Children) {
				ids = append(ids, l.Entry)
			}
		}
	}
	entries, err := entry.Many(ctx, q, ids)
	if err != nil {
		return err
	}
	shown := func(links []lineage.Link) (list []entry.Entry) {
		for _, l := range links {
			if e, ok := entries[l.Entry]; ok && e.Visible(a) {
				list = append(list, e)
			}
		}
		return list
	}
	for _, d := range all {
		if !slices.Contains(told, d.Kind) || d.UndoneBy != "" {
			continue
		}
		if from := shown(d.Parents); len(from) > 0 {
			b.Acts = append(b.Acts, act{d, from, shown(d.Children)})
		}
	}
	slices.SortStableFunc(b.Acts, func(x, y act) int { return int(min(max(x.At-y.At, -1), 1)) })
	return nil
}

// votes reads the motions that were voted on, with their reservations.
func (p *Proceedings) votes(ctx context.Context, q db.Q, a people.Actor, b *book, _ alliance.Alliance) error {
	motions, err := entry.List(ctx, q, entry.Filter{Kinds: []string{"motion"}, Parent: b.Assembly.ID, Actor: a, Order: entry.ByOld, Limit: most})
	if err != nil {
		return err
	}
	at := map[string]int{}
	for _, m := range motions {
		if said, ok := p.asks.Outcome(m.Class); ok {
			at[m.ID] = len(b.Votes)
			b.Votes = append(b.Votes, vote{Motion: m, Outcome: said})
		}
	}
	reserved, err := entry.List(ctx, q, entry.Filter{Kinds: []string{"reservation"}, Actor: a, Order: entry.ByOld, Limit: most, Side: under("motion", b.Assembly.ID)})
	for _, r := range reserved {
		if i, ok := at[r.Parent]; ok {
			b.Votes[i].Reservations = append(b.Votes[i].Reservations, r)
		}
	}
	return err
}

// under keeps what lives under entries of a kind that live in the assembly.
func under(kind, assembly string) func(*db.Where) {
	return func(w *db.Where) {
		w.And(`EXISTS (SELECT 1 FROM entry above WHERE above.id = e.parent AND above.kind = ? AND above.parent = ?)`, kind, assembly)
	}
}

// agenda reads what was adopted and the actions that carry it.
func (p *Proceedings) agenda(ctx context.Context, q db.Q, a people.Actor, b *book, _ alliance.Alliance) error {
	items, err := entry.List(ctx, q, entry.Filter{Kinds: []string{"item"}, Parent: b.Assembly.ID, Actor: a, Order: entry.ByOld, Limit: most})
	if err != nil {
		return err
	}
	at, ids := map[string]int{}, []string(nil)
	for i, e := range items {
		at[e.ID] = i
		b.Adopted = append(b.Adopted, adopted{Item: e, Certain: true})
		ids = append(ids, e.ID)
	}
	if err := origins(ctx, q, a, b, at, ids); err != nil {
		return err
	}
	actions, err := entry.List(ctx, q, entry.Filter{Kinds: []string{"action"}, Actor: a, Order: entry.ByOld, Limit: most, Side: under("item", b.Assembly.ID)})
	for _, e := range actions {
		if i, ok := at[e.Parent]; ok {
			b.Adopted[i].Actions = append(b.Adopted[i].Actions, e)
		}
	}
	return err
}

// origins reads what each item was adopted from.
func origins(ctx context.Context, q db.Q, a people.Actor, b *book, at map[string]int, items []string) error {
	touching, err := lineage.Touching(ctx, q, items...)
	if err != nil {
		return err
	}
	var parents []string
	for _, d := range touching {
		for _, l := range d.Parents {
			parents = append(parents, l.Entry)
		}
	}
	entries, err := entry.Many(ctx, q, parents)
	for _, d := range touching {
		if d.Kind != lineage.Adopted || d.UndoneBy != "" {
			continue
		}
		for _, child := range d.Children {
			i, ok := at[child.Entry]
			if !ok {
				continue
			}
			b.Adopted[i].Certain = b.Adopted[i].Certain && d.Certain
			for _, l := range d.Parents {
				if e, ok := entries[l.Entry]; ok && e.Visible(a) {
					b.Adopted[i].From = append(b.Adopted[i].From, e)
				}
			}
		}
	}
	return err
}

// untraced are proposals nothing came of and nobody said why: the committee
// owes a reason, and the book says so.
func (p *Proceedings) untraced(ctx context.Context, q db.Q, b *book) error {
	var ids []string
	for _, c := range b.Chapters {
		for _, e := range c.Proposals {
			ids = append(ids, e.ID)
		}
	}
	went, err := lineage.Descended(ctx, q, ids)
	if err != nil {
		return err
	}
	for _, c := range b.Chapters {
		for _, e := range c.Proposals {
			if !went[e.ID] {
				b.Untraced = append(b.Untraced, e)
			}
		}
	}
	return nil
}
