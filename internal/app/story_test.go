package app_test

import (
	"context"
	"net"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
)

// TestTheWholeStory follows one alliance from its first start to an action that
// is done, through the pages alone, as its people would: nobody has an account
// to begin with, and at the end the action is traced to a note that somebody
// without an account wrote on a phone.
func TestTheWholeStory(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.PostgreSQL} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			s := &story{T: t, h: housetest.Empty(t, engine), address: map[string]string{}}
			s.firstStart()
			s.directory()
			s.invitations()
			s.assembly()
			s.workshop()
			s.synthesis()
			s.plenary()
			s.agenda()
			s.lineage()
		})
	}
}

// story is what its chapters tell each other.
type story struct {
	*testing.T
	h *housetest.House

	coordinator *housetest.Client
	city        *housetest.Client
	association *housetest.Client
	collective  *housetest.Client
	rapporteur  *housetest.Client

	address map[string]string // of organisations, by name

	at     string // the assembly's address
	room   string // the workshop's
	item   string // what was adopted
	action string // what follows from it
	code   string // what its participants type
}

const storyPassword = "seven boats at low tide"

func (s *story) firstStart() {
	if err := s.h.App.Announce(context.Background(), &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}); err != nil {
		s.Fatal(err)
	}
	link := regexp.MustCompile(`/set-up/[0-9a-z]+`).FindString(s.h.Console.String())
	s.coordinator = s.h.Visitor()
	s.coordinator.Get("/en"+link).Status(200).Submit("Open the house", map[string]string{
		"person": "Rosa Coordinates", "email": "rosa@example.org", "password": storyPassword, "name.en": "Our alliance",
	}).Status(200).Has("h1", "A second factor").Follow("Later").Has("h1", "My page")
}

// directory brings in the list of 2019 and one collective by hand.
func (s *story) directory() {
	list, err := os.ReadFile(filepath.Join("..", "feature", "directory", "testdata", "participants-raw.csv"))
	if err != nil {
		s.Fatal(err)
	}
	page := s.coordinator.Get("/en/import/organisation").Upload("Continue", nil, map[string][2]string{"file": {"participants.csv", string(list)}})
	page = page.Submit("Look through the rows", nil).Status(200)
	page = page.Submit("Take all", nil).Status(200)
	page.Submit("Bring the list in", nil).Status(200).Has("main", "The list is brought in")
	s.h.Visitor().Get("/en/organisations").Status(200).Has("main", "organisations")
	for title, kind := range map[string]string{"City of Trial": "local_authority", "House of Trial": "civil_society", "Voices of Trial": "migrant_led"} {
		s.coordinator.Get("/en/organisations/new").Status(200).Submit("Save", map[string]string{"title": title, "kind": kind, "country": "FR", "lang": "en"}).Status(200).Has("h1", title)
	}
}

// invitations gives three organisations a delegate who votes.
func (s *story) invitations() {
	s.city = s.invite("City of Trial", "mayor@example.org", "Mayor Delegate")
	s.association = s.invite("House of Trial", "house@example.org", "House Delegate")
	s.collective = s.invite("Voices of Trial", "voices@example.org", "Voices Delegate")
	s.rapporteur = s.association
}

func (s *story) invite(organisation, email, name string) *housetest.Client {
	s.Helper()
	page := s.coordinator.Get("/en/organisations?q=" + url.QueryEscape(organisation)).Status(200)
	page = s.follow(s.coordinator, page, "/en/organisations/0").Has("h1", organisation)
	s.address[organisation] = page.Path
	page = s.follow(s.coordinator, page, "/en/mandates")
	s.follow(s.coordinator, page, "/en/invitations/new").Submit("Send the invitation", map[string]string{"email": email, "lang": "en"},
		url.Values{"scope": {"vote", "speak", "sign", "propose"}}).Status(200)
	link := s.linkTo(email, "/invitation/")
	c := s.h.Visitor()
	c.Get(link).Status(200).Submit("Accept", map[string]string{"name": name, "password": storyPassword}).Status(200).Has("nav.who", organisation)
	return c
}

// follow opens the first link of a page that begins so.
func (s *story) follow(c *housetest.Client, p *housetest.Page, path string) *housetest.Page {
	s.Helper()
	for _, href := range p.Links("main") {
		if strings.HasPrefix(href, path) {
			return c.Get(href).Status(200)
		}
	}
	s.Fatalf("%s leads nowhere to %s: %q", p.Path, path, p.Links("main"))
	return nil
}

// linkTo finds the newest link of a kind in the mails to an address.
func (s *story) linkTo(email, path string) string {
	s.Helper()
	found := ""
	for _, m := range s.h.Mails() {
		m = strings.NewReplacer("=\r\n", "", "=\n", "", "=3D", "=").Replace(m) // quoted-printable
		if strings.Contains(m, email) {
			if l := regexp.MustCompile(`/[a-z]{2}` + path + `[0-9A-Za-z_-]+`).FindString(m); l != "" {
				found = l
			}
		}
	}
	if found == "" {
		s.Fatalf("no mail with %s to %s", path, email)
	}
	return found
}

// assembly prepares a meeting of three days, with a workshop that a rapporteur leads.
func (s *story) assembly() {
	page := s.follow(s.coordinator, s.coordinator.Get("/en/assemblies").Status(200), "/en/assemblies/new")
	page = page.Submit("Save", map[string]string{"title": "Spring meeting"})
	page.Status(200).Has("h1", "Spring meeting")
	s.at = page.Path
	page = s.follow(s.coordinator, page, "/en/workshops/new")
	page = page.Submit("Save", map[string]string{"title": "Living here", "axis": "A1"}).Status(200)
	s.room = page.Path
	s.code = path.Base(regexp.MustCompile(`/join/[0-9a-z]+`).FindString(s.coordinator.Get(s.room + "/code").Status(200).Text("main")))
	team := s.coordinator.Get(s.at + "/people").Status(200)
	team = team.Submit("Give the role", map[string]string{"person": "house@example.org", "task": "rapporteur:" + path.Base(s.room)}).Status(200)
	team.Has("main", "House Delegate")
	team.Submit("Give the role", map[string]string{"person": "voices@example.org", "task": "committee:" + path.Base(s.at)}).Status(200)
	team.Submit("Give the role", map[string]string{"person": "rosa@example.org", "task": "chair:" + path.Base(s.at)}).Status(200)
	for _, c := range []*housetest.Client{s.city, s.association, s.collective} {
		c.Get(s.at).Submit("We shall come", nil).Status(200).Has("main", "Your organisation takes part")
	}
	s.phase("workshops")
}

// phase moves the assembly on by hand.
func (s *story) phase(to string) {
	s.Helper()
	s.coordinator.Get(s.at+"/phases").Submit("Change the phase", map[string]string{"phase": to, "reason": "The day has come."}).Status(200).Submit("Yes, change it", nil).Status(200)
}

// workshop gathers a note, a stake and two proposals: from a phone without an
// account, and from the rapporteur.
func (s *story) workshop() {
	s.rapporteur.Get(s.room).Submit("Move on", map[string]string{"sequence": "1"}).Status(200)
	phone := s.h.Visitor()
	page := phone.Get("/en/join").Submit("Join", map[string]string{"code": s.code}).Status(200)
	page.Submit("Send", map[string]string{"class": "stake", "text": "Nobody asks the tenants."}).Status(200)
	s.rapporteur.Get(s.room).Submit("Move on", map[string]string{"sequence": "2"}).Status(200)
	form := phone.Get("/en/join/" + strings.ToLower(s.code) + "/proposal").Status(200)
	form.Submit("Send the proposal", map[string]string{"title": "Ask the tenants", "summary": "Every city asks its tenants once a year.", "stakes": boxOf(form, "stakes")}).Status(200)
	form = s.follow(s.city, s.city.Get(s.room).Status(200), "/en/proposals/new")
	form.Submit("Send the proposal", map[string]string{"title": "A council of tenants", "summary": "Tenants meet the mayor twice a year."}).Status(200)
	s.rapporteur.Get(s.room+"/notes").Status(200).Submit("Bring up", nil).Status(200)
	s.h.Visitor().Get(s.at+"/proposals").Status(200).Has("main", "Ask the tenants").Has("main", "A council of tenants")
	s.rapporteur.Get(s.room).Submit("Move on", map[string]string{"sequence": "3"}).Status(200)
	phone.Get("/en/join/"+s.code).Status(200).Lacks("button", "Send")
}

// synthesis makes one proposal of the two; whoever wrote one of them replies.
func (s *story) synthesis() {
	s.phase("synthesis")
	page := s.collective.Get(s.at + "/synthesis").Status(200)
	form := page.Submit("Merge those ticked", nil, url.Values{"p": boxesOf(page, "p")}).Status(200)
	merged := form.Submit("Merge", map[string]string{"title": "Tenants are heard", "summary": "Each city asks its tenants, and meets their council twice a year.", "reason": "They ask for the same."}).Status(200)
	s.h.Drain()
	s.phase("reply")
	reply := s.city.Get(merged.Path).Status(200)
	reply.Submit("Publish the reply", map[string]string{"words": "Once a year is not enough."}).Status(200).Has("blockquote", "Once a year is not enough.")
	s.h.Visitor().Get(merged.Path).Status(200).Has("blockquote", "Once a year is not enough.")
}

// plenary puts the proposal to the vote: a college each.
func (s *story) plenary() {
	s.phase("plenary")
	page := s.coordinator.Get(s.at + "/plenary").Status(200)
	page = s.follow(s.coordinator, page, s.at+"/plenary/new")
	page = s.follow(s.coordinator, page, s.at+"/plenary/new?")
	motion := page.Submit("Put it on the list", map[string]string{"ballot": "open", "becomes": "action"}).Status(200).Has("h1", "Tenants are heard")
	page = s.coordinator.Get(s.at + "/attendance").Status(200)
	page.Submit("Keep who is present", nil, url.Values{"present": boxesOf(page, "present")}).Status(200)
	s.coordinator.Get(motion.Path+"/chair").Submit("Open the vote", map[string]string{"minutes": "5"}).Status(200)
	for c, choice := range map[*housetest.Client]string{s.city: "for", s.association: "for", s.collective: "for"} {
		page := c.Get(motion.Path+"/vote").Status(200).Submit("Continue", map[string]string{"choice": choice}).Status(200)
		page.Submit("Cast the vote", nil).Status(200).Has("h1", "Your vote is cast")
	}
	s.coordinator.Get(motion.Path+"/chair").Follow("Close and count").Submit("Close and count", nil).Status(200)
	page = s.h.Visitor().Get(motion.Path).Status(200).Has("p.lead", "The motion is adopted.")
	s.item = s.follow(s.h.Visitor(), page, "/en/agenda/").Has("h1", "Tenants are heard").Path
}

// agenda: the city and the collective carry an action together, tell how it
// goes, and a third one confirms that it is done.
func (s *story) agenda() {
	s.phase("follow_up")
	form := s.follow(s.city, s.city.Get(s.item).Status(200), s.item+"/propose")
	form.Submit("Propose and ask them", map[string]string{"title": "A counter on Saturdays"}).Status(422).Has("div.error-summary", "at least one civil-society or migrant-led organisation")
	action := form.Submit("Propose and ask them", map[string]string{"title": "A counter on Saturdays"}, url.Values{"carriers": {path.Base(s.address["Voices of Trial"])}}).Status(200)
	s.action = action.Path
	s.h.Visitor().Get(s.action).Status(404)
	at := s.linkTo("voices@example.org", "/actions/")
	s.collective.Get(at).Status(200).Submit("Yes, we carry it", nil).Status(200).Has("li.now", "Pledged")
	s.city.Get(s.action).Submit("Publish the news", map[string]string{"words": "The counter opens in May.", "step": "done"}).Status(200)
	s.city.Get(s.action).Submit("Publish the evidence", map[string]string{"words": "Opening hours", "link": "https://example.org/hours"}).Status(200).Lacks("button", "We confirm this")
	s.association.Get(s.action).Status(200).Submit("We confirm this", nil).Status(200).Has("main", "Verified")
	s.h.Visitor().Get(s.at+"/review").Status(200).Has("main", "A counter on Saturdays")
	s.h.Visitor().Get("/fr/agenda").Status(200).Has("main", "Tenants are heard")
}

// lineage leads from the action back to the words of somebody without an
// account, and tells the delegate what became of their proposal.
func (s *story) lineage() {
	page := s.follow(s.h.Visitor(), s.h.Visitor().Get(s.action).Status(200), "/en/lineage/")
	for _, words := range []string{"Tenants are heard", "Ask the tenants", "A council of tenants", "Nobody asks the tenants."} {
		page.Has("main", words)
	}
	s.city.Get("/en/me/contributions").Status(200).Has("main", "A council of tenants")
	s.h.Visitor().Get(s.at + "/coverage").Status(200)
	s.coordinator.Get("/en/journal").Status(200).Has("main", "Tenants are heard")
	book := s.follow(s.h.Visitor(), s.h.Visitor().Get(s.at), s.at+"/proceedings")
	for _, words := range []string{"City of Trial", "Nobody asks the tenants.", "Ask the tenants", "They ask for the same.", "The motion is adopted.", "A counter on Saturdays"} {
		book.Has("main", words)
	}
	found := s.h.Visitor().Get("/en/search?q=tenants").Status(200)
	found.Has("main", "Tenants are heard")
}

// boxesOf gives the values of all boxes of a name.
func boxesOf(p *housetest.Page, name string) (values []string) {
	for _, m := range regexp.MustCompile(`name="`+name+`"[^>]* value="([^"]*)"`).FindAllStringSubmatch(p.Body, -1) {
		values = append(values, m[1])
	}
	return values
}

// boxOf gives the value of the first of them.
func boxOf(p *housetest.Page, name string) string { return append(boxesOf(p, name), "")[0] }
