package agenda_test

import (
	"context"
	"testing"

	"alliance/internal/feature/agenda"
	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
)

func (h *town) token(p people.Person, mandate string) (secret string) {
	h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		secret, err = people.AddToken(ctx, tx, people.Token{Person: p.ID, Mandate: mandate, Name: "test", Reads: true, Writes: true})
		return err
	})
	return secret
}

// Everything the pages do, programs do too.
func TestAPI(t *testing.T) {
	both(t, func(t *testing.T, h *town) {
		type m = map[string]any
		city, group, other := h.token(h.city.person, h.city.mandate.ID), h.token(h.group.person, h.group.mandate.ID), h.token(h.other.person, h.other.mandate.ID)
		call := func(want int, token, method, path string, in, out any) {
			t.Helper()
			if c := h.Call(token, method, path, in, out); c != want {
				t.Errorf("%s %s: %d, want %d", method, path, c, want)
			}
		}
		type made struct{ ID string }
		var action, evidence, done made
		propose := m{"lang": "en", "title": "A counter", "summary": "Open.", "carriers": []string{h.other.ID}, "due": "2999-06-30"}
		call(401, "", "POST", "/agenda/"+h.item+"/actions", propose, nil)
		call(422, city, "POST", "/agenda/"+h.item+"/actions", propose, nil)
		propose["carriers"] = []string{h.group.ID}
		call(422, city, "POST", "/agenda/"+h.item+"/actions", m{"lang": "en", "title": "x", "carriers": []string{h.group.ID}, "due": "tomorrow"}, nil)
		call(201, city, "POST", "/agenda/"+h.item+"/actions", propose, &action)
		path := "/actions/" + action.ID
		call(404, "", "GET", path, nil, nil)
		call(404, other, "POST", path+"/answer", m{"yes": true}, nil)
		call(409, city, "POST", path+"/updates", m{"lang": "en", "words": "Early"}, nil)
		call(200, group, "POST", path+"/answer", m{"yes": true}, nil)
		call(201, city, "POST", path+"/updates", m{"lang": "en", "words": "Opened", "step": "done"}, nil)
		call(422, city, "POST", path+"/updates", m{"lang": "en", "words": "Verified by us", "step": "verified"}, nil)
		call(403, other, "POST", path+"/evidence", m{"lang": "en", "words": "Not ours"}, nil)
		call(422, city, "POST", path+"/evidence", m{"lang": "en", "words": "See", "link": "javascript:alert(1)"}, nil)
		call(201, city, "POST", path+"/evidence", m{"lang": "en", "words": "See", "link": "https://example.org/hours"}, &evidence)
		call(403, city, "POST", "/evidence/"+evidence.ID+"/confirm", m{}, nil)
		call(200, other, "POST", "/evidence/"+evidence.ID+"/confirm", m{}, &done)
		call(409, group, "POST", "/evidence/"+evidence.ID+"/confirm", m{}, nil)
		if done.ID != action.ID {
			t.Errorf("the confirmation names %q", done.ID)
		}
		var whole agenda.WholeActionJSON
		call(200, "", "GET", path, nil, &whole)
		if whole.Step != "verified" || whole.Health != "done" || len(whole.Carriers) != 2 || len(whole.News) != 2 || whole.Title["en"] != "A counter" {
			t.Errorf("%+v", whole)
		}
		call(422, group, "POST", path+"/drop", m{"lang": "en", "reason": ""}, nil)
		call(200, group, "POST", path+"/drop", m{"lang": "en", "reason": "Sold"}, nil)
		call(409, city, "POST", path+"/drop", m{"lang": "en", "reason": "Sold"}, nil)
		call(403, group, "POST", "/agenda/"+h.item+"/drop", m{"lang": "en", "reason": "Sold"}, nil)
		call(200, "", "GET", path, nil, &whole)
		if len(whole.Dropped) != 1 || whole.Dropped[0].Reason["en"] != "Sold" {
			t.Errorf("%+v", whole.Dropped)
		}
		var list []agenda.AgendaItemJSON
		call(200, "", "GET", "/agenda?assembly="+h.assembly, nil, &list)
		if len(list) != 2 || len(list[0].Actions) != 1 || list[0].Motion != h.motion {
			t.Errorf("%+v", list)
		}
		var item agenda.AgendaItemJSON
		call(200, "", "GET", "/agenda/"+h.item, nil, &item)
		if len(item.From) != 1 || item.From[0] != h.motion {
			t.Errorf("%+v", item)
		}
		call(404, "", "GET", "/agenda/"+action.ID, nil, nil)
		var review agenda.ReviewJSON
		call(200, "", "GET", "/assemblies/"+h.assembly+"/review", nil, &review)
		if review.Counts["dropped"] != 1 || len(review.Items) != 2 {
			t.Errorf("%+v", review)
		}
	})
}
