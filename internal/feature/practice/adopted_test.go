package practice_test

import (
	"net/url"
	"testing"

	"alliance/internal/feature/practice"
	"alliance/internal/housetest"
	"alliance/internal/platform/demo"
)

// The questions are versioned, and adopted by a decision: the page of a practice
// and that of the questions lead to it, and so does the lineage.
func TestWhichDecisionAdoptedTheQuestions(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		as := func(id string) *housetest.Client { return h.As(demo.PersonID(id), demo.MandateID(id)) }
		v, coordination := h.Visitor(), as("ferrandiz")
		card, form := "/en/practices/"+practice.DemoID("card"), practice.DemoID("form")
		v.Get(card).Status(200).Has("main", "It answers version 1 of the questions.").Has("main", "Working visits from city to city")
		v.Get("/en/practices/questions").Status(200).Has("main", "Adopted (").Has("main", "Working visits from city to city").Lacks("main", "Note the decision")
		v.Get("/ar/practices/questions").Status(200).Has("main", "اعتُمدت (")
		v.Get("/en/lineage/"+form).Status(200).Has("main", "Working visits from city to city")
		v.Get(card).Follow("It answers version 1 of the questions.").Has("h1", "What we ask")

		as("marchetti").Get("/en/specifications/new").Status(403)
		as("marchetti").Get("/en/specifications/" + form + "/edit").Status(403)
		again := func(version, decision string) *housetest.Page {
			return coordination.Get("/en/specifications/new?version=1").Status(200).Submit("Publish", nil, url.Values{"version": {version}, "decision": {decision}})
		}
		helpline := demo.EntryID(demo.Second().Slug, "G1")
		again("1", "/en/agenda/"+helpline).Status(422).Has(".err", "noted already")
		again("2", "/en/agenda/"+helpline).Status(422).Has(".err", "versions up to 1")
		again("", "/en/practices/"+practice.DemoID("card")).Status(422).Has(".err", "We find nothing called")

		coordination.Get("/en/specifications/"+form+"/edit").Status(200).Submit("Save", nil, url.Values{"decision": {"/en/agenda/" + helpline}}).Status(200)
		v.Get(card).Has("main", "A helpline in ten languages").Lacks("main", "Working visits from city to city")
		v.Get("/en/lineage/"+form).Has("main", "A helpline in ten languages")
		coordination.Get("/en/specifications/"+form+"/withdraw").Submit("Withdraw it now", nil).Status(200)
		v.Get("/en/practices/questions").Has("main", "No decision that adopted it is noted.")
		coordination.Get("/en/practices/questions").Has("main", "Note the decision for a version")
	}, housetest.Demonstration)
}
