package follow

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"alliance/internal/feature"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/search"
)

// Digest is what a follower is told, by object, the newest first.
type Digest struct {
	Objects []Object
	Found   []Follow // searches that found some of it
	More    bool     // there was more than one mail holds
	Until   int64    // the journal's line up to which it tells
}

// Object is one thing followed, or found by a search, with what happened to it
// and within it.
type Object struct {
	Entry entry.Entry
	Kind  feature.Kind
	Items []Item
	Found []Follow // searches that found it
}

// Item is what happened to one entry.
type Item struct {
	Entry  entry.Entry
	Kind   feature.Kind
	Deeds  []Deed
	Pieces []Piece
	last   int64
}

// Deed is one thing that was done, by an organisation where it acted for one.
type Deed struct {
	What locale.Phrase
	By   string
	At   db.Instant
}

// Piece is a text that is new or changed, as the reader gets to see it.
type Piece struct {
	Label locale.Phrase
	Name  string // of who said it, where it was said by somebody
	Text  lang.Rendering
}

// Said is what somebody said about an entry, for the feature that keeps it to give.
type Said struct {
	ID    string
	Name  string // as shown beside it
	Words lang.Text
}

// Bounds of one mail: a digest is to be read, not searched.
const (
	mostLines   = 5000 // of the journal looked at
	mostObjects = 40
	mostPieces  = 8 // texts of one item
	longestText = 700
)

// reading is what several digests of one run share.
type reading struct {
	version int64 // of the data it was read from
	from    int64
	lines   []journal.Event
	known   map[string]entry.Entry
	rights  map[string][]string // that entries say they are about, of those asked
	asked   map[string]bool     // identifiers looked up, there or not
	names   map[string]string
	past    map[string][]entry.Revision
	about   *alliance.Alliance // what it says of itself, once asked
	heard   Heard              // what words mean, once asked
}

// since gives the lines after a number, as far as one digest goes.
func (r *reading) since(ctx context.Context, q db.Q, after int64) ([]journal.Event, error) {
	if r.known == nil || after < r.from {
		lines, err := journal.Since(ctx, q, after, mostLines)
		if err != nil {
			return nil, err
		}
		r.from, r.lines = after, lines
		if r.known == nil {
			r.known, r.rights, r.asked, r.names, r.past = map[string]entry.Entry{}, map[string][]string{}, map[string]bool{}, map[string]string{}, map[string][]entry.Revision{}
		}
	}
	at, _ := slices.BinarySearchFunc(r.lines, after+1, func(e journal.Event, n int64) int { return cmp.Compare(e.N, n) })
	if len(r.lines) == mostLines && len(r.lines)-at < mostLines { // the end of what was read is not the end
		return journal.Since(ctx, q, after, mostLines)
	}
	return r.lines[at:], nil
}

// look reads the entries that lines speak of, with their themes, each once.
func (r *reading) look(ctx context.Context, q db.Q, ids []string) error {
	fresh := map[string]bool{} // asked only once they are read: a reader may leave before
	for _, one := range ids {
		if one != "" && !r.asked[one] {
			fresh[one] = true
		}
	}
	found, err := entry.Many(ctx, q, slices.Sorted(maps.Keys(fresh)))
	if err != nil {
		return err
	}
	if err := entry.Themed(ctx, q, found); err != nil {
		return err
	}
	rights, err := record.Values(ctx, q, byRight, slices.Sorted(maps.Keys(found)))
	if err != nil {
		return err
	}
	maps.Copy(r.rights, rights)
	maps.Copy(r.known, found)
	maps.Copy(r.asked, fresh)
	return nil
}

// reader is who a digest is for.
type reader struct {
	Follower
	Lang   string
	actors actors
	told   map[db.Instant]bool // what a mail told already
}

func (a actors) see(e entry.Entry) bool {
	return slices.ContainsFunc(a, e.Visible)
}

// readerOf puts together what a follower may see now.
func readerOf(ctx context.Context, q db.Q, who Follower, now, since db.Instant) (r reader, email, name string, err error) {
	r = reader{Follower: who, Lang: who.Lang, actors: actors{{At: now}}}
	if who.Person == "" {
		return r, who.Email, "", nil
	}
	p, err := people.PersonByID(ctx, q, who.Person)
	if err != nil {
		return r, "", "", err
	}
	r.Lang = p.Lang
	alone, err := people.ActorOf(ctx, q, p.ID, "", now)
	if err != nil {
		return r, "", "", err
	}
	r.actors = append(r.actors, alone)
	held, err := people.MandatesOf(ctx, q, p.ID)
	if err != nil {
		return r, "", "", err
	}
	for _, m := range held {
		if m.Holds(now) {
			under := alone
			under.Mandate = m
			r.actors = append(r.actors, under)
		}
	}
	r.told, err = notice.MailedSince(ctx, q, p.ID, since)
	return r, p.Email, p.Name, err
}

// Digest joins the journal since a line with what somebody follows.
func (f *Feature) Digest(ctx context.Context, q db.Q, shared *reading, r reader, after int64) (Digest, error) {
	d := Digest{Until: after}
	follows, err := followsOf(ctx, q, r.ID)
	if err != nil {
		return d, err
	}
	lines, err := shared.since(ctx, q, after)
	if err != nil || len(lines) == 0 {
		return d, err
	}
	d.Until, d.More = lines[len(lines)-1].N, len(lines) == mostLines
	var news []journal.Event
	var ids []string
	for _, e := range lines {
		if !isQuiet(e.Verb) && (e.Person == "" || e.Person != r.Person) && !r.told[e.At] {
			news = append(news, e)
			ids = append(ids, e.Subject, e.Scope)
		}
	}
	if err := shared.look(ctx, q, ids); err != nil {
		return d, err
	}
	chosen, err := f.choose(ctx, q, shared, r, follows, news)
	if err != nil {
		return d, err
	}
	return d, f.tell(ctx, q, shared, r, chosen, &d)
}

// group is the lines of one object, by the entry they speak of.
type group struct {
	object string
	last   int64
	items  map[string][]journal.Event
	found  []Follow
}

// choose keeps the lines of what is followed and may be seen, by object.
func (f *Feature) choose(ctx context.Context, q db.Q, shared *reading, r reader, follows []Follow, news []journal.Event) (map[string]*group, error) {
	entries := map[string]int64{} // followed entry → since
	var searches []Follow
	var err error
	for _, x := range follows {
		if x.Entry != "" {
			entries[x.Entry] = x.Since
		} else {
			searches = append(searches, x)
		}
	}
	if searches, err = f.named(ctx, q, shared, r, searches); err != nil {
		return nil, err
	}
	hits, err := f.found(ctx, q, shared, searches, news)
	if err != nil {
		return nil, err
	}
	groups := map[string]*group{}
	for _, e := range news {
		subject, there := shared.known[e.Subject]
		if !there || !r.actors.see(subject) {
			continue
		}
		object := ""
		var by []Follow // searches whose news it is
		for _, x := range hits[e.Subject] {
			if e.N > x.Since {
				by = append(by, x)
			}
		}
		for _, of := range []string{subject.ID, e.Scope, subject.Parent, subject.Hall, subject.Organisation} {
			if since, followed := entries[of]; of != "" && followed && e.N > since {
				object = of
				break
			}
		}
		if object == "" {
			if len(by) == 0 {
				continue
			}
			object = e.Subject
		}
		// What an organisation publishes stands for itself, and so does what
		// lies within something that is not open to the reader.
		if up, ok := shared.known[object]; !ok || object == subject.Organisation || !r.actors.see(up) {
			object = e.Subject
		}
		g := groups[object]
		if g == nil {
			g = &group{object: object, items: map[string][]journal.Event{}}
			groups[object] = g
		}
		g.items[e.Subject] = append(g.items[e.Subject], e)
		g.last = max(g.last, e.N)
		g.found = withAll(g.found, by)
	}
	return groups, nil
}

// named gives searches the names they are told by: those of their follower, or
// what they ask in the reader's words.
func (f *Feature) named(ctx context.Context, q db.Q, shared *reading, r reader, searches []Follow) ([]Follow, error) {
	for i, x := range searches {
		if x.Name != "" {
			continue
		}
		if shared.about == nil {
			about, err := f.about(ctx, q)
			if err != nil {
				return nil, err
			}
			shared.about = &about
		}
		searches[i].Name = f.inWords(f.Catalog.For(r.Lang), *shared.about, x.Search)
	}
	return searches, nil
}

// withAll adds the searches that are not there yet.
func withAll(list, more []Follow) []Follow {
	for _, x := range more {
		if !slices.ContainsFunc(list, func(y Follow) bool { return y.ID == x.ID }) {
			list = append(list, x)
		}
	}
	return list
}

// found gives the entries that lie within searches, with those that found them.
func (f *Feature) found(ctx context.Context, q db.Q, shared *reading, searches []Follow, news []journal.Event) (map[string][]Follow, error) {
	hits := map[string][]Follow{}
	for _, x := range searches {
		var fit []string
		seen := map[string]bool{}
		for _, e := range news {
			if subject, there := shared.known[e.Subject]; there && !seen[e.Subject] && e.N > x.Since && x.Search.Fits(subject, shared.rights[subject.ID]) {
				seen[e.Subject] = true
				fit = append(fit, e.Subject)
			}
		}
		if x.Search.Words != "" {
			var err error
			if fit, err = f.withWords(ctx, q, shared, x.Search.Words, fit); err != nil {
				return nil, err
			}
		}
		for _, one := range fit {
			hits[one] = append(hits[one], x)
		}
	}
	return hits, nil
}

// withWords keeps the entries that the search of the site would find by the words.
func (f *Feature) withWords(ctx context.Context, q db.Q, shared *reading, words string, among []string) ([]string, error) {
	if len(among) == 0 {
		return nil, nil
	}
	if shared.heard == nil && f.asks.Hearing != nil {
		var err error
		if shared.heard, err = f.asks.Hearing(ctx, q); err != nil {
			return nil, err
		}
	}
	in := search.Narrow{}
	if shared.heard != nil {
		words, in.Or = shared.heard(words)
	}
	return search.Among(ctx, q, words, in, among)
}

// tell fills the digest with what the chosen lines say.
func (f *Feature) tell(ctx context.Context, q db.Q, shared *reading, r reader, chosen map[string]*group, d *Digest) error {
	order := make([]*group, 0, len(chosen))
	for _, g := range chosen {
		order = append(order, g)
	}
	slices.SortFunc(order, func(a, b *group) int { return cmp.Compare(b.last, a.last) })
	for _, g := range order {
		if len(d.Objects) == mostObjects {
			d.More = true
			break
		}
		o := Object{Entry: shared.known[g.object], Found: g.found}
		o.Kind = f.Kinds[o.Entry.Kind]
		for subject, events := range g.items {
			i, err := f.item(ctx, q, shared, r, shared.known[subject], events)
			if err != nil {
				return err
			}
			if len(i.Deeds) > 0 {
				o.Items = append(o.Items, i)
			}
		}
		// First what happened to the thing itself, then within it.
		slices.SortFunc(o.Items, func(a, b Item) int {
			if (a.Entry.ID == g.object) != (b.Entry.ID == g.object) {
				if a.Entry.ID == g.object {
					return -1
				}
				return 1
			}
			return cmp.Compare(b.last, a.last)
		})
		if len(o.Items) > 0 {
			d.Objects = append(d.Objects, o)
			d.Found = withAll(d.Found, o.Found)
		}
	}
	return nil
}

// item tells what happened to one entry, with the texts that are new to the reader.
func (f *Feature) item(ctx context.Context, q db.Q, shared *reading, r reader, e entry.Entry, events []journal.Event) (Item, error) {
	i := Item{Entry: e, Kind: f.Kinds[e.Kind], last: events[len(events)-1].N}
	pieces, added, err := f.pieces(ctx, q, shared, r.Lang, e, events)
	if err != nil {
		return i, err
	}
	i.Pieces = pieces
	var said []string
	told := map[string]bool{}
	for _, ev := range events {
		_, what, _ := strings.Cut(ev.Verb, ".")
		if what == "translated" && len(pieces) == 0 && ev.Verb != "discussion.translated" {
			continue // into another language than the reader's
		}
		if ev.Verb == "discussion.said" {
			said = append(said, ev.Data["comment"])
			continue
		}
		if added && what == "changed" || told[ev.Verb+ev.Organisation] {
			continue
		}
		told[ev.Verb+ev.Organisation] = true
		by, err := shared.name(ctx, q, ev.Organisation)
		if err != nil {
			return i, err
		}
		i.Deeds = append(i.Deeds, Deed{What: deedOf(ev.Verb), By: by, At: ev.At})
	}
	if len(said) > 0 && f.asks.Said != nil {
		words, err := f.asks.Said(ctx, q, e.ID, said)
		if err != nil {
			return i, err
		}
		for _, w := range words {
			i.Pieces = append(i.Pieces, Piece{Name: w.Name, Text: cut(w.Words.In(r.Lang))})
		}
		if len(words) > 0 {
			i.Deeds = append(i.Deeds, Deed{What: deedOf("discussion.said"), At: events[len(events)-1].At})
		}
	}
	i.Pieces = i.Pieces[:min(len(i.Pieces), mostPieces)]
	return i, nil
}

// history gives what an entry was, read once.
func (r *reading) history(ctx context.Context, q db.Q, one string) ([]entry.Revision, error) {
	if known, ok := r.past[one]; ok {
		return known, nil
	}
	list, err := entry.Revisions(ctx, q, one)
	if err == nil {
		r.past[one] = list
	}
	return list, err
}

// name gives an organisation's name, looked up once.
func (r *reading) name(ctx context.Context, q db.Q, organisation string) (string, error) {
	if organisation == "" {
		return "", nil
	}
	if name, ok := r.names[organisation]; ok {
		return name, nil
	}
	o, err := people.OrganisationByID(ctx, q, organisation)
	if err != nil && !fault.Is(err, fault.KindNotFound) {
		return "", err
	}
	r.names[organisation] = o.Name
	return o.Name, nil
}

// pieces are the texts of an entry that changed for a reader of a language
// since before the first of the lines; all of them when it is new.
func (f *Feature) pieces(ctx context.Context, q db.Q, shared *reading, tag string, e entry.Entry, events []journal.Event) (list []Piece, added bool, err error) {
	wrote := slices.ContainsFunc(events, func(ev journal.Event) bool {
		return !strings.HasPrefix(ev.Verb, "discussion.") && !strings.HasPrefix(ev.Verb, "document.") && !strings.HasPrefix(ev.Verb, "lineage.")
	})
	if !wrote {
		return nil, false, nil
	}
	revisions, err := shared.history(ctx, q, e.ID)
	if err != nil {
		return nil, false, err
	}
	var before entry.Revision // the last one before the news
	for _, r := range revisions {
		if r.At < events[0].At {
			before = r
			break
		}
	}
	added = before.Revision == 0
	for _, field := range f.Kinds[e.Kind].Fields {
		now, was := e.Text(field.Name).In(tag), before.Fields[field.Name].In(tag)
		if now.S != "" && (now.S != was.S || now.Lang != was.Lang) && !(added && field.Name == entry.Title) {
			list = append(list, Piece{Label: field.Label, Text: cut(now)})
		}
	}
	return list, added, nil
}

// cut keeps the beginning of a long text, to the end of a word.
func cut(r lang.Rendering) lang.Rendering {
	runes := []rune(r.S)
	if len(runes) <= longestText {
		return r
	}
	s := string(runes[:longestText])
	if i := strings.LastIndexAny(s, " \n"); i > len(s)/2 {
		s = s[:i]
	}
	r.S = s + " …"
	return r
}

// newsOf is the digest of the last weeks, whatever was mailed, in a language.
func (f *Feature) newsOf(ctx context.Context, q db.Q, who Follower, now db.Instant, tag string) (Digest, error) {
	r, _, _, err := readerOf(ctx, q, who, now, now)
	if err != nil {
		return Digest{}, err
	}
	r.Lang, r.told = tag, nil
	after, err := journal.At(ctx, q, now.Add(-newsDays*24*hour))
	if err != nil {
		return Digest{}, err
	}
	head, err := journal.Head(ctx, q)
	if err != nil {
		return Digest{}, err
	}
	f.recent.Lock()
	defer f.recent.Unlock()
	if v := f.DB.Version(); f.recent.shared == nil || f.recent.shared.version != v {
		f.recent.shared = &reading{version: v}
	}
	return f.Digest(ctx, q, f.recent.shared, r, max(after, head-mostLines))
}
