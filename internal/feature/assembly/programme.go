package assembly

import (
	"cmp"
	"context"
	"slices"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// Item is a point of the programme.
type Item struct {
	ID, Assembly, Kind, Place string
	Title                     lang.Text
	Workshop                  string     // entry of the workshop that meets, "" = none
	Starts, Ends              db.Instant // 0: only the order is known
	Position                  int        // from 1
	Revision                  int        // of the point, so that of two who change it the second is told
}

// ItemKinds in the order forms show them.
var ItemKinds = []string{"plenary", "workshop", "committee", "public"}

// inOrder puts points that have a time in its order; those without follow the
// one they stood behind.
func inOrder(items []Item) []Item {
	type group struct {
		head Item // Starts 0 for what stands before every time
		tail []Item
	}
	groups := []group{{}}
	for _, i := range items {
		if i.Starts != 0 {
			groups = append(groups, group{head: i})
		} else {
			groups[len(groups)-1].tail = append(groups[len(groups)-1].tail, i)
		}
	}
	slices.SortStableFunc(groups, func(x, y group) int { return cmp.Compare(x.head.Starts, y.head.Starts) })
	sorted := make([]Item, 0, len(items))
	for _, g := range groups {
		if g.head.Starts != 0 {
			sorted = append(sorted, g.head)
		}
		sorted = append(sorted, g.tail...)
	}
	for n := range sorted {
		sorted[n].Position = n + 1
	}
	return sorted
}

func (i Item) check() error {
	var list fault.List
	if i.Title.Empty() {
		list.Add(fault.Invalid("title", "assembly.item.title", "Say what happens."))
	}
	if len([]rune(i.Title.Original())) > 300 {
		list.Add(fault.Invalid("title", "entry.text.long", "This text is too long: at most {n} characters.", "n", 300))
	}
	if !slices.Contains(ItemKinds, i.Kind) {
		list.Add(fault.Invalid("kind", "assembly.item.kind", "Choose what kind of session it is."))
	}
	if i.Ends != 0 && i.Ends <= i.Starts || i.Ends != 0 && i.Starts == 0 {
		list.Add(fault.Invalid("ends", "assembly.dates", "The end must come after the beginning."))
	}
	return list.Err()
}

// PutItem puts a point on the programme, or changes it when it has an ID (its
// revision is then the one that was read). A point without a time stands
// behind the point after; "first" is before all, "" where it was, or at the end.
func PutItem(ctx context.Context, tx *db.Tx, a people.Actor, i Item, after string) (Item, error) {
	if !MayRun(a, i.Assembly) {
		return i, access.Denied()
	}
	if err := i.check(); err != nil {
		return i, err
	}
	if i.Workshop != "" {
		if w, err := workshopByID(ctx, tx, i.Workshop); err != nil || w.Assembly != i.Assembly {
			return i, fault.Invalid("workshop", "assembly.item.workshop", "Choose a workshop of this assembly.")
		}
	}
	items, err := lockProgramme(ctx, tx, i.Assembly)
	if err != nil {
		return i, err
	}
	if at := slices.IndexFunc(items, func(x Item) bool { return x.ID == i.ID && i.ID != "" }); at >= 0 {
		if items[at].Revision != i.Revision {
			return i, fault.Conflict("entry.changed", "Somebody else changed this meanwhile. Compare with the present version, then save again.")
		}
		if after == "" { // it stays where it is
			items[at] = i
			items[at].Revision++
			return i, told(tx, a, i.Assembly, putProgramme(ctx, tx, i.Assembly, inOrder(items)))
		}
		items = slices.Delete(items, at, at+1)
	} else if i.ID != "" {
		return i, fault.Missing()
	} else {
		i.ID = id.New()
	}
	i.Revision++
	at := len(items)
	if after == "first" {
		at = 0
	} else if n := slices.IndexFunc(items, func(x Item) bool { return x.ID == after }); n >= 0 {
		at = n + 1
	}
	items = slices.Insert(items, at, i)
	return i, told(tx, a, i.Assembly, putProgramme(ctx, tx, i.Assembly, inOrder(items)))
}

// DropItem takes a point off the programme.
func DropItem(ctx context.Context, tx *db.Tx, a people.Actor, assembly, item string) error {
	if !MayRun(a, assembly) {
		return access.Denied()
	}
	items, err := lockProgramme(ctx, tx, assembly)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(items, func(x Item) bool { return x.ID == item })
	if at < 0 {
		return fault.Missing()
	}
	return told(tx, a, assembly, putProgramme(ctx, tx, assembly, inOrder(slices.Delete(items, at, at+1))))
}

// lockProgramme reads a programme that nobody else changes until the end of
// the transaction: positions are given anew with each change.
func lockProgramme(ctx context.Context, tx *db.Tx, assembly string) ([]Item, error) {
	if err := tx.Lock(ctx, "programme:"+assembly); err != nil {
		return nil, err
	}
	if _, err := entry.Get(ctx, tx, assembly); err != nil {
		return nil, err
	}
	return programmeOf(ctx, tx, assembly)
}

// told writes in the journal of a changed programme when it was kept.
func told(tx *db.Tx, a people.Actor, assembly string, err error) error {
	if err == nil {
		journal.Tell(tx, a, journal.Event{Verb: "assembly.programme", Kind: "assembly", Subject: assembly, Scope: assembly})
	}
	return err
}
