package flow_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"image"
	"image/png"
	"io"
	"net/url"
	"strings"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/people"
)

func picture() string {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		panic(err)
	}
	return b.String()
}

func count(t *testing.T, h *housetest.House, text string) int {
	t.Helper()
	n, err := db.One(context.Background(), h.DB, db.Value[int], text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestDocumentsStandBesideARecord(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		town := h.Organisation("Town", people.LocalAuthority)
		p, m := h.Delegate("Ana", town)
		own := h.As(p.ID, m.ID)
		page := own.Get("/en/initiatives/new").Submit("Publish", nil, url.Values{"title": {"Desk"}, "summary": {"A desk."}, "category": {"legal"}}).Status(200)
		record := page.Path[strings.LastIndexByte(page.Path, '/')+1:]
		h.Visitor().Get(page.Path).Status(200).Lacks("main", "Documents and pictures")

		// Faults come together, and what was typed stays; a picture needs a word on who is in it.
		form := page.Follow("Add or take away documents").Status(200)
		form.Upload("Put it there", map[string]string{"credit": "The town"}, nil).Status(422).Has(".error-summary", "Say in a few words")
		form.Upload("Put it there", map[string]string{"words": "The plan"}, nil).Status(422).Has(".error-summary", "Choose a file").Has("textarea", "The plan")
		form.Upload("Put it there", map[string]string{"words": "People at the desk"}, map[string][2]string{"file": {"desk.png", picture()}}).Status(422).Has(".error-summary", "recognised")
		form.Upload("Put it there", map[string]string{"words": "x"}, map[string][2]string{"file": {"run.exe", "MZ\x90\x00 nothing"}}).Status(422)
		form = form.Upload("Put it there", map[string]string{"words": "<b>The decision</b>", "holds": "fr"}, map[string][2]string{"file": {"decision.txt", "Le conseil décide."}}).Status(200)
		form.Upload("Put it there", map[string]string{"words": "A closed door", "consent": "nobody"}, map[string][2]string{"file": {"door.png", picture()}}).Status(200)

		shown := h.Visitor().Get(page.Path).Status(200).Has("main", "<b>The decision</b>").Has("main", "TXT").Has("main", "French").Has("figcaption", "A closed door").Has("summary", "Show the picture")
		if shown.Count("img") != 1 || !strings.Contains(shown.Body, `loading="lazy"`) {
			t.Error("a picture, which waits until it is wanted")
		}
		var files []string
		for _, f := range shown.Links("main") {
			if strings.Contains(f, "/documents/") {
				files = append(files, f)
			}
		}
		if len(files) != 2 {
			t.Fatalf("files: %q", files)
		}
		for _, f := range files {
			h.Visitor().Get(f).Status(200)
		}
		if got := h.Visitor().Get(files[0]).Body; got != "Le conseil décide." {
			t.Errorf("the file holds %q", got)
		}

		// Others may neither add nor take away, and the address of another record shows nothing.
		stranger, s := h.Delegate("Bo", h.Organisation("Other", people.CivilSociety))
		h.As(stranger.ID, s.ID).Get("/en/documents/" + record).Status(403)
		h.Visitor().Get("/en/documents/" + town.ID + files[0][strings.LastIndexByte(files[0], '/'):]).Status(404)

		// What is withdrawn takes its documents along; what is deleted is gone.
		own.Get(page.Path+"/withdraw").Submit("Withdraw it now", nil).Status(200)
		h.Visitor().Get(files[0]).Status(404)
		own.Get(page.Path).Submit("Publish", nil).Status(200)
		own.Get("/en/documents/"+record).Follow("Take it away").Status(200).Submit("Delete it", nil).Status(200).Lacks("main", "The decision")
		h.Visitor().Get(files[0]).Status(404)
		if n := count(t, h, `SELECT count(*) FROM file`); n != 1 {
			t.Errorf("%d files are kept", n)
		}
		h.Visitor().Get("/en/history/" + record).Status(200)
	})
}

func TestDocumentsOverTheAPI(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p, m := h.Delegate("Ana", h.Organisation("Town", people.LocalAuthority))
		page := h.As(p.ID, m.ID).Get("/en/initiatives/new").Submit("Publish", nil, url.Values{"title": {"Desk"}, "summary": {"A desk."}, "category": {"legal"}}).Status(200)
		record := page.Path[strings.LastIndexByte(page.Path, '/')+1:]
		var token string
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			token, err = people.AddToken(ctx, tx, people.Token{Person: p.ID, Mandate: m.ID, Name: "test", Reads: true, Writes: true})
			return err
		})
		in := map[string]any{"words": "A door", "name": "door.png", "file": base64.StdEncoding.EncodeToString([]byte(picture()))}
		if code := h.Call(token, "POST", "/documents/"+record, in, nil); code != 422 {
			t.Errorf("a picture without a word on people: %d", code)
		}
		in["consent"] = "agreed"
		var made struct{ ID, Type, Address string }
		if code := h.Call(token, "POST", "/documents/"+record, in, &made); code != 201 || made.Type != "image/png" || !strings.Contains(made.Address, "/documents/"+record+"/"+made.ID) {
			t.Fatalf("%d %+v", code, made)
		}
		var list struct {
			Documents []struct{ ID, Consent string }
		}
		if code := h.Call("", "GET", "/documents/"+record, nil, &list); code != 200 || len(list.Documents) != 1 || list.Documents[0].Consent != "agreed" {
			t.Errorf("%d %+v", code, list)
		}
		if code := h.Call("", "DELETE", "/documents/"+record+"/"+made.ID, nil, nil); code != 401 {
			t.Errorf("a visitor deletes: %d", code)
		}
		if code := h.Call(token, "DELETE", "/documents/"+record+"/"+made.ID, nil, nil); code != 204 {
			t.Errorf("delete: %d", code)
		}
		if n := count(t, h, `SELECT count(*) FROM document`); n != 0 {
			t.Errorf("%d documents stay", n)
		}
	})
}

// Documents stand beside organisations and events as well, and every form of a
// record names them.
func TestDocumentsBesideOrganisationsAndEvents(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		as := func(id string) *housetest.Client { return h.As(demo.PersonID(id), demo.MandateID(id)) }
		v := h.Visitor()
		for _, c := range []struct{ kind, page, id, keeper, stranger, words string }{
			{"organisation", "organisations", demo.OrganisationID("ville-de-port-oriane"), "marchetti", "fontainha", "Où aller en arrivant"},
			{"event", "calendar", demo.EntryID("calendar", "aide-juridique"), "fontainha", "marchetti", "Programa do dia"},
		} {
			path := "/en/" + c.page + "/" + c.id
			v.Get(path).Status(200).Has("main", "Documents and pictures").Has("main", c.words)
			as(c.stranger).Get("/en/documents/" + c.id).Status(403)
			form := as(c.keeper).Get(path).Follow("Add or take away documents").Status(200)
			form.Upload("Put it there", map[string]string{"words": "A closed door", "consent": "nobody"}, map[string][2]string{"file": {"door.png", picture()}}).Status(200)
			shown := v.Get(path).Has("figcaption", "A closed door")
			if shown.Count("img") != 1 {
				t.Errorf("%s: %d pictures", c.kind, shown.Count("img"))
			}
			linked, paper := v.Get("/en/open/"+c.kind+"/"+c.id+".jsonld").Status(200).Body, v.Get("/en/guide/"+c.kind).Status(200)
			for _, want := range []string{"subjectOf", "MediaObject", "ImageObject", "A closed door", "/documents/" + c.id + "/"} {
				if !strings.Contains(linked, want) {
					t.Errorf("%s: linked data does not say %q", c.kind, want)
				}
			}
			paper.Has(".leaf", c.words).Has(".leaf", "A closed door")
			if words := docx(t, v.Get("/en/open/"+c.kind+"/"+c.id+".docx").Status(200).Body); !strings.Contains(words, c.words) || !strings.Contains(words, "/documents/"+c.id+"/") {
				t.Errorf("%s: the text document names no documents", c.kind)
			}
			var list struct{ Documents []struct{ ID string } }
			if code := h.Call("", "GET", "/documents/"+c.id, nil, &list); code != 200 || len(list.Documents) != 2 {
				t.Errorf("%s: %d %+v", c.kind, code, list)
			}
		}
	}, housetest.Demonstration)
}

// docx gives the words of a text document.
func docx(t *testing.T, body string) string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}
