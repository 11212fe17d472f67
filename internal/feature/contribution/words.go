package contribution

import (
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/record"
)

var reasonPhrases = map[Reason]locale.Phrase{
	"double":      {Key: "contribution.reason.double", English: "It is here already"},
	"subject":     {Key: "contribution.reason.subject", English: "It has nothing to do with what the alliance works on"},
	"unsure":      {Key: "contribution.reason.unsure", English: "We could not verify it"},
	"private":     {Key: "contribution.reason.private", English: "It names private people or their addresses"},
	"danger":      {Key: "contribution.reason.danger", English: "It could put somebody in danger"},
	"hatred":      {Key: "contribution.reason.hatred", English: "It insults or spreads hatred"},
	"advertising": {Key: "contribution.reason.advertising", English: "It is advertising"},
	"other":       {Key: "contribution.reason.other", English: "Another reason"},
	unanswered:    {Key: "contribution.reason.unanswered", English: "It stayed without an answer for half a year"},
}

func reasonPhrase(r Reason) locale.Phrase { return reasonPhrases[r] }

func reasonOptions(v design.View) (list []design.Option) {
	list = []design.Option{{}}
	for _, r := range Reasons {
		if r != unanswered {
			list = append(list, design.Option{Value: string(r), Label: v.Say(reasonPhrases[r])})
		}
	}
	return list
}

func seatName(v design.View, s Seat) string {
	switch s {
	case Authority:
		return v.T("contribution.seat.authority", "Authority")
	case Association:
		return v.T("contribution.seat.association", "Association")
	}
	return v.T("contribution.seat.coordination", "Coordination")
}

func actName(v design.View, a Act) string {
	switch a {
	case Agree:
		return v.T("contribution.act.agreed", "Agreed")
	case Change:
		return v.T("contribution.act.changed", "Asked for a change")
	}
	return v.T("contribution.act.refused", "Refused")
}

func actOptions(v design.View) []design.Option {
	return []design.Option{
		{Value: string(Agree), Label: v.T("contribution.act.agree", "Agree"), Hint: v.T("contribution.act.agree.hint", "Once both sides agree, everybody can read it.")},
		{Value: string(Change), Label: v.T("contribution.act.change", "Ask for a change"), Hint: v.T("contribution.act.change.hint", "Its author reads your words and sends it again.")},
		{Value: string(Refuse), Label: v.T("contribution.act.refuse", "Refuse"), Hint: v.T("contribution.act.refuse.hint", "It ends here. Its author is told the reason.")},
	}
}

// stateName says where a contribution stands, for its author.
func stateName(v design.View, s State) string {
	switch s {
	case Asked:
		return v.T("contribution.state.asked", "Not confirmed yet")
	case Waiting:
		return v.T("contribution.state.waiting", "A pair looks at it")
	case Changes:
		return v.T("contribution.state.changes", "A change is asked for")
	case Published:
		return v.T("contribution.state.published", "Published")
	}
	return v.T("contribution.state.refused", "Not published")
}

// title of what was written.
func (c Contribution) title(v design.View) lang.Rendering {
	return lang.New(c.lang(), c.Typed.One("title")).In(v.Lang())
}

func (c Contribution) lang() string {
	if tag, ok := lang.Tag(c.Typed.One(record.InLang)); ok {
		return tag
	}
	return "en"
}

// where says an area in words.
func (a Area) where(v design.View) string {
	switch {
	case a.Country == "":
		return v.T("contribution.area.everywhere", "Everywhere")
	case a.Town == "":
		return v.Country(a.Country)
	}
	return v.T("contribution.area.region", "{town}, {country}: {n} km around", "town", a.Town, "country", v.Country(a.Country), "n", v.Number(a.Km))
}

func themeName(v design.View, of alliance.Alliance, code string) string {
	if t, ok := of.Theme(code); ok {
		return t.Name.In(v.Lang()).S
	}
	return v.T("contribution.theme.all", "Every theme")
}

// pairNames says who looks, both sides.
func (l lookView) pairNames(v design.View, ids []string) string {
	var names []string
	for _, one := range ids {
		if o, ok := l.Orgs[one]; ok {
			names = append(names, o.Name)
		}
	}
	return v.Or(names)
}

func themeOptions(v design.View, of alliance.Alliance) []design.Option {
	return append([]design.Option{{Label: v.T("contribution.theme.all", "Every theme")}}, design.TopicOptions(v, of.Themes)...)
}

// kicker says what is proposed: a record, or a change of one.
func (l lookView) kicker(v design.View) string {
	if l.Changes != "" {
		return v.T("contribution.look.change", "Proposed change: {kind}", "kind", v.Say(l.One))
	}
	return v.T("contribution.look.kicker", "Proposed: {kind}", "kind", v.Say(l.One))
}

// recordNames are the entries that answers name.
type recordNames = map[string]entry.Entry

func (f formView) crumbs(v design.View) []design.Link {
	if f.Secret != "" {
		return []design.Link{{Href: v.Href("/proposed/" + f.Secret), Label: v.T("contribution.mine.title", "Your proposal")}}
	}
	return []design.Link{{Href: v.Href("/propose"), Label: v.T("contribution.kinds.title", "Propose something")}}
}

// where says in which country it is: the log and the queue need no more.
func (c Contribution) where(v design.View) string {
	if c.Place.Country == "" {
		return ""
	}
	return v.Country(c.Place.Country)
}

// heading says what became of one, and of which kind it was.
func (l logView) heading(v design.View, d Decided) string {
	if d.Changes != "" {
		return v.T("contribution.log.change", "{kind}, a change: {state}", "kind", v.Say(l.Kinds[d.Kind].One), "state", stateName(v, d.State))
	}
	return v.T("contribution.log.line", "{kind}: {state}", "kind", v.Say(l.Kinds[d.Kind].One), "state", stateName(v, d.State))
}

var wrongPhrases = map[string]locale.Phrase{
	"wrong":   {Key: "contribution.wrong.wrong", English: "Something is not right"},
	"old":     {Key: "contribution.wrong.old", English: "Something changed since"},
	"closed":  {Key: "contribution.wrong.closed", English: "It does not exist any more"},
	"private": {Key: "contribution.wrong.private", English: "It names private people or their addresses"},
	"danger":  {Key: "contribution.wrong.danger", English: "It puts somebody in danger"},
	"double":  {Key: "contribution.wrong.double", English: "It is here twice"},
	"other":   {Key: "contribution.wrong.other", English: "Something else"},
}

var outcomePhrases = map[string]locale.Phrase{
	"mended":    {Key: "contribution.outcome.mended", English: "It is corrected. Thank you."},
	"kept":      {Key: "contribution.outcome.kept", English: "We looked at it, and it stays as it is."},
	"withdrawn": {Key: "contribution.outcome.withdrawn", English: "The page is withdrawn."},
}

func phraseOptions(v design.View, order []string, of map[string]locale.Phrase) (list []design.Option) {
	for _, code := range order {
		list = append(list, design.Option{Value: code, Label: v.Say(of[code])})
	}
	return list
}
