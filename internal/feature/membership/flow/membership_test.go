package flow_test

import (
	"encoding/csv"
	"encoding/xml"
	"net/url"
	"strings"
	"testing"

	"alliance/internal/feature/membership"
	"alliance/internal/housetest"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/people"
)

var quays, tide = demo.OrganisationID("quais-ouverts"), demo.OrganisationID("rede-mare-comum")

// The question of the report's readers: which members of A are also in B, with
// a vote for the charter that still counts. It has an address.
func TestWhoIsInWhat(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		v := h.Visitor()
		v.Get("/en/networks").Status(200).Has("td", "Voted and valid").Has("th", "Réseau Quais Ouverts").Has("td", "2024")
		both := "in=" + tide + "&also=" + quays
		v.Get("/en/networks?"+both).Status(200).Has(".result", "3 members of Rede Maré Comum are also in").Has("th", "Port-Oriane").Lacks("th", "Casa da Figueira")
		v.Get("/en/networks?"+both+"&past=1").Has("th", "Casa da Figueira")
		// Rio Lindeiro signed a version that counts no more, Valdelumbre only
		// watches, and Port-Oriane had an election and has not confirmed one of its votes.
		v.Get("/en/networks?"+both+"&valid=1").Status(200).Has(".result", "0 members")
		v.Get("/en/networks?in="+tide+"&valid=1").Has("th", "Port-Oriane").Has("th", "Rio Lindeiro").Lacks("th", "Valdelumbre")
		v.Get("/en/networks?in="+quays+"&country=ES").Has("th", "Valdelumbre").Lacks("th", "Port-Oriane")
		v.Get("/ar/networks/"+quays).Status(200).Has("td", "صُوّت عليها وهي سارية").Has("th", "2019")
		v.Get("/en/networks/" + demo.OrganisationID("ville-de-port-oriane")).Status(404) // no network
		v.Get("/fr/memberships/"+membership.DemoID("ville-de-port-oriane/rede-mare-comum")).Status(200).Has("h1", "Ville de Port-Oriane – Rede Maré Comum").Has(".pill", "Votée et valable")
		v.Get("/en/organisations/"+demo.OrganisationID("ville-de-port-oriane")).Has("main", "Founding member").Has("main", "To be confirmed after the election")

		var graph membership.Graph
		if code := h.Call("", "GET", "/networks/graph?"+both, nil, &graph); code != 200 || len(graph.Edges) != 6 || len(graph.Nodes) != 5 {
			t.Errorf("graph: %d %+v", code, graph)
		}
		var file struct {
			Nodes []struct {
				ID string `xml:"id,attr"`
			} `xml:"graph>node"`
			Edges []struct {
				From string `xml:"source,attr"`
				To   string `xml:"target,attr"`
			} `xml:"graph>edge"`
		}
		if err := xml.Unmarshal([]byte(v.Get("/fr/network-graph/networks.graphml").Status(200).Body), &file); err != nil {
			t.Fatal(err)
		}
		known := map[string]bool{}
		for _, n := range file.Nodes {
			known[n.ID] = true
		}
		for _, e := range file.Edges {
			if !known[e.From] || !known[e.To] {
				t.Errorf("an edge without its node: %+v", e)
			}
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(v.Get("/fr/network-graph/edges.csv").Status(200).Body, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != len(file.Edges)+1 || len(rows) < 10 {
			t.Errorf("edges: %v, %d rows for %d edges", err, len(rows), len(file.Edges))
		}
		v.Get("/fr/network-graph/networks.exe").Status(404)
		for _, tag := range []string{"fr", "ar"} {
			page, svg := v.Get("/"+tag+"/networks").Status(200), v.Get("/"+tag+"/network-graph/networks.svg").Status(200)
			if err := xml.Unmarshal([]byte(svg.Body), new(struct{})); err != nil || !strings.Contains(svg.Body, "Quais Ouverts") || strings.Count(svg.Body, "stroke-dasharray") == 0 {
				t.Errorf("%s: %v %.300s", tag, err, svg.Body)
			}
			if page.Count("path") < len(file.Edges) {
				t.Errorf("%d lines drawn for %d memberships", page.Count("path"), len(file.Edges))
			}
		}
	}, housetest.Demonstration)
}

// keep adds an organisation through the pages, and gives its identifier.
func keep(c *housetest.Client, name, kind string) string {
	p := c.Get("/en/organisations/new").Status(200).Submit("Save", map[string]string{"title": name, "kind": kind, "country": "FR"}).Status(200)
	return p.Path[strings.LastIndexByte(p.Path, '/')+1:]
}

func TestMembershipFile(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := h.As(h.Person("Rosa", people.Grant{Role: people.Coordinator}).ID, "")
		port, hill := keep(c, "City of Port", "local_authority"), keep(c, "Hill", "civil_society")
		ring := keep(c, "Ring of Cities", "network")
		delegate := func(organisation string) *housetest.Client {
			p, m := h.Delegate("Delegate of "+organisation, people.Organisation{ID: organisation})
			return h.As(p.ID, m.ID)
		}
		own, other := delegate(port), delegate(hill)
		c.Get("/en/networks/"+ring+"/charter").Status(200).Submit("Keep", map[string]string{"name": "", "document": "no page"}).Status(422).Has(".err", "Write how the version is called").Has(".err", "address of a page")
		c.Get("/en/networks/"+ring+"/charter").Submit("Keep", map[string]string{"name": "2024", "adopted-year": "2024"}).Status(200).Has("th", "2024")
		own.Get("/en/networks/" + ring + "/charter").Status(403)

		typed := func(member, network string, more ...string) (map[string]string, url.Values) {
			set := map[string]string{"member": member, "network": network, "charter": "2024", "decided": "3", "decided-month": "6", "decided-year": "2024"}
			for i := 0; i+1 < len(more); i += 2 {
				set[more[i]] = more[i+1]
			}
			return set, url.Values{"role": {"member"}}
		}
		add := func(who *housetest.Client, set map[string]string, chosen url.Values) *housetest.Page {
			return who.Get("/en/memberships/new").Status(200).Submit("Publish", set, chosen)
		}
		set, chosen := typed("City of Port", "Hill")
		add(own, set, chosen).Status(422).Has(".err", "is no network")
		set, chosen = typed("City of Port", "Ring of Cities", "charter", "2023")
		add(own, set, chosen).Status(422).Has(".err", "has these versions: 2024")
		set, chosen = typed("Ring of Cities", "Ring of Cities")
		add(own, set, chosen).Status(422).Has(".err", "no member of itself")
		set, chosen = typed("City of Port", "Ring of Cities", "since-year", "2025", "until-year", "2024")
		add(own, set, chosen).Status(422).Has(".err", "before the beginning")

		// What others say of an organisation waits for somebody who looks at it.
		set, chosen = typed("City of Port", "Ring of Cities", "number", "118/2024")
		add(other, set, chosen).Status(200).Has(".note", "Proposed")
		h.Visitor().Get("/en/networks/"+ring).Lacks("main", "City of Port")

		page := add(own, set, chosen).Status(200).Has("h1", "City of Port – Ring of Cities").Has(".pill", "Voted and valid").Has("dd", "118/2024")
		h.Visitor().Get("/en/networks/"+ring).Has("th", "City of Port")
		// Kept for members, it is in no answer for others.
		own.Get(page.Path+"/edit").Submit("Save", nil, url.Values{"audience": {"members"}}).Status(200)
		h.Visitor().Get("/en/networks/"+ring).Lacks("main", "City of Port")
		h.Visitor().Get("/en/networks").Lacks("main", "City of Port")
		h.Visitor().Get(page.Path).Status(404)
		if body := h.Visitor().Get("/en/network-graph/edges.csv").Body + h.Visitor().Get("/en/open/membership.csv").Body; strings.Contains(body, port) || strings.Contains(body, "118/2024") {
			t.Error("files tell of what only members may know")
		}
		own.Get("/en/networks/"+ring).Has("th", "City of Port")
		other.Get("/en/networks/"+ring).Has("th", "City of Port")
	})
}

// Each contact has its audience, in every output.
func TestContactsAndTheirAudience(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		page := "/en/organisations/" + demo.OrganisationID("ville-de-port-oriane")
		desk, officer, night := "Welcome desk", "Officer for networks", "nights and weekends"
		as := func(id string) *housetest.Client { return h.As(demo.PersonID(id), demo.MandateID(id)) }
		visitor, member, steers := h.Visitor(), as("fontainha"), as("ferrandiz")
		outputs := []string{page, "/en/contacts", "/en/open/contact.csv?country=", "/en/open/contact.json", "/en/guide/contact", "/en/embed/contact"}
		for _, o := range outputs {
			for name, c := range map[string]struct {
				*housetest.Client
				sees, not []string
			}{"visitor": {visitor, []string{desk}, []string{officer, night}}, "member": {member, []string{desk, officer}, []string{night}}, "coordination": {steers, []string{desk, officer, night}, nil}} {
				body := c.Get(o).Status(200).Body
				for _, s := range c.sees {
					if !strings.Contains(body, s) {
						t.Errorf("%s: the %s does not see %q", o, name, s)
					}
				}
				for _, s := range c.not {
					if strings.Contains(body, s) {
						t.Errorf("%s: the %s sees %q", o, name, s)
					}
				}
			}
		}
		for _, words := range []string{"Officer networks cities", "nights weekends"} {
			visitor.Get("/en/search?q="+url.QueryEscape(words)).Lacks("main", officer).Lacks("main", night)
		}
		visitor.Get("/en/contacts/" + membership.DemoID("port-oriane-reseaux")).Status(404)
		if code := h.Call("", "GET", "/contacts/"+membership.DemoID("port-oriane-cabinet"), nil, nil); code != 404 {
			t.Errorf("API: %d", code)
		}

		own := as("marchetti")
		form := own.Get("/en/contacts/new?of=" + demo.OrganisationID("ville-de-port-oriane")).Status(200)
		form.Submit("Publish", map[string]string{"title": "Night desk", "phone": "one two", "mail": "nobody"}, url.Values{"task": {"welcome"}}).Status(422).Has(".err", "telephone number").Has(".err", "e-mail address")
		kept := form.Submit("Publish", map[string]string{"title": "Night desk", "phone": "+33 (1) 99.00-00 01"}, url.Values{"task": {"welcome"}}).Status(200).Has("dd", "+33 1 99 00 00 01")
		h.Visitor().Get(page).Has("main", "Night desk")
		kept.Follow("Erase this contact for good").Status(200).Submit("Erase it for good", nil).Status(200)
		for _, o := range append(outputs, kept.Path, "/en/search?q=night+desk") {
			if body := h.Visitor().Get(o).Body; strings.Contains(body, "Night desk") || strings.Contains(body, "99 00 00 01") {
				t.Errorf("%s still holds it", o)
			}
		}
	}, housetest.Demonstration)
}
