package assembly

import (
	"context"
	"net/http"
	"time"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// AssemblyJSON is an assembly as programs see it.
type AssemblyJSON struct {
	ID         string            `json:"id"`
	Parent     string            `json:"parent,omitempty" doc:"the assembly it sits in"`
	Lang       string            `json:"lang" doc:"original language, BCP 47"`
	Title      map[string]string `json:"title" doc:"by language"`
	Summary    map[string]string `json:"summary" doc:"by language"`
	Starts     string            `json:"starts,omitempty" doc:"RFC 3339"`
	Ends       string            `json:"ends,omitempty"`
	Timezone   string            `json:"timezone" example:"Europe/Paris"`
	Venue      string            `json:"venue,omitempty"`
	Town       string            `json:"town,omitempty"`
	Country    string            `json:"country,omitempty" doc:"ISO 3166-1 alpha-2"`
	Online     bool              `json:"online" doc:"one can take part online, too"`
	Address    string            `json:"online_address,omitempty" doc:"only for those who take part or lead"`
	Languages  []string          `json:"languages"`
	Axes       []string          `json:"axes"`
	Organisers []string          `json:"organisers" doc:"organisations"`
	Phase      string            `json:"phase" enum:"preparation,workshops,synthesis,reply,plenary,follow_up,closed"`
	ByHand     bool              `json:"by_hand" doc:"the phase was set by hand; else it follows from the dates"`
	Allows     []string          `json:"allows" doc:"what the phase allows"`
	Phases     []PhaseJSON       `json:"phases" doc:"phases that have a date"`
	State      string            `json:"state"`
	Revision   int               `json:"revision"`
}

// PhaseJSON is when a phase begins.
type PhaseJSON struct {
	Phase  string `json:"phase" enum:"preparation,workshops,synthesis,reply,plenary,follow_up,closed"`
	Starts string `json:"starts" doc:"RFC 3339"`
}

// WorkshopJSON is a workshop as programs see it.
type WorkshopJSON struct {
	ID        string            `json:"id"`
	Assembly  string            `json:"assembly"`
	Axis      string            `json:"axis,omitempty"`
	Lang      string            `json:"lang"`
	Title     map[string]string `json:"title"`
	Summary   map[string]string `json:"summary"`
	Room      string            `json:"room,omitempty"`
	Languages []string          `json:"languages"`
	Sequence  string            `json:"sequence" enum:"coming,first,between,second,closed" doc:"which sequence is open"`
	Open      bool              `json:"open" doc:"takes contributions now"`
	Code      string            `json:"code,omitempty" doc:"to join; only for those who lead or take part"`
	Stakes    int               `json:"stakes"`
	Proposals int               `json:"proposals"`
	State     string            `json:"state"`
	Revision  int               `json:"revision"`
}

// ItemJSON is a point of the programme.
type ItemJSON struct {
	ID       string            `json:"id"`
	Kind     string            `json:"kind" enum:"plenary,workshop,committee,public"`
	Lang     string            `json:"lang"`
	Title    map[string]string `json:"title"`
	Place    string            `json:"place,omitempty"`
	Workshop string            `json:"workshop,omitempty"`
	Starts   string            `json:"starts,omitempty" doc:"RFC 3339; absent: only the order is known"`
	Ends     string            `json:"ends,omitempty"`
	Position int               `json:"position"`
	Revision int               `json:"revision"`
}

// AttendanceJSON is one organisation that takes part.
type AttendanceJSON struct {
	Organisation string `json:"organisation"`
	Name         string `json:"name"`
	Kind         string `json:"kind"`
	Country      string `json:"country,omitempty"`
	Present      bool   `json:"present"`
}

// AssemblyRoleJSON is a role somebody holds in an assembly or a workshop.
type AssemblyRoleJSON struct {
	Person string `json:"person"`
	Name   string `json:"name"`
	Role   string `json:"role" enum:"committee,chair,facilitator,rapporteur"`
	Scope  string `json:"scope" doc:"the assembly or the workshop"`
}

func byLanguage(t lang.Text) map[string]string {
	m := map[string]string{}
	for _, tag := range t.Languages() {
		m[tag] = t.V[tag].S
	}
	return m
}

func rfc(i db.Instant, zone *time.Location) string {
	if i == 0 {
		return ""
	}
	return i.Time().In(zone).Format(time.RFC3339)
}

func filled(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// assemblyJSON tells of an assembly; inside: to somebody who takes part or leads.
func assemblyJSON(e entry.Entry, a Assembly, at db.Instant, inside bool) AssemblyJSON {
	zone := zoneOf(a.Timezone)
	j := AssemblyJSON{ID: e.ID, Parent: e.Parent, Lang: e.Lang, Title: byLanguage(e.Title()), Summary: byLanguage(e.Text(entry.Summary)),
		Starts: rfc(e.Starts, zone), Ends: rfc(e.Ends, zone), Timezone: a.Timezone, Venue: a.Venue, Town: e.Place.Name, Country: e.Place.Country,
		Online: a.Online != "", Languages: filled(a.Languages), Axes: filled(a.Axes), Organisers: filled(a.Organisers),
		Phase: string(a.Now(at)), ByHand: a.ByHand != "", Allows: []string{}, Phases: []PhaseJSON{}, State: string(e.State), Revision: e.Revision}
	if inside {
		j.Address = a.Online
	}
	for _, act := range Acts {
		if a.Now(at).Allows(act) {
			j.Allows = append(j.Allows, string(act))
		}
	}
	for _, s := range a.Starts {
		j.Phases = append(j.Phases, PhaseJSON{string(s.Phase), rfc(s.Starts, zone)})
	}
	return j
}

func itemJSON(i Item, zone *time.Location) ItemJSON {
	return ItemJSON{ID: i.ID, Kind: i.Kind, Lang: i.Title.Orig, Title: byLanguage(i.Title), Place: i.Place, Workshop: i.Workshop,
		Starts: rfc(i.Starts, zone), Ends: rfc(i.Ends, zone), Position: i.Position, Revision: i.Revision}
}

// takesPart tells whether the actor's organisation is registered.
func takesPart(ctx context.Context, q db.Q, a people.Actor, assembly string) (bool, error) {
	if MayRun(a, assembly) {
		return true, nil
	}
	if a.For() == "" {
		return false, nil
	}
	all, err := attendanceOf(ctx, q, assembly)
	for _, x := range all {
		if x.Organisation.ID == a.For() {
			return true, err
		}
	}
	return false, err
}

type (
	idIn struct {
		ID string `path:"id" maxLength:"16"`
	}
	assemblyOut   struct{ Body AssemblyJSON }
	assembliesOut struct{ Body []AssemblyJSON }
	workshopOut   struct{ Body WorkshopJSON }
	workshopsOut  struct{ Body []WorkshopJSON }
	programmeOut  struct{ Body []ItemJSON }
	attendanceOut struct{ Body []AttendanceJSON }
	rolesOut      struct{ Body []AssemblyRoleJSON }
)

func (f *Feature) api(a *web.API) {
	f.readAPI(a)
	f.writeAPI(a)
	f.roomAPI(a)
	f.peopleAPI(a)
}

// tell gives an assembly to a caller.
func (f *Feature) tell(c *web.Call, q db.Q, id string) (*assemblyOut, error) {
	e, s, err := see(c, q, c.Actor, id)
	if err != nil {
		return nil, err
	}
	inside, err := takesPart(c, q, c.Actor, id)
	return &assemblyOut{assemblyJSON(e, s, c.Actor.At, inside)}, err
}

func (f *Feature) readAPI(a *web.API) {
	type listIn struct {
		Parent string `query:"parent" maxLength:"16" doc:"only those that sit in this one"`
	}
	web.Handle(a, web.Op{ID: "list-assemblies", Method: http.MethodGet, Path: "/assemblies", Tag: "assemblies", Policy: access.Everyone,
		Summary: "Assemblies, the newest first"},
		func(c *web.Call, in *listIn) (*assembliesOut, error) {
			list, err := entry.List(c, c.DB, entry.Filter{Kinds: []string{"assembly"}, Parent: in.Parent, Actor: c.Actor, Order: entry.ByNew, Limit: 1000})
			if err != nil {
				return nil, err
			}
			rows, err := f.rows(c, list, c.Actor.At)
			out := &assembliesOut{Body: []AssemblyJSON{}}
			for _, r := range rows {
				out.Body = append(out.Body, assemblyJSON(r.Entry, r.Assembly, c.Actor.At, MayRun(c.Actor, r.Entry.ID)))
			}
			return out, err
		})
	web.Handle(a, web.Op{ID: "get-assembly", Method: http.MethodGet, Path: "/assemblies/{id}", Tag: "assemblies", Policy: access.Everyone,
		Summary: "An assembly with its phase and what it allows"},
		func(c *web.Call, in *idIn) (*assemblyOut, error) { return f.tell(c, c.DB, in.ID) })
	web.Handle(a, web.Op{ID: "get-programme", Method: http.MethodGet, Path: "/assemblies/{id}/programme", Tag: "assemblies", Policy: access.Everyone,
		Summary: "The programme in its order"},
		func(c *web.Call, in *idIn) (*programmeOut, error) {
			_, s, err := see(c, c.DB, c.Actor, in.ID)
			if err != nil {
				return nil, err
			}
			return f.tellProgramme(c, c.DB, s)
		})
	web.Handle(a, web.Op{ID: "list-workshops", Method: http.MethodGet, Path: "/assemblies/{id}/workshops", Tag: "workshops", Policy: access.Everyone,
		Summary: "The workshops of an assembly by axis, with what they brought"},
		func(c *web.Call, in *idIn) (*workshopsOut, error) {
			_, s, err := see(c, c.DB, c.Actor, in.ID)
			if err != nil {
				return nil, err
			}
			inside, err := takesPart(c, c.DB, c.Actor, in.ID)
			if err != nil {
				return nil, err
			}
			rows, err := f.workshopRows(c, c.Actor, in.ID)
			out := &workshopsOut{Body: []WorkshopJSON{}}
			for _, r := range rows {
				out.Body = append(out.Body, workshopJSON(r, s.Now(c.Actor.At), inside || MayLead(c.Actor, r.Workshop)))
			}
			return out, err
		})
	web.Handle(a, web.Op{ID: "list-attendance", Method: http.MethodGet, Path: "/assemblies/{id}/attendance", Tag: "assemblies", Policy: access.Everyone,
		Summary: "Which organisations take part, and which are present"},
		func(c *web.Call, in *idIn) (*attendanceOut, error) {
			if _, _, err := see(c, c.DB, c.Actor, in.ID); err != nil {
				return nil, err
			}
			return f.tellAttendance(c, c.DB, in.ID)
		})
}

func (f *Feature) tellProgramme(ctx context.Context, q db.Q, s Assembly) (*programmeOut, error) {
	items, err := programmeOf(ctx, q, s.Entry)
	out := &programmeOut{Body: []ItemJSON{}}
	for _, i := range items {
		out.Body = append(out.Body, itemJSON(i, zoneOf(s.Timezone)))
	}
	return out, err
}

func (f *Feature) tellAttendance(ctx context.Context, q db.Q, assembly string) (*attendanceOut, error) {
	all, err := attendanceOf(ctx, q, assembly)
	out := &attendanceOut{Body: []AttendanceJSON{}}
	for _, x := range all {
		out.Body = append(out.Body, AttendanceJSON{x.Organisation.ID, x.Organisation.Name, string(x.Organisation.Kind), x.Organisation.Country, x.Present})
	}
	return out, err
}

func workshopJSON(r workshopRow, phase Phase, inside bool) WorkshopJSON {
	j := WorkshopJSON{ID: r.Entry.ID, Assembly: r.Workshop.Assembly, Axis: r.Entry.Axis, Lang: r.Entry.Lang, Title: byLanguage(r.Entry.Title()),
		Summary: byLanguage(r.Entry.Text(entry.Summary)), Room: r.Workshop.Room, Languages: filled(r.Workshop.Languages), Sequence: r.Workshop.Sequence.code(),
		Open: r.Workshop.Open() && phase.Allows(Write), Stakes: r.Stakes, Proposals: r.Proposals, State: string(r.Entry.State), Revision: r.Entry.Revision}
	if inside {
		j.Code = r.Workshop.Code
	}
	return j
}

// instant reads an RFC 3339 time; "" is none.
func instant(field, s string) (db.Instant, error) {
	if s == "" {
		return 0, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return 0, fault.Invalid(field, "assembly.date", "This is not a date. Write day, month and year.")
	}
	return db.At(t), nil
}
