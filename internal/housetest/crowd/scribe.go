package crowd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/people"
)

// Scribe writes notes in an open workshop of the demonstration, by program.
type Scribe struct {
	Base     string // address of the house
	Workshop string
	Token    string // secret
	Client   *http.Client
}

// Sit makes the rapporteur of the demonstration's open workshop a scribe.
func Sit(ctx context.Context, d *db.DB) (s Scribe, err error) {
	for _, w := range demo.Second().Workshops {
		if w.State != "open" {
			continue
		}
		s = Scribe{Workshop: demo.EntryID(demo.Second().Slug, w.ID), Client: http.DefaultClient}
		err = d.Do(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			person := demo.PersonID(w.Rapporteur)
			if err := people.GiveRole(ctx, tx, person, people.Grant{Role: people.Rapporteur, Scope: s.Workshop}, ""); err != nil {
				return err
			}
			s.Token, err = people.AddToken(ctx, tx, people.Token{Person: person, Name: "scribe", Reads: true, Writes: true})
			return err
		})
		return s, err
	}
	return s, errors.New("crowd: no open workshop in the demonstration")
}

// Note writes one note and gives its entry; status 0 when nobody answers. The
// text tells the key.
func (s Scribe) Note(ctx context.Context, key string) (made string, status int) {
	body, _ := json.Marshal(map[string]string{"class": "practice", "text": noteOf(key), "lang": "fr"})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Base+"/api/v1/workshops/"+s.Workshop+"/notes", bytes.NewReader(body))
	if err != nil {
		return "", 0
	}
	req.Header.Set("Authorization", "Bearer "+s.Token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	res, err := s.Client.Do(req)
	if err != nil {
		return "", 0
	}
	defer res.Body.Close()
	var out struct {
		ID string `json:"id"`
	}
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		return "", 0 // cut off in the middle: not acknowledged
	}
	if res.StatusCode != http.StatusCreated {
		return "", res.StatusCode
	}
	return out.ID, res.StatusCode
}

func noteOf(key string) string { return "Note " + key }

// Lost compares what was acknowledged, entries by key, with what the database
// holds, and gives a line for each difference: lost, changed, doubled; one too
// if the journal is broken.
func (s Scribe) Lost(ctx context.Context, d *db.DB, acknowledged map[string]string) (wrong []string, err error) {
	keyOf := map[string]string{}
	var ids []string
	for key, e := range acknowledged {
		if other, twice := keyOf[e]; twice {
			wrong = append(wrong, fmt.Sprintf("%s and %s are one entry", key, other))
		}
		keyOf[e] = key
		ids = append(ids, e)
	}
	found, err := entry.Many(ctx, d, ids)
	if err != nil {
		return nil, err
	}
	for key, e := range acknowledged {
		if kept, ok := found[e]; !ok {
			wrong = append(wrong, fmt.Sprintf("acknowledged and lost: %s, %s", key, e))
		} else if words := kept.Title().Original(); words != noteOf(key) {
			wrong = append(wrong, fmt.Sprintf("%s was sent as key %s and says %q", e, key, words))
		}
	}
	doubled, err := db.One(ctx, d, db.Value[int], `SELECT count(*) - count(DISTINCT title_key) FROM entry WHERE kind = 'note' AND parent = $1`, s.Workshop)
	if err != nil {
		return nil, err
	}
	if doubled > 0 {
		wrong = append(wrong, fmt.Sprintf("%d notes stand there twice", doubled))
	}
	broken, err := journal.Check(ctx, d)
	if err != nil {
		return nil, err
	}
	if broken != 0 {
		wrong = append(wrong, fmt.Sprintf("the journal breaks at %d", broken))
	}
	return wrong, nil
}
