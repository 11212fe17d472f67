package membership

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"slices"
	"strings"

	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/output"
	"alliance/internal/platform/web"
)

// Node is an organisation in the graph of networks.
type Node struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Lang    string `json:"lang" doc:"Of the name, BCP 47"`
	Kind    string `json:"kind"`
	Country string `json:"country"`
	Page    string `json:"page" doc:"Address of its page"`
}

// Edge is a membership: from a member to a network.
type Edge struct {
	ID      string `json:"id"`
	From    string `json:"from"`
	To      string `json:"to"`
	Role    string `json:"role"`
	Since   string `json:"since"`
	Until   string `json:"until"`
	Charter string `json:"charter" doc:"Version that was signed"`
	Decided string `json:"decided" doc:"Day of the vote"`
	Vote    string `json:"vote" enum:"valid,renew,lapsed,superseded,unvoted,unsigned,over,coming" doc:"How the vote stands today"`
}

// Graph is who is in what, for programs that draw and count networks.
type Graph struct {
	Nodes []Node `json:"nodes"`
	Edges []Edge `json:"edges"`
}

// graph gives the answer to a question as a graph. Networks without any member
// stand in it, too, as long as nothing was asked.
func (r Registry) graph(q Query, tag string, page func(organisation string) string) Graph {
	g := Graph{Nodes: []Node{}, Edges: []Edge{}}
	seen := map[string]bool{}
	add := func(e entry.Entry) {
		if seen[e.ID] {
			return
		}
		seen[e.ID] = true
		name := e.Title().In(tag)
		g.Nodes = append(g.Nodes, Node{ID: e.ID, Name: name.S, Lang: name.Lang, Kind: e.Class, Country: e.Place.Public().Country, Page: page(e.ID)})
	}
	if !q.narrowed() {
		for _, n := range r.Networks {
			add(n)
		}
	}
	for _, row := range r.Find(q) {
		add(row.Member)
		for _, m := range row.In {
			add(r.Organisations[m.Network])
			g.Edges = append(g.Edges, Edge{ID: m.ID, From: m.Member, To: m.Network, Role: m.Role, Since: m.Since, Until: m.Until, Charter: m.Charter, Decided: m.Decided, Vote: string(r.Vote(m))})
		}
	}
	return g
}

// form is one way to give the graph.
type form struct {
	Name, Type string
	write      func(Graph) ([]byte, error)
}

var forms = []form{
	{"networks.graphml", "application/graphml+xml; charset=utf-8", Graph.graphML},
	{"networks.json", "application/json; charset=utf-8", func(g Graph) ([]byte, error) { return json.MarshalIndent(g, "", " ") }},
	{"nodes.csv", "text/csv; charset=utf-8", Graph.nodesCSV},
	{"edges.csv", "text/csv; charset=utf-8", Graph.edgesCSV},
	{picture, "image/svg+xml", nil},
}

// picture is the drawing as a file. It says some words in the reader's
// language, and so is not written from the graph alone.
const picture = "networks.svg"

func (x *Memberships) graph(c *web.Ctx) error {
	i := slices.IndexFunc(forms, func(f form) bool { return f.Name == c.Path("file") })
	if i < 0 {
		return fault.Missing()
	}
	r, err := x.registry(c.Context(), x.DB, c.Actor)
	if err != nil {
		return err
	}
	page := func(id string) string { return c.View.Origin + c.View.Href("/organisations/"+id) }
	g := r.graph(readQuery(c.R.URL.Query()), c.Lang(), page)
	var body []byte
	if forms[i].Name == picture {
		var b bytes.Buffer
		err = figure(c.View, g.draw(c.View.Dir() == "rtl"), true).Render(c.Context(), &b)
		body = b.Bytes()
	} else {
		body, err = forms[i].write(g)
	}
	if err != nil {
		return err
	}
	c.W.Header().Set("Access-Control-Allow-Origin", "*")
	c.W.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	c.W.Header().Set("Content-Language", c.Lang())
	return c.Download(strings.Replace(forms[i].Name, ".", "-"+c.Lang()+".", 1), forms[i].Type, body)
}

// What GraphML needs (http://graphml.graphdrawing.org/specification.html).
type graphMLKey struct {
	ID   string `xml:"id,attr"`
	For  string `xml:"for,attr"`
	Name string `xml:"attr.name,attr"`
	Type string `xml:"attr.type,attr"`
}

type graphMLData struct {
	Key   string `xml:"key,attr"`
	Value string `xml:",chardata"`
}

type graphMLNode struct {
	ID   string        `xml:"id,attr"`
	Data []graphMLData `xml:"data"`
}

type graphMLEdge struct {
	ID   string        `xml:"id,attr"`
	From string        `xml:"source,attr"`
	To   string        `xml:"target,attr"`
	Data []graphMLData `xml:"data"`
}

func (g Graph) graphML() ([]byte, error) {
	type inner struct {
		ID    string        `xml:"id,attr"`
		Way   string        `xml:"edgedefault,attr"`
		Nodes []graphMLNode `xml:"node"`
		Edges []graphMLEdge `xml:"edge"`
	}
	file := struct {
		XMLName xml.Name     `xml:"http://graphml.graphdrawing.org/xmlns graphml"`
		Keys    []graphMLKey `xml:"key"`
		Graph   inner        `xml:"graph"`
	}{Graph: inner{ID: "networks", Way: "directed"}}
	data := func(kind string, pairs ...string) (list []graphMLData) {
		for i := 0; i+1 < len(pairs); i += 2 {
			key := kind + "-" + pairs[i]
			if !slices.ContainsFunc(file.Keys, func(k graphMLKey) bool { return k.ID == key }) {
				file.Keys = append(file.Keys, graphMLKey{key, kind, pairs[i], "string"})
			}
			if pairs[i+1] != "" {
				list = append(list, graphMLData{key, writable(pairs[i+1])})
			}
		}
		return list
	}
	for _, n := range g.Nodes {
		file.Graph.Nodes = append(file.Graph.Nodes, graphMLNode{n.ID, data("node", "label", n.Name, "lang", n.Lang, "kind", n.Kind, "country", n.Country, "page", n.Page)})
	}
	for _, e := range g.Edges {
		file.Graph.Edges = append(file.Graph.Edges, graphMLEdge{e.ID, e.From, e.To,
			data("edge", "role", e.Role, "since", e.Since, "until", e.Until, "charter", e.Charter, "decided", e.Decided, "vote", e.Vote)})
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	w := xml.NewEncoder(&b)
	w.Indent("", " ")
	err := w.Encode(file)
	return b.Bytes(), err
}

// writable leaves out marks that would turn a name round in a drawing.
func writable(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '\u202A' && r <= '\u202E' {
			return -1
		}
		return r
	}, s)
}

func (g Graph) nodesCSV() ([]byte, error) {
	rows := [][]string{{"id", "name", "lang", "kind", "country", "page"}}
	for _, n := range g.Nodes {
		rows = append(rows, []string{n.ID, n.Name, n.Lang, n.Kind, n.Country, n.Page})
	}
	return table(rows)
}

func (g Graph) edgesCSV() ([]byte, error) {
	rows := [][]string{{"id", "from", "to", "role", "since", "until", "charter", "decided", "vote"}}
	for _, e := range g.Edges {
		rows = append(rows, []string{e.ID, e.From, e.To, e.Role, e.Since, e.Until, e.Charter, e.Decided, e.Vote})
	}
	return table(rows)
}

func table(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff") // spreadsheets need it to read accents
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	for _, row := range rows {
		for i, cell := range row {
			row[i] = output.Harmless(cell)
		}
		w.Write(row)
	}
	w.Flush()
	return b.Bytes(), w.Error()
}
