package record

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/web"
)

// JSON is a record as programs read it: the same shape for every kind. Its
// place is as precise as its people allow, and no more.
type JSON struct {
	ID           string                       `json:"id"`
	Kind         string                       `json:"kind"`
	Lang         string                       `json:"lang" doc:"Original language, BCP 47"`
	Texts        map[string]map[string]string `json:"texts" doc:"By question, then by language"`
	Answers      map[string][]string          `json:"answers" doc:"By question, in canonical form"`
	Organisation string                       `json:"organisation,omitempty" doc:"It is by, identifier"`
	Country      string                       `json:"country,omitempty" doc:"ISO 3166-1 alpha-2"`
	Town         string                       `json:"town,omitempty"`
	Lat          *float64                     `json:"lat,omitempty"`
	Lon          *float64                     `json:"lon,omitempty"`
	Precision    string                       `json:"precision" enum:"none,country,town,exact"`
	Axis         string                       `json:"axis,omitempty"`
	Themes       []string                     `json:"themes,omitempty"`
	Licence      string                       `json:"licence,omitempty"`
	Audience     string                       `json:"audience" enum:"public,members,committee"`
	State        string                       `json:"state" enum:"draft,proposed,published,withdrawn"`
	Checked      string                       `json:"checked,omitempty" doc:"Day of the last check, RFC 3339"`
	CheckedBy    string                       `json:"checkedBy,omitempty" doc:"Identifier of the organisation that checked it"`
	CheckedHow   string                       `json:"checkedHow,omitempty" enum:"site,phone,mail,visit,itself"`
	Changed      string                       `json:"changed" doc:"RFC 3339"`
	Revision     int                          `json:"revision"`
	Spec         int                          `json:"spec" doc:"Version of the questions it answers"`
}

// Precisions names place.Precision for programs.
var Precisions = []string{"none", "country", "town", "exact"}

// JSON gives the record for programs.
func (r Record) JSON() JSON {
	at := r.Place.Public()
	j := JSON{ID: r.ID, Kind: r.Kind, Lang: r.Lang, Texts: map[string]map[string]string{}, Answers: map[string][]string{}, Organisation: r.Organisation,
		Country: at.Country, Town: at.Name, Precision: Precisions[at.Precision], Axis: r.Axis, Themes: r.Themes, Licence: r.Licence, Audience: string(r.Audience),
		State: string(r.State), Changed: rfc3339(r.Changed), Checked: rfc3339(r.Entry.Checked), CheckedBy: r.CheckedBy, CheckedHow: r.CheckedHow, Revision: r.Revision, Spec: r.Spec}
	for name, text := range r.Fields {
		j.Texts[name] = Versions(text)
	}
	maps.Copy(j.Answers, r.Answers)
	if at.Located() {
		j.Lat, j.Lon = &at.Lat, &at.Lon
	}
	return j
}

func rfc3339(at db.Instant) string {
	if at == 0 {
		return ""
	}
	return at.Time().UTC().Format("2006-01-02T15:04:05Z")
}

// Versions gives a text by language.
func Versions(t lang.Text) map[string]string {
	m := map[string]string{}
	for _, tag := range t.Languages() {
		m[tag] = t.V[tag].S
	}
	return m
}

// Write is what may be written of a record: words in one language, answers as
// in JSON or as people type them.
type Write struct {
	Lang      string              `json:"lang" doc:"Language of the words, BCP 47"`
	Answers   map[string][]string `json:"answers" doc:"By question; words count as answers here"`
	Country   string              `json:"country,omitempty" doc:"ISO code, or a name in an interface language"`
	Town      string              `json:"town,omitempty"`
	Precision string              `json:"precision,omitempty" enum:"country,town,exact" doc:"How closely the place may be told; exact only for kinds that have an address"`
	Position  string              `json:"position,omitempty" maxLength:"500" doc:"Of an exact place: latitude, longitude in degrees, or the link of a map"`
	Axis      string              `json:"axis,omitempty"`
	Themes    []string            `json:"themes,omitempty"`
	Licence   string              `json:"licence,omitempty"`
	Audience  string              `json:"audience,omitempty" enum:"public,members,committee"`
	Draft     bool                `json:"draft,omitempty" doc:"Keep it to its authors"`
	Revision  int                 `json:"revision,omitempty" doc:"Of a change: the version that was read; 0 changes whatever is there"`
}

// Typed is the same as a form would send it.
func (w Write) Typed() Typed {
	t := Typed{}
	maps.Copy(t, w.Answers)
	for name, value := range map[string]string{InLang: w.Lang, Country: w.Country, Town: w.Town, Precision: w.Precision, Position: w.Position, Axis: w.Axis, Licence: w.Licence, Audience: w.Audience} {
		t[name] = said([]string{value})
	}
	t[Themes] = w.Themes
	if w.Revision > 0 {
		t[RevisionRead] = []string{itoa(w.Revision)}
	}
	return t
}

func (w Write) act() string {
	if w.Draft {
		return "draft"
	}
	return "save"
}

type recordsInput struct {
	Words     string   `query:"q" maxLength:"300"`
	Countries []string `query:"country,explode"`
	Axes      []string `query:"axis,explode"`
	Themes    []string `query:"theme,explode"`
	By        string   `query:"by" doc:"Identifier of an organisation"`
	After     string   `query:"after" doc:"Identifier of the last one of the page before"`
	Where     []string `query:"where,explode" doc:"Other questions, as name:value"`

	values url.Values
}

// Resolve keeps the whole query, so that a filter is written as on the page.
func (in *recordsInput) Resolve(c huma.Context) []error {
	u := c.URL()
	in.values = u.Query()
	for _, pair := range in.Where {
		if name, value, ok := strings.Cut(pair, ":"); ok {
			in.values.Add(name, value)
		}
	}
	return nil
}

type recordInput struct {
	ID string `path:"id"`
}

type recordsOutput struct {
	Body struct {
		Records []JSON `json:"records"`
		Count   int    `json:"count" doc:"How many there are; 1001 stands for more than 1000"`
		Next    string `json:"next,omitempty" doc:"Give this as after for the next page"`
	}
}

type recordOutput struct{ Body JSON }

type recordWriteInput struct{ Body Write }

type recordCheckInput struct {
	ID   string `path:"id"`
	Body struct {
		How string `json:"how" enum:"site,phone,mail,visit,itself" doc:"How it was checked"`
	}
}

type recordChangeInput struct {
	ID   string `path:"id"`
	Body Write
}

// API puts up the operations of the kind.
func (k *Kind) API(a *web.API) {
	many := strings.TrimPrefix(k.Path, "/")
	op := func(verb, method, path, summary string, p access.Policy) web.Op {
		return web.Op{ID: verb + "-" + k.Kind, Method: method, Path: path, Summary: summary, Tag: many, Policy: p}
	}
	web.Handle(a, op("list", http.MethodGet, k.Path, "Lists them by title, narrowed as on the page.", access.Everyone), func(c *web.Call, in *recordsInput) (*recordsOutput, error) {
		q := k.ReadQuery(in.values)
		l, err := k.listed(c, c.Actor, q)
		if err != nil {
			return nil, err
		}
		out := &recordsOutput{}
		out.Body.Records = []JSON{}
		for _, r := range l.List {
			out.Body.Records = append(out.Body.Records, r.JSON())
		}
		if l.Next {
			out.Body.Next = l.List[len(l.List)-1].ID
		}
		out.Body.Count = l.Count
		return out, nil
	})
	web.Handle(a, op("get", http.MethodGet, k.Path+"/{id}", "Gives one.", access.Everyone), func(c *web.Call, in *recordInput) (*recordOutput, error) {
		r, err := k.See(c, k.DB, c.Actor, in.ID)
		return &recordOutput{r.JSON()}, err
	})
	if k.Formless {
		return
	}
	write := func(c *web.Call, do func(context.Context, *db.Tx, alliance.Alliance) (Record, error)) (*recordOutput, error) {
		of, err := alliance.Load(c, k.DB)
		if err != nil {
			return nil, err
		}
		made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			r, err := do(ctx, tx, of)
			return r.ID, err
		})
		if err != nil {
			return nil, err
		}
		r, err := k.See(c, k.DB, c.Actor, made)
		return &recordOutput{r.JSON()}, err
	}
	web.Handle(a, op("create", http.MethodPost, k.Path, "Adds one, for the organisation of the token.", k.adds()), func(c *web.Call, in *recordWriteInput) (*recordOutput, error) {
		return write(c, func(ctx context.Context, tx *db.Tx, of alliance.Alliance) (Record, error) {
			return k.Create(ctx, tx, c.Actor, of, in.Body.Typed(), in.Body.act())
		})
	})
	web.Handle(a, op("change", http.MethodPut, k.Path+"/{id}", "Changes one: what is left out is emptied.", access.SignedIn), func(c *web.Call, in *recordChangeInput) (*recordOutput, error) {
		return write(c, func(ctx context.Context, tx *db.Tx, of alliance.Alliance) (Record, error) {
			return k.Rewrite(ctx, tx, c.Actor, of, in.ID, in.Body.Typed(), in.Body.act())
		})
	})
	web.Handle(a, op("check", http.MethodPost, k.Path+"/{id}/check", "Notes that all of it was found right today, and how.", access.SignedIn), func(c *web.Call, in *recordCheckInput) (*recordOutput, error) {
		return write(c, func(ctx context.Context, tx *db.Tx, _ alliance.Alliance) (Record, error) {
			return k.Verify(ctx, tx, c.Actor, in.ID, in.Body.How)
		})
	})
	for verb, to := range map[string]entry.State{"withdraw": entry.Withdrawn, "publish": entry.Published} {
		summary := map[string]string{"withdraw": "Withdraws one at once.", "publish": "Publishes one, or shows a withdrawn one again."}[verb]
		web.Handle(a, op(verb, http.MethodPost, k.Path+"/{id}/"+verb, summary, access.SignedIn), func(c *web.Call, in *recordInput) (*recordOutput, error) {
			return write(c, func(ctx context.Context, tx *db.Tx, _ alliance.Alliance) (Record, error) {
				return k.Move(ctx, tx, c.Actor, in.ID, to)
			})
		})
	}
}
