package trace

import (
	"slices"
	"strings"

	"alliance/internal/platform/access"
	"alliance/internal/platform/design"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/locale"
)

// did says in words what a line of the journal tells. What is not here is told
// by the last part of its verb ("motion.published": published).
var did = map[string]locale.Phrase{
	"alliance.changed":         {Key: "trace.did.alliance.changed", English: "changed the settings"},
	"factor":                   {Key: "trace.did.factor", English: "changed who needs a second factor"},
	"amendment.accepted":       {Key: "trace.did.amendment.accepted", English: "accepted an amendment"},
	"amendment.refused":        {Key: "trace.did.amendment.refused", English: "refused an amendment"},
	"assembly.phase":           {Key: "trace.did.assembly.phase", English: "moved to another phase"},
	"assembly.programme":       {Key: "trace.did.assembly.programme", English: "changed the programme"},
	"assembly.registered":      {Key: "trace.did.assembly.registered", English: "registered"},
	"assembly.unregistered":    {Key: "trace.did.assembly.unregistered", English: "took the registration back of"},
	"assembly.present":         {Key: "trace.did.assembly.present", English: "noted as present"},
	"assembly.absent":          {Key: "trace.did.assembly.absent", English: "noted as not there"},
	"action.confirmed":         {Key: "trace.did.action.confirmed", English: "agreed to carry"},
	"action.declined":          {Key: "trace.did.action.declined", English: "declined to carry"},
	"evidence.confirmed":       {Key: "trace.did.evidence.confirmed", English: "confirmed the evidence"},
	"claim.made":               {Key: "trace.did.claim.made", English: "claimed to act for an organisation"},
	"claim.agree":              {Key: "trace.did.claim.agree", English: "agreed that somebody acts for an organisation"},
	"claim.refuse":             {Key: "trace.did.claim.refuse", English: "refused a claim to act for an organisation"},
	"claim.object":             {Key: "trace.did.claim.object", English: "objected to a claim to act for it"},
	"claim.expired":            {Key: "trace.did.claim.expired", English: "nobody decided a claim in time"},
	"contribution.agree":       {Key: "trace.did.contribution.agree", English: "agreed to a proposal"},
	"contribution.change":      {Key: "trace.did.contribution.change", English: "asked for a change of a proposal"},
	"contribution.refuse":      {Key: "trace.did.contribution.refuse", English: "refused a proposal"},
	"contribution.published":   {Key: "trace.did.contribution.published", English: "published a proposal"},
	"document.added":           {Key: "trace.did.document.added", English: "added a document or a picture"},
	"document.removed":         {Key: "trace.did.document.removed", English: "took a document or a picture away"},
	"policy.changed":           {Key: "trace.did.policy.changed", English: "changed the rules"},
	"report.settled":           {Key: "trace.did.report.settled", English: "answered a report of an error"},
	"backup.rehearsed":         {Key: "trace.did.backup.rehearsed", English: "rehearsed restoring a backup"},
	"backup.unrestored":        {Key: "trace.did.backup.unrestored", English: "found that a backup cannot be restored"},
	"backup.damaged":           {Key: "trace.did.backup.damaged", English: "found a backup damaged"},
	"check.begun":              {Key: "trace.did.check.begun", English: "began a checking round"},
	"check.ended":              {Key: "trace.did.check.ended", English: "ended a checking round"},
	"validator.appointed":      {Key: "trace.did.validator.appointed", English: "appointed as a validator"},
	"validator.dismissed":      {Key: "trace.did.validator.dismissed", English: "ended the appointment as a validator of"},
	"discussion.translated":    {Key: "trace.did.discussion.translated", English: "translated a comment"},
	"discussion.withdrawn":     {Key: "trace.did.discussion.withdrawn", English: "took a comment back"},
	"discussion.said":          {Key: "trace.did.discussion.said", English: "said something about it"},
	"discussion.edited":        {Key: "trace.did.discussion.edited", English: "changed a comment"},
	"discussion.hidden":        {Key: "trace.did.discussion.hidden", English: "hid a comment"},
	"discussion.shown":         {Key: "trace.did.discussion.shown", English: "showed a comment again"},
	"discussion.closed":        {Key: "trace.did.discussion.closed", English: "closed a thread of the discussion"},
	"discussion.opened":        {Key: "trace.did.discussion.opened", English: "opened a thread of the discussion again"},
	"discussion.summarised":    {Key: "trace.did.discussion.summarised", English: "summed up the discussion"},
	"work.applied":             {Key: "trace.did.work.applied", English: "changed many rows of a list"},
	"work.undone":              {Key: "trace.did.work.undone", English: "took a change of many rows back"},
	"organisation.charter":     {Key: "trace.did.organisation.charter", English: "noted a version of the charter"},
	"event.cancelled":          {Key: "trace.did.event.cancelled", English: "cancelled the event"},
	"event.goes":               {Key: "trace.did.event.goes", English: "said that somebody of theirs goes there"},
	"event.stays":              {Key: "trace.did.event.stays", English: "said that nobody of theirs goes there"},
	"event.organised":          {Key: "trace.did.event.organised", English: "agreed to organise it"},
	"event.not-organised":      {Key: "trace.did.event.not-organised", English: "declined to organise it"},
	"import.begun":             {Key: "trace.did.import.begun", English: "read a list to bring in"},
	"import.applied":           {Key: "trace.did.import.applied", English: "brought a list in"},
	"import.undone":            {Key: "trace.did.import.undone", English: "took a list back"},
	"mandate.given":            {Key: "trace.did.mandate.given", English: "gave a mandate"},
	"mandate.renewed":          {Key: "trace.did.mandate.renewed", English: "renewed a mandate"},
	"mandate.handed-over":      {Key: "trace.did.mandate.handed-over", English: "handed a mandate over"},
	"mandate.still":            {Key: "trace.did.mandate.still", English: "said that a mandate is still so"},
	"election.noted":           {Key: "trace.did.election.noted", English: "noted the day of an election"},
	"mandate.ended":            {Key: "trace.did.mandate.ended", English: "ended a mandate"},
	"motion.opened":            {Key: "trace.did.motion.opened", English: "opened the vote"},
	"motion.withdrawn":         {Key: "trace.did.motion.withdrawn", English: "withdrew the motion"},
	"motion.voted":             {Key: "trace.did.motion.voted", English: "voted"},
	"motion.papers":            {Key: "trace.did.motion.papers", English: "entered votes on paper"},
	"motion.presence":          {Key: "trace.did.motion.presence", English: "noted who is present"},
	"motion.adopted":           {Key: "trace.did.motion.adopted", English: "closed the vote: adopted"},
	"motion.rejected":          {Key: "trace.did.motion.rejected", English: "closed the vote: rejected"},
	"motion.no_quorum":         {Key: "trace.did.motion.no_quorum", English: "closed the vote: no quorum"},
	"motion.tie":               {Key: "trace.did.motion.tie", English: "closed the vote: a tie"},
	"motion.void":              {Key: "trace.did.motion.void", English: "closed the vote: void"},
	"note.moved":               {Key: "trace.did.note.moved", English: "moved a line of the record"},
	"person.added":             {Key: "trace.did.person.added", English: "received an account"},
	"person.data":              {Key: "trace.did.person.data", English: "took away what is held about a person"},
	"person.erased":            {Key: "trace.did.person.erased", English: "erased an account"},
	"person.factor-set":        {Key: "trace.did.person.factor-set", English: "set up a second factor"},
	"person.factor-removed":    {Key: "trace.did.person.factor-removed", English: "took away a second factor"},
	"person.invited":           {Key: "trace.did.person.invited", English: "sent an invitation"},
	"person.uninvited":         {Key: "trace.did.person.uninvited", English: "took an invitation back"},
	"person.password":          {Key: "trace.did.person.password", English: "changed a password"},
	"person.recovery-made":     {Key: "trace.did.person.recovery-made", English: "made recovery codes"},
	"person.passkey-copied":    {Key: "trace.did.person.passkey-copied", English: "showed a passkey that may be a copy, and was refused"},
	"person.passkey-made":      {Key: "trace.did.person.passkey-made", English: "added a passkey"},
	"person.recovery-used":     {Key: "trace.did.person.recovery-used", English: "signed in with a recovery code"},
	"person.signed-in":         {Key: "trace.did.person.signed-in", English: "signed in"},
	"person.signed-out":        {Key: "trace.did.person.signed-out", English: "signed out"},
	"person.signed-out-there":  {Key: "trace.did.person.signed-out-there", English: "was signed out by the organisation whose account let them in"},
	"role.given":               {Key: "trace.did.role.given", English: "gave a role"},
	"role.taken":               {Key: "trace.did.role.taken", English: "took a role back"},
	"token.made":               {Key: "trace.did.token.made", English: "made a token"},
	"token.revoked":            {Key: "trace.did.token.revoked", English: "revoked a token"},
	"workshop.code":            {Key: "trace.did.workshop.code", English: "gave a new code"},
	"workshop.sequence":        {Key: "trace.did.workshop.sequence", English: "moved to another sequence"},
	"lineage.undone":           {Key: "trace.did.lineage.undone", English: "took an act back"},
	"other":                    {Key: "trace.did.other", English: "did something else"},
	"person.provider-linked":   {Key: "trace.did.person.provider-linked", English: "linked the account to that of an organisation"},
	"person.provider-unlinked": {Key: "trace.did.person.provider-unlinked", English: "unlinked the account from that of an organisation"},
	"alliance.provider":        {Key: "trace.did.alliance.provider", English: "changed where members sign in"},
}

// subjects are what a line is about when it is no entry.
var subjects = map[string]locale.Phrase{
	"alliance":     {Key: "trace.subject.alliance", English: "The alliance"},
	"backup":       {Key: "trace.subject.backup", English: "A backup"},
	"contribution": {Key: "trace.subject.contribution", English: "A proposal without an account"},
	"policy":       {Key: "trace.subject.policy", English: "The rules"},
	"check":        {Key: "trace.subject.check", English: "A checking round"},
	"import":       {Key: "trace.subject.import", English: "A list"},
	"election":     {Key: "trace.subject.election", English: "An election"},
	"invitation":   {Key: "trace.subject.invitation", English: "Invitation"},
	"mandate":      {Key: "trace.subject.mandate", English: "Mandate"},
	"person":       {Key: "trace.subject.person", English: "Person"},
	"token":        {Key: "trace.subject.token", English: "Token"},
	"other":        {Key: "trace.subject.other", English: "Something"},
}

// scopes say who a mandate lets in.
var scopes = map[string]locale.Phrase{
	"speak": {Key: "trace.access.speak", English: "Whoever may speak for an organisation"},
	"vote":  {Key: "trace.access.vote", English: "Whoever may vote for an organisation"},
	"sign":  {Key: "trace.access.sign", English: "Whoever may sign for an organisation"},
	"edit":  {Key: "trace.access.edit", English: "Whoever keeps the pages of an organisation"},
}

// verb tells what a line of the journal says was done.
func (t teller) verb(e journal.Event) string {
	p, _ := wordsOf(e.Verb)
	return t.v.Say(p)
}

// wordsOf gives the words of a verb; known is false where it has none of its own.
func wordsOf(verb string) (p locale.Phrase, known bool) {
	if p, ok := did[verb]; ok {
		return p, true
	}
	subject, what, _ := strings.Cut(verb, ".")
	if p, ok := deeds[lineage.Kind(what)]; ok && subject == "lineage" {
		return p, true
	}
	if p, ok := verbs[what]; ok {
		return p, true
	}
	if what == "factor" {
		return did["factor"], true
	}
	return did["other"], false
}

// about are the person, the organisation and the role a line names beside its
// subject.
func (t teller) about(e journal.Event, n Names) (names []string, role string) {
	if e.Kind == "person" {
		names = append(names, n.Persons[e.Subject])
	}
	names = append(names, n.Persons[e.Data["person"]], n.Organisations[e.Data["organisation"]].Name)
	if e.Data["role"] != "" {
		role = design.RoleName(t.v, e.Data["role"])
	}
	return slices.DeleteFunc(names, func(s string) bool { return s == "" }), role
}

// open says in words whom a policy lets in.
func (t teller) open(p access.Policy) string {
	var who []string
	for _, name := range strings.Split(p.Name, " or ") {
		scope, mandated := strings.CutPrefix(name, "mandate to ")
		switch {
		case name == access.Everyone.Name:
			name = t.v.T("trace.access.everyone", "Everyone")
		case name == access.SignedIn.Name:
			name = t.v.T("trace.access.signed-in", "Whoever is signed in")
		case mandated:
			name = t.v.Say(scopes[scope])
		default:
			name = design.RoleName(t.v, name)
		}
		who = append(who, name)
	}
	return t.v.Or(who)
}

func (t teller) subjectKind(kind string) string {
	if k, ok := t.house.Kinds[kind]; ok {
		return t.v.Say(k.One)
	}
	if p, ok := subjects[kind]; ok {
		return t.v.Say(p)
	}
	return t.v.Say(subjects["other"])
}
