package follow

import (
	"cmp"
	"strings"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/locale"
)

// deeds are what lines of the journal say, by the verb or by its second word.
var deeds = map[string]locale.Phrase{
	"document.added":        {Key: "follow.deed.document", English: "A document or a picture was added"},
	"added":                 {Key: "follow.deed.added", English: "New"},
	"changed":               {Key: "follow.deed.changed", English: "Changed"},
	"translated":            {Key: "follow.deed.translated", English: "Translated"},
	"published":             {Key: "follow.deed.published", English: "Published"},
	"proposed":              {Key: "follow.deed.proposed", English: "Proposed"},
	"draft":                 {Key: "follow.deed.draft", English: "Back to draft"},
	"withdrawn":             {Key: "follow.deed.withdrawn", English: "Withdrawn"},
	"merged":                {Key: "follow.deed.joined", English: "Merged with a second record of it"},
	"parted":                {Key: "follow.deed.parted", English: "Two records again"},
	"confirmed":             {Key: "follow.deed.confirmed", English: "Confirmed"},
	"declined":              {Key: "follow.deed.declined", English: "Declined"},
	"assembly.phase":        {Key: "follow.deed.phase", English: "A new phase"},
	"assembly.programme":    {Key: "follow.deed.programme", English: "The programme changed"},
	"assembly.registered":   {Key: "follow.deed.registered", English: "An organisation takes part"},
	"workshop.sequence":     {Key: "follow.deed.sequence", English: "The next part of the workshop"},
	"discussion.said":       {Key: "follow.deed.said", English: "Said in the discussion"},
	"discussion.closed":     {Key: "follow.deed.closed", English: "A thread of the discussion was closed"},
	"discussion.opened":     {Key: "follow.deed.opened", English: "A thread of the discussion was opened again"},
	"discussion.summarised": {Key: "follow.deed.summarised", English: "The discussion was summed up"},
	"lineage.merged":        {Key: "follow.deed.merged", English: "Merged"},
	"lineage.split":         {Key: "follow.deed.split", English: "Split"},
	"lineage.reworded":      {Key: "follow.deed.reworded", English: "Reworded"},
	"lineage.set_aside":     {Key: "follow.deed.set_aside", English: "Set aside, with a reason"},
	"lineage.put_to_vote":   {Key: "follow.deed.put_to_vote", English: "Put to the vote"},
	"lineage.adopted":       {Key: "follow.deed.adopted", English: "Adopted"},
	"lineage.rejected":      {Key: "follow.deed.rejected", English: "Rejected"},
	"lineage.carried_by":    {Key: "follow.deed.carried_by", English: "Carried by an action"},
	"lineage.evidenced":     {Key: "follow.deed.evidenced", English: "Shown by evidence"},
	"lineage.repeats":       {Key: "follow.deed.repeats", English: "Repeated elsewhere"},
	"lineage.dropped":       {Key: "follow.deed.dropped", English: "Dropped, with a reason"},
}

// otherwise is said of what has no words of its own.
var otherwise = locale.Phrase{Key: "follow.deed.other", English: "There is news"}

func deedOf(verb string) locale.Phrase {
	if p, ok := deeds[verb]; ok {
		return p
	}
	_, what, _ := strings.Cut(verb, ".")
	if p, ok := deeds[what]; ok && !strings.HasPrefix(verb, "lineage.") {
		return p
	}
	return otherwise
}

// quiet are lines that are no news to anybody: bookkeeping, and what must not
// be watched as it happens, such as single votes.
var quiet = map[string]bool{
	"document.removed": true, "motion.voted": true, "motion.presence": true, "motion.papers": true, "note.moved": true, "workshop.code": true,
	"assembly.unregistered": true, "organisation.factor": true,
	"discussion.edited": true, "discussion.translated": true, "discussion.withdrawn": true, "discussion.hidden": true, "discussion.shown": true,
}

// isQuiet tells that a line is no news; nor is it that something points at what
// was kept, where two records became one.
func isQuiet(verb string) bool {
	return quiet[verb] || strings.HasSuffix(verb, ".led") || strings.HasSuffix(verb, ".given-up")
}

// paces in words.
var paces = map[Pace]locale.Phrase{
	Now:    {Key: "follow.pace.now", English: "At once"},
	Daily:  {Key: "follow.pace.daily", English: "Once a day"},
	Weekly: {Key: "follow.pace.weekly", English: "Once a week, on Monday"},
	Never:  {Key: "follow.pace.never", English: "No e-mail"},
}

// inWords tells a search: "“housing” · Actions · France · within 30 km of Metz".
func (f *Feature) inWords(p *locale.Printer, about alliance.Alliance, s Search) string {
	var parts []string
	if s.Words != "" {
		parts = append(parts, p.T("follow.search.words", "“{words}”", "words", s.Words))
	}
	for _, k := range s.Kinds {
		if kind, ok := f.Kinds[k]; ok {
			parts = append(parts, p.Say(kind.Many))
		}
	}
	for _, t := range s.Themes {
		if topic, ok := about.Theme(t); ok {
			parts = append(parts, topic.Name.In(p.Lang()).S)
		}
	}
	for _, r := range s.Rights {
		if o, ok := f.Asked(byRight).Option(r); ok {
			parts = append(parts, p.Say(o.Label))
		}
	}
	for _, x := range s.Axes {
		if topic, ok := about.Axis(x); ok {
			parts = append(parts, topic.Name.In(p.Lang()).S)
		}
	}
	for _, c := range s.Countries {
		parts = append(parts, p.Country(c))
	}
	for _, tag := range s.Languages {
		parts = append(parts, p.T("follow.search.in", "written in {language}", "language", p.Language(tag)))
	}
	if s.Near.Within != 0 {
		parts = append(parts, p.T("follow.search.near", "within {n} km of {town}", "n", s.Near.Within, "town", cmp.Or(s.Near.Name, s.Near.point())))
	}
	return strings.Join(parts, " · ")
}
