package plenary

import (
	"context"
	"embed"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"alliance/internal/feature"
	"alliance/internal/feature/plenary/ballot"
	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

//go:embed schema
var schema embed.FS

// Plenary is the feature.
type Plenary struct {
	*feature.House
	asks Asks
}

// New puts it together.
func New(h *feature.House, asks Asks) feature.Feature {
	p := &Plenary{h, asks}
	return feature.Feature{Name: "plenary", Schema: schema, Phrases: phrases, Kinds: kinds, Pages: p.pages, API: p.api,
		Work: p.work, Board: p.board, ToDo: p.toDo, Demo: p.demo}
}

var kinds = []feature.Kind{
	{Name: "motion", One: locale.Phrase{Key: "plenary.kind.motion", English: "Motion"}, Many: locale.Phrase{Key: "plenary.kind.motions", English: "Motions"}, Icon: "vote",
		Path: func(id string) string { return "/motions/" + id }, Fields: []feature.Field{
			{Name: entry.Title, Label: locale.Phrase{Key: "plenary.field.title", English: "Title"}},
			{Name: entry.Summary, Label: locale.Phrase{Key: "plenary.field.summary", English: "In plain words"}, Long: true},
			{Name: "body", Label: locale.Phrase{Key: "plenary.field.body", English: "Text of the motion"}, Long: true}}},
	{Name: "amendment", One: locale.Phrase{Key: "plenary.kind.amendment", English: "Amendment"}, Many: locale.Phrase{Key: "plenary.kind.amendments", English: "Amendments"},
		Path: func(id string) string { return "/amendments/" + id }, Fields: words},
	{Name: "reservation", One: locale.Phrase{Key: "plenary.kind.reservation", English: "Reservation"}, Many: locale.Phrase{Key: "plenary.kind.reservations", English: "Reservations"},
		Path: func(id string) string { return "/amendments/" + id }, Fields: words},
}

var words = []feature.Field{{Name: entry.Title, Label: locale.Phrase{Key: "plenary.field.words", English: "Words"}, Long: true},
	{Name: "body", Label: locale.Phrase{Key: "plenary.field.words", English: "Words"}, Long: true},
	{Name: "why", Label: locale.Phrase{Key: "plenary.field.why", English: "Why"}, Long: true}}

func (p *Plenary) pages(r *web.Router) {
	chair := access.Role(people.Chair, people.Committee, people.Coordinator)
	voter := access.Mandated(people.Vote)
	speaker := access.Mandated(people.Speak)
	r.Get("/assemblies/{id}/plenary", access.Everyone, p.list)
	r.Get("/assemblies/{id}/plenary/new", chair, p.newForm)
	r.Post("/assemblies/{id}/plenary/new", chair, p.create)
	r.Get("/motions/{id}", access.Everyone, p.motion)
	r.Get("/motions/{id}/vote", voter, p.voteForm)
	r.Post("/motions/{id}/vote", voter, p.vote)
	r.Get("/motions/{id}/voted", voter, p.voted)
	r.Get("/motions/{id}/chair", chair, p.chair)
	r.Post("/motions/{id}/open", chair, p.open)
	r.Post("/motions/{id}/withdraw", access.SignedIn, p.withdraw)
	r.Get("/motions/{id}/close", chair, p.closeForm)
	r.Post("/motions/{id}/close", chair, p.close)
	r.Post("/motions/{id}/presence", chair, p.presence)
	r.Post("/motions/{id}/papers", chair, p.papers)
	r.Get("/motions/{id}/screen", access.Everyone, p.screen)
	r.Get("/motions/{id}/ballots", access.Everyone, p.export)
	r.Get("/motions/{id}/result", access.Everyone, p.result)
	r.Get("/motions/{id}/votes", access.Everyone, p.votes)
	r.Post("/motions/{id}/amend", speaker, p.amend)
	r.Post("/amendments/{id}/settle", chair, p.settle)
	r.Get("/amendments/{id}", access.Everyone, p.toMotion)
	r.Post("/motions/{id}/reserve", speaker, p.reserve)
}

// row is a motion as a list shows it.
type row struct {
	Motion  Motion
	Entry   entry.Entry
	Turnout []turnout
	Result  *ballot.Result // as the public may see it
}

func (p *Plenary) rows(ctx context.Context, a people.Actor, motions []Motion) ([]row, error) {
	ids := make([]string, len(motions))
	for i, m := range motions {
		ids[i] = m.Entry
	}
	found, err := entry.Many(ctx, p.DB, ids)
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, m := range motions {
		e := found[m.Entry]
		if !e.Visible(a) {
			continue
		}
		r := row{Motion: m, Entry: e}
		if err := r.tell(ctx, p.DB); err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// tell adds how many have voted, while it is open, and then how it ended.
func (r *row) tell(ctx context.Context, q db.Q) (err error) {
	if r.Motion.State == Open {
		if r.Turnout, err = turnoutOf(ctx, q, r.Motion.Entry); err != nil {
			return err
		}
	}
	if r.Motion.Result == "" {
		return nil
	}
	told, err := ballot.ParseResult([]byte(r.Motion.Result))
	if err != nil {
		return err
	}
	public := told.Public()
	r.Result = &public
	return nil
}

type listView struct {
	Assembly entry.Entry
	Rows     []row
	MayChair bool
	Votes    map[string]bool // open motions on which the actor's organisation has voted
}

func (p *Plenary) list(c *web.Ctx) error {
	assembly, err := entry.See(c.Context(), c.DB, c.Actor, "assembly", c.Path("id"))
	if err != nil {
		return err
	}
	motions, err := motionsOf(c.Context(), c.DB, assembly.ID)
	if err != nil {
		return err
	}
	v := listView{Assembly: assembly, MayChair: MayChair(c.Actor, assembly.ID)}
	if v.Rows, err = p.rows(c.Context(), c.Actor, motions); err != nil {
		return err
	}
	return c.Page(listPage(c.View, v))
}

// draft is a motion being written.
type draft struct {
	Assembly entry.Entry
	Open     []entry.Entry // proposals nothing has dealt with yet
	New      NewMotion
	Key      string
}

func (p *Plenary) draft(c *web.Ctx) (d draft, err error) {
	if d.Assembly, err = entry.See(c.Context(), c.DB, c.Actor, "assembly", c.Path("id")); err != nil {
		return d, err
	}
	if !MayChair(c.Actor, d.Assembly.ID) {
		return d, access.Denied()
	}
	all, err := p.asks.Proposals(c.Context(), c.DB, d.Assembly.ID)
	if err != nil {
		return d, err
	}
	ids := make([]string, len(all))
	for i, e := range all {
		ids[i] = e.ID
	}
	taken, err := dealt(c.Context(), c.DB, ids)
	if err != nil {
		return d, err
	}
	from := c.Query("from")
	d.New = NewMotion{Assembly: d.Assembly.ID, Lang: c.Lang(), Becomes: "action"}
	for _, e := range all {
		if e.State != entry.Published || taken[e.ID] {
			continue
		}
		d.Open = append(d.Open, e)
		if e.ID == from {
			d.New.From = []string{from}
			d.New.Lang, d.New.Title = e.Lang, e.Title().Original()
			d.New.Summary, d.New.Body = e.Text(entry.Summary).Original(), e.Text("body").Original()
		}
	}
	d.Key = web.NewKey()
	return d, nil
}

func (p *Plenary) newForm(c *web.Ctx) error {
	d, err := p.draft(c)
	if err != nil {
		return err
	}
	return c.Page(newPage(c.View, d))
}

func (p *Plenary) create(c *web.Ctx) error {
	d, err := p.draft(c)
	if err != nil {
		return err
	}
	d.Key = c.Form(design.KeyField)
	d.New = NewMotion{Assembly: d.Assembly.ID, Lang: c.Form("summary-lang"), Title: c.Form("title"), Summary: c.Form("summary"), Body: c.Form("body"),
		From: c.Forms("from"), Becomes: c.Form("becomes"), Secret: c.Form("ballot") == "secret", Revisable: c.Checked("revisable")}
	if d.New.Lang == "" {
		d.New.Lang = c.Lang()
	}
	err = c.Write(c.View.T("plenary.put", "The motion is on the list."), func(ctx context.Context, tx *db.Tx) (string, error) {
		e, err := p.Put(ctx, tx, c.Actor, d.New)
		return "/motions/" + e.ID, err
	})
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return newPage(v, d) })
	}
	return nil
}

// motionView is a motion with everything around it.
type motionView struct {
	Row          row
	Assembly     entry.Entry
	Rule         []string      // the rule in words
	Parts        []ballot.Part // the result in words, by college
	Explained    []string      // and what holds for the whole vote
	Zone         *time.Location
	From         []entry.Entry
	Amendments   []amendmentRow
	Reservations []entry.Entry
	Names        map[string]people.Organisation
	Colleges     map[string]string // name by college
	Strands      map[string]string // kind of organisation that colours a college
	OnRoll       int               // how many stand on the roll of an open vote, once decided
	Roll         []votedSeat       // and how they voted, where they are few or on this page
	Page, Last   int               // of the roll
	MayVote      bool
	Voted        bool
	MayChair     bool
	MaySpeak     bool
	MayWithdraw  bool
	Dropped      lineage.Derivation // of a withdrawn motion: why
	Stale        bool               // the translation the reader sees is older than the original
	// what was typed
	Form, Field, Words, Why, Lang, Key string
}

type amendmentRow struct {
	Amendment Amendment
	Entry     entry.Entry
}

type votedSeat struct {
	Seat   Seat
	Choice string
	Paper  bool
}

// glance is a motion without what stands around it: all that a phone needs to
// vote and a projector to show, for thousands ask for it within a minute.
func (p *Plenary) glance(c *web.Ctx) (v motionView, err error) {
	ctx := c.Context()
	e, err := entry.See(ctx, c.DB, c.Actor, "motion", c.Path("id"))
	if err != nil {
		return v, err
	}
	m, err := motionByID(ctx, c.DB, e.ID)
	if err != nil {
		return v, err
	}
	v.Row, v.Lang, v.Key = row{Motion: m, Entry: e}, c.Lang(), web.NewKey()
	v.Colleges, v.Strands = map[string]string{}, map[string]string{}
	for _, k := range c.Alliance.Colleges {
		v.Colleges[k.ID] = k.Name.In(c.Lang()).S
		if len(k.Kinds) > 0 {
			v.Strands[k.ID] = string(k.Kinds[0])
		}
	}
	v.MayChair = MayChair(c.Actor, m.Assembly)
	v.Stale = e.Title().In(c.Lang()).Stale || e.Text(entry.Summary).In(c.Lang()).Stale || e.Text("body").In(c.Lang()).Stale
	if c.Actor.May(people.Vote) && m.State == Open {
		if seat, err := seatOf(ctx, c.DB, e.ID, c.Actor.For()); err == nil {
			v.Voted = seat.Votes > 0
			v.MayVote = m.Accepts(c.DB.Now()) && (!v.Voted || m.Revisable)
		}
	}
	return v, nil
}

// standing adds how many have voted or how it ended, and the rule in words.
func (p *Plenary) standing(c *web.Ctx) (v motionView, err error) {
	if v, err = p.glance(c); err != nil {
		return v, err
	}
	if err := v.Row.tell(c.Context(), c.DB); err != nil {
		return v, err
	}
	if err := v.explain(c, v.Row.Motion); err != nil {
		return v, err
	}
	v.Zone, err = p.zone(c.Context(), v.Row.Motion.Assembly)
	return v, err
}

func (p *Plenary) motionView(c *web.Ctx) (v motionView, err error) {
	ctx := c.Context()
	if v, err = p.standing(c); err != nil {
		return v, err
	}
	m := v.Row.Motion
	if v.Assembly, err = entry.Get(ctx, c.DB, m.Assembly); err != nil {
		return v, err
	}
	if err := p.around(c, &v); err != nil {
		return v, err
	}
	v.MaySpeak, v.MayWithdraw = c.Actor.May(people.Speak), MayWithdraw(c.Actor, m, v.Row.Entry)
	if m.State == Decided && !m.Secret {
		if v.OnRoll, err = onRoll(ctx, c.DB, m.Entry); err == nil && v.OnRoll <= rollPage {
			v.Roll, err = rollCall(ctx, c.DB, m)
		}
	}
	return v, err
}

// zone is the time zone in which an assembly's clocks are told.
func (p *Plenary) zone(ctx context.Context, assembly string) (*time.Location, error) {
	name, err := p.asks.ZoneOf(ctx, p.DB, assembly)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		zone = time.UTC
	}
	return zone, nil
}

// explain puts the rule, and the result if there is one, in words.
func (v *motionView) explain(c *web.Ctx, m Motion) error {
	text := m.Rule
	if text == "" {
		var err error
		if text, err = ruleOf(c.Alliance); err != nil {
			return err
		}
	}
	rule, err := ballot.ParseRule(text)
	if err != nil {
		return err
	}
	name := func(college string) string { return v.Colleges[college] }
	v.Rule = ballot.ExplainRule(rule, c.View.T, name)
	if v.Row.Result != nil {
		v.Parts, v.Explained = ballot.ExplainParts(*v.Row.Result, c.View.T, name)
	}
	return nil
}

// around reads what stands beside a motion: origins, amendments, reservations.
func (p *Plenary) around(c *web.Ctx, v *motionView) error {
	ctx, id := c.Context(), v.Row.Entry.ID
	touching, err := lineage.Touching(ctx, c.DB, id)
	if err != nil {
		return err
	}
	var parents []string
	for _, d := range touching {
		switch {
		case d.Kind == lineage.PutToVote && (d.UndoneBy == "" || v.Row.Motion.State == Withdrawn):
			for _, l := range d.Parents {
				parents = append(parents, l.Entry)
			}
		case d.Kind == lineage.Dropped && v.Row.Motion.State == Withdrawn:
			v.Dropped = d
		}
	}
	amendments, err := amendmentsOf(ctx, c.DB, id)
	if err != nil {
		return err
	}
	ids := slices.Clone(parents)
	for _, a := range amendments {
		ids = append(ids, a.Entry)
	}
	found, err := entry.Many(ctx, c.DB, ids)
	if err != nil {
		return err
	}
	organisations := []string{}
	for _, from := range parents {
		if e, ok := found[from]; ok && e.Visible(c.Actor) {
			v.From = append(v.From, e)
		}
	}
	for _, a := range amendments {
		if e := found[a.Entry]; e.Visible(c.Actor) {
			v.Amendments = append(v.Amendments, amendmentRow{a, e})
			organisations = append(organisations, e.Organisation)
		}
	}
	if v.Reservations, err = entry.List(ctx, c.DB, entry.Filter{Kinds: []string{"reservation"}, Parent: id, Actor: c.Actor, Order: entry.ByOld, Limit: 200}); err != nil {
		return err
	}
	for _, r := range v.Reservations {
		organisations = append(organisations, r.Organisation)
	}
	known, err := people.OrganisationsByID(ctx, c.DB, organisations)
	v.Names = map[string]people.Organisation{}
	for _, o := range known {
		v.Names[o.ID] = o
	}
	return err
}

// rollCall tells how each organisation voted, after an open vote.
func rollCall(ctx context.Context, q db.Q, m Motion) ([]votedSeat, error) {
	seats, err := rollOf(ctx, q, m.Entry)
	if err != nil {
		return nil, err
	}
	ballots, err := ballotsOf(ctx, q, m.Entry)
	if err != nil {
		return nil, err
	}
	last := map[string]ballot.Ballot{}
	for _, b := range ballots {
		if was, ok := last[b.Voter]; !ok || b.Turn > was.Turn {
			last[b.Voter] = b
		}
	}
	list := make([]votedSeat, len(seats))
	for i, s := range seats {
		b := last[s.Organisation]
		list[i] = votedSeat{Seat: s, Choice: b.Choice, Paper: b.Channel == ballot.Paper}
	}
	return list, nil
}

// rollPage is how many organisations of a roll call stand on one page.
const rollPage = 100

// votes tells how each organisation voted, after an open vote of many.
func (p *Plenary) votes(c *web.Ctx) error {
	v, err := p.motionView(c)
	if err != nil {
		return err
	}
	if v.OnRoll == 0 {
		return fault.Missing()
	}
	all, err := rollCall(c.Context(), c.DB, v.Row.Motion)
	if err != nil {
		return err
	}
	v.Last = (len(all) + rollPage - 1) / rollPage
	v.Page, _ = strconv.Atoi(c.Query("page")) // whatever else it says is the first page
	v.Page = min(max(v.Page, 1), v.Last)
	v.Roll = all[(v.Page-1)*rollPage : min(v.Page*rollPage, len(all))]
	return c.Page(rollCallPage(c.View, v))
}

func (p *Plenary) motion(c *web.Ctx) error {
	v, err := p.motionView(c)
	if err != nil {
		return err
	}
	return c.Page(motionPage(c.View, v))
}

// ballotPaper is what one reads before voting: the words and the rule.
func (p *Plenary) ballotPaper(c *web.Ctx) (v motionView, err error) {
	if v, err = p.glance(c); err == nil {
		err = v.explain(c, v.Row.Motion)
	}
	return v, err
}

func (p *Plenary) voteForm(c *web.Ctx) error {
	v, err := p.ballotPaper(c)
	if err != nil {
		return err
	}
	if !v.MayVote {
		return c.See("/motions/" + v.Row.Entry.ID)
	}
	return c.Page(votePage(c.View, v, "", false))
}

// vote takes the choice, shows it once more, then casts it.
func (p *Plenary) vote(c *web.Ctx) error {
	v, err := p.ballotPaper(c)
	if err != nil {
		return err
	}
	choice := c.Form("choice")
	v.Key = c.Form(design.KeyField)
	if c.Form("again") != "" {
		return c.Page(votePage(c.View, v, choice, false))
	}
	if c.Form("sure") == "" {
		if !slices.Contains(Choices, choice) {
			return c.Retry(fault.Invalid("choice", "plenary.vote.choice", "Choose one of the answers."), func(view design.View) templ.Component { return votePage(view, v, choice, false) })
		}
		return c.Page(votePage(c.View, v, choice, true))
	}
	err = c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		to := "/motions/" + v.Row.Entry.ID + "/voted"
		receipt, err := p.Cast(ctx, tx, c.Actor, v.Row.Entry.ID, choice)
		if receipt != "" {
			to += "?receipt=" + receipt
		}
		return to, err
	})
	if err != nil {
		return c.Retry(err, func(view design.View) templ.Component { return votePage(view, v, choice, false) })
	}
	return nil
}

func (p *Plenary) voted(c *web.Ctx) error {
	v, err := p.glance(c)
	if err != nil {
		return err
	}
	c.Private()
	receipt := c.Query("receipt")
	if strings.Trim(receipt, "0123456789abcdefghjkmnpqrstvwxyz") != "" || len(receipt) > 20 {
		receipt = ""
	}
	return c.Page(votedPage(c.View, v, receipt))
}

// chairView is the chair's screen.
type chairView struct {
	motionView
	Seats   []Seat
	Batches []ballot.Batch
	Minutes string
	Papers  map[string]string // what was typed, by field
}

func (p *Plenary) chairView(c *web.Ctx) (v chairView, err error) {
	if v.motionView, err = p.motionView(c); err != nil {
		return v, err
	}
	if !v.MayChair {
		return v, access.Denied()
	}
	v.Papers = map[string]string{}
	m := v.Row.Motion
	if v.Seats, err = p.seats(c.Context(), m); err != nil || m.State == Coming {
		return v, err
	}
	v.Batches, err = batchesOf(c.Context(), c.DB, m.Entry)
	return v, err
}

// seats is the roll: frozen, or as it would be if the vote opened now.
func (p *Plenary) seats(ctx context.Context, m Motion) ([]Seat, error) {
	if m.State != Coming {
		return rollOf(ctx, p.DB, m.Entry)
	}
	settings, err := alliance.Load(ctx, p.DB)
	if err != nil {
		return nil, err
	}
	return p.roll(ctx, p.DB, settings, m.Assembly)
}

// voted says how many of the roll have voted.
func (v chairView) voted(view design.View) string {
	n := 0
	for _, s := range v.Seats {
		if s.Votes > 0 {
			n++
		}
	}
	return view.N("plenary.close.voted", n, "{n} of {all} organisations has voted.", "{n} of {all} organisations have voted.", "all", len(v.Seats))
}

func (p *Plenary) chair(c *web.Ctx) error {
	v, err := p.chairView(c)
	if err != nil {
		return err
	}
	return c.Page(chairPage(c.View, v))
}

func (p *Plenary) open(c *web.Ctx) error {
	v, err := p.chairView(c)
	if err != nil {
		return err
	}
	v.Minutes, v.Key = c.Form("minutes"), c.Form(design.KeyField)
	minutes, bad := 0, false
	if v.Minutes != "" {
		if minutes, err = strconv.Atoi(v.Minutes); err != nil || minutes < 1 {
			bad = true
		}
	}
	if bad {
		err = fault.Invalid("minutes", "plenary.minutes", "Choose between 1 minute and 30 days, or leave it empty.")
	} else {
		err = c.Write(c.View.T("plenary.opened", "The vote is open."), func(ctx context.Context, tx *db.Tx) (string, error) {
			return "/motions/" + v.Row.Entry.ID + "/chair", p.Begin(ctx, tx, c.Actor, v.Row.Entry.ID, minutes)
		})
	}
	if err != nil {
		return c.Retry(err, func(view design.View) templ.Component { return chairPage(view, v) })
	}
	return nil
}

func (p *Plenary) withdraw(c *web.Ctx) error {
	v, err := p.motionView(c)
	if err != nil {
		return err
	}
	v.Form, v.Why, v.Key = "withdraw", c.Form("reason"), c.Form(design.KeyField)
	if l := c.Form("reason-lang"); l != "" {
		v.Lang = l
	}
	err = c.Write(c.View.T("plenary.withdrawn.flash", "The motion is withdrawn."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/motions/" + v.Row.Entry.ID, p.Withdraw(ctx, tx, c.Actor, v.Row.Entry.ID, v.Lang, v.Why)
	})
	if err != nil {
		return c.Retry(err, func(view design.View) templ.Component { return motionPage(view, v) })
	}
	return nil
}

// closeForm asks once more: a vote that is closed stays closed.
func (p *Plenary) closeForm(c *web.Ctx) error {
	v, err := p.chairView(c)
	if err != nil {
		return err
	}
	if v.Row.Motion.State != Open {
		return c.See("/motions/" + v.Row.Entry.ID + "/chair")
	}
	return c.Page(closePage(c.View, v))
}

func (p *Plenary) close(c *web.Ctx) error {
	return c.Write(c.View.T("plenary.closed.flash", "The vote is closed and counted."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/motions/" + c.Path("id"), p.Close(ctx, tx, c.Actor, c.Path("id"))
	})
}

func (p *Plenary) presence(c *web.Ctx) error {
	motion, shown, here := c.Path("id"), c.Form("shown"), c.Forms("present")
	return c.Write(c.View.T("plenary.presence.kept", "Who is present is kept."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/motions/" + motion + "/chair", p.Attend(ctx, tx, c.Actor, motion, shown, here)
	})
}

func (p *Plenary) papers(c *web.Ctx) error {
	v, err := p.chairView(c)
	if err != nil {
		return err
	}
	v.Form, v.Key = "papers", c.Form(design.KeyField)
	for name := range c.R.PostForm {
		v.Papers[name] = c.Form(name)
	}
	papers, err := v.readPapers(c)
	if err == nil {
		err = c.Write(c.View.T("plenary.papers.kept", "The papers are entered."), func(ctx context.Context, tx *db.Tx) (string, error) {
			return "/motions/" + v.Row.Entry.ID + "/chair", p.Enter(ctx, tx, c.Actor, v.Row.Entry.ID, papers)
		})
	}
	if err != nil {
		return c.Retry(err, func(view design.View) templ.Component { return chairPage(view, v) })
	}
	return nil
}

func (v chairView) readPapers(c *web.Ctx) (papers Papers, err error) {
	var list fault.List
	number := func(name string) int {
		s := c.Form(name)
		if s == "" {
			return 0
		}
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 || n > 10000 {
			list.Add(fault.Invalid(name, "plenary.papers.number", "Write a number."))
			return 0
		}
		return n
	}
	papers = Papers{HandedOut: number("handed_out"), Spoilt: number("spoilt"), Votes: map[string]string{}, Counts: map[string]map[string]int{}, Signed: c.Forms("signed")}
	if v.Row.Motion.Secret {
		for college := range v.Colleges {
			for _, choice := range Choices {
				if n := number(college + "." + choice); n > 0 {
					if papers.Counts[college] == nil {
						papers.Counts[college] = map[string]int{}
					}
					papers.Counts[college][choice] = n
				}
			}
		}
		return papers, list.Err()
	}
	for _, s := range v.Seats {
		if choice := c.Form("paper." + s.Organisation); slices.Contains(Choices, choice) {
			papers.Votes[s.Organisation] = choice
		}
	}
	if papers.HandedOut == 0 { // of an open vote each paper has a name
		papers.HandedOut = len(papers.Votes) + papers.Spoilt
	}
	return papers, list.Err()
}

// screen is what the projector shows; its middle is asked again and again.
func (p *Plenary) screen(c *web.Ctx) error {
	v, err := p.standing(c)
	if err == nil && v.Row.Motion.State == Withdrawn {
		err = p.around(c, &v) // why
	}
	if err != nil {
		return err
	}
	if c.Query("part") != "" {
		return c.Page(screenPart(c.View, v))
	}
	return c.Page(screenPage(c.View, v))
}

// export gives the file that was counted: what `alliance count` reads.
func (p *Plenary) export(c *web.Ctx) error {
	e, err := entry.See(c.Context(), c.DB, c.Actor, "motion", c.Path("id"))
	if err != nil {
		return err
	}
	m, err := motionByID(c.Context(), c.DB, e.ID)
	if err != nil {
		return err
	}
	if m.State != Decided || !mayExport(c.Actor, m) {
		return fault.Missing() // sealed until the close, for everybody
	}
	file, err := fileOf(c.Context(), c.DB, e.ID)
	if err != nil {
		return err
	}
	return c.Download("ballots-"+strconv.Itoa(m.Number)+".json", "application/json", []byte(file))
}

// mayExport: the file of an open vote is public; that of a secret one shows
// small groups as they are, so only who chairs may recount it.
func mayExport(a people.Actor, m Motion) bool { return !m.Secret || MayChair(a, m.Assembly) }

func (p *Plenary) result(c *web.Ctx) error {
	v, err := p.motionView(c)
	if err != nil {
		return err
	}
	if v.Row.Result == nil {
		return fault.Missing()
	}
	b, err := v.Row.Result.Bytes()
	if err != nil {
		return err
	}
	return c.Download("result-"+strconv.Itoa(v.Row.Motion.Number)+".json", "application/json", b)
}

func (p *Plenary) amend(c *web.Ctx) error {
	v, err := p.motionView(c)
	if err != nil {
		return err
	}
	v.Form, v.Field, v.Words, v.Why, v.Key = "amend", c.Form("field"), c.Form("words"), c.Form("why"), c.Form(design.KeyField)
	err = c.Write(c.View.T("plenary.amended", "Your amendment is published."), func(ctx context.Context, tx *db.Tx) (string, error) {
		_, err := p.Amend(ctx, tx, c.Actor, v.Row.Entry.ID, v.Field, v.Words, v.Why)
		return "/motions/" + v.Row.Entry.ID, err
	})
	if err != nil {
		return c.Retry(err, func(view design.View) templ.Component { return motionPage(view, v) })
	}
	return nil
}

func (p *Plenary) settle(c *web.Ctx) error {
	return c.Write(c.View.T("plenary.settled", "The amendment is settled."), func(ctx context.Context, tx *db.Tx) (string, error) {
		motion, err := p.Settle(ctx, tx, c.Actor, c.Path("id"), c.Form("answer") == "accept")
		return "/motions/" + motion, err
	})
}

func (p *Plenary) toMotion(c *web.Ctx) error {
	e, err := entry.See(c.Context(), c.DB, c.Actor, "", c.Path("id"))
	if err != nil {
		return err
	}
	if e.Kind != "amendment" && e.Kind != "reservation" {
		return fault.Missing()
	}
	return c.See("/motions/" + e.Parent + "#" + e.ID)
}

func (p *Plenary) reserve(c *web.Ctx) error {
	v, err := p.motionView(c)
	if err != nil {
		return err
	}
	v.Form, v.Words, v.Key = "reserve", c.Form("words"), c.Form(design.KeyField)
	if l := c.Form("words-lang"); l != "" {
		v.Lang = l
	}
	err = c.Write(c.View.T("plenary.reserved", "Your reservation travels with the decision."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/motions/" + v.Row.Entry.ID, p.Reserve(ctx, tx, c.Actor, v.Row.Entry.ID, v.Lang, v.Words)
	})
	if err != nil {
		return c.Retry(err, func(view design.View) templ.Component { return motionPage(view, v) })
	}
	return nil
}

func (p *Plenary) board(ctx context.Context, q db.Q, a people.Actor, of entry.Entry) ([]feature.Tab, error) {
	if of.Kind != "assembly" {
		return nil, nil
	}
	motions, err := motionsOf(ctx, q, of.ID)
	if err != nil || len(motions) == 0 && !MayChair(a, of.ID) {
		return nil, err
	}
	return []feature.Tab{{Label: locale.Phrase{Key: "plenary.tab", English: "Plenary"}, Path: "/assemblies/" + of.ID + "/plenary", Count: len(motions), Order: 50}}, nil
}

// toDo lists the open votes: for those who may vote, and for who chairs.
func (p *Plenary) toDo(ctx context.Context, q db.Q, a people.Actor) (tasks []feature.Task, err error) {
	add := func(kind locale.Phrase, m Motion, page string) error {
		e, err := entry.Get(ctx, q, m.Entry)
		if err != nil || !e.Visible(a) {
			return err
		}
		zone, err := p.asks.ZoneOf(ctx, q, m.Assembly)
		title := e.Title().In(a.Lang)
		tasks = append(tasks, feature.Task{Kind: kind, Title: title.S, Lang: title.Lang, Path: "/motions/" + m.Entry + page, Until: m.Closes, Zone: zone})
		return err
	}
	if a.May(people.Vote) {
		open, err := openFor(ctx, q, a.For(), a.At)
		if err != nil {
			return nil, err
		}
		for _, m := range open {
			if err := add(locale.Phrase{Key: "plenary.task", English: "To vote"}, m, "/vote"); err != nil {
				return nil, err
			}
		}
	}
	for _, g := range a.Grants {
		if g.Role != people.Chair || g.Scope == "" {
			continue
		}
		motions, err := motionsOf(ctx, q, g.Scope)
		if err != nil {
			return nil, err
		}
		for _, m := range motions {
			if m.State != Open {
				continue
			}
			if err := add(locale.Phrase{Key: "plenary.task.chair", English: "You chair this vote"}, m, "/chair"); err != nil {
				return nil, err
			}
		}
	}
	return tasks, nil
}
