package campaign

import (
	"slices"
	"time"

	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/record"
)

// shown is how many signatures the page of a text holds; the list has all.
const shown = 100

// stageSays says where a text stands, and how the word is coloured.
func (t textView) stageSays(v design.View) (said, style string) {
	switch t.Stage {
	case Coming:
		return v.T("campaign.stage.coming", "Signatures from: {day}", "day", record.SayDay(v, t.Opens)), "info"
	case Sent:
		return v.T("campaign.stage.sent", "Sent: {day}", "day", record.SayDay(v, t.Campaign.Sent)), ""
	case Closed:
		return v.T("campaign.stage.closed", "Signatures ended: {day}", "day", record.SayDay(v, t.Closes)), ""
	}
	if t.Closes != "" {
		return v.T("campaign.stage.open-until", "Open for signatures until: {day}", "day", record.SayDay(v, t.Closes)), "ok"
	}
	return v.T("campaign.stage.open", "Open for signatures"), "ok"
}

// bars are how many organisations of each kind sign: no sum hides who they are.
func (r Roll) bars(v design.View) (list []design.Bar) {
	for _, c := range r.Kinds() {
		list = append(list, design.Bar{Label: design.KindName(v, c.Kind), Value: c.N, Of: len(r.Standing), Kind: c.Kind})
	}
	return list
}

// vote says by which vote an organisation signed, "" when none is noted.
func (s Signature) vote(v design.View) string {
	switch {
	case s.Decided != "" && s.Number != "":
		return v.T("campaign.vote.both", "Decided: {day}, no. {number}", "day", record.SayDay(v, s.Decided), "number", s.Number)
	case s.Decided != "":
		return v.T("campaign.vote.day", "Decided: {day}", "day", record.SayDay(v, s.Decided))
	case s.Number != "":
		return v.T("campaign.vote.number", "Decision no. {number}", "number", s.Number)
	}
	return ""
}

func wayName(v design.View, value string) string {
	for _, o := range ways {
		if o.Value == value {
			return v.Say(o.Label)
		}
	}
	return ""
}

func sortByName(v design.View, list []Signature, names map[string]entry.Entry) {
	slices.SortStableFunc(list, func(a, b Signature) int {
		return v.Compare(names[a.Signer].Title().In(v.Lang()).S, names[b.Signer].Title().In(v.Lang()).S)
	})
}

// files are the forms in which those who signed a text leave; the page of the
// list has the others.
var files = []struct{ Ext, Name string }{{"csv", "CSV"}, {"xlsx", "XLSX"}, {"docx", "Word"}, {"json", "JSON"}}

func signaturesOfText(v design.View, path, text string) string {
	return v.Href(path + "?campaign=" + text)
}

// parts is a day as DateInput takes it: a year or a month alone, too.
func parts(day string) string {
	switch len(day) {
	case 4:
		return day + "--"
	case 7:
		return day + "-"
	}
	return day
}

// day is a day as pages say it; what is none is the zero time.
func day(s string) time.Time { t, _ := time.Parse(time.DateOnly, s); return t }

func ask(name string) record.Question { q, _ := signatureSpec.Question(name); return q }

func (p signView) title(v design.View) string {
	if p.Paper {
		return v.T("campaign.note", "Note a signature from paper or mail")
	}
	return v.T("campaign.sign.for", "Sign for {name}", "name", p.For)
}

func (p signView) act() string {
	if p.Paper {
		return "/note"
	}
	return "/sign"
}

func (p signView) button(v design.View) string {
	if p.Paper {
		return v.T("campaign.note.button", "Note it")
	}
	return v.T("campaign.sign.button", "Sign now")
}
