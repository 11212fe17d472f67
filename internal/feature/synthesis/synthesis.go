// Package synthesis is the steering committee's desk: it merges, splits and
// rewords proposals or sets them aside, each time with an author and a reason.
//
// The one idea: the committee never touches what others wrote. Each act makes
// new proposals beside the old ones and joins them in the lineage; authors are
// credited through it, hear of it and may reply. An act can be taken back as
// long as nothing was built on its result. A proposal is dealt with by one
// standing act at most: whoever comes second is told.
package synthesis

import (
	"slices"
	"strconv"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/people"
)

// deals are the derivations that deal with a proposal: it is no longer open.
var deals = []lineage.Kind{lineage.Merged, lineage.Split, lineage.Reworded, lineage.SetAside, lineage.PutToVote, lineage.BroughtUp, lineage.Adopted, lineage.NotCarried}

// Fate is what became of a proposal, one step on. The zero Fate is open.
type Fate struct {
	Kind       lineage.Kind
	Derivation string
}

// Fates gives the fate of every entry that stands as a parent in a standing act.
func Fates(acts []lineage.Derivation) map[string]Fate {
	fates := map[string]Fate{}
	for _, d := range acts {
		if d.UndoneBy != "" || !slices.Contains(deals, d.Kind) {
			continue
		}
		for _, p := range d.Parents {
			fates[p.Entry] = Fate{d.Kind, d.ID}
		}
	}
	return fates
}

// Wording is a proposal as the committee writes it.
type Wording struct {
	Lang                 string
	Title, Summary, Body string
	Level                string // "local" or "alliance"
}

func (w Wording) fields() map[string]string {
	return map[string]string{entry.Title: w.Title, entry.Summary: w.Summary, "body": w.Body}
}

func (w Wording) validate(at string) (list fault.List) {
	if w.Title == "" {
		list.Add(fault.Invalid("title"+at, "synthesis.title.empty", "Give the new wording a title."))
	}
	if w.Summary == "" {
		list.Add(fault.Invalid("summary"+at, "synthesis.summary.empty", "Write what it says in plain words."))
	}
	if w.Level != "" && w.Level != "local" && w.Level != "alliance" {
		list.Add(fault.Invalid("level"+at, "synthesis.level", "Choose whether it is for one place or for the whole alliance."))
	}
	return list
}

// Credit says, for one parent of a merge, what went in, what did not, and why.
type Credit struct{ Taken, LeftOut, Why string }

// Act is what the committee does with proposals.
type Act struct {
	Kind     lineage.Kind
	Assembly string
	Parents  []string
	Credits  []Credit // beside Parents
	Into     []Wording
	Reason   string
	Lang     string // of the reason and the credits
}

// Validate checks the form of an act, before anything is read.
func (a Act) Validate() error {
	var list fault.List
	if a.Reason == "" {
		list.Add(fault.Invalid("reason", "synthesis.reason", "Say why. Authors and members will read it."))
	}
	if _, ok := lang.Tag(a.Lang); !ok {
		list.Add(fault.Invalid("lang", "entry.lang.unknown", "Choose the language you write in."))
	}
	parents := len(unique(a.Parents))
	switch a.Kind {
	case lineage.Merged:
		if parents < 2 {
			list.Add(fault.Invalid("", "synthesis.merge.two", "Choose at least two proposals to merge."))
		}
		for i, c := range a.Credits {
			if c.LeftOut != "" && c.Why == "" {
				list.Add(fault.Invalid("why."+strconv.Itoa(i), "synthesis.merge.why", "Say why this was left out."))
			}
		}
	case lineage.Split, lineage.Reworded, lineage.SetAside, lineage.NotCarried:
		if parents != 1 {
			list.Add(fault.Invalid("", "synthesis.one", "Choose one proposal for this."))
		}
	default:
		return fault.Missing()
	}
	switch a.Kind {
	case lineage.Split:
		if len(a.Into) < 2 {
			list.Add(fault.Invalid("title.1", "synthesis.split.two", "Write at least two parts."))
		}
		for i, w := range a.Into {
			list = append(list, w.validate("."+strconv.Itoa(i))...)
		}
	case lineage.Merged, lineage.Reworded:
		if len(a.Into) != 1 {
			list.Add(fault.Invalid("title", "synthesis.into.one", "Write one new wording."))
			break
		}
		list = append(list, a.Into[0].validate("")...)
	default: // nothing new is written
		if len(a.Into) > 0 {
			list.Add(fault.Invalid("title", "synthesis.into.none", "Nothing new is written here."))
		}
	}
	return list.Err()
}

// MaySynthesise: the committee, of this assembly or of the alliance.
func MaySynthesise(a people.Actor, assembly string) bool { return a.Is(people.Committee, assembly) }

// MayReply: whoever wrote the proposal, or speaks for the organisation that
// did, or was the rapporteur of its workshop, while the period lasts.
func MayReply(a people.Actor, proposal entry.Entry, until, now db.Instant) bool {
	if until != 0 && now >= until {
		return false
	}
	return Wrote(a, proposal)
}

// Wrote tells whether the actor stands for the author of a proposal.
func Wrote(a people.Actor, proposal entry.Entry) bool {
	switch {
	case !a.SignedIn():
		return false
	case proposal.Organisation != "" && proposal.Organisation == a.For():
		return a.May(people.Speak)
	case proposal.Person == a.Person:
		return true
	}
	return a.IsAny([]string{proposal.Parent}, people.Rapporteur, people.Facilitator)
}

func unique(ids []string) (out []string) {
	for _, id := range ids {
		if id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}
