package membership

import (
	"context"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

var words = record.Words{One: locale.Phrase{Key: "membership.one", English: "Membership"}, Many: locale.Phrase{Key: "membership.many", English: "Memberships"},
	Lead: locale.Phrase{Key: "membership.lead", English: "Which organisation is in which network, since when, and by which vote."},
	New:  locale.Phrase{Key: "membership.new", English: "Add a membership"}, None: locale.Phrase{Key: "membership.none", English: "No membership matches."},
	Count: func(v design.View, n int) string {
		return v.N("membership.count", n, "{n} membership", "{n} memberships")
	}}

var roles = []record.Option{
	{Value: "founder", Label: locale.Phrase{Key: "membership.role.founder", English: "Founding member"}}, {Value: "member", Label: locale.Phrase{Key: "membership.role.member", English: "Member"}},
	{Value: "board", Label: locale.Phrase{Key: "membership.role.board", English: "On its board"}}, {Value: "associate", Label: locale.Phrase{Key: "membership.role.associate", English: "Associate"}},
	{Value: "observer", Label: locale.Phrase{Key: "membership.role.observer", English: "Observer"}}, {Value: "partner", Label: locale.Phrase{Key: "membership.role.partner", English: "Partner"}},
}

var organisations = []string{"organisation"}

var spec = record.Spec{
	Kind: Kind, Version: 1, Class: role, Partners: []string{member, network}, Schema: "ProgramMembership",
	Title:   record.Question{Name: entry.Title, Label: locale.Phrase{Key: "membership.q.title", English: "Who in what"}, Type: record.Line, Kept: true, Schema: "name"},
	Summary: record.Question{Name: entry.Summary, Label: locale.Phrase{Key: "membership.q.summary", English: "What there is to add"}, Type: record.Prose, Max: 600, Schema: "description"},
	Sections: []record.Section{
		{Title: locale.Phrase{Key: "membership.s.who", English: "Who is in what"}, Questions: []record.Question{
			{Name: member, Label: locale.Phrase{Key: "membership.q.member", English: "Organisation"}, Hint: locale.Phrase{Key: "membership.q.one.hint", English: "One, as it stands in the directory."}, Type: record.Entries, Kinds: organisations, Required: true, Schema: "member"},
			{Name: network, Label: locale.Phrase{Key: "membership.q.network", English: "Network or alliance"}, Hint: locale.Phrase{Key: "membership.q.network.hint", English: "One that stands in the directory as a network."}, Type: record.Entries, Kinds: organisations, Required: true, Schema: "hostingOrganization"},
			{Name: role, Label: locale.Phrase{Key: "membership.q.role", English: "As what"}, Type: record.Choice, Options: roles, Required: true, Facet: true},
			{Name: since, Label: locale.Phrase{Key: "membership.q.since", English: "Since"}, Type: record.Day},
			{Name: until, Label: locale.Phrase{Key: "membership.q.until", English: "Until"}, Hint: locale.Phrase{Key: "membership.q.until.hint", English: "Only when it has ended, or when its end is known."}, Type: record.Day, Ends: true},
		}},
		{Title: locale.Phrase{Key: "membership.s.vote", English: "The charter and the vote for it"}, Questions: []record.Question{
			{Name: charter, Label: locale.Phrase{Key: "membership.q.charter", English: "Version of the charter that was signed"}, Hint: locale.Phrase{Key: "membership.q.charter.hint", English: "As the network calls it. The page of the network lists its versions."}, Type: record.Word},
			{Name: decided, Label: locale.Phrase{Key: "membership.q.decided", English: "Day of the vote"}, Hint: locale.Phrase{Key: "membership.q.decided.hint", English: "On which the council or the general meeting decided."}, Type: record.Day},
			{Name: number, Label: locale.Phrase{Key: "membership.q.number", English: "Number of the decision"}, Type: record.Word},
			{Name: document, Label: locale.Phrase{Key: "membership.q.document", English: "The decision, on the web"}, Type: record.Web, Schema: "url"},
		}},
		{Title: locale.Phrase{Key: "membership.s.election", English: "After an election"}, Questions: []record.Question{
			{Name: election, Label: locale.Phrase{Key: "membership.q.election", English: "Day of the election"}, Hint: locale.Phrase{Key: "membership.q.election.hint", English: "The latest one of those who voted, or the next one. Six months after it the vote counts no more, unless it is confirmed."}, Type: record.Day},
			{Name: confirmed, Label: locale.Phrase{Key: "membership.q.confirmed", English: "Confirmed by those elected, on"}, Type: record.Day},
		}},
	},
}

// settle gives a membership its title, and keeps the house's rules: the two
// are different, one is a network, and only they and the coordination publish.
func (x *Memberships) settle(ctx context.Context, q db.Q, a people.Actor, r *record.Record) error {
	m := membershipOf(*r)
	if m.Member == "" || m.Network == "" {
		return nil // the form says what is missing
	}
	named, err := entry.Many(ctx, q, []string{m.Member, m.Network})
	if err != nil {
		return err
	}
	var list fault.List
	for _, name := range []string{member, network} {
		if len(r.Answers[name]) > 1 {
			list.Add(fault.Invalid(name, "membership.one-only", "Name one here. Add each further one by itself."))
		}
	}
	if m.Member == m.Network {
		list.Add(fault.Invalid(member, "membership.itself", "An organisation is no member of itself."))
	}
	if to := named[m.Network]; to.Class != string(people.Network) {
		list.Add(fault.Invalid(network, "membership.no-network", "“{name}” is no network in the directory.", "name", to.Title().Original()))
	}
	if m.Since != "" && m.Until != "" && last(m.Until) < first(m.Since) {
		list.Add(fault.Invalid(until, "membership.backwards", "The end comes before the beginning."))
	}
	if err := list.Err(); err != nil {
		return err
	}
	if err := x.knownVersion(ctx, q, m, r); err != nil {
		return err
	}
	r.NameAfter(named[m.Member], named[m.Network])
	if r.State == entry.Published && !a.Is(people.Coordinator) && !(a.May(people.Edit) && (a.For() == m.Member || a.For() == m.Network)) {
		r.State = entry.Proposed
	}
	return nil
}

// knownVersion writes the version as the network calls it; a network that lists
// its versions has no others.
func (x *Memberships) knownVersion(ctx context.Context, q db.Q, m Membership, r *record.Record) error {
	if m.Charter == "" {
		return nil
	}
	known, err := versionsOf(ctx, q, m.Network)
	if err != nil || len(known) == 0 {
		return err
	}
	var names []string
	for _, v := range known {
		if sameName(v.Name, m.Charter) {
			r.Answers[charter] = []string{v.Name}
			return nil
		}
		names = append(names, v.Name)
	}
	return fault.Invalid(charter, "membership.version.unknown", "This network has these versions: {list}.", "list", strings.Join(names, ", "))
}

var contactWords = record.Words{One: locale.Phrase{Key: "membership.contact.one", English: "Contact"}, Many: locale.Phrase{Key: "membership.contact.many", English: "Contacts"},
	Lead: locale.Phrase{Key: "membership.contact.lead", English: "Whom to write to, by task. You see those that are open to you."},
	New:  locale.Phrase{Key: "membership.contact.new", English: "Add a contact"}, None: locale.Phrase{Key: "membership.contact.none", English: "No contact matches."},
	Count: func(v design.View, n int) string {
		return v.N("membership.contact.count", n, "{n} contact", "{n} contacts")
	}}

var tasks = []record.Option{
	{Value: "welcome", Label: locale.Phrase{Key: "membership.task.welcome", English: "Welcome of newcomers"}}, {Value: "rights", Label: locale.Phrase{Key: "membership.task.rights", English: "Rights and legal help"}},
	{Value: "elected", Label: locale.Phrase{Key: "membership.task.elected", English: "Elected, presidency"}}, {Value: "office", Label: locale.Phrase{Key: "membership.task.office", English: "Office"}},
	{Value: "practices", Label: locale.Phrase{Key: "membership.task.practices", English: "Practices and projects"}}, {Value: "training", Label: locale.Phrase{Key: "membership.task.training", English: "Trainings"}},
	{Value: "press", Label: locale.Phrase{Key: "membership.task.press", English: "Press"}}, {Value: "alliance", Label: locale.Phrase{Key: "membership.task.alliance", English: "Relations with the alliance"}},
	{Value: "urgent", Label: locale.Phrase{Key: "membership.task.urgent", English: "Emergencies"}},
}

var contactSpec = record.Spec{
	Kind: Contact, Version: 1, Class: "task", Partners: []string{of}, Schema: "ContactPoint",
	Title:   record.Question{Name: entry.Title, Label: locale.Phrase{Key: "membership.c.title", English: "Name of the contact"}, Hint: locale.Phrase{Key: "membership.c.title.hint", English: "The desk or the task, such as: Welcome desk. It stays when people change."}, Type: record.Line, Required: true, Schema: "name"},
	Summary: record.Question{Name: entry.Summary, Label: locale.Phrase{Key: "membership.c.summary", English: "For what, and when"}, Type: record.Prose, Max: 600, Schema: "description"},
	Sections: []record.Section{{Title: locale.Phrase{Key: "membership.c.how", English: "How to reach it"}, Questions: []record.Question{
		{Name: of, Label: locale.Phrase{Key: "membership.c.of", English: "Organisation"}, Hint: locale.Phrase{Key: "membership.q.one.hint", English: "One, as it stands in the directory."}, Type: record.Entries, Kinds: organisations, Required: true},
		{Name: "task", Label: locale.Phrase{Key: "membership.c.task", English: "Task"}, Type: record.Choice, Options: tasks, Required: true, Facet: true, Schema: "contactType"},
		{Name: "person", Label: locale.Phrase{Key: "membership.c.person", English: "Name of a person"}, Hint: locale.Phrase{Key: "membership.c.person.hint", English: "Only of somebody who has agreed to it."}, Type: record.Word},
		{Name: "mail", Label: locale.Phrase{Key: "membership.c.mail", English: "E-mail"}, Type: record.Mail, Schema: "email"},
		{Name: "phone", Label: locale.Phrase{Key: "membership.c.phone", English: "Telephone"}, Type: record.Phone, Schema: "telephone"},
		{Name: "web", Label: locale.Phrase{Key: "membership.c.web", English: "Page or form to write to"}, Type: record.Web, Schema: "url"},
		{Name: until, Label: locale.Phrase{Key: "membership.c.until", English: "Good until"}, Hint: locale.Phrase{Key: "membership.c.until.hint", English: "When a term of office ends, for instance. We ask ahead of it whether it stays as it is."}, Type: record.Day, Ends: true},
		{Name: "languages", Label: locale.Phrase{Key: "membership.c.languages", English: "Languages"}, Type: record.Languages, Facet: true, Schema: "availableLanguage"},
	}}},
}

// settleContact keeps the rules of a contact: it is of one organisation, which
// alone publishes it, and it can be reached.
func (x *Memberships) settleContact(_ context.Context, _ db.Q, a people.Actor, r *record.Record) error {
	var list fault.List
	if len(r.Answers[of]) > 1 {
		list.Add(fault.Invalid(of, "membership.one-only", "Name one here. Add each further one by itself."))
	}
	if r.Answers.One("mail")+r.Answers.One("phone")+r.Answers.One("web") == "" {
		list.Add(fault.Invalid("mail", "membership.c.unreachable", "Write an e-mail address, a telephone number or a page."))
	}
	if r.State == entry.Published && !a.Is(people.Coordinator) && !(a.May(people.Edit) && a.For() == r.Answers.One(of)) {
		r.State = entry.Proposed
	}
	return list.Err()
}
