package assembly

import (
	"time"

	"alliance/internal/feature"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
)

var phaseNames = map[Phase]locale.Phrase{
	Preparation: {Key: "assembly.phase.preparation", English: "Preparation"},
	Workshops:   {Key: "assembly.phase.workshops", English: "Workshops"},
	Synthesis:   {Key: "assembly.phase.synthesis", English: "Synthesis"},
	Reply:       {Key: "assembly.phase.reply", English: "Right of reply"},
	Plenary:     {Key: "assembly.phase.plenary", English: "Plenary"},
	FollowUp:    {Key: "assembly.phase.follow_up", English: "Follow-up"},
	Closed:      {Key: "assembly.phase.closed", English: "Closed"},
}

// phaseTexts say what each phase is for.
var phaseTexts = map[Phase]locale.Phrase{
	Preparation: {Key: "assembly.about.preparation", English: "Organisations register. The programme and the workshops are made ready."},
	Workshops:   {Key: "assembly.about.workshops", English: "People meet by axis. They share practices, raise stakes and write proposals."},
	Synthesis:   {Key: "assembly.about.synthesis", English: "The committee merges and rewords proposals. Each act has a reason."},
	Reply:       {Key: "assembly.about.reply", English: "Authors read what was made of their proposals, and answer."},
	Plenary:     {Key: "assembly.about.plenary", English: "Motions are put, amended and voted, college by college."},
	FollowUp:    {Key: "assembly.about.follow_up", English: "What was adopted is carried out, together, and told."},
	Closed:      {Key: "assembly.about.closed", English: "Everything stays to be read. Nothing changes any more."},
}

// actNames say what a phase allows.
var actNames = map[Act]locale.Phrase{
	Register:   {Key: "assembly.act.register", English: "register"},
	Write:      {Key: "assembly.act.write", English: "write in open workshops"},
	BringUp:    {Key: "assembly.act.bring_up", English: "bring results up"},
	Synthesise: {Key: "assembly.act.synthesise", English: "merge and reword"},
	Answer:     {Key: "assembly.act.answer", English: "reply"},
	Put:        {Key: "assembly.act.put", English: "put motions"},
	Vote:       {Key: "assembly.act.vote", English: "vote"},
	Carry:      {Key: "assembly.act.carry", English: "carry actions"},
}

var sequenceNames = map[Sequence]locale.Phrase{
	ToCome:  {Key: "assembly.sequence.coming", English: "Not begun yet"},
	First:   {Key: "assembly.sequence.first", English: "First sequence: practices and stakes"},
	Between: {Key: "assembly.sequence.between", English: "Break between the two sequences"},
	Second:  {Key: "assembly.sequence.second", English: "Second sequence: proposals"},
	Over:    {Key: "assembly.sequence.closed", English: "Closed"},
}

var sequenceTitles = [2]locale.Phrase{
	{Key: "assembly.sequence.title.1", English: "1. Practices and stakes"},
	{Key: "assembly.sequence.title.2", English: "2. Proposals"},
}

var stepNames = map[Step]locale.Phrase{
	StepComing: {Key: "assembly.step.coming", English: "to come"},
	StepOpen:   {Key: "assembly.step.open", English: "open"},
	StepClosed: {Key: "assembly.step.closed", English: "closed"},
}

var workshopSteps = map[Step]locale.Phrase{
	StepComing: {Key: "assembly.workshop.coming", English: "To come"},
	StepOpen:   {Key: "assembly.workshop.open", English: "Open"},
	StepClosed: {Key: "assembly.workshop.closed", English: "Closed"},
}

var stepStyles = map[Step]string{StepComing: "", StepOpen: "ok", StepClosed: "info"}

var itemNames = map[string]locale.Phrase{
	"plenary":   {Key: "assembly.session.plenary", English: "Plenary"},
	"workshop":  {Key: "assembly.session.workshop", English: "Workshop"},
	"committee": {Key: "assembly.session.committee", English: "Committee"},
	"public":    {Key: "assembly.session.public", English: "Open to all"},
}

func crumbs(v design.View, above ...entry.Entry) []design.Link {
	links := []design.Link{{Href: v.Href("/assemblies"), Label: v.T("assembly.menu", "Assemblies")}}
	for _, e := range above {
		if e.ID != "" {
			t := e.Title().In(v.Lang())
			links = append(links, design.Link{Href: v.Href("/assemblies/" + e.ID), Label: t.S, Lang: t.Lang})
		}
	}
	return links
}

func card(v design.View, r row) design.Item {
	t, s := r.Entry.Title().In(v.Lang()), r.Entry.Text(entry.Summary).In(v.Lang())
	return design.Item{Href: v.Href("/assemblies/" + r.Entry.ID), Title: t.S, Lang: t.Lang, Text: s.S, TextLang: s.Lang, Tag: v.Say(phaseNames[r.Phase]),
		Meta: []string{joined(" · ", when(v, r.Entry, r.Assembly), r.Entry.Place.Name)}}
}

func when(v design.View, e entry.Entry, a Assembly) string {
	if e.Starts == 0 {
		return v.T("assembly.undated", "Dates to come")
	}
	zone := zoneOf(a.Timezone)
	starts, ends := e.Starts.Time().In(zone), e.Ends.Time().In(zone)
	if e.Ends == 0 {
		ends = starts
	}
	return v.DateRange(starts, ends)
}

// clock tells when a point of the programme is, within its day.
func clock(v design.View, i Item, zone *time.Location) string {
	t := i.Starts.Time().In(zone)
	switch {
	case i.Starts == 0 || dayOnly(t):
		return ""
	case i.Ends == 0:
		return v.Time(t)
	}
	return v.TimeRange(t, i.Ends.Time().In(zone))
}

func phaseSteps(v design.View, now Phase) []design.Step {
	labels, at := make([]string, len(Phases)), 0
	for i, p := range Phases {
		labels[i] = v.Say(phaseNames[p])
		if p == now {
			at = i
		}
	}
	return design.StepsTo(at, labels...)
}

func phaseOptions(v design.View, x phasesView) (list []design.Option) {
	for _, p := range Phases {
		if p != x.Phase {
			list = append(list, design.Option{Value: string(p), Label: v.Say(phaseNames[p]), Hint: v.Say(phaseTexts[p])})
		}
	}
	if x.Assembly.ByHand != "" {
		list = append(list, design.Option{Value: "dates", Label: v.T("assembly.phase.dates", "Follow the dates again"),
			Hint: v.T("assembly.phase.dates.now", "By the dates it would be: {phase}.", "phase", v.Say(phaseNames[x.ByDates]))})
	}
	return list
}

// allowed says in words what a phase allows.
func allowed(v design.View, p Phase) string {
	var words []string
	for _, a := range Acts {
		if p.Allows(a) {
			words = append(words, v.Say(actNames[a]))
		}
	}
	return v.T("assembly.allows", "One can: {acts}.", "acts", v.And(words))
}

func sequenceOptions(v design.View, now Sequence) (list []design.Option) {
	for _, s := range Sequences {
		if s != now {
			list = append(list, design.Option{Value: sequenceValue(s), Label: v.Say(sequenceNames[s])})
		}
	}
	return list
}

// after is the step offered first: what usually comes next.
func after(now Sequence) Sequence {
	for i, s := range Sequences {
		if s == now && i+1 < len(Sequences) {
			return Sequences[i+1]
		}
	}
	return Second // a closed workshop that opens again
}

func sequenceValue(s Sequence) string { return [...]string{"0", "1", "2", "3", "4"}[s] }

func itemOptions(v design.View) (list []design.Option) {
	for _, k := range ItemKinds {
		list = append(list, design.Option{Value: k, Label: v.Say(itemNames[k])})
	}
	return list
}

func tabs(v design.View, list []feature.Tab) (links []design.Link) {
	for _, t := range list {
		links = append(links, design.Link{Href: v.Href(t.Path), Label: v.Say(t.Label), Count: t.Count})
	}
	return links
}

func axisName(v design.View, s alliance.Alliance, axis string) lang.Rendering {
	a, _ := s.Axis(axis)
	return a.Name.In(v.Lang())
}

// kicker names the axis, or says that it is a workshop.
func kicker(v design.View, s alliance.Alliance, axis string) string {
	if n := axisName(v, s, axis).S; n != "" {
		return n
	}
	return v.T("assembly.kind.workshop", "Workshop")
}

// groupName names a college; those without one have a voice.
func groupName(v design.View, g group) string {
	if g.College == "" {
		return v.T("assembly.voice", "Voice without vote")
	}
	return g.Name.In(v.Lang()).S
}

func collegeName(v design.View, s alliance.Alliance, code string) string {
	if c, ok := s.College(code); ok {
		return c.Name.In(v.Lang()).S
	}
	return v.T("assembly.voice", "Voice without vote")
}

func languageNames(v design.View, tags []string) string {
	names := make([]string, len(tags))
	for i, t := range tags {
		names[i] = v.Language(t)
	}
	return v.And(names)
}

func countries(v design.View) []design.Option {
	list := []design.Option{{Value: "", Label: "–"}}
	for _, c := range v.Countries() {
		list = append(list, design.Option{Value: c.Code, Label: c.Name})
	}
	return list
}

func country(v design.View, code string) string {
	if code == "" {
		return "–"
	}
	return v.Country(code)
}

func parents(v design.View, list []entry.Entry) []design.Option {
	return append([]design.Option{{Value: "", Label: v.T("assembly.form.alone", "No other assembly")}}, titles(v, list)...)
}

func titles(v design.View, list []entry.Entry) (options []design.Option) {
	for _, e := range list {
		t := e.Title().In(v.Lang())
		options = append(options, design.Option{Value: e.ID, Label: t.S, Lang: t.Lang})
	}
	return options
}

func workshopOptions(v design.View, list []workshopRow) []design.Option {
	options := []design.Option{{Value: "", Label: v.T("assembly.item.workshop.none", "No workshop")}}
	for _, w := range list {
		t := w.Entry.Title().In(v.Lang())
		options = append(options, design.Option{Value: w.Entry.ID, Label: t.S, Lang: t.Lang})
	}
	return options
}

// afterOptions are the places where a point without a time may stand.
func afterOptions(v design.View, items []Item, editing string) []design.Option {
	options := []design.Option{{Value: "", Label: v.T("assembly.item.after.stay", "Where it is, or at the end")}, {Value: "first", Label: v.T("assembly.item.after.first", "Before all others")}}
	for _, i := range items {
		if i.ID != editing {
			options = append(options, design.Option{Value: i.ID, Label: v.T("assembly.item.after.item", "After: {title}", "title", i.Title.In(v.Lang()).S)})
		}
	}
	return options
}

// taskOptions are the roles one can give here, each with its place.
func taskOptions(v design.View, x teamView) (list []design.Option) {
	for _, r := range RolesOfAssembly {
		list = append(list, design.Option{Value: string(r) + ":" + x.Entry.ID, Label: design.RoleName(v, string(r))})
	}
	for _, w := range x.Workshops {
		for _, r := range RolesOfWorkshop {
			list = append(list, design.Option{Value: string(r) + ":" + w.Entry.ID,
				Label: v.T("assembly.role.in", "{role}: {workshop}", "role", design.RoleName(v, string(r)), "workshop", w.Entry.Title().In(v.Lang()).S)})
		}
	}
	return list
}

func organisationOptions(v design.View, list []people.Organisation) (options []design.Option) {
	for _, o := range list {
		options = append(options, design.Option{Value: o.ID, Label: o.Name, Hint: joined(" · ", design.KindName(v, string(o.Kind)), country(v, o.Country))})
	}
	return options
}

// attendanceFilter is the form over the list: words, college, country.
func attendanceFilter(v design.View, x attendanceView, s alliance.Alliance) design.Filters {
	colleges := design.Group{Name: "college", Label: v.T("assembly.csv.college", "College"), Values: x.Colleges}
	for _, t := range tallies(x.All, func(a Attendance) string { return collegeCode(s, a) }) {
		colleges.Options = append(colleges.Options, design.Option{Value: t.Code, Label: collegeName(v, s, t.Code), Count: t.Registered})
	}
	lands := design.Group{Name: "country", Label: v.T("assembly.csv.country", "Country"), Values: x.Countries}
	for _, t := range tallies(x.All, func(a Attendance) string { return a.Organisation.Country }) {
		if t.Code != "" {
			lands.Options = append(lands.Options, design.Option{Value: t.Code, Label: v.Country(t.Code), Count: t.Registered})
		}
	}
	return design.Filters{Path: "/assemblies/" + x.Entry.ID + "/attendance", Query: x.Words, Label: v.T("assembly.attendance.search", "Find an organisation"), Groups: []design.Group{colleges, lands}}
}

func formTitle(v design.View, x form) string {
	if x.New {
		return v.T("assembly.new", "Prepare an assembly")
	}
	return v.T("assembly.edit.title", "Edit “{title}”", "title", x.Entry.Title().In(v.Lang()).S)
}

func formPath(x form) string {
	if x.New {
		return "/assemblies/new"
	}
	return "/assemblies/" + x.Entry.ID + "/edit"
}

func workshopTitle(v design.View, x workshopForm) string {
	if x.Entry.ID == "" {
		return v.T("assembly.workshop.new", "Add a workshop")
	}
	return v.T("assembly.edit.title", "Edit “{title}”", "title", x.Entry.Title().In(v.Lang()).S)
}

func workshopPath(x workshopForm) string {
	if x.Entry.ID == "" {
		return "/workshops/new"
	}
	return "/workshops/" + x.Entry.ID + "/edit"
}
