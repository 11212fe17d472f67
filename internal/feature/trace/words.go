package trace

import (
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/locale"
)

// what each derivation did, told from its parents: "merged", "set aside" …
var deeds = map[lineage.Kind]locale.Phrase{
	lineage.Answers:    {Key: "trace.deed.answers", English: "Answers this stake"},
	lineage.Raised:     {Key: "trace.deed.raised", English: "Raised"},
	lineage.BroughtUp:  {Key: "trace.deed.brought_up", English: "Brought up from a local assembly"},
	lineage.Merged:     {Key: "trace.deed.merged", English: "Merged"},
	lineage.Split:      {Key: "trace.deed.split", English: "Split"},
	lineage.Reworded:   {Key: "trace.deed.reworded", English: "Reworded"},
	lineage.SetAside:   {Key: "trace.deed.set_aside", English: "Set aside"},
	lineage.PutToVote:  {Key: "trace.deed.put_to_vote", English: "Put to the vote"},
	lineage.Amended:    {Key: "trace.deed.amended", English: "Amended"},
	lineage.Adopted:    {Key: "trace.deed.adopted", English: "Adopted"},
	lineage.Rejected:   {Key: "trace.deed.rejected", English: "Rejected"},
	lineage.CarriedBy:  {Key: "trace.deed.carried_by", English: "Carried by an action"},
	lineage.Evidenced:  {Key: "trace.deed.evidenced", English: "Shown by evidence"},
	lineage.Repeats:    {Key: "trace.deed.repeats", English: "Repeated"},
	lineage.Dropped:    {Key: "trace.deed.dropped", English: "Dropped"},
	lineage.NotCarried: {Key: "trace.deed.not_carried", English: "Not carried on"},
}

// roles in which it was done.
var roles = map[string]locale.Phrase{
	"committee":   {Key: "trace.role.committee", English: "the committee"},
	"rapporteur":  {Key: "trace.role.rapporteur", English: "the rapporteur"},
	"facilitator": {Key: "trace.role.facilitator", English: "the facilitator"},
	"coordinator": {Key: "trace.role.coordinator", English: "the coordination"},
	"chair":       {Key: "trace.role.chair", English: "the chair"},
	"plenary":     {Key: "trace.role.plenary", English: "the plenary"},
	"delegate":    {Key: "trace.role.delegate", English: "a delegate"},
	"editors":     {Key: "trace.role.editors", English: "the editors, reading the report"},
}

// states of an entry.
var states = map[string]locale.Phrase{
	"draft":     {Key: "trace.state.draft", English: "Draft"},
	"proposed":  {Key: "trace.state.proposed", English: "Waiting for approval"},
	"published": {Key: "trace.state.published", English: "Published"},
	"withdrawn": {Key: "trace.state.withdrawn", English: "Withdrawn"},
}

// verbs of the journal that are told in words, by the whole or by its second
// word; others are shown by kind.
var verbs = map[string]locale.Phrase{
	"added":      {Key: "trace.verb.added", English: "added"},
	"changed":    {Key: "trace.verb.changed", English: "changed"},
	"checked":    {Key: "trace.verb.checked", English: "checked"},
	"translated": {Key: "trace.verb.translated", English: "translated"},
	"draft":      {Key: "trace.verb.draft", English: "took back to draft"},
	"proposed":   {Key: "trace.verb.proposed", English: "proposed"},
	"published":  {Key: "trace.verb.published", English: "published"},
	"withdrawn":  {Key: "trace.verb.withdrawn", English: "withdrew"},
	"forgotten":  {Key: "trace.verb.forgotten", English: "erased for good"},
	"merged":     {Key: "trace.verb.merged", English: "merged a second record into"},
	"given-up":   {Key: "trace.verb.given-up", English: "gave a second record up"},
	"parted":     {Key: "trace.verb.parted", English: "took a merge back"},
	"led":        {Key: "trace.verb.led", English: "led to the record that was kept"},
}
