package contribution

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

// Who has no account changes a published record with a link for this record
// alone. Nothing is kept of who once proposed it, so whoever has an address may
// ask: the same pair looks at every change, as a difference from what everybody
// reads, and until both agree the record stays as it is.

// changeWithin is how long such a link works before something is sent with it.
const changeWithin = 7 * 24 * time.Hour

// placeNames are asked together: one of them changed, all are.
var placeNames = []string{record.Country, record.Town, record.Precision}

// changeable gives a record that everybody reads and its kind.
func (f *Feature) changeable(ctx context.Context, q db.Q, one string) (k kind, r record.Record, err error) {
	heads, err := entry.Heads(ctx, q, []string{one})
	if err != nil {
		return k, r, err
	}
	if k, err = f.kind(heads[one].Kind); err != nil {
		return k, r, err
	}
	if k.Kind.Records == nil {
		return k, r, fault.Missing()
	}
	if r, err = k.Spec.Get(ctx, q, one); err == nil && (r.State != entry.Published || !r.Visible(people.Actor{})) {
		err = fault.Missing()
	}
	return k, r, err
}

// ChangeAsked is the wish for a link that changes a record.
type ChangeAsked struct {
	Entry   string
	Author  Author
	Network string // mark of where it comes from, for limits
}

// AskChange sends a link for one published record to an address.
func (f *Feature) AskChange(ctx context.Context, tx *db.Tx, x ChangeAsked) error {
	k, r, err := f.changeable(ctx, tx, x.Entry)
	if err != nil {
		return err
	}
	if err := x.Author.validate(); err != nil {
		return err
	}
	was, err := f.asRead(ctx, tx, k, r)
	if err != nil {
		return err
	}
	c := Contribution{ID: id.New(), Kind: k.Name, Changes: r.ID, State: Asked, At: tx.Now(), Until: tx.Now().Add(changeWithin), Typed: was, Was: was, Author: x.Author, Place: r.Place.Public(), Themes: r.Themes}
	secret := id.Secret(16)
	if err := f.add(ctx, tx, c, secret); err != nil {
		return err
	}
	return f.write(ctx, tx, c, letter{which: linkMail, secret: secret})
}

// public is a record as far as everybody may read it: a place as closely as it
// is told, and nothing named that not everybody may know of.
func (f *Feature) public(ctx context.Context, q db.Q, k kind, r record.Record) (record.Record, map[string]entry.Entry, error) {
	names, err := k.Spec.Named(ctx, q, people.Actor{}, r)
	if err != nil {
		return r, nil, err
	}
	r.Place = r.Place.Public()
	r.Answers, r.Fields = copied(r)
	for name, values := range r.Answers {
		if ask, ok := k.Spec.Question(name); ok && ask.Type == record.Entries {
			r.Answers[name] = slices.DeleteFunc(slices.Clone(values), func(one string) bool { _, known := names[one]; return !known })
		}
	}
	return r, names, nil
}

// asRead is a record as its form would show it to everybody.
func (f *Feature) asRead(ctx context.Context, q db.Q, k kind, r record.Record) (record.Typed, error) {
	r, names, err := f.public(ctx, q, k, r)
	return k.Spec.TypedOf(r, names), err
}

// readAs is what somebody typed over a record, in the form in which asRead has
// it: "Mali" and "ML" are no difference. Every fault at once.
func (f *Feature) readAs(ctx context.Context, q db.Q, k kind, of alliance.Alliance, now record.Record, typed record.Typed) (record.Typed, error) {
	r, _, err := f.public(ctx, q, k, now)
	if err != nil {
		return nil, err
	}
	t := maps.Clone(typed)
	t[record.Audience] = []string{string(entry.Public)}
	delete(t, record.RevisionRead)
	if err := k.Records.Take(ctx, q, people.Actor{}, of, t, &r); err != nil {
		return nil, err
	}
	return f.asRead(ctx, q, k, r)
}

// changed lists the names in which two forms differ. The place counts as one.
func (k kind) changed(before, after record.Typed) (names []string) {
	asked := []string{record.InLang, record.Axis, record.Themes, record.Licence}
	for _, ask := range k.Spec.Questions() {
		if !ask.Kept {
			asked = append(asked, ask.Name)
		}
	}
	for _, name := range asked {
		if !same(before[name], after[name]) {
			names = append(names, name)
		}
	}
	if slices.ContainsFunc(placeNames, func(name string) bool { return !same(before[name], after[name]) }) {
		names = append(names, placeNames...)
	}
	return names
}

// same tells that two answers read the same: empty ones and white space do not count.
func same(a, b []string) bool { return slices.Equal(clean(a), clean(b)) }

func clean(values []string) (list []string) {
	for _, v := range values {
		if v = strings.TrimSpace(strings.ReplaceAll(v, "\r\n", "\n")); v != "" {
			list = append(list, v)
		}
	}
	return list
}

// rebase writes what an author changed onto how the record reads now.
func (k kind) rebase(was, typed, now record.Typed) record.Typed {
	t := record.Typed{}
	maps.Copy(t, now)
	for _, name := range k.changed(was, typed) {
		t[name] = typed[name]
	}
	return t
}

// proposed is a record as a change would leave it, and the names in which
// somebody else changed it meanwhile, too.
type proposed struct {
	Now, After record.Record
	Reads      record.Typed // the record now, as everybody reads it
	Conflicts  []string
}

// applied writes a proposed change onto the record as it stands now.
func (f *Feature) applied(ctx context.Context, q db.Q, k kind, of alliance.Alliance, c Contribution) (p proposed, err error) {
	if p.Now, err = k.Spec.Get(ctx, q, c.Changes); err != nil {
		return p, err
	}
	read, known, err := f.public(ctx, q, k, p.Now)
	if err != nil {
		return p, err
	}
	p.Reads = k.Spec.TypedOf(read, known)
	own := k.changed(c.Was, c.Typed)
	for _, name := range k.changed(c.Was, p.Reads) {
		if slices.Contains(own, name) && !same(c.Typed[name], p.Reads[name]) {
			p.Conflicts = append(p.Conflicts, name)
		}
	}
	t := k.Spec.TypedOf(p.Now, nil)
	for _, name := range own {
		t[name] = c.Typed[name]
		if ask, ok := k.Spec.Question(name); ok && ask.Type == record.Entries {
			t[name] = append(slices.Clone(t[name]), hidden(p.Now.Answers[name], known)...)
		}
	}
	delete(t, record.RevisionRead)
	p.After = p.Now
	p.After.Answers, p.After.Fields = copied(p.Now)
	return p, k.Records.Take(ctx, q, people.Actor{}, of, t, &p.After)
}

// hidden are the identifiers that are not among those known.
func hidden(ids []string, known map[string]entry.Entry) (list []string) {
	for _, one := range ids {
		if _, ok := known[one]; !ok {
			list = append(list, one)
		}
	}
	return list
}

// rewriteChange takes what an author wrote of a published record: the first
// time it goes to the pair, later both sides read it anew.
func (f *Feature) rewriteChange(ctx context.Context, tx *db.Tx, of alliance.Alliance, c Contribution, k kind, secret string, t record.Typed) error {
	now, err := k.Spec.Get(ctx, tx, c.Changes)
	if err != nil {
		return err
	}
	if now.State != entry.Published {
		return changeGone()
	}
	reads, err := f.asRead(ctx, tx, k, now)
	if err != nil {
		return err
	}
	switch web.Whole(t.One(record.RevisionRead)) {
	case now.Revision, 0:
		c.Was = reads
	case web.Whole(c.Was.One(record.RevisionRead)): // as the form was: what is newer is told apart
	default:
		return fault.Conflict("contribution.change.meanwhile", "Somebody changed this page meanwhile. What you wrote is kept: compare it, then send it again.")
	}
	if c.Typed, err = f.readAs(ctx, tx, k, of, now, t); err != nil {
		return err
	}
	if len(k.changed(c.Was, c.Typed)) == 0 {
		return fault.Invalid("title", "contribution.change.nothing", "Nothing differs from the page as it is.")
	}
	p, err := f.applied(ctx, tx, k, of, c)
	if err != nil {
		return err
	}
	c.Place, c.Themes = p.After.Place.Public(), p.After.Themes
	first := c.State == Asked
	if err := f.rewrite(ctx, tx, c); err != nil {
		return err
	}
	if err := f.wait(ctx, tx, &c); err != nil || !first {
		return err
	}
	return f.write(ctx, tx, c, letter{which: receivedMail, secret: secret})
}

func changeGone() *fault.Fault {
	return fault.Conflict("contribution.change.gone", "The page it would change is not there any more.")
}

// publishChange makes a new version of the record of what was agreed to. Where
// somebody else wrote in the same places, its author looks at it again.
func (f *Feature) publishChange(ctx context.Context, tx *db.Tx, of alliance.Alliance, k kind, c *Contribution) error {
	p, err := f.applied(ctx, tx, k, of, *c)
	if fault.Of(err) != nil {
		return fault.Conflict("contribution.stale", "Something it names is no longer there. Ask its author for a change.")
	}
	switch {
	case err != nil:
		return err
	case p.Now.State != entry.Published:
		return changeGone()
	case len(p.Conflicts) > 0:
		return fault.Conflict("contribution.change.conflict", "The page was changed meanwhile in the same places. Ask its author for a change: they see both.")
	}
	r, err := k.keep(ctx, tx, people.Actor{}, p.After)
	c.Entry = r.ID
	return err
}
