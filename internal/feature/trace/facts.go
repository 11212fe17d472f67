package trace

import (
	"context"
	"slices"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// factNames are the facts of an entry that its history shows.
var factNames = map[string]locale.Phrase{
	"kind":      {Key: "trace.fact.kind", English: "Kind"},
	"place":     {Key: "trace.fact.place", English: "Place"},
	"country":   {Key: "trace.fact.country", English: "Country"},
	"website":   {Key: "trace.fact.website", English: "Website"},
	"languages": {Key: "trace.fact.languages", English: "Languages"},
	"axes":      {Key: "trace.fact.axes", English: "Lines of work"},
	"themes":    {Key: "trace.fact.themes", English: "Themes"},
	"class":     {Key: "trace.fact.class", English: "Class"},
	"step":      {Key: "trace.fact.step", English: "Step"},
	"due":       {Key: "trace.fact.due", English: "Due"},
	"carriers":  {Key: "trace.fact.carriers", English: "Carriers who said yes"},
	"link":      {Key: "trace.fact.link", English: "Link"},
	"file":      {Key: "trace.fact.file", English: "File"},
	"state":     {Key: "trace.fact.state", English: "State"},
	"ballot":    {Key: "trace.fact.ballot", English: "Ballot"},
	"level":     {Key: "trace.fact.level", English: "Level"},
	"time zone": {Key: "trace.fact.time-zone", English: "Time zone"},
	"dates":     {Key: "trace.fact.dates", English: "Dates"},
	"axis":      {Key: "record.axis", English: "Line of work"},
	"licence":   {Key: "record.licence", English: "Reuse"},
	"audience":  {Key: "record.audience", English: "Who may read it"},
	"other":     {Key: "trace.fact.other", English: "Detail"},
}

// values are codes of facts in words.
var values = map[string]locale.Phrase{
	"coming":    {Key: "trace.value.coming", English: "coming"},
	"open":      {Key: "trace.value.open", English: "open"},
	"decided":   {Key: "trace.value.decided", English: "decided"},
	"adopted":   {Key: "trace.value.adopted", English: "adopted"},
	"rejected":  {Key: "trace.value.rejected", English: "rejected"},
	"no_quorum": {Key: "trace.value.no_quorum", English: "no quorum"},
	"tie":       {Key: "trace.value.tie", English: "a tie"},
	"void":      {Key: "trace.value.void", English: "void"},
	"secret":    {Key: "trace.value.secret", English: "secret"},
	"proposed":  {Key: "trace.value.proposed", English: "proposed"},
	"accepted":  {Key: "trace.value.accepted", English: "accepted"},
	"refused":   {Key: "trace.value.refused", English: "refused"},
	"withdrawn": {Key: "trace.value.withdrawn", English: "withdrawn"},
	"local":     {Key: "trace.value.local", English: "in one place"},
	"alliance":  {Key: "trace.value.alliance", English: "in the whole alliance"},
	"action":    {Key: "trace.value.action", English: "action"},
	"principle": {Key: "trace.value.principle", English: "principle"},
	"asked":     {Key: "trace.value.asked", English: "asked"},
	"pledged":   {Key: "trace.value.pledged", English: "pledged"},
	"under_way": {Key: "trace.value.under_way", English: "in progress"},
	"done":      {Key: "trace.value.done", English: "done"},
	"verified":  {Key: "trace.value.verified", English: "verified"},
	"dropped":   {Key: "trace.value.dropped", English: "dropped"},
	"public":    {Key: "record.audience.public", English: "Everybody"},
	"members":   {Key: "record.audience.members", English: "Members of the alliance"},
	"committee": {Key: "record.audience.committee", English: "Its authors and the committee"},
}

// question is what a fact of a record answers.
func (t teller) question(e entry.Entry, name string) (record.Question, bool) {
	if s := t.house.Kinds[e.Kind].Spec; s != nil {
		return s.Question(name)
	}
	return record.Question{}, false
}

// fact names a fact of a version: by the question it answers, where there is one.
func (t teller) fact(e entry.Entry, name string) string {
	if ask, ok := t.question(e, name); ok {
		return t.v.Say(ask.Label)
	}
	if p, ok := factNames[name]; ok {
		return t.v.Say(p)
	}
	return t.v.Say(factNames["other"])
}

// value puts the code of a fact in words; what is no code stays as it is.
func (t teller) value(e entry.Entry, name, code string) string {
	if ask, ok := t.question(e, name); ok && (ask.Counted() || ask.Type == record.Entries || ask.Type == record.Day || ask.Type == record.Money || ask.Type == record.Number || ask.Type == record.Opening) {
		return t.v.And(ask.Say(t.v, strings.Split(code, ", "), t.named))
	}
	switch name {
	case "country":
		return t.v.Country(code)
	case "kind":
		return design.KindName(t.v, code)
	case "languages":
		var names []string
		for _, tag := range strings.Fields(code) {
			names = append(names, t.v.Language(tag))
		}
		return t.v.And(names)
	case "axis", "axes", "themes":
		return t.topics(strings.FieldsFunc(code, func(r rune) bool { return r == ' ' || r == ',' }))
	case "licence":
		return record.LicenceName(t.v, code)
	case "state", "ballot", "level", "step", "class", "audience":
		if p, ok := values[code]; ok {
			return t.v.Say(p)
		}
	}
	return code
}

// topics are lines of work or themes in words.
func (t teller) topics(codes []string) string {
	var names []string
	for _, x := range slices.Concat(t.alliance.Axes, t.alliance.Themes) {
		if slices.Contains(codes, x.ID) {
			names = append(names, x.Name.In(t.v.Lang()).S)
		}
	}
	return t.v.And(names)
}

// pointed gives the entries that the answers of versions name, as far as the
// actor may know of them.
func (t teller) pointed(ctx context.Context, q db.Q, a people.Actor, e entry.Entry, revisions []entry.Revision) (map[string]entry.Entry, error) {
	var ids []string
	for _, r := range revisions {
		for name, code := range r.Facts {
			if ask, ok := t.question(e, name); ok && ask.Type == record.Entries {
				ids = append(ids, strings.Split(code, ", ")...)
			}
		}
	}
	return entry.Known(ctx, q, a, ids)
}
