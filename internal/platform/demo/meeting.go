package demo

import (
	"sync"

	"alliance/internal/platform/lang"
)

// Launch gives the meeting of 3 and 4 October 2019. It shows what the report
// records, in our words; days and clocks that the report does not give stay "".
func Launch() Meeting { return launch() }

// Second gives the invented meeting in progress: every organisation, person
// and word in it is made up.
func Second() Meeting { return second() }

// Meetings are read once: nobody changes what they get.
var (
	launch = sync.OnceValue(func() Meeting {
		m := readMeeting(openBook("launch"))
		for _, o := range Organisations() {
			m.Participants = append(m.Participants, o.Slug)
		}
		return m
	})
	second = sync.OnceValue(func() Meeting {
		m := readMeeting(openBook("second"))
		m.Axes = Launch().Axes
		return m
	})
)

func readMeeting(b *book) Meeting {
	var m Meeting
	mustRead(b.folder+"/meeting.json", &m)
	m.word(b)
	return m
}

// word fills in the texts by key.
func (m *Meeting) word(b *book) {
	m.Title, m.Lead = b.must(m.Slug+".title"), b.must(m.Slug+".lead")
	for i := range m.Phases {
		p := &m.Phases[i]
		p.Title, p.Plain = b.must("phase."+p.Key+".title"), b.must("phase."+p.Key+".plain")
	}
	for i := range m.Programme {
		m.Programme[i].Order = i + 1
		m.Programme[i].Title = b.must(m.Programme[i].ID + ".title")
	}
	for i := range m.Axes {
		a := &m.Axes[i]
		a.Title, a.Lead = b.must(a.ID+".title"), b.must(a.ID+".lead")
	}
	for i := range m.Workshops {
		m.Workshops[i].word(b, m.Axes)
	}
	for i := range m.Synthesis {
		m.Synthesis[i].word(b)
	}
	for i := range m.Motions {
		v := &m.Motions[i]
		v.Title, v.Plain = b.must(v.ID+".title"), b.must(v.ID+".plain")
		wordReplies(b, v.ID+".reservation", v.Reservations)
	}
	for i := range m.Adopted {
		r := &m.Adopted[i]
		r.Title, r.Plain = b.must(r.ID+".title"), b.must(r.ID+".plain")
	}
	for i := range m.NotCarried {
		n := &m.NotCarried[i]
		n.Why, n.Question = b.must(n.Proposal+".why"), b.must(n.Proposal+".asked")
	}
	for i := range m.Actions {
		m.Actions[i].word(b)
	}
	for i := range m.Days {
		d := &m.Days[i]
		d.Title, d.Plain = b.must("day."+d.Date+".title"), b.must("day."+d.Date+".plain")
	}
	for i, t := range b.list("timeline") {
		m.Timeline[i].Text = t
	}
	for i := range m.Local {
		m.Local[i].word(b)
	}
}

func (w *Workshop) word(b *book, axes []Axis) {
	w.Title, w.Lead = b.maybe(w.ID+".title"), b.maybe(w.ID+".lead")
	for _, a := range axes { // in 2019 a workshop bears the name of its axis
		if a.ID == w.Axis && w.Title.Empty() {
			w.Title, w.Lead = a.Title, a.Lead
		}
	}
	for i := range w.Sequences {
		s := &w.Sequences[i]
		s.Title = b.must([]string{"sequence.1", "sequence.2"}[s.Number-1])
	}
	for i := range w.Stakes {
		w.Stakes[i].Text = b.must(w.Stakes[i].ID)
		w.Stakes[i].Cautions = b.list(w.Stakes[i].ID + ".caution")
	}
	for i := range w.Notes {
		w.Notes[i].Text = b.must(w.Notes[i].ID)
	}
	for i := range w.Proposals {
		w.Proposals[i].word(b)
	}
}

func (p *Proposal) word(b *book) {
	p.Title, p.Plain = b.must(p.ID+".title"), b.must(p.ID+".plain")
	p.Means, p.Carriers, p.Earlier = b.maybe(p.ID+".means"), b.maybe(p.ID+".carriers"), b.maybe(p.ID+".earlier")
	p.Cautions, p.Questions = b.list(p.ID+".caution"), b.list(p.ID+".question")
}

func (a *Act) word(b *book) {
	a.Reason = b.maybe(a.ID + ".reason")
	if a.Reason.Empty() && a.Reading {
		a.Reason = b.must("reading")
	}
	for i := range a.Taken {
		t := &a.Taken[i]
		t.Taken, t.LeftOut = b.must(a.ID+"."+t.From+".taken"), b.maybe(a.ID+"."+t.From+".left")
	}
	if a.Result != nil {
		a.Result.word(b)
	}
	wordReplies(b, a.ID+".reply", a.Replies)
}

func (x *Action) word(b *book) {
	x.Title, x.Plain, x.Reason = b.must(x.ID+".title"), b.must(x.ID+".plain"), b.maybe(x.ID+".reason")
	for i, t := range b.list(x.ID + ".update") {
		x.Updates[i].Text = t
	}
	for i, t := range b.list(x.ID + ".evidence") {
		x.Evidence[i].Text = t
	}
}

func wordReplies(b *book, key string, replies []Reply) {
	texts := b.list(key)
	for i := range replies {
		replies[i].Text = texts[i]
	}
}

// Themes are the fields of competence of the demonstration.
func Themes() []Theme {
	b := openBook("common")
	var all []Theme
	for _, key := range []string{"housing", "health", "language", "work", "education", "legal", "food", "participation", "culture", "borders", "rescue", "data", "funding", "documents"} {
		all = append(all, Theme{ID: key, Name: b.must("theme." + key)})
	}
	return all
}

// Colleges are the three bodies that decide, each with the same rule: half of
// its roll must vote, and more than half of those for or against must be for.
func Colleges() []College {
	b := openBook("common")
	college := func(key string, kinds ...string) College {
		return College{ID: key, Name: b.must("college." + key), Plain: b.must("college." + key + ".plain"), Kinds: kinds, Quorum: 50, Threshold: 50}
	}
	return []College{
		college("authorities", "local_authority"),
		college("civil_society", "civil_society"),
		college("migrant_led", "migrant_led"),
	}
}

// Notice is the sentence that says what in the demonstration is real.
func Notice() lang.Text { return notice() }

var notice = sync.OnceValue(func() lang.Text { return openBook("common").must("notice") })
