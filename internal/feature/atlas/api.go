package atlas

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"alliance/internal/platform/access"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/record"
	"alliance/internal/platform/register"
	"alliance/internal/platform/web"
)

// entryJSON is an entry of any kind as the map knows it. Its place is as
// precise as its people allow, and no more.
type entryJSON struct {
	ID           string            `json:"id"`
	Kind         string            `json:"kind"`
	Class        string            `json:"class,omitempty" doc:"Of its kind: what an organisation is, the stage of a practice"`
	Title        map[string]string `json:"title" doc:"By language"`
	Lang         string            `json:"lang" doc:"Original language, BCP 47"`
	Organisation string            `json:"organisation,omitempty" doc:"It is by, identifier"`
	Page         string            `json:"page,omitempty" doc:"Address of its page, without the language; whole in files"`
	Country      string            `json:"country,omitempty" doc:"ISO 3166-1 alpha-2"`
	Town         string            `json:"town,omitempty"`
	Precision    string            `json:"precision" enum:"none,country,town,exact"`
	Lat          *float64          `json:"lat,omitempty"`
	Lon          *float64          `json:"lon,omitempty"`
}

func (x *Atlas) entryJSON(e entry.Entry) entryJSON {
	at := e.Place.Public()
	j := entryJSON{ID: e.ID, Kind: e.Kind, Class: e.Class, Title: record.Versions(e.Title()), Lang: e.Title().Orig, Page: x.path(e),
		Country: at.Country, Town: at.Name, Precision: record.Precisions[at.Precision]}
	if e.Organisation != e.ID {
		j.Organisation = e.Organisation
	}
	if at.Located() {
		j.Lat, j.Lon = &at.Lat, &at.Lon
	}
	return j
}

type placeJSON struct {
	Country   string `json:"country"`
	Town      string `json:"town,omitempty"`
	Precision string `json:"precision" enum:"country,town,exact"`
}

type clusterJSON struct {
	Lat    float64     `json:"lat"`
	Lon    float64     `json:"lon"`
	Count  int         `json:"count"`
	Box    [4]float64  `json:"box" doc:"west, south, east, north of all that stand in it"`
	ID     string      `json:"id,omitempty" doc:"Of the only one"`
	Kind   string      `json:"kind,omitempty" doc:"Where all are of one kind"`
	Strand string      `json:"strand,omitempty" doc:"Kind of organisation that all are, or are by"`
	Vague  bool        `json:"vague,omitempty" doc:"Told by the country only: an area, no point"`
	Places []placeJSON `json:"places" doc:"At most three, those with most first"`
	More   int         `json:"more,omitempty" doc:"Further places"`
}

type pointsJSON struct {
	Clusters []clusterJSON `json:"clusters"`
	Placed   int           `json:"placed" doc:"Entries that stand in the clusters"`
	Unplaced int           `json:"unplaced" doc:"Entries of the same list that have no place"`
}

func drawingJSON(d register.Drawing) pointsJSON {
	out := pointsJSON{Clusters: make([]clusterJSON, 0, len(d.Clusters)), Placed: d.Placed, Unplaced: d.Unplaced}
	for _, c := range d.Clusters {
		j := clusterJSON{Lat: c.Lat, Lon: c.Lon, Count: c.Count, Box: [4]float64{c.Box.West, c.Box.South, c.Box.East, c.Box.North}, ID: c.ID, Kind: c.Kind, Strand: c.Strand, Vague: c.Vague, More: c.More}
		for _, p := range c.Places {
			j.Places = append(j.Places, placeOf(p))
		}
		out.Clusters = append(out.Clusters, j)
	}
	return out
}

func placeOf(p place.Place) placeJSON {
	p = p.Public()
	return placeJSON{Country: p.Country, Town: p.Name, Precision: record.Precisions[p.Precision]}
}

// parts is into how many parts the part shown is gathered at a zoom: 0 is a
// world of 36 parts, each step halves them. Without one, 36 across what is shown.
func (q query) parts(zoom string) int {
	z, err := strconv.Atoi(zoom)
	if err != nil || z < 0 || z > 20 {
		return across
	}
	return max(1, int(q.Box.Span()/360*across*float64(int(1)<<z)))
}

// featuresJSON is RFC 7946.
type featuresJSON struct {
	Type     string        `json:"type" enum:"FeatureCollection"`
	Features []featureJSON `json:"features"`
}

type featureJSON struct {
	Type       string    `json:"type" enum:"Feature"`
	ID         string    `json:"id"`
	Geometry   pointJSON `json:"geometry"`
	Properties entryJSON `json:"properties"`
}

type pointJSON struct {
	Type        string     `json:"type" enum:"Point"`
	Coordinates [2]float64 `json:"coordinates" doc:"Longitude, latitude"`
}

// mostExported bounds one file; a longer one is narrowed by a filter.
const mostExported = 20_000

func (x *Atlas) features(ctx context.Context, a people.Actor, q query, base string) (featuresJSON, error) {
	out := featuresJSON{Type: "FeatureCollection", Features: []featureJSON{}}
	p, err := x.Register.Page(ctx, a, x.sought(q), register.Turn{}, mostExported)
	for _, e := range p.Entries {
		j := x.entryJSON(e)
		if j.Lat == nil {
			continue
		}
		if j.Page != "" {
			j.Page = base + j.Page
		}
		out.Features = append(out.Features, featureJSON{"Feature", e.ID, pointJSON{"Point", [2]float64{*j.Lon, *j.Lat}}, j})
	}
	return out, err
}

// mapInput narrows as the page does.
type mapInput struct {
	Words     string   `query:"q" maxLength:"300" doc:"Words of the title, town or texts"`
	Layers    []string `query:"layer,explode" doc:"welcome, alliance"`
	Kinds     []string `query:"kind,explode" doc:"Of entries"`
	Classes   []string `query:"class,explode" doc:"Of organisations: local_authority …"`
	When      []string `query:"when,explode" doc:"Of what has dates: coming, over"`
	Countries []string `query:"country,explode"`
	Axes      []string `query:"axis,explode"`
	Themes    []string `query:"theme,explode"`
	Languages []string `query:"language,explode"`
	Box       string   `query:"box" doc:"west,south,east,north in degrees; west beyond east crosses the date line"`

	values url.Values
}

// Resolve keeps the whole query, so that it is read as on the page.
func (in *mapInput) Resolve(c huma.Context) []error {
	u := c.URL()
	in.values = u.Query()
	return nil
}

type listInput struct {
	mapInput
	After string `query:"after" doc:"Identifier of the last one of the page before"`
}

type pointsInput struct {
	mapInput
	Zoom string `query:"zoom" doc:"0 gathers into 36 parts of the world, each step halves them; without it, 36 across the box"`
}

type listOutput struct {
	Body struct {
		Entries []entryJSON               `json:"entries"`
		Count   int                       `json:"count" doc:"How many there are; with words, 1001 may stand for more"`
		Filters map[string]map[string]int `json:"filters" doc:"What each filter would give, by name and value"`
		Next    string                    `json:"next,omitempty" doc:"Give this as after for the next page"`
	}
}

type pointsOutput struct{ Body pointsJSON }

type featuresOutput struct {
	ContentType string `header:"Content-Type"`
	Body        featuresJSON
}

func (x *Atlas) api(a *web.API) {
	op := func(id, path, summary string) web.Op {
		return web.Op{ID: id, Method: http.MethodGet, Path: path, Summary: summary, Tag: "map", Policy: access.Everyone}
	}
	web.Handle(a, op("list-map", "/map", "Lists entries of all kinds by title, narrowed as on the map, with what each filter would give."), x.apiList)
	web.Handle(a, op("map-points", "/map/points", "Gathers the same into clusters, as the map shows them."), x.apiPoints)
	web.Handle(a, op("map-geojson", "/map.geojson", "Gives the same as GeoJSON, as far as it has a place; at most 20,000."), x.apiGeo)
}

func (x *Atlas) apiList(c *web.Call, in *listInput) (*listOutput, error) {
	q := readQuery(in.values)
	p, err := x.Register.Page(c, c.Actor, x.sought(q), register.Turn{After: in.After}, PageSize)
	if err != nil {
		return nil, err
	}
	out := &listOutput{}
	out.Body.Entries, out.Body.Filters = []entryJSON{}, map[string]map[string]int{}
	for _, e := range p.Entries {
		out.Body.Entries = append(out.Body.Entries, x.entryJSON(e))
	}
	if p.Next && len(p.Entries) > 0 {
		out.Body.Next = p.Entries[len(p.Entries)-1].ID
	}
	counts, err := x.Register.Count(c, c.Actor, x.sought(q))
	out.Body.Count = counts.Shown()
	for _, group := range groups {
		of := map[string]int{}
		for _, f := range counts.By[group] {
			of[f.Value] = f.Count
		}
		out.Body.Filters[group] = of
	}
	return out, err
}

func (x *Atlas) apiPoints(c *web.Call, in *pointsInput) (*pointsOutput, error) {
	q := readQuery(in.values)
	d, err := x.Register.Draw(c, c.Actor, x.sought(q), q.parts(in.Zoom))
	return &pointsOutput{drawingJSON(d)}, err
}

func (x *Atlas) apiGeo(c *web.Call, in *mapInput) (*featuresOutput, error) {
	out, err := x.features(c, c.Actor, readQuery(in.values), "")
	return &featuresOutput{"application/geo+json", out}, err
}
