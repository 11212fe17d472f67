package assembly

import (
	"context"
	"net/http"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/web"
)

// WorkshopIn is a workshop as it is written, whole.
type WorkshopIn struct {
	Revision  int      `json:"revision,omitempty" doc:"that was read; not when it is new"`
	Lang      string   `json:"lang" maxLength:"35" doc:"of a new one only"`
	Title     string   `json:"title" maxLength:"1200"`
	Summary   string   `json:"summary,omitempty" maxLength:"80000"`
	Axis      string   `json:"axis,omitempty" maxLength:"40"`
	Room      string   `json:"room,omitempty" maxLength:"1200"`
	Languages []string `json:"languages,omitempty" maxItems:"40"`
}

func (in WorkshopIn) write(e *entry.Entry, w *Workshop) {
	e.Set(entry.Title, in.Title)
	e.Set(entry.Summary, in.Summary)
	e.Axis, w.Room, w.Languages = in.Axis, in.Room, in.Languages
}

// tellWorkshop gives a workshop to a caller.
func (f *Feature) tellWorkshop(c *web.Call, id string) (*workshopOut, error) {
	e, err := entry.See(c, c.DB, c.Actor, "workshop", id)
	if err != nil {
		return nil, err
	}
	_, s, err := see(c, c.DB, c.Actor, e.Parent)
	if err != nil {
		return nil, err
	}
	inside, err := takesPart(c, c.DB, c.Actor, e.Parent)
	if err != nil {
		return nil, err
	}
	rows, err := f.workshopRows(c, c.Actor, e.Parent)
	for _, r := range rows {
		if r.Entry.ID == id {
			return &workshopOut{workshopJSON(r, s.Now(c.Actor.At), inside || MayLead(c.Actor, r.Workshop))}, err
		}
	}
	if err == nil {
		err = fault.Missing()
	}
	return nil, err
}

func (f *Feature) roomAPI(a *web.API) {
	web.Handle(a, web.Op{ID: "get-workshop", Method: http.MethodGet, Path: "/workshops/{id}", Tag: "workshops", Policy: access.Everyone,
		Summary: "A workshop with its sequence and what it brought"},
		func(c *web.Call, in *idIn) (*workshopOut, error) { return f.tellWorkshop(c, in.ID) })
	type bodyIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body WorkshopIn
	}
	// write changes a workshop and tells of it.
	write := func(c *web.Call, fn func(context.Context, *db.Tx) (string, error)) (*workshopOut, error) {
		id, err := c.Write(fn)
		if err != nil {
			return nil, err
		}
		return f.tellWorkshop(c, id)
	}
	web.Handle(a, web.Op{ID: "add-workshop", Method: http.MethodPost, Path: "/assemblies/{id}/workshops", Tag: "workshops", Policy: leading, Status: http.StatusCreated,
		Summary: "Add a workshop, with a code of its own"},
		func(c *web.Call, in *bodyIn) (*workshopOut, error) {
			return write(c, func(ctx context.Context, tx *db.Tx) (string, error) {
				if _, _, err := see(ctx, tx, c.Actor, in.ID); err != nil {
					return "", err
				}
				e, w := entry.Entry{Lang: in.Body.Lang, Parent: in.ID}, Workshop{}
				in.Body.write(&e, &w)
				e, err := AddWorkshop(ctx, tx, c.Actor, e, w)
				return e.ID, err
			})
		})
	web.Handle(a, web.Op{ID: "change-workshop", Method: http.MethodPut, Path: "/workshops/{id}", Tag: "workshops", Policy: holding,
		Summary: "Write a workshop anew; what is left out is taken away"},
		func(c *web.Call, in *bodyIn) (*workshopOut, error) {
			return write(c, func(ctx context.Context, tx *db.Tx) (string, error) {
				e, err := entry.See(ctx, tx, c.Actor, "workshop", in.ID)
				if err != nil {
					return "", err
				}
				w, err := workshopByID(ctx, tx, in.ID)
				if err != nil {
					return "", err
				}
				if e.Revision != in.Body.Revision {
					return "", stale()
				}
				in.Body.write(&e, &w)
				_, err = ChangeWorkshop(ctx, tx, c.Actor, e, w)
				return in.ID, err
			})
		})
	type stateIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			State string `json:"state" enum:"published,withdrawn"`
		}
	}
	web.Handle(a, web.Op{ID: "set-workshop-state", Method: http.MethodPut, Path: "/workshops/{id}/state", Tag: "workshops", Policy: leading,
		Summary: "Withdraw a workshop at once, or show it again"},
		func(c *web.Call, in *stateIn) (*workshopOut, error) {
			return write(c, func(ctx context.Context, tx *db.Tx) (string, error) {
				e, err := entry.See(ctx, tx, c.Actor, "workshop", in.ID)
				if err != nil {
					return "", err
				}
				return in.ID, Withdraw(ctx, tx, c.Actor, e, entry.State(in.Body.State))
			})
		})
	type sequenceIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			From string `json:"from" enum:"coming,first,between,second,closed" doc:"what was seen"`
			To   string `json:"to" enum:"coming,first,between,second,closed"`
		}
	}
	web.Handle(a, web.Op{ID: "set-sequence", Method: http.MethodPost, Path: "/workshops/{id}/sequence", Tag: "workshops", Policy: holding,
		Summary: "Open or close a sequence; of two who do different things at once the second is told (409)"},
		func(c *web.Call, in *sequenceIn) (*workshopOut, error) {
			from, _ := sequenceOf(in.Body.From)
			to, _ := sequenceOf(in.Body.To)
			return write(c, func(ctx context.Context, tx *db.Tx) (string, error) {
				return in.ID, SetSequence(ctx, tx, c.Actor, in.ID, from, to)
			})
		})
	web.Handle(a, web.Op{ID: "new-workshop-code", Method: http.MethodPost, Path: "/workshops/{id}/code", Tag: "workshops", Policy: holding,
		Summary: "Give a workshop another code; the old one opens nothing any more"},
		func(c *web.Call, in *idIn) (*workshopOut, error) {
			return write(c, func(ctx context.Context, tx *db.Tx) (string, error) {
				_, err := NewCode(ctx, tx, c.Actor, in.ID)
				return in.ID, err
			})
		})
}
