package flow_test

import (
	"context"
	"encoding/csv"
	"net/url"
	"strings"
	"testing"

	"alliance/internal/feature/campaign"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/people"
)

// A letter is begun, signed under a mandate, noted from paper, taken back,
// signed again; nobody else can do so, and what was signed is not reworded.
func TestALetterIsSigned(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		as := func(id string) *housetest.Client { return h.As(demo.PersonID(id), demo.MandateID(id)) }
		city, figueira, watcher, coordination := as("marchetti"), as("fontainha"), as("elouarzi"), as("ferrandiz")
		form := city.Get("/en/campaigns/new").Status(200)
		set := map[string]string{"title": "Doors open", "summary": "Open the halls in winter.", "words": "We ask that halls stay open.", "addressee": "The county", "closes": "1", "closes-month": "1", "closes-year": "2020", "opens": "1", "opens-month": "2", "opens-year": "2020"}
		form.Submit("Publish", set, url.Values{"form": {"letter"}}).Status(422).Has(".err", "before the beginning")
		for _, name := range []string{"closes", "closes-month", "closes-year", "opens", "opens-month", "opens-year"} {
			set[name] = ""
		}
		page := form.Submit("Publish", set, url.Values{"form": {"letter"}}).Status(200).Has("h1", "Doors open").Has(".pill", "Open for signatures").Has("main", "No organisation has signed yet")
		at := page.Path
		id := at[strings.LastIndexByte(at, '/')+1:]

		h.Visitor().Get(at+"/sign").Status(200).Has("h1", "Sign in")
		watcher.Get(at + "/sign").Status(403) // may speak, vote and edit
		watcher.Post(at+"/sign", url.Values{"_key": {"a-key-of-its-own"}}).Status(403)
		city.Get(at + "/note").Status(403)

		figueira.Get(at).Follow("Sign for").Status(200).Has("main", "We ask that halls stay open.").Submit("Sign now", map[string]string{"document": "no page"}).Status(422).Has(".err", "address of a page")
		signed := figueira.Get(at+"/sign").Submit("Sign now", map[string]string{"number": "AG 7", "decided": "3", "decided-month": "10", "decided-year": "2026", "summary": "With all our heart."}).Status(200).Has(".note", "signed on").Has(".result", "1 organisation").Has("td", "AG 7")
		figueira.Get(at+"/sign").Submit("Sign now", nil).Status(409).Has("main", "has signed already")
		v := h.Visitor()
		v.Get(at).Has("th", "Casa da Figueira").Has(".result", "1 organisation")

		// Signed words stay; what stands beside them can change.
		city.Get(at+"/edit").Submit("Save", map[string]string{"words": "We ask for less."}).Status(422).Has(".err", "these words stay")
		city.Get(at+"/edit").Submit("Save", map[string]string{"summary": "Open the halls, all winter."}).Status(200)

		note := coordination.Get(at + "/note").Status(200)
		note.Submit("Note it", map[string]string{"signer": "Nobody at all"}).Status(422).Has(".err", "We find nothing called").Has(".err", "Write the day").Has(".err", "where the signed letter is")
		note.Submit("Note it", map[string]string{"signer": "Instituto Varanda", "day": "2", "day-month": "10", "day-year": "2026", "number": "mail 3"}).Status(200).Has(".result", "2 organisations").Has("td", "Noted by the coordination")

		mine := signed.Follow("This signature").Status(200).Has("main", "With all our heart.").Has(".pill", "It stands")
		city.Get(mine.Path + "/take-back").Status(403)
		coordination.Get(mine.Path + "/take-back").Status(403) // it did not note it
		mine.Follow("Take the signature back").Submit("Take the signature back", nil).Status(200).Has(".pill", "Taken back on")
		v.Get(at).Has(".result", "1 organisation").Has("details", "1 organisation took its signature back").Has("details", "Casa da Figueira")
		v.Get("/en/history"+mine.Path[len("/en/signatures"):]).Status(200).Has("main", "2")
		v.Get("/en/organisations/"+demo.OrganisationID("casa-da-figueira")).Has("main", "What it signed").Has("main", "taken back on")

		// All texts are translated alike: it is said once, in every language.
		for _, tag := range []string{"en", "ar"} {
			if n := v.Get("/" + tag + "/campaigns/" + campaign.DemoID("night")).Status(200).Count(".told"); n != 1 {
				t.Errorf("%s: said %d times", tag, n)
			}
		}
		v.Get("/fr/campaigns/"+campaign.DemoID("night")).Lacks("main", "Cela vaut pour tous les textes")

		rows := func(c *housetest.Client) int {
			all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(c.Get("/en/open/signature.csv?campaign="+id).Status(200).Body, "\ufeff"))).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			return len(all) - 1
		}
		if n := rows(v); n != 2 {
			t.Errorf("%d rows of 2 signatures", n)
		}
		v.Get("/en/signatures?campaign="+id).Status(200).Has(".result", "2 signatures").Has(".card", "Instituto Varanda").Lacks(".card", "Quais Ouverts")

		figueira.Get(at+"/sign").Submit("Sign now", nil).Status(200).Has(".result", "2 organisations").Lacks("main", "took its signature back")
		if n := rows(v); n != 2 {
			t.Errorf("%d rows after signing again", n)
		}

		// Kept for members, then withdrawn: nobody learns of it from signatures.
		city.Get(at+"/edit").Submit("Save", nil, url.Values{"audience": {"members"}}).Status(200)
		if n := rows(v) + 10*rows(figueira); n != 20 {
			t.Errorf("rows for visitors and members: %d", n)
		}
		v.Get(mine.Path).Status(404)
		city.Get(at+"/withdraw").Submit("Withdraw it now", nil).Status(200)
		if n := rows(watcher); n != 0 {
			t.Errorf("%d signatures of a text that is withdrawn", n)
		}
		figueira.Get(at + "/sign").Status(404)
	}, housetest.Demonstration)
}

func token(h *housetest.House, person string) (secret string) {
	h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		secret, err = people.AddToken(ctx, tx, people.Token{Person: demo.PersonID(person), Mandate: demo.MandateID(person), Name: "test", Reads: true, Writes: true})
		return err
	})
	return secret
}

// What pages do, programs do; and the question who is in what asks for those
// who have not signed yet.
func TestSignaturesForPrograms(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		type roll struct {
			Stage     string
			Kinds     []struct{ N int }
			Standing  []struct{ ID, Name, Way string }
			Withdrawn []struct{ ID, Withdrawn string }
		}
		var r roll
		night, vote := "/campaigns/"+campaign.DemoID("night"), "/campaigns/"+campaign.DemoID("vote")
		if code := h.Call("", "GET", night+"/signatures", nil, &r); code != 200 || r.Stage != "open" || len(r.Standing) != 8 || len(r.Withdrawn) != 1 || r.Withdrawn[0].Withdrawn == "" || len(r.Kinds) != 4 {
			t.Errorf("%d %+v", code, r)
		}
		sissoko := token(h, "sissoko")
		if code := h.Call("", "POST", night+"/sign", map[string]string{"lang": "fr"}, nil); code != 401 {
			t.Errorf("a stranger signs: %d", code)
		}
		if code := h.Call(token(h, "elouarzi"), "POST", night+"/sign", map[string]string{"lang": "ar"}, nil); code != 403 {
			t.Errorf("without a mandate to sign: %d", code)
		}
		if code := h.Call(sissoko, "POST", vote+"/sign", map[string]string{"lang": "fr"}, nil); code != 409 {
			t.Errorf("too early: %d", code)
		}
		if code := h.Call(sissoko, "POST", "/signatures/"+campaign.DemoID("night/collectif-les-pas-du-sahel")+"/take-back", nil, &r); code != 200 || len(r.Standing) != 7 || len(r.Withdrawn) != 2 {
			t.Errorf("taken back: %d %+v", code, r)
		}
		if code := h.Call(sissoko, "POST", night+"/sign", map[string]string{"lang": "fr", "number": "AG 9"}, &r); code != 200 || len(r.Standing) != 8 {
			t.Errorf("signed again: %d %+v", code, r)
		}
		if code := h.Call(sissoko, "POST", "/signatures", map[string]any{"lang": "fr", "answers": map[string][]string{}}, nil); code != 404 && code != 405 {
			t.Errorf("a signature by the form of records: %d", code)
		}

		quays, v := demo.OrganisationID("quais-ouverts"), h.Visitor()
		asked := "/en/networks?in=" + quays + "&signed=" + campaign.DemoID("night")
		v.Get(asked).Status(200).Has("th", "Valdelumbre").Lacks("th", "Port-Oriane")
		v.Get(asked+"&not=1").Status(200).Has("th", "Port-Oriane")
		v.Get("/fr/networks").Has("td", "8").Has("th", "Pas une nuit dehors")
		v.Get("/ar"+night).Status(200).Has("h1", "ولا ليلة واحدة في العراء")
	}, housetest.Demonstration)
}
