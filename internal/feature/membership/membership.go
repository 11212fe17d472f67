// Package membership keeps who is in what: which organisation belongs to which
// network, since when, in which role, under which version of its charter, by
// which vote; and whom to write to.
//
// The one idea: a network is an organisation of the directory, and a membership
// is a record (package record) that names two organisations, so that form,
// history, audience, import and every file come with the spine. What this
// package adds is the question asked across all of them: who of A is also in B,
// with a vote for the charter that still counts (vote.go).
package membership

import (
	"slices"

	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// Kinds of entries this feature owns.
const (
	Kind    = "membership"
	Contact = "contact"
)

// Names of questions.
const (
	member    = "member"
	network   = "network"
	role      = "role"
	since     = "since"
	until     = "until"
	charter   = "charter"
	decided   = "decided"
	number    = "number"
	document  = "document"
	election  = "election"
	confirmed = "confirmed"
	of        = "of"
)

// Membership is one organisation in one network.
type Membership struct {
	entry.Entry
	Member, Network  string // identifiers of organisations
	Role             string
	Charter          string // version that was signed
	Since, Until     string // days, or months or years where no more is known
	Decided          string // day of the vote
	Number, Document string // of the decision
	Election         string // day of the latest election of those who voted, or of the next one
	Confirmed        string // day on which those elected confirmed it
}

func membershipOf(r record.Record) Membership {
	a := r.Answers
	return Membership{Entry: r.Entry, Member: a.One(member), Network: a.One(network), Role: a.One(role), Charter: a.One(charter), Since: a.One(since), Until: a.One(until),
		Decided: a.One(decided), Number: a.One(number), Document: a.One(document), Election: a.One(election), Confirmed: a.One(confirmed)}
}

// Version is one version of a network's charter.
type Version struct {
	ID, Network string
	Name        string // as the network calls it: "2019", "2"
	Adopted     string // day
	Ended       string // last day on which a signature under it counts; "" = it counts
	Document    string // address of the text
}

// Registry is every membership a reader may know of, with both organisations.
type Registry struct {
	Today         string // 2026-11-26
	Networks      []entry.Entry
	Memberships   []Membership
	Texts         []Text                 // that organisations sign together, newest first
	Organisations map[string]entry.Entry // networks and members
	Versions      map[string][]Version   // by network, newest first
}

// Text is a letter or an appeal that organisations sign together.
type Text struct {
	entry.Entry
	Signers []string // identifiers of organisations that stand by it
}

// Vote says how the vote for the charter stands today.
func (r Registry) Vote(m Membership) Vote { return voteOf(m, r.Versions[m.Network], r.Today) }

// Query asks who is in what.
type Query struct {
	In, Also  string   // identifiers of networks; "" = any
	Valid     bool     // only with a vote for the charter that counts today
	Past      bool     // those that have ended, too
	Signed    string   // identifier of a text: only those who stand by it
	Not       bool     // with Signed: only those who do not
	Countries []string // of the member
	Kinds     []string // of the member
}

// Row is one member with the memberships that were asked for.
type Row struct {
	Member entry.Entry
	In     []Membership
}

// Find answers the question: the members of In that are in Also, too. With
// Valid, both votes must count. The order is that of the memberships.
func (r Registry) Find(q Query) []Row {
	var rows []Row
	at := map[string]int{}
	stands, asked := r.standing(q.Signed)
	for _, m := range r.Memberships {
		if asked && stands[m.Member] == q.Not {
			continue
		}
		who, known := r.Organisations[m.Member]
		if !known || !q.fits(who) || !q.Past && !holds(m, r.Today) || q.Valid && r.Vote(m) != Valid {
			continue
		}
		if (q.In != "" || q.Also != "") && m.Network != q.In && m.Network != q.Also {
			continue
		}
		i, seen := at[m.Member]
		if !seen {
			i = len(rows)
			at[m.Member], rows = i, append(rows, Row{Member: who})
		}
		rows[i].In = append(rows[i].In, m)
	}
	return slices.DeleteFunc(rows, func(row Row) bool { return !row.within(q.In) || !row.within(q.Also) })
}

// standing gives who stands by a text; false where it is none the reader may know of.
func (r Registry) standing(text string) (map[string]bool, bool) {
	i := slices.IndexFunc(r.Texts, func(t Text) bool { return t.ID == text })
	if text == "" || i < 0 {
		return nil, false
	}
	stands := map[string]bool{}
	for _, id := range r.Texts[i].Signers {
		stands[id] = true
	}
	return stands, true
}

func (row Row) within(network string) bool {
	return network == "" || slices.ContainsFunc(row.In, func(m Membership) bool { return m.Network == network })
}

func (q Query) fits(o entry.Entry) bool {
	return (len(q.Countries) == 0 || slices.Contains(q.Countries, o.Place.Public().Country)) && (len(q.Kinds) == 0 || slices.Contains(q.Kinds, o.Class))
}

// narrowed tells that the question leaves anything out.
func (q Query) narrowed() bool {
	return q.In != "" || q.Also != "" || q.Valid || q.Past || q.Signed != "" || len(q.Countries) > 0 || len(q.Kinds) > 0
}

// mayKeep tells who may change what a network says of itself: the coordination,
// and whoever holds a mandate to edit of the network.
func mayKeep(a people.Actor, network string) bool {
	return a.Is(people.Coordinator) || a.For() == network && a.May(people.Edit)
}
