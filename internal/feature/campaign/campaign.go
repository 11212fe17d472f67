// Package campaign keeps what organisations sign together: open letters,
// appeals, common positions, and who stands by each.
//
// The one idea: a text is a record (package record), and a signature is another
// that names the text and the organisation, so that history, audience, search
// and every file come with the spine. A signature is given under a mandate to
// sign, carries its day and, where there was one, the vote behind it, and is
// never lost: who takes it back stays in the list with the day on which they
// did. What was signed cannot be reworded.
package campaign

import (
	"cmp"
	"slices"

	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// Kinds of entries this feature owns.
const (
	Kind      = "campaign"
	Signed    = "signature"
	signer    = "signer"
	campaign  = "campaign"
	signed    = "signed"
	withdrawn = "withdrawn"
	way       = "way"
	decided   = "decided"
	number    = "number"
	document  = "document"
	words     = "words"
	addressee = "addressee"
	opens     = "opens"
	closes    = "closes"
	sent      = "sent"
)

// Ways in which a signature came here.
const (
	Mandate = "mandate" // signed here by who holds a mandate to sign
	Paper   = "paper"   // noted by the coordination from a letter on paper or a mail
)

// Stage is where a text stands on a day.
type Stage string

const (
	Coming Stage = "coming" // it cannot be signed yet
	Open   Stage = "open"
	Closed Stage = "closed" // it can be signed no more, and was not sent yet
	Sent   Stage = "sent"
)

// Campaign is a text that organisations sign.
type Campaign struct {
	entry.Entry
	Opens, Closes, Sent string // days, or months or years where no more is known; "" = not said
}

func campaignOf(r record.Record) Campaign {
	return Campaign{Entry: r.Entry, Opens: r.Answers.One(opens), Closes: r.Answers.One(closes), Sent: r.Answers.One(sent)}
}

// Stage tells where it stands. What opens in a month opens on its first day,
// and closes on its last.
func (c Campaign) Stage(today string) Stage {
	switch {
	case c.Sent != "" && record.FirstDay(c.Sent) <= today:
		return Sent
	case c.Opens != "" && record.FirstDay(c.Opens) > today:
		return Coming
	case c.Closes != "" && record.LastDay(c.Closes) < today:
		return Closed
	}
	return Open
}

// Takes tells why no signature of a day can stand under it; nil = one can.
func (c Campaign) Takes(day string) error {
	if c.State != entry.Published {
		return fault.Conflict("campaign.sign.unpublished", "This text is not published. It cannot be signed.")
	}
	switch c.Stage(day) {
	case Coming:
		return fault.Conflict("campaign.sign.early", "This text cannot be signed yet.")
	case Closed, Sent:
		return fault.Conflict("campaign.sign.late", "This text can be signed no more.")
	}
	return nil
}

// Signature is one organisation under one text.
type Signature struct {
	entry.Entry
	Campaign, Signer          string // identifiers
	Signed, Withdrawn         string // days; Withdrawn "" = it stands
	Way                       string
	Decided, Number, Document string // of the vote behind it
}

func signatureOf(r record.Record) Signature {
	a := r.Answers
	return Signature{Entry: r.Entry, Campaign: a.One(campaign), Signer: a.One(signer), Signed: a.One(signed), Withdrawn: a.One(withdrawn), Way: a.One(way),
		Decided: a.One(decided), Number: a.One(number), Document: a.One(document)}
}

// mayTakeBack tells who may end a signature: whoever may sign for the
// organisation; and the coordination, where it noted it itself.
func (s Signature) mayTakeBack(a people.Actor) bool {
	return s.Withdrawn == "" && (maySign(a) && a.For() == s.Signer || a.Is(people.Coordinator) && s.Way == Paper)
}

func maySign(a people.Actor) bool { return a.For() != "" && a.May(people.Sign) }

// Roll is who stands by a text, and who did. One organisation stands in it
// once, also where two records of it were merged.
type Roll struct {
	Standing, Withdrawn []Signature
	Names               map[string]entry.Entry // organisations and texts the reader may know of
}

func rollOf(list []Signature, names map[string]entry.Entry) Roll {
	r := Roll{Names: names}
	// Of two of one organisation the one that stands counts, else the newer.
	slices.SortStableFunc(list, func(a, b Signature) int {
		return cmp.Or(cmp.Compare(standing(b), standing(a)), cmp.Compare(b.Signed, a.Signed))
	})
	seen := map[[2]string]bool{}
	for _, s := range list {
		who, known := names[s.Signer]
		of, there := names[s.Campaign]
		pair := [2]string{s.Campaign, who.ID}
		if !known || !there || of.Kind != Kind || seen[pair] {
			continue
		}
		seen[pair] = true
		if s.Withdrawn == "" {
			r.Standing = append(r.Standing, s)
		} else {
			r.Withdrawn = append(r.Withdrawn, s)
		}
	}
	return r
}

func standing(s Signature) int {
	if s.Withdrawn == "" {
		return 1
	}
	return 0
}

// Of gives the signature of an organisation; false without one that stands.
func (r Roll) Of(organisation string) (Signature, bool) {
	i := slices.IndexFunc(r.Standing, func(s Signature) bool { return s.Signer == organisation })
	if organisation == "" || i < 0 {
		return Signature{}, false
	}
	return r.Standing[i], true
}

// Kinds counts who stands by a text by the kind of organisation, in the order
// pages show them.
func (r Roll) Kinds() (list []Count) {
	n := map[string]int{}
	for _, s := range r.Standing {
		n[r.Names[s.Signer].Class]++
	}
	for _, k := range people.OrganisationKinds {
		if n[string(k)] > 0 {
			list = append(list, Count{string(k), n[string(k)]})
		}
	}
	return list
}

// Count is how many organisations of a kind sign.
type Count struct {
	Kind string `json:"kind"`
	N    int    `json:"n"`
}
