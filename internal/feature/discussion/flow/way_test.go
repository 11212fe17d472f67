package flow_test

import (
	"context"
	"fmt"
	"mime"
	"net/mail"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"alliance/internal/app"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// town is a house with an item that can be talked about.
type town struct {
	*housetest.House
	metz      people.Organisation
	dora      people.Person // speaks for Metz
	mandate   people.Mandate
	item      string
	nadia     people.Person // speaks for herself
	mod, mod2 people.Person
}

func both(t *testing.T, test func(*testing.T, *town), options ...housetest.Option) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w := &town{House: h, metz: h.Organisation("Metz", people.LocalAuthority), nadia: h.Person("Nadia"),
			mod: h.Person("Mona Moderator", people.Grant{Role: people.Coordinator}), mod2: h.Person("Milo Moderator", people.Grant{Role: people.Coordinator})}
		w.dora, w.mandate = h.Delegate("Dora", w.metz)
		w.item = w.add("Ouvrir les mairies", entry.Public)
		test(t, w)
	}, options...)
}

func (w *town) add(title string, audience entry.Audience) (made string) {
	w.Do(func(ctx context.Context, tx *db.Tx) error {
		e, err := entry.Add(ctx, tx, w.Actor(w.dora.ID, w.mandate.ID), entry.Entry{Kind: "item", Class: "action", Lang: "fr", Audience: audience,
			Fields: map[string]lang.Text{entry.Title: lang.New("fr", title)}}, nil)
		made = e.ID
		return err
	})
	return made
}

func (w *town) as(p people.Person) *housetest.Client {
	if p.ID == w.dora.ID {
		return w.As(p.ID, w.mandate.ID)
	}
	return w.As(p.ID, "")
}

// say publishes words and gives the comment's identifier, from where it leads.
func (w *town) say(t *testing.T, p people.Person, answers, words string) string {
	t.Helper()
	path, button := "/en/discussions/"+w.item, "Publish"
	if answers != "" {
		path = "/en/comments/" + answers + "?do=answer"
	}
	page := w.as(p).Get(path).Status(200).Submit(button, map[string]string{"words": words, "words-lang": "fr"}).Status(200)
	page.Has("ol.said", words)
	u, err := url.Parse(page.Path)
	if err != nil || u.Query().Get("at") == "" {
		t.Fatalf("it leads to %q", page.Path)
	}
	return u.Query().Get("at")
}

// subjects gives what mails to a person speak of.
func (w *town) subjects(t *testing.T, to people.Person) string {
	t.Helper()
	var all []string
	for _, raw := range w.Mails() {
		m, err := mail.ReadMessage(strings.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(m.Header.Get("To"), to.Email) {
			continue
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, subject)
	}
	return strings.Join(all, "\n")
}

func TestThread(t *testing.T) {
	both(t, func(t *testing.T, w *town) {
		path := "/en/discussions/" + w.item
		w.Visitor().Get(path).Status(200).Has("main", "Nobody has said anything yet").Has("main", "Sign in to take part")
		first := w.say(t, w.nadia, "", "Qui tient le guichet ?")
		answer := w.say(t, w.dora, first, "Nous le tenons.")
		again := w.say(t, w.nadia, answer, "Merci !")
		second := w.say(t, w.dora, "", "Et la langue ?")
		page := w.Visitor().Get(path).Status(200).Has("p.result", "4 comments").Has("li.d1", "Nous le tenons.").Has("li.d2", "Merci !").Has("li.d0", "Et la langue ?")
		page.Has("li.d1", "for Metz").Has("li.d1", "answers Nadia").Lacks("li.d0", "for Nadia")
		var order []string
		for _, c := range []string{first, answer, again, second} {
			order = append(order, fmt.Sprint(strings.Index(page.Body, `id="c-`+c)))
		}
		if !(strings.Index(page.Body, "c-"+first) < strings.Index(page.Body, "c-"+answer) && strings.Index(page.Body, "c-"+answer) < strings.Index(page.Body, "c-"+again)) {
			t.Errorf("order: %v", order)
		}
		if strings.Count(page.Body, `lang="fr"`) < 4 {
			t.Error("words in French are not marked on an English page")
		}
		// The entry's own pages lead there, with the count.
		w.Visitor().Get("/en/lineage/" + w.item).Status(200)
		// Who is answered hears of it by mail, once; nobody hears of themselves.
		if got := w.subjects(t, w.nadia); strings.Count(got, "You were answered") != 1 {
			t.Errorf("Nadia: %s", got)
		}
		if got := w.subjects(t, w.dora); strings.Count(got, "You were answered") != 1 || strings.Count(got, "Something was said") != 1 {
			t.Errorf("Dora: %s", got)
		}
		lines, err := journal.List(context.Background(), w.DB, journal.Filter{Verb: "discussion.said"})
		if err != nil || len(lines) != 4 || lines[0].Subject != w.item || lines[0].Organisation != w.metz.ID {
			t.Errorf("journal: %+v %v", lines, err)
		}
		// What was typed comes back with the error.
		w.as(w.nadia).Get(path).Submit("Publish", map[string]string{"words": " ", "words-lang": "fr"}).Status(422).Has("div.error-summary", "Write something")
		w.Visitor().Post(path, url.Values{"words": {"Moi aussi"}, "words-lang": {"fr"}}).Status(401)
	})
}

// A discussion is seen by whoever sees its entry: no more, no less, at once.
func TestVisibleAsItsEntry(t *testing.T) {
	both(t, func(t *testing.T, w *town) {
		one := w.say(t, w.dora, "", "Entre nous ou pour tous ?")
		paths := []string{"/en/discussions/" + w.item, "/en/comments/" + one}
		api := []string{"/entries/" + w.item + "/comments", "/comments/" + one, "/comments/" + one + "/versions"}
		for _, p := range paths {
			w.Visitor().Get(p).Status(200)
		}
		w.Do(func(ctx context.Context, tx *db.Tx) error {
			e, err := entry.Get(ctx, tx, w.item)
			if err != nil {
				return err
			}
			e.Audience = entry.Members
			_, err = entry.Change(ctx, tx, w.Actor(w.dora.ID, w.mandate.ID), e, nil)
			return err
		})
		for _, p := range paths {
			w.Visitor().Get(p).Status(404)
			w.as(w.nadia).Get(p).Status(404)
			w.as(w.dora).Get(p).Status(200)
		}
		for _, p := range api {
			if got := w.Call("", "GET", p, nil, nil); got != 404 {
				t.Errorf("%s: %d", p, got)
			}
		}
		w.Visitor().Post("/en/comments/"+one+"/report", url.Values{"reason": {"insult"}}).Status(404)
		w.as(w.nadia).Post("/en/comments/"+one+"/answer", url.Values{"words": {"Moi"}, "words-lang": {"fr"}}).Status(404)
	})
}

func TestEditTranslateWithdraw(t *testing.T) {
	both(t, func(t *testing.T, w *town) {
		one := w.say(t, w.nadia, "", "Le samdi.")
		path := "/en/comments/" + one
		page := w.as(w.nadia).Get(path).Status(200)
		page.Submit("Keep the change", map[string]string{"words": "Le samedi."}).Status(200).Has("ol.said", "Le samedi.").Has("ol.said", "changed since")
		// A second window still shows the first version.
		page.Submit("Keep the change", map[string]string{"words": "Le dimanche."}).Status(409).Has("div.error-summary", "meanwhile").Has("textarea", "Le dimanche.")
		w.Visitor().Get(path).Status(200).Has("ol.timeline", "samdi").Lacks("button", "Keep the change")
		w.as(w.dora).Post(path+"/edit", url.Values{"words": {"Jamais."}, "revision": {"2"}}).Status(403)
		// Translated by another person; the original stays beside it.
		w.as(w.dora).Get(path).Submit("Keep the translation", map[string]string{"words": "On Saturdays.", "words-lang": "en"}).Status(200).
			Has("ol.said", "On Saturdays.").Has("ol.said", "Translated by Dora").Has("ol.said", "Le samedi.")
		w.as(w.nadia).Get(path).Submit("Keep the change", map[string]string{"words": "Le samedi matin."}).Status(200).Has("ol.said", "The original has changed since")
		w.Clock.Pass(31 * time.Minute)
		late := w.as(w.nadia).Get(path).Status(200).Lacks("button", "Keep the change")
		w.as(w.nadia).Post(path+"/edit", url.Values{"words": {"Trop tard."}, "revision": {"4"}}).Status(409)
		late.Submit("Withdraw", nil).Status(200).Has("ol.said", "Withdrawn by its author").Lacks("main", "samedi").Lacks("main", "Saturdays")
		w.as(w.mod).Get(path).Status(200).Lacks("main", "samedi").Lacks("main", "samdi")
		for _, table := range []string{"comment", "comment_version"} {
			if n, err := db.One(context.Background(), w.DB, db.Value[int], `SELECT count(*) FROM `+table+` WHERE words LIKE '%sam%'`); err != nil || n != 0 {
				t.Errorf("%s keeps words that were withdrawn: %d, %v", table, n, err)
			}
		}
		// What was said for an organisation is kept for it.
		other := w.say(t, w.dora, "", "Metz s’engage.")
		w.as(w.dora).Get("/en/comments/"+other).Submit("Withdraw", nil).Status(200)
		w.Visitor().Get("/en/discussions/"+w.item).Status(200).Lacks("main", "engage")
		w.as(w.dora).Get("/en/comments/"+other).Status(200).Has("main", "engage")
	})
}

func TestErased(t *testing.T) {
	both(t, func(t *testing.T, w *town) {
		w.say(t, w.nadia, "", "Mes mots à moi.")
		w.say(t, w.dora, "", "Les mots de Metz.")
		w.Do(func(ctx context.Context, tx *db.Tx) error {
			if err := w.Erase(ctx, tx, w.nadia.ID); err != nil {
				return err
			}
			return w.Erase(ctx, tx, w.dora.ID)
		})
		w.Visitor().Get("/en/discussions/"+w.item).Status(200).Has("main", "Les mots de Metz.").Has("main", "for Metz").
			Lacks("main", "Mes mots").Lacks("main", "Nadia").Lacks("main", "Dora")
		if n, err := db.One(context.Background(), w.DB, db.Value[int], `SELECT count(*) FROM comment_version WHERE words LIKE '%Mes mots%'`); err != nil || n != 0 {
			t.Errorf("%d versions keep the words, %v", n, err)
		}
	})
}

func TestModeration(t *testing.T) {
	both(t, func(t *testing.T, w *town) {
		one := w.say(t, w.nadia, "", "Vous êtes des voleurs.")
		path := "/en/comments/" + one
		report := w.Visitor().Get(path).Status(200)
		report.Submit("Report", nil).Status(422).Has("div.error-summary", "Choose a reason")
		report.Submit("Report", map[string]string{"reason": "insult", "note": "C’est une insulte."}).Status(200).Has("main", "The moderators look at it")
		w.as(w.dora).Get(path).Submit("Report", map[string]string{"reason": "insult"}).Status(200)
		if got := w.subjects(t, w.mod); strings.Count(got, "was reported") != 1 {
			t.Errorf("moderators are told once: %s", got)
		}
		w.as(w.nadia).Get("/en/moderation/comments").Status(403)
		w.as(w.mod).Get("/en/me").Status(200).Has("main", "Reported comments")
		w.as(w.mod).Get("/en/moderation/comments").Status(200).Has("main", "voleurs").Has("main", "C’est une insulte.")
		decide := w.as(w.mod).Get(path).Status(200)
		decide.Submit("Hide", map[string]string{"reason": "insult"}).Status(422).Has("div.error-summary", "Say why")
		decide.Submit("Hide", map[string]string{"reason": "insult", "note": "Dites-le sans insulter."}).Status(200).Has("main", "It stands in the log")
		w.as(w.mod).Get("/en/moderation/comments").Status(200).Has("main", "Nothing waits for you")
		w.Visitor().Get("/en/discussions/"+w.item).Status(200).Has("ol.said", "Hidden by the moderators").Lacks("main", "voleurs")
		w.Visitor().Get(path).Status(200).Lacks("main", "voleurs").Lacks("main", "sans insulter")
		w.as(w.nadia).Get(path).Status(200).Has("main", "voleurs").Has("main", "Dites-le sans insulter.")
		if got := w.subjects(t, w.nadia); !strings.Contains(got, "was hidden") {
			t.Errorf("the author is not told: %s", got)
		}
		w.Visitor().Get("/en/moderation/log").Status(200).Has("table", "A comment was hidden").Has("table", "Insult or threat").Lacks("main", "voleurs").Lacks("main", "sans insulter").Lacks("main", "Mona").Lacks("main", "Nadia")
		var out struct {
			Words map[string]string
			State string
		}
		if got := w.Call("", "GET", "/comments/"+one, nil, &out); got != 200 || len(out.Words) != 0 || out.State != "hidden" {
			t.Errorf("API: %d %+v", got, out)
		}
		w.as(w.mod2).Get(path).Submit("Show it again", nil).Status(200)
		w.Visitor().Get("/en/discussions/"+w.item).Status(200).Has("ol.said", "voleurs")
	})
}

func TestClosedThread(t *testing.T) {
	both(t, func(t *testing.T, w *town) {
		one := w.say(t, w.nadia, "", "Un premier mot.")
		form := w.as(w.nadia).Get("/en/comments/" + one).Status(200) // open in a second window
		w.as(w.mod).Get("/en/comments/"+one).Submit("Close the thread", nil).Status(200)
		form.Submit("Publish", map[string]string{"words": "Encore un mot.", "words-lang": "fr"}).Status(409).Has("div.error-summary", "closed")
		form.Submit("Keep the change", map[string]string{"words": "Changé."}).Status(409).Has("div.error-summary", "closed")
		w.as(w.nadia).Get("/en/comments/"+one).Status(200).Lacks("button", "Publish").Has("main", "closed")
		w.say(t, w.nadia, "", "Un autre fil.")
		w.as(w.mod).Get("/en/comments/"+one).Submit("Open the thread again", nil).Status(200)
		w.say(t, w.nadia, one, "De nouveau.")
	})
}

func TestSummary(t *testing.T) {
	both(t, func(t *testing.T, w *town) {
		w.say(t, w.nadia, "", "Un mot.")
		path := "/en/discussions/" + w.item
		w.as(w.nadia).Get(path + "/summary").Status(404)
		w.as(w.nadia).Post(path+"/summary", url.Values{"words": {"Moi"}, "words-lang": {"fr"}}).Status(404)
		page := w.as(w.mod).Get(path + "/summary").Status(200)
		page.Submit("Publish", map[string]string{"words": "Tout le monde est d’accord.", "words-lang": "fr"}).Status(200).Has("div.note", "Tout le monde est d’accord.")
		page.Submit("Publish", map[string]string{"words": "Personne n’est d’accord.", "words-lang": "fr"}).Status(409).Has("textarea", "Personne")
		w.Visitor().Get(path).Status(200).Has("div.note", "Tout le monde est d’accord.").Has("p.result", "1 comment")
	})
}

// Two moderators at once: one decides, the other is told. An answer and the
// closing of its thread at once: either it was said before, or not at all.
func TestAtOnce(t *testing.T) {
	both(t, func(t *testing.T, w *town) {
		one := w.say(t, w.nadia, "", "Un mot.")
		path := "/en/comments/" + one
		codes := make([]int, 2)
		var all sync.WaitGroup
		for i, p := range []people.Person{w.mod, w.mod2} {
			c := w.as(p)
			all.Go(func() {
				codes[i] = c.Post(path+"/moderate", url.Values{"act": {"hidden"}, "reason": {"insult"}, "note": {"Non."}}).Code
			})
		}
		all.Wait()
		if codes[0]+codes[1] != 200+409 {
			t.Errorf("two moderators: %v", codes)
		}
		if n, err := db.One(context.Background(), w.DB, db.Value[int], `SELECT count(*) FROM moderation WHERE act = 'hidden'`); err != nil || n != 1 {
			t.Errorf("%d lines in the log, %v", n, err)
		}
		for round := range 5 {
			thread := w.say(t, w.nadia, "", fmt.Sprintf("Fil %d.", round))
			speaks, closes := w.as(w.dora), w.as(w.mod)
			var said, shut int
			all.Go(func() {
				said = speaks.Post("/en/comments/"+thread+"/answer", url.Values{"words": {"Vite."}, "words-lang": {"fr"}}).Code
			})
			all.Go(func() { shut = closes.Post("/en/comments/"+thread+"/moderate", url.Values{"act": {"closed"}}).Code })
			all.Wait()
			n, err := db.One(context.Background(), w.DB, db.Value[int], `SELECT count(*) FROM comment WHERE thread = $1 AND id <> thread`, thread)
			if err != nil || shut != 200 || !(said == 200 && n == 1 || said == 409 && n == 0) {
				t.Errorf("said %d, closed %d, %d answers, %v", said, shut, n, err)
			}
		}
	})
}

// A thousand comments: a page shows its part, asks the database no more often
// than for a few, and a comment is found on its page.
func TestThousand(t *testing.T) {
	both(t, func(t *testing.T, w *town) {
		first := w.say(t, w.nadia, "", "Le premier.")
		few := w.asked(t, "/en/discussions/"+w.item)
		last := ""
		w.Do(func(ctx context.Context, tx *db.Tx) error {
			for i := range 1000 {
				last = fmt.Sprintf("zz%014d", i)
				if _, err := tx.Exec(ctx, `INSERT INTO comment (id, entry, thread, answers, depth, path, person, organisation, words, at, changed, revision, state)
					VALUES ($1,$2,$1,'',0,$1,$3,$4,$5,$6,$6,1,'said')`, last, w.item, w.nadia.ID, w.metz.ID, lang.New("fr", fmt.Sprintf("Mot %d.", i)).JSON(), tx.Now()); err != nil {
					return err
				}
			}
			return nil
		})
		page := w.Visitor().Get("/en/discussions/" + w.item).Status(200)
		if n := page.Count("li.d0"); n != 50 {
			t.Errorf("%d on the first page", n)
		}
		page.Has("nav.pages", "of 21").Has("p.result", "1,001 comments").Has("li", "Le premier.")
		w.Visitor().Get("/en/discussions/"+w.item+"?at="+last).Status(200).Has("li", "Mot 999.").Has("nav.pages", "Page 21")
		w.Visitor().Get("/en/discussions/"+w.item+"?page=21&at="+first).Status(200).Has("li", "Mot 999.")
		if many := w.asked(t, "/en/discussions/"+w.item+"?page=2"); many > few+2 {
			t.Errorf("%d questions to the database for a page of a thousand, %d for one", many, few)
		}
	}, func(c *app.Config) { c.Timing = true })
}

// asked counts what a page asks of the database.
func (w *town) asked(t *testing.T, path string) int {
	t.Helper()
	header := w.as(w.nadia).Get(path).Status(200).Header.Get("Server-Timing")
	_, said, _ := strings.Cut(header, `sql;desc="`)
	var n int
	if _, err := fmt.Sscanf(said, "%d", &n); err != nil || n == 0 {
		t.Fatalf("Server-Timing: %q", header)
	}
	return n
}

// Limits: a person, and a network.
func TestLimits(t *testing.T) {
	both(t, func(t *testing.T, w *town) {
		one := w.say(t, w.nadia, "", "Un mot.")
		codes := map[int]int{}
		for i := range 25 {
			codes[w.Visitor().Post("/en/comments/"+one+"/report", url.Values{"reason": {"other"}, "note": {fmt.Sprint(i)}}).Code]++
		}
		if codes[200] != 20 || codes[429] != 5 {
			t.Errorf("reports by visitors: %v", codes)
		}
		codes = map[int]int{}
		writes := w.as(w.dora)
		for i := range 45 {
			codes[writes.Post("/en/discussions/"+w.item, url.Values{"words": {fmt.Sprint("Mot ", i)}, "words-lang": {"fr"}}).Code]++
		}
		if codes[200] != 40 || codes[429] != 5 {
			t.Errorf("comments: %v", codes)
		}
	})
}
