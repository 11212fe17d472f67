package membership

import (
	"context"
	"net/http"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// networkJSON is a network as programs read it.
type networkJSON struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	Lang     string        `json:"lang" doc:"Of the name, BCP 47"`
	Members  int           `json:"members" doc:"In force today"`
	Valid    int           `json:"valid" doc:"Of these, with a vote for the charter that counts today"`
	Versions []versionJSON `json:"versions" doc:"Of its charter, newest first"`
}

type versionJSON struct {
	Name     string `json:"name" maxLength:"80" doc:"As the network calls it"`
	Adopted  string `json:"adopted,omitempty" doc:"Day, or month or year"`
	Ended    string `json:"ended,omitempty" doc:"Last day on which a signature under it counts"`
	Document string `json:"document,omitempty" doc:"Address of the text"`
}

func (r Registry) json(id, tag string) networkJSON {
	name, t := r.Organisations[id].Title().In(tag), r.tally(id)
	j := networkJSON{ID: id, Name: name.S, Lang: name.Lang, Members: t.Members, Valid: t.Valid, Versions: []versionJSON{}}
	for _, v := range r.Versions[id] {
		j.Versions = append(j.Versions, versionJSON{v.Name, v.Adopted, v.Ended, v.Document})
	}
	return j
}

type whoInput struct {
	In        string   `query:"in" maxLength:"16" doc:"Identifier of a network"`
	Also      string   `query:"also" maxLength:"16" doc:"Identifier of another one: only those who are in both"`
	Valid     bool     `query:"valid" doc:"Only with a vote for the charter that counts today"`
	Past      bool     `query:"past" doc:"Those that have ended, too"`
	Signed    string   `query:"signed" maxLength:"16" doc:"Identifier of a text: only those who stand by it"`
	Not       bool     `query:"not" doc:"With signed: only those who do not stand by it"`
	Countries []string `query:"country,explode" doc:"Of the member"`
	Kinds     []string `query:"kind,explode" doc:"Of the member"`
}

type idInput struct {
	ID string `path:"id" maxLength:"16"`
}

func (x *Memberships) api(a *web.API) {
	x.kind.API(a)
	x.contacts.API(a)
	op := func(id, method, path, summary string, p access.Policy) web.Op {
		return web.Op{ID: id, Method: method, Path: path, Summary: summary, Tag: "networks", Policy: p}
	}
	type networksOutput struct {
		Body struct {
			Networks []networkJSON `json:"networks"`
		}
	}
	web.Handle(a, op("list-networks", http.MethodGet, "/networks", "Lists the networks of the directory, with the versions of their charters.", access.Everyone), func(c *web.Call, _ *struct{}) (*networksOutput, error) {
		r, err := x.registry(c, x.DB, c.Actor)
		out := &networksOutput{}
		out.Body.Networks = []networkJSON{}
		for _, n := range r.Networks {
			out.Body.Networks = append(out.Body.Networks, r.json(n.ID, c.Printer.Lang()))
		}
		return out, err
	})
	type graphOutput struct{ Body Graph }
	web.Handle(a, op("who-is-in-what", http.MethodGet, "/networks/graph", "Gives organisations and their memberships as a graph: which members of one network are also in another, with votes that count.", access.Everyone), func(c *web.Call, in *whoInput) (*graphOutput, error) {
		r, err := x.registry(c, x.DB, c.Actor)
		if err != nil {
			return nil, err
		}
		q := Query{In: in.In, Also: in.Also, Valid: in.Valid, Past: in.Past, Signed: in.Signed, Not: in.Signed != "" && in.Not, Countries: in.Countries, Kinds: in.Kinds}
		return &graphOutput{r.graph(q, c.Printer.Lang(), func(id string) string { return x.Origin + "/" + c.Printer.Lang() + "/organisations/" + id })}, nil
	})
	type networkOutput struct{ Body networkJSON }
	get := func(c *web.Call, id string) (*networkOutput, error) {
		if _, err := x.networkOf(c, x.DB, c.Actor, id); err != nil {
			return nil, err
		}
		r, err := x.registry(c, x.DB, c.Actor)
		return &networkOutput{r.json(id, c.Printer.Lang())}, err
	}
	web.Handle(a, op("get-network", http.MethodGet, "/networks/{id}", "Gives one network.", access.Everyone), func(c *web.Call, in *idInput) (*networkOutput, error) { return get(c, in.ID) })
	type versionInput struct {
		ID   string `path:"id" maxLength:"16"`
		Body versionJSON
	}
	keepers := access.Role(people.Coordinator).Or(access.Mandated(people.Edit))
	web.Handle(a, op("put-charter-version", http.MethodPost, "/networks/{id}/charter", "Adds a version of a network's charter, or changes what is said of the one of that name.", keepers), func(c *web.Call, in *versionInput) (*networkOutput, error) {
		if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			b := in.Body
			return in.ID, x.KeepVersion(ctx, tx, c.Actor, Version{Network: in.ID, Name: b.Name, Adopted: b.Adopted, Ended: b.Ended, Document: b.Document})
		}); err != nil {
			return nil, err
		}
		return get(c, in.ID)
	})
	web.Handle(a, web.Op{ID: "erase-contact", Method: http.MethodPost, Path: "/contacts/{id}/erase", Summary: "Erases a contact for good, from all versions.", Tag: "contacts", Policy: access.SignedIn, Status: http.StatusNoContent},
		func(c *web.Call, in *idInput) (*struct{}, error) {
			_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				return in.ID, x.EraseContact(ctx, tx, c.Actor, in.ID)
			})
			return nil, err
		})
}
