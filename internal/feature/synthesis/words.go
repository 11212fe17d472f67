package synthesis

import (
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/locale"
)

var actVerbs = map[string]locale.Phrase{
	"merge":     {Key: "synthesis.do.merge", English: "Merge"},
	"split":     {Key: "synthesis.do.split", English: "Split"},
	"reword":    {Key: "synthesis.do.reword", English: "Reword"},
	"set-aside": {Key: "synthesis.do.set-aside", English: "Set aside"},
	"explain":   {Key: "synthesis.do.explain", English: "Say why nothing came of it"},
}

var actLeads = map[string]locale.Phrase{
	"merge":     {Key: "synthesis.lead.merge", English: "Write one proposal out of several. Say what you take from each, what you leave out, and why."},
	"split":     {Key: "synthesis.lead.split", English: "Write two to four proposals out of one."},
	"reword":    {Key: "synthesis.lead.reword", English: "Write it anew. The author’s words stay beside yours."},
	"set-aside": {Key: "synthesis.lead.set-aside", English: "It does not go to the plenary. It stays visible, with your reason."},
	"explain":   {Key: "synthesis.lead.explain", English: "Authors ask what became of their words. Answer them."},
}

var kindNames = map[lineage.Kind]locale.Phrase{
	lineage.Merged:     {Key: "synthesis.kind.merged", English: "Merged"},
	lineage.Split:      {Key: "synthesis.kind.split", English: "Split"},
	lineage.Reworded:   {Key: "synthesis.kind.reworded", English: "Reworded"},
	lineage.SetAside:   {Key: "synthesis.kind.set_aside", English: "Set aside"},
	lineage.PutToVote:  {Key: "synthesis.kind.put_to_vote", English: "Put to the vote"},
	lineage.BroughtUp:  {Key: "synthesis.kind.brought_up", English: "Brought up"},
	lineage.Adopted:    {Key: "synthesis.kind.adopted", English: "Adopted"},
	lineage.NotCarried: {Key: "synthesis.kind.not_carried", English: "Not carried on, with a reason"},
}
