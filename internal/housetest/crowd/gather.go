// Package crowd lets many delegates vote at once in a running house, over HTTP,
// as people do: on their phones and by program, clicking twice, sending again
// what was cut off, a colleague voting too, some at the closing instant.
//
// The one idea: a delegate goes on until the house gave a definite answer, and
// writes it down. What was acknowledged is then compared, organisation by
// organisation, with the file that was counted. Bench and tests share it.
package crowd

import (
	"context"
	"fmt"
	"net/http"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/id"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// Delegate votes for an organisation that nobody else votes for.
type Delegate struct {
	Organisation, Choice string
	Session, Token       string // secrets: of a browser, of a program
}

// Hall is a plenary with its delegates.
type Hall struct {
	Base      string // address of the house
	Assembly  string
	Chair     string // secret of the chair's token
	Delegates []Delegate
	Through   http.RoundTripper // how requests go; nil: straight
}

var kinds = []people.OrganisationKind{people.LocalAuthority, people.CivilSociety, people.MigrantLed}

// Gather adds an assembly and n organisations, each with one delegate, to the
// database of the house at base. Two of three vote for, the others against or
// nothing.
func Gather(ctx context.Context, d *db.DB, base string, n int) (Hall, error) {
	h := Hall{Base: base}
	err := d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "assembly", Lang: "fr", Fields: map[string]lang.Text{entry.Title: lang.New("fr", "Plénière de mesure")}}, nil)
		if err != nil {
			return err
		}
		h.Assembly = e.ID
		if _, err := tx.Exec(ctx, `INSERT INTO assembly (entry, timezone) VALUES ($1, 'Europe/Paris')`, e.ID); err != nil {
			return err
		}
		chair, err := people.AddPerson(ctx, tx, people.Person{Name: "Chair", Email: id.New() + "@example.org", Lang: "fr"})
		if err != nil {
			return err
		}
		if err := people.GiveRole(ctx, tx, chair.ID, people.Grant{Role: people.Chair, Scope: e.ID}, ""); err != nil {
			return err
		}
		h.Chair, err = people.AddToken(ctx, tx, people.Token{Person: chair.ID, Name: "crowd", Reads: true, Writes: true})
		return err
	})
	const chunk = 250
	for at := 0; at < n && err == nil; at += chunk {
		err = d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
			for i := at; i < min(at+chunk, n); i++ {
				one, err := h.seat(ctx, tx, i)
				if err != nil {
					return err
				}
				h.Delegates = append(h.Delegates, one)
			}
			return nil
		})
	}
	return h, err
}

func (h *Hall) seat(ctx context.Context, tx *db.Tx, i int) (one Delegate, err error) {
	o := people.Organisation{ID: id.New(), Kind: kinds[i%len(kinds)], Name: fmt.Sprintf("Organisation %d of the crowd", i), Country: "FR"}
	one = Delegate{Organisation: o.ID, Choice: []string{"for", "for", "for", "for", "against", "abstain"}[i/len(kinds)%6]}
	if err := people.PutOrganisation(ctx, tx, o); err != nil {
		return one, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO attendance (assembly, organisation, registered, person, present) VALUES ($1,$2,$3,'',1)`, h.Assembly, o.ID, tx.Now()); err != nil {
		return one, err
	}
	p, err := people.AddPerson(ctx, tx, people.Person{Name: fmt.Sprintf("Delegate %d", i), Email: id.New() + "@example.org", Lang: "fr"})
	if err != nil {
		return one, err
	}
	m, err := people.AddMandate(ctx, tx, people.Mandate{Organisation: o.ID, Person: p.ID, Speak: true, Vote: true})
	if err != nil {
		return one, err
	}
	if one.Session, err = people.StartSession(ctx, tx, p.ID, m.ID, "crowd"); err != nil {
		return one, err
	}
	one.Token, err = people.AddToken(ctx, tx, people.Token{Person: p.ID, Mandate: m.ID, Name: "crowd", Reads: true, Writes: true})
	return one, err
}
