package directory

import (
	"context"
	"net/http"
	"strings"

	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/register"
	"alliance/internal/platform/web"
)

// organisationJSON is an organisation as programs read it. Its place is as
// precise as the organisation allows, and no more.
type organisationJSON struct {
	ID        string            `json:"id"`
	Name      string            `json:"name"`
	NameLang  string            `json:"nameLang" doc:"Language of the name, BCP 47"`
	Names     map[string]string `json:"names,omitempty" doc:"Names in other languages"`
	Kind      string            `json:"kind" enum:"local_authority,civil_society,migrant_led,network,public_institution,academia"`
	Country   string            `json:"country" doc:"ISO 3166-1 alpha-2, empty where not known"`
	Town      string            `json:"town"`
	Lat       *float64          `json:"lat,omitempty"`
	Lon       *float64          `json:"lon,omitempty"`
	Precision string            `json:"precision" enum:"none,country,town,exact"`
	Address   string            `json:"address,omitempty" doc:"Street and number, of a place that is told exactly"`
	Languages []string          `json:"languages"`
	Countries []string          `json:"countries,omitempty" doc:"It works in, ISO 3166-1 alpha-2"`
	Axes      []string          `json:"axes"`
	Themes    []string          `json:"themes,omitempty"`
	Website   string            `json:"website"`
	Summary   map[string]string `json:"summary,omitempty" doc:"By language"`
	Body      map[string]string `json:"body,omitempty" doc:"By language"`
	Doubt     map[string]string `json:"doubt,omitempty" doc:"What is not sure, by language"`
	Invented  bool              `json:"invented" doc:"Made up for the demonstration"`
	State     string            `json:"state" enum:"draft,proposed,published,withdrawn"`
	Revision  int               `json:"revision"`
}

var precisions = []string{"none", "country", "town", "exact"}

func (o Organisation) json() organisationJSON {
	at := o.Place.Public()
	j := organisationJSON{ID: o.ID, Name: o.Name(), NameLang: o.Title().Orig, Kind: o.Class, Country: at.Country, Town: at.Name, Precision: precisions[at.Precision], Address: o.Address(),
		Languages: o.Languages, Countries: o.Countries, Axes: o.Axes, Themes: o.Themes, Website: o.Website, Summary: versions(o.Text(entry.Summary)), Body: versions(o.Text(Body)),
		Doubt: versions(o.Text(Doubt)), Invented: o.Invented, State: string(o.State), Revision: o.Revision}
	if j.Names = versions(o.Title()); len(j.Names) < 2 {
		j.Names = nil
	}
	if at.Located() {
		j.Lat, j.Lon = &at.Lat, &at.Lon
	}
	if j.Languages == nil {
		j.Languages = []string{}
	}
	if j.Axes == nil {
		j.Axes = []string{}
	}
	return j
}

func versions(t lang.Text) map[string]string {
	m := map[string]string{}
	for _, tag := range t.Languages() {
		m[tag] = t.V[tag].S
	}
	return m
}

// listInput narrows the list as the page does.
type listInput struct {
	Words     string   `query:"q" maxLength:"300" doc:"Words of the name, town or texts"`
	Kinds     []string `query:"kind,explode"`
	Countries []string `query:"country,explode"`
	Axes      []string `query:"axis,explode"`
	Themes    []string `query:"theme,explode"`
	Languages []string `query:"language,explode"`
	Works     []string `query:"works,explode" doc:"Countries they work in"`
	Box       string   `query:"box" doc:"west,south,east,north in degrees; west beyond east crosses the date line"`
}

func (in listInput) query() query {
	return query{Words: in.Words, Kinds: in.Kinds, Countries: upper(in.Countries), Axes: in.Axes, Themes: in.Themes, Languages: in.Languages, Works: upper(in.Works), Box: register.ParseBox(in.Box)}
}

type pageInput struct {
	listInput
	After string `query:"after" doc:"Identifier of the last one of the page before"`
}

type oneInput struct {
	ID string `path:"id"`
}

type listOutput struct {
	Body struct {
		Organisations []organisationJSON `json:"organisations"`
		Count         int                `json:"count" doc:"How many there are; 1001 stands for more than 1000"`
		Next          string             `json:"next,omitempty" doc:"Give this as after for the next page"`
	}
}

type oneOutput struct{ Body organisationJSON }

// writeJSON is what may be written of an organisation.
type writeJSON struct {
	Name      string   `json:"name" maxLength:"300"`
	NameLang  string   `json:"nameLang,omitempty"`
	Kind      string   `json:"kind"`
	Country   string   `json:"country,omitempty" doc:"ISO code, or a name in an interface language"`
	Town      string   `json:"town,omitempty"`
	Precision string   `json:"precision,omitempty" enum:"country,town,exact" doc:"How closely the place may be told; left out, a place that stays is told as before"`
	Position  string   `json:"position,omitempty" maxLength:"500" doc:"Of an exact place: latitude, longitude in degrees, or the link of a map"`
	Address   string   `json:"address,omitempty" doc:"Street and number, of a place that is told exactly"`
	Website   string   `json:"website,omitempty"`
	Lang      string   `json:"lang,omitempty" doc:"Language of the texts"`
	Summary   string   `json:"summary,omitempty"`
	Body      string   `json:"body,omitempty"`
	Doubt     string   `json:"doubt,omitempty"`
	Languages []string `json:"languages,omitempty"`
	Countries []string `json:"countries,omitempty" doc:"It works in: ISO codes or names"`
	Axes      []string `json:"axes,omitempty"`
	Themes    []string `json:"themes,omitempty"`
	Revision  int      `json:"revision,omitempty" doc:"Of a change: the version that was read; 0 changes whatever is there"`
}

func (w writeJSON) form() form {
	return form{Name: w.Name, NameLang: w.NameLang, Kind: w.Kind, Country: w.Country, Town: w.Town, Precision: w.Precision, Position: w.Position, Address: w.Address, Website: Address(w.Website), Lang: w.Lang, Summary: w.Summary,
		Body: w.Body, Doubt: w.Doubt, Languages: w.Languages, Works: strings.Join(w.Countries, ","), Axes: w.Axes, Themes: w.Themes, Revision: w.Revision}
}

type writeInput struct{ Body writeJSON }

type changeInput struct {
	ID   string `path:"id"`
	Body writeJSON
}

func (d *Directory) api(a *web.API) {
	steers := access.Role(people.Coordinator)
	editors := steers.Or(access.Mandated(people.Edit))
	op := func(id, method, path, summary string, p access.Policy) web.Op {
		return web.Op{ID: id, Method: method, Path: path, Summary: summary, Tag: "organisations", Policy: p}
	}
	web.Handle(a, op("list-organisations", http.MethodGet, "/organisations", "Lists organisations by name.", access.Everyone), d.apiList)
	moved := op("organisations-geojson", http.MethodGet, "/organisations.geojson", "Has moved to the open data: organisations that have a place, as GeoJSON.", access.Everyone)
	moved.Status = http.StatusPermanentRedirect
	web.Handle(a, moved, d.apiGeo)
	web.Handle(a, op("get-organisation", http.MethodGet, "/organisations/{id}", "Gives one organisation.", access.Everyone), d.apiGet)
	web.Handle(a, op("create-organisation", http.MethodPost, "/organisations", "Adds an organisation.", steers), d.apiCreate)
	web.Handle(a, op("change-organisation", http.MethodPut, "/organisations/{id}", "Changes an organisation.", editors), d.apiChange)
	web.Handle(a, op("withdraw-organisation", http.MethodPost, "/organisations/{id}/withdraw", "Withdraws an organisation at once.", editors), d.apiMove(entry.Withdrawn))
	web.Handle(a, op("publish-organisation", http.MethodPost, "/organisations/{id}/publish", "Shows a withdrawn organisation again.", editors), d.apiMove(entry.Published))
	web.Handle(a, op("check-organisation", http.MethodPost, "/organisations/{id}/check", "Notes that somebody looked, and all of it is right.", editors), d.apiCheck)
	web.Handle(a, op("correct-organisation", http.MethodPost, "/organisations/{id}/corrections", "Proposes a correction; no account is needed. The coordination looks at it.", access.Everyone), d.apiCorrect)
	web.Handle(a, op("list-corrections", http.MethodGet, "/corrections", "Corrections nobody has looked at yet, oldest first; at most a hundred.", steers), d.apiCorrections)
	web.Handle(a, op("settle-correction", http.MethodPost, "/corrections/{id}/settle", "Notes that a correction was dealt with.", steers), d.apiSettle)
}

func (d *Directory) apiList(c *web.Call, in *pageInput) (*listOutput, error) {
	q := in.query()
	q.After = in.After
	l, err := d.read(c, c.Actor, q)
	if err != nil {
		return nil, err
	}
	out := &listOutput{}
	out.Body.Count, out.Body.Organisations = l.Count, []organisationJSON{}
	for _, o := range l.List {
		out.Body.Organisations = append(out.Body.Organisations, o.json())
	}
	if l.Next {
		out.Body.Next = l.List[len(l.List)-1].ID
	}
	return out, nil
}

func (d *Directory) apiGet(c *web.Call, in *oneInput) (*oneOutput, error) {
	o, err := see(c, d.DB, c.Actor, in.ID)
	return &oneOutput{o.json()}, err
}

func (d *Directory) apiCreate(c *web.Call, in *writeInput) (*oneOutput, error) {
	f, err := d.formFor(c, in.Body)
	if err != nil {
		return nil, err
	}
	made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
		var o Organisation
		if err := f.onto(&o); err != nil {
			return "", err
		}
		o, err := add(ctx, tx, c.Actor, o)
		return o.ID, err
	})
	if err != nil {
		return nil, err
	}
	return d.apiGet(c, &oneInput{made})
}

func (d *Directory) formFor(c *web.Call, w writeJSON) (form, error) {
	f := w.form()
	if f.Lang == "" {
		f.Lang = c.Printer.Lang()
	}
	if f.NameLang == "" {
		f.NameLang = nameLanguage(f.Name, countryOf(f.Country))
	}
	a, err := alliance.Load(c, d.DB)
	f.Alliance = a
	return f, err
}

func (d *Directory) apiChange(c *web.Call, in *changeInput) (*oneOutput, error) {
	f, err := d.formFor(c, in.Body)
	if err != nil {
		return nil, err
	}
	if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
		o, err := see(ctx, tx, c.Actor, in.ID)
		if err != nil {
			return "", err
		}
		if !o.MayEdit(c.Actor) {
			return "", access.Denied()
		}
		if err := f.onto(&o); err != nil {
			return "", err
		}
		if f.Revision > 0 {
			o.Revision = f.Revision
		}
		_, err = change(ctx, tx, c.Actor, o)
		return o.ID, err
	}); err != nil {
		return nil, err
	}
	return d.apiGet(c, &oneInput{in.ID})
}

func (d *Directory) apiMove(to entry.State) func(*web.Call, *oneInput) (*oneOutput, error) {
	return func(c *web.Call, in *oneInput) (*oneOutput, error) {
		if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) { return in.ID, move(ctx, tx, c.Actor, in.ID, to) }); err != nil {
			return nil, err
		}
		return d.apiGet(c, in)
	}
}
