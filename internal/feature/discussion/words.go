package discussion

import (
	"alliance/internal/platform/design"
	"alliance/internal/platform/locale"
)

var reasonNames = map[Reason]locale.Phrase{
	"insult":      {Key: "discussion.reason.insult", English: "Insult or threat"},
	"hatred":      {Key: "discussion.reason.hatred", English: "Hatred against a group"},
	"private":     {Key: "discussion.reason.private", English: "Private facts about somebody"},
	"danger":      {Key: "discussion.reason.danger", English: "Puts people or places in danger"},
	"advertising": {Key: "discussion.reason.advertising", English: "Advertising"},
	"off-topic":   {Key: "discussion.reason.off-topic", English: "Not about this"},
	"other":       {Key: "discussion.reason.other", English: "Something else"},
}

var actNames = map[Act]locale.Phrase{
	Hid:    {Key: "discussion.act.hidden", English: "A comment was hidden"},
	Showed: {Key: "discussion.act.shown", English: "A comment is shown again"},
	Closed: {Key: "discussion.act.closed", English: "A thread was closed"},
	Opened: {Key: "discussion.act.opened", English: "A thread was opened again"},
	Kept:   {Key: "discussion.act.kept", English: "A reported comment was left as it is"},
}

func reasonOptions(v design.View) (list []design.Option) {
	for _, r := range Reasons {
		list = append(list, design.Option{Value: string(r), Label: v.Say(reasonNames[r])})
	}
	return list
}
