// Package alliance holds what the alliance says of itself: its name,
// languages, axes, themes, colleges and decision rule. All of it is chosen at
// the first start and may be changed by the coordination; every version stays.
package alliance

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// Schema holds the tables of this package.
//
//go:embed schema
var Schema embed.FS

// Alliance is the whole of it.
type Alliance struct {
	Version   int64     `json:"-"` // 0 = not set up yet
	Name      lang.Text `json:"name"`
	About     lang.Text `json:"about"`
	Languages []string  `json:"languages"` // interface languages offered, the first is the default
	Axes      []Topic   `json:"axes"`
	Themes    []Topic   `json:"themes"`
	Colleges  []College `json:"colleges"`
	Rule      string    `json:"rule"` // decision rule as JSON (ballot.Rule), with name and version
	// Reply is how many days authors may answer a merge or a setting aside.
	Reply int `json:"reply"`
	// Small is the size under which secret figures are hidden.
	Small int `json:"small"`
}

// Topic is an axis (line of work) or a theme (field of competence).
type Topic struct {
	ID   string    `json:"id"` // short code: "A1", "housing"
	Name lang.Text `json:"name"`
	Lead lang.Text `json:"lead"`
}

// College is a group of organisations that decides as one body.
type College struct {
	ID    string                    `json:"id"` // authorities, civil_society, migrant_led
	Name  lang.Text                 `json:"name"`
	Kinds []people.OrganisationKind `json:"kinds"`
}

// SetUp tells whether the first start is done.
func (a Alliance) SetUp() bool { return a.Version > 0 }

// CollegeOf gives the college an organisation's kind votes in; "" = voice
// without vote.
func (a Alliance) CollegeOf(kind people.OrganisationKind) string {
	for _, c := range a.Colleges {
		if slices.Contains(c.Kinds, kind) {
			return c.ID
		}
	}
	return ""
}

// Axis finds an axis by its code.
func (a Alliance) Axis(code string) (Topic, bool) { return find(a.Axes, code) }

// Theme finds a theme by its code.
func (a Alliance) Theme(code string) (Topic, bool) { return find(a.Themes, code) }

// College finds a college by its code.
func (a Alliance) College(code string) (College, bool) {
	for _, c := range a.Colleges {
		if c.ID == code {
			return c, true
		}
	}
	return College{}, false
}

func find(topics []Topic, code string) (Topic, bool) {
	for _, t := range topics {
		if t.ID == code {
			return t, true
		}
	}
	return Topic{}, false
}

// Validate checks what a person typed.
func (a Alliance) Validate() error {
	var list fault.List
	if a.Name.Empty() {
		list.Add(fault.Invalid("name", "alliance.name.empty", "Give the alliance a name."))
	}
	if len(a.Languages) == 0 {
		list.Add(fault.Invalid("languages", "alliance.languages.empty", "Choose at least one language."))
	}
	if len(a.Colleges) == 0 {
		list.Add(fault.Invalid("colleges", "alliance.colleges.empty", "Name at least one college."))
	}
	seats := map[people.OrganisationKind]string{}
	for _, c := range a.Colleges {
		for _, k := range c.Kinds {
			if _, taken := seats[k]; taken {
				list.Add(fault.Invalid("colleges", "alliance.colleges.twice", "A kind of organisation can vote in one college only."))
			}
			seats[k] = c.ID
		}
	}
	return list.Err()
}

// Load gives the present version; the zero Alliance before the first start.
func Load(ctx context.Context, q db.Q) (Alliance, error) {
	type row struct {
		version int64
		data    string
	}
	r, err := db.One(ctx, q, func(s db.Row) (r row, err error) { return r, s.Scan(&r.version, &r.data) },
		`SELECT version, data FROM alliance ORDER BY version DESC LIMIT 1`)
	if errors.Is(err, db.ErrNone) {
		return Alliance{Languages: []string{"en"}}, nil
	}
	if err != nil {
		return Alliance{}, err
	}
	var a Alliance
	if err := json.Unmarshal([]byte(r.data), &a); err != nil {
		return a, fmt.Errorf("alliance: version %d: %w", r.version, err)
	}
	a.Version = r.version
	return a, nil
}

// Save adds a version. a.Version must be the one that was read: of two people
// who change it at once, the second is told.
func Save(ctx context.Context, tx *db.Tx, actor people.Actor, a Alliance) (Alliance, error) {
	if err := a.Validate(); err != nil {
		return a, err
	}
	data, err := json.Marshal(a)
	if err != nil {
		return a, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO alliance (version, at, person, data) VALUES ($1,$2,$3,$4)`, a.Version+1, tx.Now(), actor.Person, string(data))
	if db.IsDuplicate(err) {
		return a, fault.Conflict("alliance.changed", "Somebody else changed the settings meanwhile. Look at them again.")
	}
	if err != nil {
		return a, err
	}
	a.Version++
	journal.Tell(tx, actor, journal.Event{Verb: "alliance.changed", Kind: "alliance"})
	return a, nil
}

// Version is one state of the settings, with who made it.
type Version struct {
	At     db.Instant
	Person string
	Alliance
}

// Versions lists all states, newest first.
func Versions(ctx context.Context, q db.Q) ([]Version, error) {
	return db.All(ctx, q, func(r db.Row) (v Version, err error) {
		var data string
		var n int64
		if err = r.Scan(&n, &v.At, &v.Person, &data); err != nil {
			return v, err
		}
		err = json.Unmarshal([]byte(data), &v.Alliance)
		v.Alliance.Version = n
		return v, err
	}, `SELECT version, at, person, data FROM alliance ORDER BY version DESC`)
}
