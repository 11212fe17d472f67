package workshop

import (
	"context"
	"embed"
	"slices"
	"strings"
	"time"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/alike"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

//go:embed schema
var schema embed.FS

// Workshops is the feature.
type Workshops struct {
	*feature.House
	asks     Asks
	sketches db.Memo[map[string][]alike.Sketch] // of an assembly's proposals; kept while nothing is written
	guesses  web.Guesses
}

// New puts it together. The second value answers what other features ask.
func New(h *feature.House, asks Asks) (feature.Feature, *Workshops) {
	s := &Workshops{House: h, asks: asks}
	return feature.Feature{Name: "workshop", Schema: schema, Phrases: phrases, Kinds: kinds, Pages: s.pages, API: s.api, Board: s.board, ToDo: s.toDo, Demo: s.demo}, s
}

var kinds = []feature.Kind{
	{Name: NoteKind, One: locale.Phrase{Key: "workshop.kind.note", English: "Note"}, Many: locale.Phrase{Key: "workshop.kind.notes", English: "Notes"},
		Icon: "pen-line", Path: func(id string) string { return "/notes/" + id }, Fields: spoken},
	{Name: StakeKind, One: locale.Phrase{Key: "workshop.kind.stake", English: "Stake"}, Many: locale.Phrase{Key: "workshop.kind.stakes", English: "Stakes"},
		Icon: "message-square", Path: func(id string) string { return "/stakes/" + id }, Fields: append(slices.Clone(spoken), repeated...)},
	{Name: ProposalKind, Owed: true, One: locale.Phrase{Key: "workshop.kind.proposal", English: "Proposal"}, Many: locale.Phrase{Key: "workshop.kind.proposals", English: "Proposals"},
		Icon: "file-text", Path: func(id string) string { return "/proposals/" + id }, Fields: append([]feature.Field{
			{Name: entry.Title, Label: titleLabel}, {Name: entry.Summary, Label: plainLabel, Long: true},
			{Name: Body, Label: bodyLabel, Long: true}, {Name: Means, Label: meansLabel, Long: true}, {Name: Carriers, Label: carriersLabel, Long: true}}, repeated...)},
}

var spoken = []feature.Field{
	{Name: entry.Title, Label: locale.Phrase{Key: "workshop.field.words", English: "Words"}, Long: true},
	{Name: Body, Label: locale.Phrase{Key: "workshop.field.whole", English: "The whole of it"}, Long: true},
}

var repeated = func() (list []feature.Field) {
	for _, n := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"} {
		list = append(list, feature.Field{Name: Caution + "." + n, Label: cautionLabel, Long: true}, feature.Field{Name: Question + "." + n, Label: questionLabel, Long: true})
	}
	return list
}()

func (s *Workshops) pages(r *web.Router) {
	notes := access.Role(Noting...)
	r.Raw("GET /join/{code}", s.typed(r))
	r.Get("/join", access.Everyone, s.joinForm)
	r.Get("/join/{code}", access.Everyone, s.join)
	r.Post("/join/{code}", access.Everyone, s.say)
	r.Get("/join/{code}/list", access.Everyone, s.joinList)
	r.Get("/join/{code}/sent/{secret}", access.Everyone, s.sent)
	r.Get("/join/{code}/mine/{secret}", access.Everyone, s.mine)
	r.Post("/join/{code}/mine/{secret}", access.Everyone, s.changeMine)
	r.Get("/join/{code}/proposal", access.Everyone, s.joinProposal)
	r.Post("/join/{code}/proposal", access.Everyone, s.joinPropose)
	r.Post("/join/{code}/alike", access.Everyone, s.joinAlike)

	r.Get("/workshops/{id}/room", notes, s.roomScreen)
	r.Get("/workshops/{id}/room/list", notes, s.roomList)
	r.Get("/workshops/{id}/paper", notes, s.paper)
	r.Get("/workshops/{id}/notes", notes, s.notes)
	r.Post("/workshops/{id}/notes", notes, s.take)
	r.Post("/workshops/{id}/up", notes, s.upAll)
	r.Get("/notes/{id}", access.Everyone, s.note)
	r.Post("/notes/{id}/change", notes, s.change)
	r.Post("/notes/{id}/raise", notes, s.raise)
	r.Post("/notes/{id}/move", notes, s.move)
	r.Post("/notes/{id}/out", notes, s.takeOut)
	r.Post("/notes/{id}/choose", notes, s.choose)
	r.Post("/notes/{id}/up", notes, s.up)

	r.Get("/stakes/{id}", access.Everyone, s.stake)
	r.Get("/proposals/new", access.SignedIn, s.proposalForm)
	r.Post("/proposals/new", access.SignedIn, s.propose)
	r.Post("/proposals/alike", access.SignedIn, s.alikeHere)
	r.Get("/proposals/{id}", access.Everyone, s.show)
	r.Get("/proposals/{id}/edit", access.SignedIn, s.editForm)
	r.Post("/proposals/{id}/edit", access.SignedIn, s.edit)
	r.Post("/proposals/{id}/up", notes, s.up)
	r.Get("/proposals/{id}/withdraw", access.SignedIn, s.withdrawForm)
	r.Post("/proposals/{id}/withdraw", access.SignedIn, s.withdraw)
	r.Get("/assemblies/{id}/proposals", access.Everyone, s.boardPage)
}

// room reads a workshop with what goes on in it.
func (s *Workshops) room(ctx context.Context, q db.Q, workshop string) (r Room, err error) {
	if r.Workshop, err = entry.Get(ctx, q, workshop); err != nil {
		return r, err
	}
	if r.Workshop.Kind != "workshop" {
		return r, fault.Missing()
	}
	if r.Assembly, err = s.asks.AssemblyOf(ctx, q, workshop); err != nil {
		return r, err
	}
	zone, err := s.asks.ZoneOf(ctx, q, r.Assembly)
	if err != nil {
		return r, err
	}
	if r.Zone, err = time.LoadLocation(zone); err != nil {
		r.Zone = time.UTC // the zone's name is the assembly's matter
	}
	if r.Sequence, r.Open, err = s.asks.Open(ctx, q, workshop); err != nil {
		return r, err
	}
	r.Code, err = s.asks.CodeOf(ctx, q, workshop)
	return r, err
}

// joined reads the workshop of a code.
func (s *Workshops) joined(ctx context.Context, q db.Q, code string) (Room, error) {
	code = plainCode(code)
	if code == "" {
		return Room{}, fault.NotFound("workshop.code.none", "Type the code of the workshop.")
	}
	workshop := ""
	var err error
	if len(code) <= 20 {
		workshop, err = s.asks.WorkshopByCode(ctx, q, code)
	}
	if fault.Is(err, fault.KindNotFound) || err == nil && workshop == "" {
		return Room{}, fault.NotFound("workshop.code", "No workshop has this code now. Look at it again: it has no 0, 1, l and no vowels.")
	}
	if err != nil {
		return Room{}, err
	}
	r, err := s.room(ctx, q, workshop)
	r.Code = code
	return r, err
}

// plainCode takes a code as people type it: "GT4 X9K", "gt4-x9k".
func plainCode(code string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(code))
}

// noting reads a workshop for those who take its notes; for others it is not there.
func (s *Workshops) noting(c *web.Ctx, workshop string) (Room, error) {
	r, err := s.room(c.Context(), c.DB, workshop)
	if err == nil && !r.MayNote(c.Actor) {
		err = access.Denied()
	}
	return r, err
}

// board puts the way to notes and proposals beside an assembly or a workshop.
func (s *Workshops) board(ctx context.Context, q db.Q, a people.Actor, of entry.Entry) (tabs []feature.Tab, err error) {
	assembly, query := of.ID, ""
	if of.Kind == "workshop" {
		if assembly, err = s.asks.AssemblyOf(ctx, q, of.ID); err != nil {
			return nil, err
		}
		query = "?workshop=" + of.ID
		if (Room{Workshop: of, Assembly: assembly}).MayNote(a) {
			tabs = append(tabs,
				feature.Tab{Label: locale.Phrase{Key: "workshop.tab.notes", English: "Take notes"}, Path: "/workshops/" + of.ID + "/notes#text", Order: 10},
				feature.Tab{Label: locale.Phrase{Key: "workshop.tab.room", English: "Screen for the room"}, Path: "/workshops/" + of.ID + "/room", Order: 11},
				feature.Tab{Label: locale.Phrase{Key: "workshop.tab.paper", English: "Paper form"}, Path: "/workshops/" + of.ID + "/paper", Order: 12})
		}
	} else if of.Kind != "assembly" {
		return nil, nil
	}
	list, err := s.Proposals(ctx, q, assembly)
	if err != nil {
		return nil, err
	}
	n := 0
	for _, e := range list {
		if (query == "" || e.Parent == of.ID) && e.Visible(a) {
			n++
		}
	}
	return append(tabs, feature.Tab{Label: locale.Phrase{Key: "workshop.tab.proposals", English: "Proposals"}, Path: "/assemblies/" + assembly + "/proposals" + query, Count: n, Order: 20}), nil
}

// toDo lists the workshops whose notes the actor takes now, and what waits there to be brought up.
func (s *Workshops) toDo(ctx context.Context, q db.Q, a people.Actor) (tasks []feature.Task, err error) {
	seen := map[string]bool{}
	for _, g := range a.Grants {
		if g.Role != people.Rapporteur && g.Role != people.Facilitator || g.Scope == "" || seen[g.Scope] {
			continue
		}
		seen[g.Scope] = true
		r, err := s.room(ctx, q, g.Scope)
		if fault.Is(err, fault.KindNotFound) {
			continue // a role in a whole assembly
		}
		if err != nil {
			return nil, err
		}
		waiting := 0
		list, err := s.lines(ctx, q, r)
		if err != nil {
			return nil, err
		}
		for _, l := range list {
			if l.Entry.State == entry.Draft {
				waiting++
			}
		}
		kind := locale.Phrase{Key: "workshop.task.notes", English: "To take notes in"}
		if !r.Open && waiting > 0 {
			kind = locale.Phrase{Key: "workshop.task.up", English: "To bring up from"}
		}
		if r.Open || waiting > 0 {
			title := r.Workshop.Title().In(a.Lang)
			tasks = append(tasks, feature.Task{Kind: kind, Title: title.S, Lang: title.Lang, Path: "/workshops/" + r.Workshop.ID + "/notes"})
		}
	}
	return tasks, nil
}

// crumbs lead back to the assembly and the workshop.
func (s *Workshops) crumbs(ctx context.Context, v design.View, r Room) ([]design.Link, error) {
	ids := []string{r.Assembly}
	if r.Workshop.ID != "" {
		ids = append(ids, r.Workshop.ID)
	}
	list, err := entry.InOrder(ctx, s.DB, ids)
	var links []design.Link
	for _, e := range list {
		title := e.Title().In(v.Lang())
		path := "/assemblies/"
		if e.Kind == "workshop" {
			path = "/workshops/"
		}
		links = append(links, design.Link{Href: v.Href(path + e.ID), Label: title.S, Lang: title.Lang})
	}
	return links, err
}
