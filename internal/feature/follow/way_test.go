package follow_test

import (
	"context"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"alliance/internal/app"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/record"
)

// Mails need an address to lead to; mail programs unsubscribe in one click where it is https.
func plain(c *app.Config)  { c.Origin = "http://alliance.example.org" }
func secure(c *app.Config) { c.Origin = "https://alliance.example.org" }

// town is a house with an item of an assembly that can be followed.
type town struct {
	*housetest.House
	metz      people.Organisation
	delegate  people.Person
	mandate   people.Mandate
	assembly  string
	item      string
	mailsRead int
}

func both(t *testing.T, test func(*testing.T, *town), options ...housetest.Option) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w := &town{House: h, metz: h.Organisation("Metz", people.LocalAuthority)}
		w.delegate, w.mandate = h.Delegate("Dora Delegate", w.metz)
		w.assembly = w.add(t, w.metzActor(), entry.Entry{Kind: "assembly"}, "Une rencontre")
		w.item = w.add(t, w.metzActor(), entry.Entry{Kind: "item", Class: "action", Parent: w.assembly, Themes: []string{"housing"}}, "Ouvrir les mairies")
		test(t, w)
	}, append([]housetest.Option{plain}, options...)...)
}

func (w *town) metzActor() people.Actor { return w.Actor(w.delegate.ID, w.mandate.ID) }

func (w *town) add(t *testing.T, a people.Actor, e entry.Entry, title string) (made string) {
	t.Helper()
	e.Lang, e.Fields = "fr", map[string]lang.Text{entry.Title: lang.New("fr", title)}
	w.Do(func(ctx context.Context, tx *db.Tx) error {
		x, err := entry.Add(ctx, tx, a, e, nil)
		made = x.ID
		return err
	})
	return made
}

// change writes a new summary as the delegate of Metz.
func (w *town) change(t *testing.T, id, words string) {
	t.Helper()
	w.edit(id, func(e *entry.Entry) { e.Set(entry.Summary, words) })
}

func (w *town) edit(id string, how func(*entry.Entry)) {
	w.Do(func(ctx context.Context, tx *db.Tx) error {
		e, err := entry.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		how(&e)
		_, err = entry.Change(ctx, tx, w.metzActor(), e, nil)
		return err
	})
}

// letter is a mail as a program reads it.
type letter struct {
	Header     mail.Header
	Subject    string
	Text, HTML string
}

// news gives the mails that came since the last time.
func (w *town) news(t *testing.T) (letters []letter) {
	t.Helper()
	all := w.Mails()
	for _, raw := range all[w.mailsRead:] {
		letters = append(letters, read(t, raw))
	}
	w.mailsRead = len(all)
	return letters
}

func read(t *testing.T, raw string) (l letter) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	l.Header = m.Header
	if l.Subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	body := func(r io.Reader, encoding string) string {
		if strings.EqualFold(encoding, "quoted-printable") {
			r = quotedprintable.NewReader(r)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if kind != "multipart/alternative" {
		l.Text = body(m.Body, m.Header.Get("Content-Transfer-Encoding"))
		return l
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			return l
		}
		if err != nil {
			t.Fatal(err)
		}
		s := body(p, p.Header.Get("Content-Transfer-Encoding"))
		if strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
			l.HTML = s
		} else {
			l.Text = s
		}
	}
}

// day lets a day pass and a bit, so that a digest is due once.
func (w *town) day() { w.Clock.Pass(24*time.Hour + time.Minute) }

func holds(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%q is not in:\n%s", p, text)
		}
	}
}

func lacks(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if strings.Contains(text, p) {
			t.Errorf("%q is in:\n%s", p, text)
		}
	}
}

// The whole way: a button, a mail a day with the words that changed in the
// reader's language or marked, nothing twice, nothing of one's own, nothing
// when there is nothing, and a button to stop.
func TestDigest(t *testing.T) {
	both(t, func(t *testing.T, w *town) {
		reader := w.Person("Rita Reader")
		rita := w.As(reader.ID, "")
		page := rita.Get("/en/lineage/" + w.item).Status(200)
		_ = page
		rita.Get("/en/follow?entry="+w.item).Status(200).Has("h1", "Ouvrir les mairies").Submit("Follow", nil).Status(200).Has("main", "Ouvrir les mairies")
		w.news(t)
		w.day()
		if got := w.news(t); len(got) != 0 {
			t.Fatalf("a mail without news: %q", got[0].Text)
		}
		w.change(t, w.item, "Chaque mairie ouvre un guichet.")
		w.change(t, w.item, "Chaque mairie ouvre un guichet le samedi.")
		w.day()
		got := w.news(t)
		if len(got) != 1 {
			t.Fatalf("%d mails", len(got))
		}
		holds(t, got[0].Subject, "Ouvrir les mairies")
		holds(t, got[0].Text, "Chaque mairie ouvre un guichet le samedi.", "Changed (", "Metz", "Written in French", "/en/following/")
		holds(t, got[0].HTML, "Chaque mairie ouvre un guichet le samedi.", `lang="fr"`, "/en/following/")
		lacks(t, got[0].Text, "guichet.\n")
		w.day()
		if got := w.news(t); len(got) != 0 {
			t.Fatalf("told twice: %q", got[0].Text)
		}
		// Translated, then changed: the translation is shown and marked as out of date.
		w.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := entry.Translate(ctx, tx, w.metzActor(), w.item, entry.Summary, "en", "Each town hall opens a desk on Saturdays.")
			return err
		})
		w.day()
		if got = w.news(t); len(got) != 1 {
			t.Fatalf("%d mails", len(got))
		}
		holds(t, got[0].Text, "Translated", "Each town hall opens a desk on Saturdays.")
		lacks(t, got[0].Text, "Not translated yet")
		// Into a language the reader does not read: no news.
		w.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := entry.Translate(ctx, tx, w.metzActor(), w.item, entry.Summary, "de", "Jedes Rathaus öffnet samstags.")
			return err
		})
		w.day()
		if got = w.news(t); len(got) != 0 {
			t.Errorf("a translation into another language is no news: %q", got[0].Text)
		}
		// What lies within comes along, under what is followed.
		w.add(t, w.metzActor(), entry.Entry{Kind: "action", Class: "pledged", Parent: w.item}, "Un guichet à Borny")
		w.day()
		if got = w.news(t); len(got) != 1 {
			t.Fatalf("%d mails", len(got))
		}
		holds(t, got[0].Text, "== Ouvrir les mairies ==", "Un guichet à Borny", "New")
		// One's own acts are no news.
		w.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := entry.Translate(ctx, tx, w.Actor(reader.ID, ""), w.item, entry.Title, "en", "Open the town halls")
			return err
		})
		w.day()
		if got = w.news(t); len(got) != 0 {
			t.Errorf("one's own act: %q", got[0].Text)
		}
		rita.Get("/en/me/following/news").Status(200).Has("main", "Open the town halls").Has("main", "Un guichet à Borny")
		rita.Get("/en/me/following").Status(200).Submit("Stop", nil).Status(200).Has("main", "You follow nothing yet")
		w.change(t, w.item, "Autre chose.")
		w.day()
		if got = w.news(t); len(got) != 0 {
			t.Errorf("after stopping: %q", got[0].Text)
		}
	})
}

// What one may no longer see is not told, though it was news while one might.
func TestVisibleIsAskedAgain(t *testing.T) {
	both(t, func(t *testing.T, w *town) {
		member, mandate := w.Delegate("Max Member", w.Organisation("Nancy", people.LocalAuthority))
		outsider := w.Person("Olga Outsider")
		inside := w.add(t, w.metzActor(), entry.Entry{Kind: "action", Class: "pledged", Parent: w.item, Audience: entry.Members}, "Entre membres")
		for person, under := range map[string]string{member.ID: mandate.ID, outsider.ID: ""} {
			w.As(person, under).Get("/en/follow?entry="+w.item).Status(200).Submit("Follow", nil).Status(200)
		}
		w.As(outsider.ID, "").Get("/en/follow?entry=" + inside).Status(404)
		told := func() map[string]string {
			w.day()
			out := map[string]string{}
			for _, l := range w.news(t) {
				who, _ := l.Header.AddressList("To")
				out[who[0].Name] += l.Text
			}
			return out
		}
		w.change(t, inside, "Nous le faisons.")
		got := told()
		holds(t, got["Max Member"], "Nous le faisons.")
		if got["Olga Outsider"] != "" {
			t.Errorf("of what is for members: %q", got["Olga Outsider"])
		}
		// The audience narrows after the change and before the mail.
		w.change(t, w.item, "Pour tous.")
		w.edit(w.item, func(e *entry.Entry) { e.Audience = entry.Members })
		got = told()
		holds(t, got["Max Member"], "Pour tous.")
		if got["Olga Outsider"] != "" {
			t.Errorf("after the audience changed: %q", got["Olga Outsider"])
		}
		// The mandate ends after the change and before the mail.
		w.change(t, inside, "Encore un secret.")
		w.Do(func(ctx context.Context, tx *db.Tx) error { return people.EndMandate(ctx, tx, mandate.ID, "") })
		if got = told(); len(got) != 0 {
			t.Errorf("after the mandate ended: %v", got)
		}
		// Withdrawn after the change and before the mail.
		w.edit(w.item, func(e *entry.Entry) { e.Audience = entry.Public })
		told()
		w.change(t, w.item, "Retirée aussitôt.")
		w.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := entry.SetState(ctx, tx, w.metzActor(), w.item, entry.Withdrawn)
			return err
		})
		if got = told(); len(got) != 0 {
			t.Errorf("after withdrawal: %v", got)
		}
		w.As(outsider.ID, "").Get("/en/me/following").Status(200).Has("main", "No longer open to you").Lacks("main", "Ouvrir")
	})
}

var confirmation = regexp.MustCompile(`/en/follow/confirm/\S+`)

// Without an account: a mailed link confirms; one click deletes the address.
func TestWithoutAnAccount(t *testing.T) {
	both(t, func(t *testing.T, w *town) {
		ask := w.Visitor().Get("/en/follow?entry=" + w.item).Status(200)
		ask.Submit("Send me the link", map[string]string{"email": "nobody"}).Status(422).Has("div.error-summary", "e-mail address")
		ask.Submit("Send me the link", map[string]string{"email": "vera@example.org"}).Status(200).Has("h1", "letter box")
		got := w.news(t)
		if len(got) != 1 || got[0].Header.Get("List-Unsubscribe") != "" {
			t.Fatalf("%d mails", len(got))
		}
		link := confirmation.FindString(got[0].Text)
		w.change(t, w.item, "Avant la confirmation.")
		w.day()
		if got = w.news(t); len(got) != 0 {
			t.Errorf("unconfirmed addresses are told nothing: %q", got[0].Text)
		}
		w.Visitor().Get(link).Status(200)
		w.Visitor().Get(link).Status(200).Submit("Yes, tell me", nil).Status(200).Has("main", "Ouvrir les mairies")
		w.Visitor().Get(link).Status(404)
		w.change(t, w.item, "Après la confirmation.")
		w.day()
		if got = w.news(t); len(got) != 1 {
			t.Fatalf("%d mails", len(got))
		}
		holds(t, got[0].Text, "Après la confirmation.", "You confirmed on Trial alliance")
		if post := got[0].Header.Get("List-Unsubscribe-Post"); post != "List-Unsubscribe=One-Click" {
			t.Errorf("List-Unsubscribe-Post: %q", post)
		}
		stop := strings.Trim(got[0].Header.Get("List-Unsubscribe"), "<>")
		path, ok := strings.CutPrefix(stop, "https://alliance.example.org")
		if !ok {
			t.Fatalf("List-Unsubscribe: %q", stop)
		}
		// Looking changes nothing; a false mark opens nothing.
		w.Visitor().Get(path).Status(200).Has("main", "Ouvrir les mairies")
		w.Visitor().Get(path + "x").Status(404)
		w.Visitor().Get(path[:len(path)-1]).Status(404)
		// As a mail program does it: no cookie, no Origin, and no redirect to follow.
		w.Visitor().Post(path, url.Values{"List-Unsubscribe": {"One-Click"}}).Status(200).Has("main", "your address is deleted")
		if n, err := db.One(context.Background(), w.DB, db.Value[int], `SELECT count(*) FROM follower WHERE email <> '' OR email_key <> ''`); err != nil || n != 0 {
			t.Errorf("%d addresses are kept: %v", n, err)
		}
		w.Visitor().Post(path, url.Values{"List-Unsubscribe": {"One-Click"}}).Status(200)
		w.change(t, w.item, "Plus tard.")
		w.day()
		if got = w.news(t); len(got) != 0 {
			t.Errorf("after unsubscribing: %q", got[0].Text)
		}
	}, secure)
}

// One click ends the mail of an account and keeps its list.
func TestOneClickOfAnAccount(t *testing.T) {
	both(t, func(t *testing.T, w *town) {
		reader := w.Person("Rita Reader")
		rita := w.As(reader.ID, "")
		rita.Get("/en/follow?entry="+w.item).Submit("Follow", nil).Status(200)
		w.change(t, w.item, "Un.")
		w.day()
		got := w.news(t)
		if len(got) != 1 {
			t.Fatalf("%d mails", len(got))
		}
		at := strings.Trim(got[0].Header.Get("List-Unsubscribe"), "<>")
		u, err := url.Parse(at)
		if err != nil {
			t.Fatal(err)
		}
		w.Visitor().Post(u.Path, url.Values{"List-Unsubscribe": {"One-Click"}}).Status(200).Has("main", "No more mail comes")
		w.change(t, w.item, "Deux.")
		w.day()
		if got = w.news(t); len(got) != 0 {
			t.Errorf("after one click: %q", got[0].Text)
		}
		page := rita.Get("/en/me/following").Status(200).Has("main", "Ouvrir les mairies")
		// Beginning again, nobody is told of the time between.
		page.Submit("Keep", map[string]string{"pace": "now", "hour": "7", "zone": "Africa/Niamey"}).Status(200).Has("main", "Ouvrir les mairies")
		w.Clock.Pass(2 * time.Minute)
		if got = w.news(t); len(got) != 0 {
			t.Errorf("of the time between: %q", got[0].Text)
		}
		w.change(t, w.item, "Trois.")
		w.Clock.Pass(2 * time.Minute)
		if got = w.news(t); len(got) != 1 || !strings.Contains(got[0].Text, "Trois.") {
			t.Errorf("at once: %d mails", len(got))
		}
		page.Submit("Keep", map[string]string{"pace": "daily", "hour": "25", "zone": "Nowhere"}).Status(422).Has("div.error-summary", "0 to 23").Has("div.error-summary", "time zone")
	})
}

// A search is followed like an entry: theme, kind, words, with a name.
func TestSavedSearch(t *testing.T) {
	both(t, func(t *testing.T, w *town) {
		reader := w.Person("Rita Reader")
		rita := w.As(reader.ID, "")
		form := rita.Get("/en/follow/search").Status(200)
		form.Submit("Next", nil).Status(422).Has("div.error-summary", "Write a word")
		form.Submit("Next", map[string]string{"place": "Zzyzxq"}).Status(422).Has("div.error-summary", "No town")
		form.Submit("Next", map[string]string{"theme": "housing", "q": "guichet", "name": "Mes guichets"}).Status(200).Has("h1", "Mes guichets").
			Submit("Follow", nil).Status(200).Has("main", "Mes guichets").Has("main", "Housing")
		w.add(t, w.metzActor(), entry.Entry{Kind: "action", Class: "pledged", Themes: []string{"housing"}}, "Un guichet du logement")
		w.add(t, w.metzActor(), entry.Entry{Kind: "action", Class: "pledged", Themes: []string{"health"}}, "Un guichet de santé")
		w.add(t, w.metzActor(), entry.Entry{Kind: "action", Class: "pledged", Themes: []string{"housing"}}, "Une colocation")
		w.add(t, w.metzActor(), entry.Entry{Kind: "action", Class: "pledged", Themes: []string{"housing"}, State: entry.Draft}, "Un guichet en projet")
		w.day()
		got := w.news(t)
		if len(got) != 1 {
			t.Fatalf("%d mails", len(got))
		}
		holds(t, got[0].Text, "Un guichet du logement")
		lacks(t, got[0].Text, "santé", "colocation", "projet")
	})
}

// A search of the site is followed as it stands, by right, theme, place and
// language: what it finds comes by mail and as a notice, and only what one may
// see. The notice names the search, never what was found.
func TestSearchOfTheSiteIsFollowed(t *testing.T) {
	both(t, func(t *testing.T, w *town) {
		member, mandate := w.Delegate("Max Member", w.Organisation("Nancy", people.LocalAuthority))
		rita, max := w.As(w.Person("Rita Reader").ID, ""), w.As(member.ID, mandate.ID)
		quiet := w.As(w.Person("Quinn Quiet").ID, "")
		kit := func(title, right, tag, country string, audience entry.Audience) {
			w.Do(func(ctx context.Context, tx *db.Tx) error {
				_, err := w.Kinds["resource"].Records.Add(ctx, tx, w.metzActor(), record.Record{Answers: record.Answers{"sort": {"kit"}, "right": {right}},
					Entry: entry.Entry{Lang: tag, Audience: audience, Place: place.Of("", country), Fields: map[string]lang.Text{entry.Title: lang.New(tag, title), entry.Summary: lang.New(tag, "…")}}})
				return err
			})
		}
		kit("Caderno antigo", "health", "pt", "PT", "")
		const asked = "/en/search?q=&right=health&language=pt&country=PT"
		for _, c := range []*housetest.Client{rita, max, quiet} {
			c.Get(asked).Status(200).Has("li.card", "Caderno antigo").Follow("Follow this search").Status(200).Has("h1", "Health").Has("h1", "written in Portuguese").Has("h1", "Portugal").Submit("Follow", nil).Status(200)
		}
		quiet.Get("/en/me/following").Submit("Keep", map[string]string{"pace": "never", "hour": "7", "zone": "Africa/Niamey"}).Status(200)
		rita.Get("/en/follow?right=nonsense").Status(422).Has("div.error-summary", "not known here")
		kit("Caderno novo", "health", "pt", "PT", "")
		kit("Caderno de dentro", "health", "pt", "PT", entry.Members)
		kit("Caderno do asilo", "asylum", "pt", "PT", "")
		kit("Cuaderno", "health", "es", "PT", "")
		kit("Caderno do Brasil", "health", "pt", "BR", "")
		w.day()
		told := map[string]string{}
		for _, l := range w.news(t) {
			who, _ := l.Header.AddressList("To")
			told[who[0].Name] += l.Text
		}
		holds(t, told["Rita Reader"], "Caderno novo", "Found by your search: Health · Portugal · written in Portuguese")
		lacks(t, told["Rita Reader"], "antigo", "dentro", "asilo", "Cuaderno", "Brasil")
		holds(t, told["Max Member"], "Caderno novo", "Caderno de dentro")
		if told["Quinn Quiet"] != "" {
			t.Errorf("who wants no mail: %q", told["Quinn Quiet"])
		}
		for _, c := range []*housetest.Client{rita, max, quiet} {
			c.Get("/en/me/notices").Status(200).Has("main", "Your search “Health · Portugal · written in Portuguese” found something new").Lacks("main", "Caderno")
		}
		rita.Get("/ar/me/following/news").Status(200).Has("main", "Caderno novo").Lacks("main", "dentro").Lacks("main", "{")
		kit("Mais um caderno", "health", "pt", "PT", "")
		w.day()
		if n := strings.Count(rita.Get("/en/me/notices").Text("main"), "found something new"); n != 1 {
			t.Errorf("%d notices of one search that nobody read", n)
		}
		if got := w.news(t); len(got) != 2 {
			t.Errorf("%d mails", len(got))
		}
	})
}

// Whoever erases the account leaves nothing behind of what they followed.
func TestErased(t *testing.T) {
	both(t, func(t *testing.T, w *town) {
		reader := w.Person("Rita Reader")
		w.As(reader.ID, "").Get("/en/follow?entry="+w.item).Submit("Follow", nil).Status(200)
		w.Do(func(ctx context.Context, tx *db.Tx) error { return w.Erase(ctx, tx, reader.ID) })
		for _, table := range []string{"follower", "follow"} {
			if n, err := db.One(context.Background(), w.DB, db.Value[int], `SELECT count(*) FROM `+table); err != nil || n != 0 {
				t.Errorf("%s: %d rows, %v", table, n, err)
			}
		}
		w.change(t, w.item, "Un.")
		w.day()
		if got := w.news(t); len(got) != 0 {
			t.Errorf("told: %q", got[0].Text)
		}
	})
}
