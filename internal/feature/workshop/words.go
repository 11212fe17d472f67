package workshop

import (
	"slices"

	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/locale"
)

var (
	titleLabel    = locale.Phrase{Key: "workshop.field.title", English: "Title"}
	plainLabel    = locale.Phrase{Key: "workshop.field.plain", English: "In plain words"}
	bodyLabel     = locale.Phrase{Key: "workshop.field.body", English: "The proposal in full"}
	meansLabel    = locale.Phrase{Key: "workshop.field.means", English: "What it takes"}
	carriersLabel = locale.Phrase{Key: "workshop.field.carriers", English: "Who would carry it"}
	cautionLabel  = locale.Phrase{Key: "workshop.field.caution", English: "Caution"}
	questionLabel = locale.Phrase{Key: "workshop.field.question", English: "Open question"}
)

var classNames = map[string]locale.Phrase{
	"practice": {Key: "workshop.class.practice", English: "Practice"},
	"stake":    {Key: "workshop.class.stake", English: "Stake"},
	"proposal": {Key: "workshop.class.proposal", English: "Proposal"},
	"caution":  {Key: "workshop.class.caution", English: "Caution"},
	"quote":    {Key: "workshop.class.quote", English: "Quote"},
}

var classHints = map[string]locale.Phrase{
	"practice": {Key: "workshop.hint.practice", English: "Something that is done somewhere."},
	"stake":    {Key: "workshop.hint.stake", English: "What matters, what is missing, what must change."},
	"proposal": {Key: "workshop.hint.proposal", English: "What we should do."},
	"caution":  {Key: "workshop.hint.caution", English: "What could go wrong."},
	"quote":    {Key: "workshop.hint.quote", English: "Somebody’s own words."},
}

var levelNames = map[string]locale.Phrase{
	"local":    {Key: "workshop.level.local", English: "In one place"},
	"alliance": {Key: "workshop.level.alliance", English: "In the whole alliance"},
}

var stageNames = map[Stage]locale.Phrase{
	Writing:    {Key: "workshop.stage.draft", English: "Draft of the workshop"},
	Written:    {Key: "workshop.stage.written", English: "Written"},
	Synthesis:  {Key: "workshop.stage.synthesis", English: "In synthesis"},
	Voted:      {Key: "workshop.stage.vote", English: "To the vote"},
	Adopted:    {Key: "workshop.stage.adopted", English: "Adopted"},
	Rejected:   {Key: "workshop.stage.rejected", English: "Not adopted"},
	SetAside:   {Key: "workshop.stage.set_aside", English: "Set aside"},
	NotCarried: {Key: "workshop.stage.not_carried", English: "Not carried on"},
	Withdrawn:  {Key: "workshop.stage.withdrawn", English: "Withdrawn"},
}

// way is the road of a proposal that goes all the way.
var way = []Stage{Written, Synthesis, Voted, Adopted}

// steps shows how far a proposal came; a way that ended elsewhere says where.
func steps(v design.View, s Stage) (list []design.Step) {
	if s == Writing {
		list = append(list, design.Step{Label: v.Say(stageNames[Writing]), State: "now"})
	}
	now := slices.Index(way, s)
	for i, one := range way {
		step := design.Step{Label: v.Say(stageNames[one])}
		if i < now || s == Adopted {
			step.State = "done"
		} else if i == now {
			step.State = "now"
		}
		list = append(list, step)
	}
	switch s {
	case SetAside, NotCarried, Withdrawn:
		return []design.Step{{Label: v.Say(stageNames[Written]), State: "done"}, {Label: v.Say(stageNames[s]), State: "now"}}
	case Rejected:
		return []design.Step{{Label: v.Say(stageNames[Written]), State: "done"}, {Label: v.Say(stageNames[Voted]), State: "done"}, {Label: v.Say(stageNames[Rejected]), State: "now"}}
	}
	return list
}

// kindName says what a line is: the class of a note, or its kind.
func kindName(v design.View, e entry.Entry) string {
	if e.Kind == NoteKind {
		return v.Say(classNames[e.Class])
	}
	return v.Say(classNames[e.Kind])
}

// signed says by whom something is: a name, an organisation, both, or the workshop.
func signed(v design.View, e entry.Entry, organisation string) string {
	switch {
	case e.Signed != "" && organisation != "":
		return v.T("workshop.by.both", "{name}, {organisation}", "name", e.Signed, "organisation", organisation)
	case e.Signed != "":
		return e.Signed
	case organisation != "":
		return organisation
	}
	return v.T("workshop.by.workshop", "The workshop")
}

// written lists the languages offered for what people write: those of the
// pages, then others often spoken by people who migrate. Any other is typed by
// its code.
func written(v design.View, chosen string) []design.Option {
	tags := append([]string{v.Lang()}, v.Langs...)
	tags = append(tags, "fa", "ps", "ti", "am", "so", "ha", "bm", "ff", "wo", "ln", "sw", "ht", "bn", "ur", "uk", "ru", "tr", "sq", "ro", "zh", "ca", "eu", "kab", "ary")
	if chosen != "" {
		tags = append(tags, chosen)
	}
	var list []design.Option
	seen := map[string]bool{}
	for _, t := range tags {
		if !seen[t] {
			seen[t] = true
			name := locale.NativeName(t)
			if name == "" {
				name = t
			}
			list = append(list, design.Option{Value: t, Label: name, Lang: t})
		}
	}
	return list
}

func classOptions(v design.View, hints bool, classes ...string) (list []design.Option) {
	for _, c := range classes {
		o := design.Option{Value: c, Label: v.Say(classNames[c])}
		if hints {
			o.Hint = v.Say(classHints[c])
		}
		list = append(list, o)
	}
	return list
}

func levelOptions(v design.View) (list []design.Option) {
	for _, l := range Levels {
		list = append(list, design.Option{Value: l, Label: v.Say(levelNames[l])})
	}
	return list
}
