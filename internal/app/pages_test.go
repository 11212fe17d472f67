package app_test

import (
	"context"
	"encoding/base32"
	"errors"
	"html"
	"net"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"alliance/internal/feature/account"
	"alliance/internal/feature/contribution"
	"alliance/internal/feature/document"
	"alliance/internal/feature/handover"
	"alliance/internal/feature/help"
	"alliance/internal/feature/library"
	"alliance/internal/feature/practice"
	"alliance/internal/housetest"
	"alliance/internal/housetest/browser"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
)

// What the browser looks at: for each route the addresses that show it best.
// Most identifiers stand in the demonstration; the rest has to happen first.

// addresses fills a pattern, the most telling address first.
func addresses(made map[string][]string, pattern string) []string {
	if list := made[pattern]; len(list) > 0 {
		return list
	}
	return []string{filled(pattern)}
}

func coordination(h *housetest.House) *housetest.Client { return as(h, "ferrandiz") }

func as(h *housetest.House, id string) *housetest.Client {
	for _, p := range demo.People() {
		if p.ID == id && len(p.Mandate) > 0 {
			return h.As(demo.PersonID(id), demo.MandateID(id))
		}
	}
	return h.As(demo.PersonID(id), "")
}

// makePages lets happen, through the pages, what the demonstration does not
// hold, and gives addresses (without language) by pattern.
func makePages(t *testing.T, h *housetest.House) map[string][]string {
	m := maker{t, h, map[string][]string{}}
	m.meetings()
	m.join()
	m.lists()
	m.accounts()
	m.settings()
	m.work()
	m.calendar()
	m.following()
	m.contributions()
	m.merges()
	m.claims()
	m.endings()
	m.documents()
	m.campaigns()
	for _, name := range help.Pages() {
		m.add("/help/{page}", "/help/"+name)
	}
	return m.made
}

type maker struct {
	t    *testing.T
	h    *housetest.House
	made map[string][]string
}

func (m maker) add(pattern string, paths ...string) {
	for _, p := range paths {
		if strings.HasPrefix(p, "/en/") {
			p = p[len("/en"):]
		}
		m.made[pattern] = append(m.made[pattern], p)
	}
}

// links gives the links of the main part that match, each once.
func (m maker) links(c *housetest.Client, page, match string) (found []string) {
	m.t.Helper()
	seen := map[string]bool{}
	for _, href := range c.Get("/en" + page).Status(200).Links("main") {
		if regexp.MustCompile(`^/en`+match+`$`).MatchString(href) && !seen[href] {
			seen[href] = true
			found = append(found, href)
		}
	}
	if len(found) == 0 {
		m.t.Errorf("%s leads nowhere to %s", page, match)
	}
	return found
}

const anID = `[0-9a-z]{16}`

// meetings: the faces of what an assembly holds.
func (m maker) meetings() {
	second, launch := demo.Second(), demo.Launch()
	id := func(meeting demo.Meeting, local string) string { return demo.EntryID(meeting.Slug, local) }
	state := map[string]string{}
	for _, x := range second.Motions {
		if state[x.State] == "" {
			state[x.State] = "/motions/" + id(second, x.ID)
		}
	}
	for _, s := range []string{"decided", "open"} {
		m.add("/motions/{id}", state[s])
		m.add("/motions/{id}/screen", state[s]+"/screen")
	}
	for s, path := range state {
		if s != "decided" && s != "open" {
			m.add("/motions/{id}", path)
		}
	}
	m.add("/assemblies/{id}", "/assemblies/"+id(second, ""), "/assemblies/"+id(launch, ""))
	m.add("/assemblies/{id}/proceedings", "/assemblies/"+id(launch, "")+"/proceedings", "/assemblies/"+id(second, "")+"/proceedings")
	m.add("/agenda/{id}", "/agenda/"+id(second, second.Adopted[0].ID), "/agenda/"+id(launch, launch.Adopted[0].ID))
	m.add("/lineage/{id}", "/lineage/"+id(second, second.Adopted[0].ID), "/lineage/"+id(launch, launch.Adopted[0].ID), "/lineage/"+id(second, second.Workshops[2].Stakes[0].ID))
	board := m.links(m.h.Visitor(), "/assemblies/"+id(second, "")+"/proposals", "/proposals/"+anID)
	m.add("/proposals/{id}", board[0], board[len(board)-1])
	m.add("/assemblies/{id}/synthesis/{act}", m.links(as(m.h, "terranova"), "/assemblies/"+id(second, "")+"/synthesis", "/assemblies/"+anID+`/synthesis/[a-z-]+\?p=`+anID+".*")[:3]...)
	m.add("/motions/{id}/votes", state["decided"]+"/votes")
	m.add("/workshops/new", "/workshops/new?in="+id(second, ""))
	m.add("/synthesis/{id}", m.links(as(m.h, "terranova"), "/assemblies/"+id(second, "")+"/synthesis", "/synthesis/"+anID)...)
	notes, err := entry.List(context.Background(), m.h.DB, entry.Filter{Kinds: []string{"note"}, Any: true, Limit: 1})
	if err != nil || len(notes) == 0 {
		m.t.Fatal("no note in the demonstration", err)
	}
	m.add("/notes/{id}", "/notes/"+notes[0].ID)
}

// join: somebody without an account says something in an open workshop.
func (m maker) join() {
	code := ""
	for _, w := range demo.Second().Workshops {
		if w.State == "open" {
			code = strings.ToLower(strings.ReplaceAll(w.Code, "-", ""))
		}
	}
	m.add("/join/{code}", "/join/"+code)
	m.add("/join/{code}/proposal", "/join/"+code+"/proposal")
	sent := m.h.Visitor().Get("/en/join/"+code).Status(200).Submit("Send", map[string]string{"text": "The bus does not run on Sundays."}).Status(200)
	m.add("/join/{code}/sent/{secret}", sent.Path)
	m.add("/join/{code}/mine/{secret}", strings.Replace(sent.Path, "/sent/", "/mine/", 1))
}

// lists: one being read, one with its doubts, one brought in.
func (m maker) lists() {
	c := coordination(m.h)
	const head = "Nom;Type;Pays\n"
	upload := func(name, rows string) *housetest.Page {
		return c.Get("/en/import/organisation").Status(200).Upload("Continue", nil, map[string][2]string{"file": {name, head + rows}}).Status(200)
	}
	columns := upload("new.csv", "Columns of Trial;Réseau;France\n")
	m.add("/import/{kind}/lists/{id}/columns", columns.Path)
	doubts := upload("doubts.csv", "Doubts of Trial;;Frnace\nATTAC;Organisation de la société civile;France\n").Submit("Look through the rows", nil).Status(200)
	taken := upload("done.csv", "Trial Taken;Organisation de la société civile;France\n").Submit("Look through the rows", nil).Status(200)
	if strings.Contains(taken.Body, "Take all") {
		taken = taken.Submit("Take all", nil).Status(200)
	}
	done := taken.Submit("Bring the list in", nil).Status(200)
	m.add("/import/{kind}/lists/{id}", doubts.Path, done.Path)
	m.add("/import/{kind}/lists/{id}/undo", done.Path+"/undo")
}

// accounts: an invitation, a link to sign in with, a mandate to end.
func (m maker) accounts() {
	c := coordination(m.h)
	organisation := demo.OrganisationID(demo.Invented()[0].Slug)
	c.Get("/en/invitations/new?organisation="+organisation).Status(200).Submit("Send the invitation", map[string]string{"email": "guest@example.org", "lang": "fr"}, url.Values{"scope": {"speak"}}).Status(200)
	someone := demo.People()[0]
	m.h.Visitor().Get("/en/sign-in").Submit("Send me a link", map[string]string{"email": someone.Email}).Status(200)
	m.add("/invitation/{secret}", m.mailed("guest@example.org", `/invitation/[0-9A-Za-z_-]+`))
	m.add("/sign-in/link/{secret}", m.mailed(someone.Email, `/sign-in/link/[0-9A-Za-z_-]+`))
	m.add("/invitations/new", "/invitations/new?organisation="+organisation)
	m.add("/mandates", "/mandates?organisation="+organisation)
	m.add("/people/{id}/data", "/people/"+demo.PersonID("sissoko")+"/data")
	m.add("/people/{id}/erase", "/people/"+demo.PersonID("sissoko")+"/erase")
	m.add("/mandates/{id}/end", m.links(c, "/mandates?organisation="+organisation, "/mandates/"+anID+"/end")[:1]...)
	m.h.Do(func(ctx context.Context, tx *db.Tx) error {
		keys, err := people.PasskeysOf(ctx, tx, demo.PersonID("marchetti"))
		if err != nil || len(keys) == 0 {
			return errors.Join(err, errors.New("nobody in the demonstration has a passkey"))
		}
		const provider = "0000provider0000" // one that people can sign out at
		_, err = tx.Exec(ctx, `INSERT INTO provider (id, name, issuer, client, secret, domains, leave, created) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
			provider, "Comune di Roccalieta", "https://login.example.org", "alliance", "", "example.org", "https://login.example.org/leave", tx.Now())
		m.add("/providers/{id}", "/providers/"+account.DemoProvider)
		m.add("/providers/{id}/end", "/providers/"+account.DemoProvider+"/end")
		m.add("/sign-out/done", "/sign-out/done?at="+provider)
		m.add("/me/security", "/me/security")
		m.add("/me/security/passkeys/{id}", "/me/security/passkeys/"+keys[0].ID)
		m.add("/me/security/passkeys/{id}/remove", "/me/security/passkeys/"+keys[0].ID+"/remove")
		return err
	})
}

// settings: each section, and an earlier version.
func (m maker) settings() {
	c := coordination(m.h)
	m.add("/settings/{section}", m.links(c, "/settings", "/settings/(?:[b-gi-z][a-z-]*)")...)
	m.add("/settings/history/{version}", m.links(c, "/settings/history", "/settings/history/[0-9]+")[:1]...)
}

// calendar: a calendar of others, a file of others, a registration by mail.
func (m maker) calendar() {
	c := coordination(m.h)
	source := c.Get("/en/calendar/sources").Submit("Take it in", map[string]string{"title": "Calendar of Trial", "url": "https://calendar.example.org/all.ics", "lang": "fr", "zone": "Europe/Paris"}).Status(200)
	m.add("/calendar/sources/of/{id}", source.Path)
	const file = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//trial//EN\r\nBEGIN:VEVENT\r\nUID:trial@example.org\r\nDTSTAMP:20990101T000000Z\r\nDTSTART:20990601T180000Z\r\nDTEND:20990601T200000Z\r\nSUMMARY:Fête de quartier\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	read := c.Get("/en/calendar/import").Upload("Look at it", map[string]string{"lang": "fr", "zone": "Europe/Paris"}, map[string][2]string{"file": {"trial.ics", file}}).Status(200)
	m.add("/calendar/import/of/{id}", read.Path)
	m.h.Visitor().Get("/en"+filled("/calendar/{id}/register")).Status(200).Submit("Register", map[string]string{"name": "Lou", "email": "lou@example.org"}).Status(200)
	m.add("/registrations/{secret}", m.mailed("lou@example.org", `/registrations/[0-9A-Za-z_-]+`))
}

// following: somebody without an account, before and after confirming.
func (m maker) following() {
	ask := "/follow?entry=" + demo.EntryID(demo.Second().Slug, demo.Second().Actions[0].ID)
	m.add("/follow", ask)
	send := func(email string) string {
		m.h.Visitor().Get("/en"+ask).Status(200).Submit("Send me the link", map[string]string{"email": email}).Status(200)
		return m.mailed(email, `/follow/confirm/[0-9A-Za-z_.-]+`)
	}
	m.add("/follow/confirm/{secret}", send("vera@example.org"))
	m.add("/following/{token}", m.h.Visitor().Get("/en"+send("wim@example.org")).Status(200).Submit("Yes, tell me", nil).Status(200).Path)
}

// contributions: somebody without an account proposes.
func (m maker) contributions() {
	propose := func(title, email string) string {
		m.h.Visitor().Get("/en/propose/initiative").Status(200).Submit("Send it", map[string]string{"title": title, "summary": "Water, shade and advice.", "country": "Mali", "town": "Gao", "email": email, "mail-lang": "fr"},
			url.Values{"category": {"welcome"}}).Status(200)
		return m.mailed(email, `/proposed/[0-9A-Za-z_-]+`)
	}
	m.add("/proposed/{secret}", propose("La halte du fleuve", "amina@example.org"))
	kept := m.h.Visitor().Get("/en"+propose("Le puits du marché", "bintou@example.org")).Status(200).Submit("Confirm", nil).Status(200).Path
	m.add("/proposed/{secret}", kept)
	m.add("/proposed/{secret}/edit", kept+"/edit")
	m.add("/proposed/{secret}/take-back", kept+"/take-back")
}

// merges: two records side by side, and the question which the second is.
func (m maker) merges() {
	m.add("/merges", "/merges?kind=resource", "/merges")
	m.add("/merges/new", m.links(coordination(m.h), "/merges?kind=resource", `/merges/new\?kept=`+anID+`&given=`+anID)[0], "/merges/new?kept="+library.DemoID("desk"))
}

// campaigns: a signature, and the question whether it is taken back.
func (m maker) campaigns() {
	for _, p := range demo.People() {
		for _, path := range m.signatures() {
			if as(m.h, p.ID).Probe("GET", "/en"+path+"/take-back") == 200 {
				m.add("/signatures/{id}/take-back", path+"/take-back")
				return
			}
		}
	}
	m.t.Error("nobody can take a signature back")
}

func (m maker) signatures() (paths []string) {
	list, err := entry.List(context.Background(), m.h.DB, entry.Filter{Kinds: []string{"signature"}, Any: true, Limit: 50})
	if err != nil {
		m.t.Fatal(err)
	}
	for _, e := range list {
		paths = append(paths, "/signatures/"+e.ID)
	}
	return paths
}

// documents: those beside the practice of the demonstration.
func (m maker) documents() {
	card := practice.DemoID("card")
	m.add("/documents/{id}", "/documents/"+card)
	m.add("/documents/{id}/{file}/remove", "/documents/"+card+"/"+document.DemoID("card-form")+"/remove")
}

// claims: somebody says that they act for an organisation.
func (m maker) claims() {
	at := "/organisations/" + demo.OrganisationID(demo.Invented()[2].Slug) + "/claim"
	m.h.Visitor().Get("/en"+at).Status(200).Submit("Send it", map[string]string{"name": "Ines", "role": "Chair", "email": "ines@example.org", "proof": "Ask the board."}).Status(200)
	link := m.mailed("ines@example.org", `/claimed/[0-9A-Za-z_-]+`)
	m.add("/claimed/{secret}", link)
	m.add("/organisations/{id}/claim", at)
}

// endings: the form of a successor, the link that ends the mails.
func (m maker) endings() {
	leaves := "/mandates/" + handover.DemoID("mandate/leaves")
	m.add("/mandates/{id}/renew", leaves+"/renew")
	m.add("/mandates/{id}/hand-over", leaves+"/hand-over")
	m.add("/endings", "/endings?months=12")
	m.add("/validate/{id}", filled("/validate/{id}"), "/validate/"+contribution.DemoID("change"))
	m.add("/endings/quiet/{token}", m.mailed("leaves-handover@example.org", `/endings/quiet/[0-9A-Za-z_.-]+`))
}

// mailed gives the address that the last mail to somebody leads to, without language.
func (m maker) mailed(to, match string) string {
	m.t.Helper()
	m.h.Drain()
	mails := m.h.Mails()
	for i := range mails {
		mail := strings.NewReplacer("=\r\n", "", "=\n", "", "=3D", "=").Replace(mails[len(mails)-1-i])
		if link := regexp.MustCompile(match).FindString(mail); link != "" && strings.Contains(mail, to) {
			return link
		}
	}
	m.t.Fatalf("no mail to %s leads to %s", to, match)
	return ""
}

// secondStep signs somebody in as far as the second factor, and gives the page
// that asks for it and the one that takes the factor away.
func secondStep(t *testing.T, h *housetest.House) (pages []browser.Page) {
	p := h.Person("Nadia Trial")
	form := h.As(p.ID, "").Get("/en/me/security/app").Status(200)
	address, err := url.Parse(html.UnescapeString(regexp.MustCompile(`otpauth://[^"]+`).FindString(form.Body)))
	if err != nil {
		t.Fatal(err)
	}
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(address.Query().Get("secret"))
	if err != nil {
		t.Fatal(err)
	}
	form.Submit("Turn the app on", map[string]string{"code": people.TOTPCode(secret, h.DB.Now())}).Status(200)
	c := h.Visitor()
	c.Get("/en/sign-in").Submit("Send me a link", map[string]string{"email": p.Email}).Status(200)
	link := maker{t: t, h: h}.mailed(p.Email, `/sign-in/link/[0-9A-Za-z_-]+`)
	c.Get("/en"+link).Status(200).Submit("Sign in", nil).Status(200).Has("h1", "One more step")
	for _, lang := range []string{"fr", "ar"} {
		pages = append(pages,
			browser.Page{URL: h.Server.URL + "/" + lang + "/sign-in/second", Lang: lang, Type: "form", Cookies: c.Cookies()},
			browser.Page{URL: h.Server.URL + "/" + lang + "/people/" + p.ID + "/factor", Lang: lang, Type: "form", Cookies: coordination(h).Cookies()})
	}
	return pages
}

// firstStart is the wizard of a house that nobody has set up.
func firstStart(t *testing.T) (pages []browser.Page) {
	h := housetest.Empty(t, db.SQLite)
	if err := h.App.Announce(context.Background(), &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}); err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`/set-up/[0-9a-z]+`).FindString(h.Console.String())
	for _, lang := range []string{"fr", "ar"} {
		p := browser.Page{URL: h.Server.URL + "/" + lang + link, Lang: lang}
		p.Type = kindOfPage.FindStringSubmatch(h.Visitor().Get("/" + lang + link).Status(200).Body)[1]
		pages = append(pages, p)
	}
	return pages
}

// filled puts the most telling identifiers of the demonstration into a pattern.
func filled(pattern string) string {
	m := demo.Second()
	id := func(local string) string { return demo.EntryID(m.Slug, local) }
	open, coming, secret := "", "", ""
	for _, x := range m.Motions {
		switch {
		case x.State == "open":
			open = x.ID
		case x.State == "decided":
		case x.Secret:
			secret = x.ID
		default:
			coming = x.ID
		}
	}
	workshop := ""
	for _, w := range m.Workshops {
		if w.State == "open" {
			workshop = w.ID
		}
	}
	for _, k := range []struct{ from, to string }{
		{"/motions/{id}/", "/motions/" + id(open) + "/"}, {"/workshops/{id}", "/workshops/" + id(workshop)},
		{"/assemblies/{id}/synthesis/{act}", "/assemblies/" + id("") + "/synthesis/reword?p=" + id(coming+secret)},
		{"/calendar/{id}/dates", "/calendar/" + demo.EntryID("calendar", "permanence") + "/dates"},
		{"/assemblies/{id}/bring-up", "/assemblies/" + demo.EntryID(m.Local[0].Slug, "") + "/bring-up"},
		{"/proposals/new", "/proposals/new?workshop=" + id(workshop)}, {"/workshops/new", "/workshops/new?in=" + id("")},
	} {
		pattern = strings.Replace(pattern, k.from, k.to, 1)
	}
	return sample(pattern)
}

// work: a change of many rows that was made.
func (m maker) work() {
	list := coordination(m.h).Get("/en/work/practice").Status(200)
	done := list.Submit("See what would change", map[string]string{"check": "site", "all": "1"}).Status(200).Submit("Change ", nil).Status(200)
	m.add("/work/{kind}", "/work/practice", "/work/organisation")
	m.add("/work/{kind}/done/{id}", done.Path)
}
