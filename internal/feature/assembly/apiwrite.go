package assembly

import (
	"context"
	"net/http"
	"slices"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// AssemblyIn is an assembly as it is written, whole.
type AssemblyIn struct {
	Revision   int         `json:"revision,omitempty" doc:"that was read; not when it is new"`
	Lang       string      `json:"lang" maxLength:"35" doc:"language of title and summary; of a new one only"`
	Title      string      `json:"title" maxLength:"1200"`
	Summary    string      `json:"summary,omitempty" maxLength:"80000"`
	Parent     string      `json:"parent,omitempty" maxLength:"16"`
	Starts     string      `json:"starts,omitempty" doc:"RFC 3339"`
	Ends       string      `json:"ends,omitempty" doc:"RFC 3339"`
	Timezone   string      `json:"timezone" maxLength:"60"`
	Venue      string      `json:"venue,omitempty" maxLength:"1200"`
	Town       string      `json:"town,omitempty" maxLength:"800"`
	Country    string      `json:"country,omitempty" maxLength:"2"`
	Address    string      `json:"online_address,omitempty" maxLength:"500"`
	Languages  []string    `json:"languages,omitempty" maxItems:"40"`
	Axes       []string    `json:"axes,omitempty" maxItems:"40"`
	Organisers []string    `json:"organisers,omitempty" maxItems:"100"`
	Phases     []PhaseJSON `json:"phases,omitempty" maxItems:"7"`
}

// write puts what was sent into an entry and its typed side.
func (in AssemblyIn) write(e *entry.Entry, s *Assembly) (err error) {
	e.Set(entry.Title, in.Title)
	e.Set(entry.Summary, in.Summary)
	e.Parent, e.Place = in.Parent, placeTyped(in.Town, in.Country)
	if e.Starts, err = instant("starts", in.Starts); err != nil {
		return err
	}
	if e.Ends, err = instant("ends", in.Ends); err != nil {
		return err
	}
	if e.Ends == 0 {
		e.Ends = e.Starts
	}
	s.Timezone, s.Venue, s.Online, s.Languages, s.Axes, s.Organisers, s.Starts = in.Timezone, in.Venue, in.Address, in.Languages, in.Axes, in.Organisers, nil
	for _, p := range Phases {
		for _, given := range in.Phases {
			if Phase(given.Phase) != p {
				continue
			}
			at, err := instant("phases", given.Starts)
			if err != nil {
				return err
			}
			s.Starts = slices.DeleteFunc(s.Starts, func(x Start) bool { return x.Phase == p })
			s.Starts = append(s.Starts, Start{p, at})
		}
	}
	return nil
}

func stale() error {
	return fault.Conflict("entry.changed", "Somebody else changed this meanwhile. Compare with the present version, then save again.")
}

func (f *Feature) writeAPI(a *web.API) {
	type newIn struct{ Body AssemblyIn }
	web.Handle(a, web.Op{ID: "add-assembly", Method: http.MethodPost, Path: "/assemblies", Tag: "assemblies", Policy: leading, Status: http.StatusCreated,
		Summary: "Prepare an assembly; with parent, one inside another"},
		func(c *web.Call, in *newIn) (*assemblyOut, error) {
			id, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				e, s := entry.Entry{Lang: in.Body.Lang}, Assembly{}
				if err := in.Body.write(&e, &s); err != nil {
					return "", err
				}
				e, err := Add(ctx, tx, c.Actor, e, s)
				return e.ID, err
			})
			if err != nil {
				return nil, err
			}
			return f.tell(c, c.DB, id)
		})
	type changeIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body AssemblyIn
	}
	web.Handle(a, web.Op{ID: "change-assembly", Method: http.MethodPut, Path: "/assemblies/{id}", Tag: "assemblies", Policy: leading,
		Summary: "Write an assembly anew; what is left out is taken away"},
		func(c *web.Call, in *changeIn) (*assemblyOut, error) {
			_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				e, s, err := see(ctx, tx, c.Actor, in.ID)
				if err != nil {
					return "", err
				}
				if e.Revision != in.Body.Revision {
					return "", stale()
				}
				if err := in.Body.write(&e, &s); err != nil {
					return "", err
				}
				_, err = Change(ctx, tx, c.Actor, e, s)
				return in.ID, err
			})
			if err != nil {
				return nil, err
			}
			return f.tell(c, c.DB, in.ID)
		})
	type stateIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			State string `json:"state" enum:"published,withdrawn"`
		}
	}
	web.Handle(a, web.Op{ID: "set-assembly-state", Method: http.MethodPut, Path: "/assemblies/{id}/state", Tag: "assemblies", Policy: leading,
		Summary: "Withdraw an assembly at once, or show it again"},
		func(c *web.Call, in *stateIn) (*assemblyOut, error) {
			_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				e, _, err := see(ctx, tx, c.Actor, in.ID)
				if err != nil {
					return "", err
				}
				return in.ID, Withdraw(ctx, tx, c.Actor, e, entry.State(in.Body.State))
			})
			if err != nil {
				return nil, err
			}
			return f.tell(c, c.DB, in.ID)
		})
	type moveIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			From   string `json:"from" doc:"the phase that was seen"`
			To     string `json:"to" enum:"preparation,workshops,synthesis,reply,plenary,follow_up,closed,dates" doc:"dates: follow the dates again"`
			Reason string `json:"reason" maxLength:"8000" doc:"everybody can read it"`
			Lang   string `json:"lang" maxLength:"35" doc:"of the reason"`
		}
	}
	web.Handle(a, web.Op{ID: "set-phase", Method: http.MethodPost, Path: "/assemblies/{id}/phase", Tag: "assemblies", Policy: leading,
		Summary: "Set the phase by hand, with a reason; of two at once the second is told (409)"},
		func(c *web.Call, in *moveIn) (*assemblyOut, error) {
			to := Phase(in.Body.To)
			if to == "dates" {
				to = ""
			}
			tag, ok := lang.Tag(in.Body.Lang)
			if !ok {
				return nil, fault.Invalid("lang", "entry.lang.unknown", "Choose the language you write in.")
			}
			_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				if _, _, err := see(ctx, tx, c.Actor, in.ID); err != nil {
					return "", err
				}
				return in.ID, Move(ctx, tx, c.Actor, in.ID, Phase(in.Body.From), to, lang.New(tag, in.Body.Reason))
			})
			if err != nil {
				return nil, err
			}
			return f.tell(c, c.DB, in.ID)
		})
	f.programmeAPI(a)
	type upIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Proposals []string `json:"proposals" minItems:"1" maxItems:"200"`
		}
	}
	type upOut struct {
		Body struct {
			Assembly string `json:"assembly" doc:"the one above, where the copies stand"`
		}
	}
	web.Handle(a, web.Op{ID: "bring-results-up", Method: http.MethodPost, Path: "/assemblies/{id}/bring-up", Tag: "assemblies", Policy: leading,
		Summary: "Hand proposals of a local assembly to the one it sits in"},
		func(c *web.Call, in *upIn) (*upOut, error) {
			out := &upOut{}
			var err error
			out.Body.Assembly, err = c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				return f.BringUp(ctx, tx, c.Actor, in.ID, in.Body.Proposals)
			})
			return out, err
		})
}

// ItemIn is a point of the programme as it is written.
type ItemIn struct {
	Revision int    `json:"revision,omitempty" doc:"that was read; not when it is new"`
	Kind     string `json:"kind" enum:"plenary,workshop,committee,public"`
	Lang     string `json:"lang" maxLength:"35" doc:"of the title; of a new one only"`
	Title    string `json:"title" maxLength:"1200"`
	Place    string `json:"place,omitempty" maxLength:"1200"`
	Workshop string `json:"workshop,omitempty" maxLength:"16"`
	Starts   string `json:"starts,omitempty" doc:"RFC 3339"`
	Ends     string `json:"ends,omitempty" doc:"RFC 3339"`
	After    string `json:"after,omitempty" maxLength:"16" doc:"without a time: the point it stands behind, or first"`
}

func (f *Feature) programmeAPI(a *web.API) {
	put := func(c *web.Call, assembly, item string, in ItemIn) (*programmeOut, error) {
		_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			if _, _, err := see(ctx, tx, c.Actor, assembly); err != nil {
				return "", err
			}
			i := Item{ID: item, Assembly: assembly, Kind: in.Kind, Place: in.Place, Workshop: in.Workshop, Revision: in.Revision}
			items, err := programmeOf(ctx, tx, assembly)
			if err != nil {
				return "", err
			}
			for _, x := range items {
				if x.ID == item {
					i.Title = x.Title.Rewrite(in.Title, x.Revision+1)
				}
			}
			if item == "" {
				tag, ok := lang.Tag(in.Lang)
				if !ok {
					return "", fault.Invalid("lang", "entry.lang.unknown", "Choose the language you write in.")
				}
				i.Title = lang.New(tag, in.Title)
			}
			if i.Starts, err = instant("starts", in.Starts); err != nil {
				return "", err
			}
			if i.Ends, err = instant("ends", in.Ends); err != nil {
				return "", err
			}
			i, err = PutItem(ctx, tx, c.Actor, i, in.After)
			return i.ID, err
		})
		if err != nil {
			return nil, err
		}
		s, err := assemblyByID(c, c.DB, assembly)
		if err != nil {
			return nil, err
		}
		return f.tellProgramme(c, c.DB, s)
	}
	type addIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body ItemIn
	}
	web.Handle(a, web.Op{ID: "add-programme-item", Method: http.MethodPost, Path: "/assemblies/{id}/programme", Tag: "assemblies", Policy: leading, Status: http.StatusCreated,
		Summary: "Put a point on the programme; the answer is the whole of it"},
		func(c *web.Call, in *addIn) (*programmeOut, error) { return put(c, in.ID, "", in.Body) })
	type changeIn struct {
		ID   string `path:"id" maxLength:"16"`
		Item string `path:"item" maxLength:"16"`
		Body ItemIn
	}
	web.Handle(a, web.Op{ID: "change-programme-item", Method: http.MethodPut, Path: "/assemblies/{id}/programme/{item}", Tag: "assemblies", Policy: leading,
		Summary: "Change a point of the programme"},
		func(c *web.Call, in *changeIn) (*programmeOut, error) { return put(c, in.ID, in.Item, in.Body) })
	type dropIn struct {
		ID   string `path:"id" maxLength:"16"`
		Item string `path:"item" maxLength:"16"`
	}
	web.Handle(a, web.Op{ID: "drop-programme-item", Method: http.MethodDelete, Path: "/assemblies/{id}/programme/{item}", Tag: "assemblies", Policy: leading,
		Summary: "Take a point off the programme"},
		func(c *web.Call, in *dropIn) (*programmeOut, error) {
			_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				return in.Item, DropItem(ctx, tx, c.Actor, in.ID, in.Item)
			})
			if err != nil {
				return nil, err
			}
			s, err := assemblyByID(c, c.DB, in.ID)
			if err != nil {
				return nil, err
			}
			return f.tellProgramme(c, c.DB, s)
		})
}

// peopleAPI is who takes part and who does what.
func (f *Feature) peopleAPI(a *web.API) {
	type oneIn struct {
		ID           string `path:"id" maxLength:"16"`
		Organisation string `path:"organisation" maxLength:"16"`
	}
	attend := func(op web.Op, do func(context.Context, *db.Tx, people.Actor, string, string) error) {
		op.Tag = "assemblies"
		web.Handle(a, op, func(c *web.Call, in *oneIn) (*attendanceOut, error) {
			_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				return in.Organisation, do(ctx, tx, c.Actor, in.ID, in.Organisation)
			})
			if err != nil {
				return nil, err
			}
			return f.tellAttendance(c, c.DB, in.ID)
		})
	}
	const path = "/assemblies/{id}/attendance/{organisation}"
	attend(web.Op{ID: "register-organisation", Method: http.MethodPut, Path: path, Policy: coming, Summary: "Say that an organisation comes; for one's own, or by those who lead"}, Come)
	attend(web.Op{ID: "unregister-organisation", Method: http.MethodDelete, Path: path, Policy: coming, Summary: "Take that back"}, Stay)
	attend(web.Op{ID: "mark-present", Method: http.MethodPut, Path: path + "/present", Policy: marking, Summary: "Note that an organisation is there"},
		func(ctx context.Context, tx *db.Tx, a people.Actor, assembly, o string) error {
			return MarkPresent(ctx, tx, a, assembly, o, true)
		})
	attend(web.Op{ID: "mark-absent", Method: http.MethodDelete, Path: path + "/present", Policy: marking, Summary: "Note that it is not there"},
		func(ctx context.Context, tx *db.Tx, a people.Actor, assembly, o string) error {
			return MarkPresent(ctx, tx, a, assembly, o, false)
		})

	roles := func(c *web.Call, assembly string) (*rolesOut, error) {
		e, _, err := see(c, c.DB, c.Actor, assembly)
		if err != nil {
			return nil, err
		}
		if !MayRun(c.Actor, e.ID) {
			return nil, access.Denied()
		}
		scopes, err := WorkshopsOf(c, c.DB, e.ID)
		if err != nil {
			return nil, err
		}
		list, err := holdersIn(c, c.DB, append(scopes, e.ID))
		out := &rolesOut{Body: []AssemblyRoleJSON{}}
		for _, h := range list {
			out.Body = append(out.Body, AssemblyRoleJSON{h.Person.ID, h.Person.Name, string(h.Role), h.Scope})
		}
		return out, err
	}
	web.Handle(a, web.Op{ID: "list-assembly-roles", Method: http.MethodGet, Path: "/assemblies/{id}/roles", Tag: "assemblies", Policy: leading,
		Summary: "Who holds a role in an assembly and its workshops"},
		func(c *web.Call, in *idIn) (*rolesOut, error) { return roles(c, in.ID) })
	type roleIn struct {
		ID     string `path:"id" maxLength:"16"`
		Role   string `path:"role" enum:"committee,chair,facilitator,rapporteur"`
		Scope  string `path:"scope" maxLength:"16" doc:"the assembly or one of its workshops"`
		Person string `path:"person" maxLength:"16"`
	}
	change := func(op web.Op, do func(context.Context, *db.Tx, people.Actor, string, people.Grant) error) {
		op.Tag, op.Policy, op.Path = "assemblies", leading, "/assemblies/{id}/roles/{role}/{scope}/{person}"
		web.Handle(a, op, func(c *web.Call, in *roleIn) (*rolesOut, error) {
			_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				return in.Person, do(ctx, tx, c.Actor, in.Person, people.Grant{Role: people.Role(in.Role), Scope: in.Scope})
			})
			if err != nil {
				return nil, err
			}
			return roles(c, in.ID)
		})
	}
	change(web.Op{ID: "give-assembly-role", Method: http.MethodPut, Summary: "Give a role in an assembly or a workshop"}, Give)
	change(web.Op{ID: "take-assembly-role", Method: http.MethodDelete, Summary: "Take a role back"}, Take)
}
