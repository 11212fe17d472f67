package agenda

import (
	"alliance/internal/platform/design"
	"alliance/internal/platform/locale"
)

var stepNames = map[Step]locale.Phrase{
	Asked:    {Key: "agenda.step.asked", English: "Asked for"},
	Pledged:  {Key: "agenda.step.pledged", English: "Pledged"},
	UnderWay: {Key: "agenda.step.under_way", English: "Under way"},
	Done:     {Key: "agenda.step.done", English: "Done"},
	Verified: {Key: "agenda.step.verified", English: "Verified"},
	Dropped:  {Key: "agenda.step.dropped", English: "Dropped"},
}

var healthNames = map[Health]locale.Phrase{
	Moved:   {Key: "agenda.health.moved", English: "Moved"},
	Silent:  {Key: "agenda.health.silent", English: "Silent"},
	Late:    {Key: "agenda.health.late", English: "Late"},
	Ended:   {Key: "agenda.health.done", English: "Done"},
	Stopped: {Key: "agenda.health.dropped", English: "Dropped"},
	Waiting: {Key: "agenda.health.waiting", English: "Waits for a yes"},
}

// healths in the order of the review: what asks for attention comes first.
var healths = []Health{Late, Silent, Waiting, Moved, Ended, Stopped}

var healthStyles = map[Health]string{Late: "danger", Silent: "warn", Waiting: "info", Moved: "ok", Ended: "ok", Stopped: ""}

// stepsOf shows how far an action came.
func stepsOf(v design.View, s Step) []design.Step {
	labels, now := make([]string, len(Steps)), len(Steps)
	for i, one := range Steps {
		labels[i] = v.Say(stepNames[one])
		if one == s {
			now = i
		}
	}
	if s == Dropped {
		return []design.Step{{Label: v.Say(stepNames[Dropped]), State: "now"}}
	}
	if s == Verified {
		return design.StepsTo(len(labels), labels...)
	}
	return design.StepsTo(now, labels...)
}
