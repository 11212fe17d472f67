package freshness

import (
	"context"
	"net/http"
	"time"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

type roundJSON struct {
	ID        string     `json:"id"`
	Title     string     `json:"title"`
	Lang      string     `json:"lang"`
	Kinds     []string   `json:"kinds,omitempty"`
	Countries []string   `json:"countries,omitempty"`
	Themes    []string   `json:"themes,omitempty"`
	Began     int64      `json:"began" doc:"microseconds since 1970, UTC"`
	Ends      int64      `json:"ends"`
	Closed    int64      `json:"closed,omitempty"`
	Counts    Tally      `json:"counts,omitempty" doc:"records by state: todo, same, changed, unreached"`
	Records   []itemJSON `json:"records,omitempty"`
}

type itemJSON struct {
	N     int    `json:"n" doc:"its number on every sheet"`
	Entry string `json:"entry"`
	State string `json:"state" enum:"todo,same,changed,unreached"`
	How   string `json:"how,omitempty" enum:"site,phone,mail,visit,itself"`
	By    string `json:"by,omitempty" doc:"organisation that checked it"`
	At    int64  `json:"at,omitempty"`
}

func jsonOf(r Round) roundJSON {
	return roundJSON{ID: r.ID, Title: r.Title, Lang: r.Lang, Kinds: r.Choice.Kinds, Countries: r.Choice.Countries, Themes: r.Choice.Themes, Began: int64(r.At), Ends: int64(r.Ends), Closed: int64(r.Closed)}
}

type roundOut struct{ Body roundJSON }

type roundsOut struct {
	Body struct {
		Rounds []roundJSON `json:"rounds"`
	}
}

type roundIn struct {
	ID     string `path:"id" maxLength:"16"`
	Offset int    `query:"offset" minimum:"0" maximum:"2000"`
}

type beginIn struct {
	Body struct {
		Title     string   `json:"title" maxLength:"200"`
		Lang      string   `json:"lang" maxLength:"35"`
		Kinds     []string `json:"kinds,omitempty" maxItems:"40"`
		Countries []string `json:"countries,omitempty" maxItems:"250" doc:"ISO 3166-1 alpha-2"`
		Themes    []string `json:"themes,omitempty" maxItems:"40"`
		Before    int64    `json:"before,omitempty" doc:"only what was last checked before this instant, or never"`
		Ends      int64    `json:"ends" doc:"microseconds since 1970, UTC"`
	}
}

type takeIn struct {
	ID   string `path:"id" maxLength:"16"`
	Body struct {
		Count int  `json:"count" minimum:"1" maximum:"200"`
		Paper bool `json:"paper,omitempty" doc:"for somebody who works on paper: the coordination enters it"`
	}
}

type shareOut struct {
	Body struct {
		ID      string     `json:"id"`
		Round   string     `json:"round"`
		N       int        `json:"n"`
		Records []itemJSON `json:"records"`
	}
}

type enterIn struct {
	ID   string `path:"id" maxLength:"16"`
	Body struct {
		Results []struct {
			N    int    `json:"n"`
			Mark string `json:"mark" enum:"phone,visit,site,mail,changed,unreached" doc:"how it was checked and found right, or what came of it"`
			Note string `json:"note,omitempty" maxLength:"1000" doc:"what changed"`
		} `json:"results" maxItems:"200"`
	}
}

type unchangedIn struct {
	Secret string `path:"secret" maxLength:"64"`
	Body   struct {
		Numbers []int `json:"numbers" maxItems:"2000" doc:"of the records in which nothing changed"`
	}
}

type closureIn struct {
	ID   string `path:"id" maxLength:"16"`
	Body struct {
		From  string `json:"from" doc:"first day, 2026-08-01"`
		Until string `json:"until" doc:"last day"`
	}
}

func (f *Feature) items(ctx context.Context, q db.Q, a people.Actor, list []Item) ([]itemJSON, error) {
	ids := make([]string, len(list))
	for i, x := range list {
		ids[i] = x.Entry
	}
	heads, err := entry.Heads(ctx, q, ids)
	out := []itemJSON{}
	for _, i := range list {
		if e, ok := heads[i.Entry]; ok && e.Visible(a) {
			out = append(out, itemJSON{i.N, i.Entry, string(i.State), i.How, i.By, int64(i.At)})
		}
	}
	return out, err
}

func (f *Feature) whole(ctx context.Context, a people.Actor, round string, offset int) (*roundOut, error) {
	r, err := roundByID(ctx, f.DB, round)
	if err != nil {
		return nil, err
	}
	out := &roundOut{jsonOf(r)}
	if out.Body.Counts, err = tallyOf(ctx, f.DB, round); err != nil {
		return nil, err
	}
	list, err := itemsOf(ctx, f.DB, round, offset, itemsPage)
	if err != nil {
		return nil, err
	}
	out.Body.Records, err = f.items(ctx, f.DB, a, list)
	return out, err
}

func (f *Feature) sheetOut(ctx context.Context, a people.Actor, share string) (*shareOut, error) {
	s, err := shareByID(ctx, f.DB, share)
	if err == nil && !s.MayEnter(a) {
		err = access.Denied()
	}
	if err != nil {
		return nil, err
	}
	list, err := itemsOfShare(ctx, f.DB, s.ID)
	if err != nil {
		return nil, err
	}
	out := &shareOut{}
	out.Body.ID, out.Body.Round, out.Body.N = s.ID, s.Round, s.N
	out.Body.Records, err = f.items(ctx, f.DB, a, list)
	return out, err
}

func (f *Feature) api(a *web.API) {
	op := func(id, method, path, summary string, p access.Policy) web.Op {
		return web.Op{ID: id, Method: method, Path: path, Tag: "checks", Policy: p, Summary: summary}
	}
	web.Handle(a, op("list-checks", http.MethodGet, "/checks", "Rounds in which records are checked.", access.Everyone), func(c *web.Call, _ *struct{}) (*roundsOut, error) {
		list, err := rounds(c, c.DB)
		out := &roundsOut{}
		out.Body.Rounds = []roundJSON{}
		for _, r := range list {
			out.Body.Rounds = append(out.Body.Rounds, jsonOf(r))
		}
		return out, err
	})
	web.Handle(a, op("get-check", http.MethodGet, "/checks/{id}", "A round: each record with its dated proof, or not reached.", access.Everyone), func(c *web.Call, in *roundIn) (*roundOut, error) {
		return f.whole(c, c.Actor, in.ID, in.Offset)
	})
	web.Handle(a, op("begin-check", http.MethodPost, "/checks", "Begins a round with the records of a choice.", steers), func(c *web.Call, in *beginIn) (*roundOut, error) {
		b := in.Body
		r := Round{Title: b.Title, Lang: b.Lang, Ends: db.Instant(b.Ends), Choice: Choice{Kinds: b.Kinds, Countries: b.Countries, Themes: b.Themes, Before: db.Instant(b.Before)}}
		made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			r, err := f.Begin(ctx, tx, c.Actor, r)
			return r.ID, err
		})
		if err != nil {
			return nil, err
		}
		return f.whole(c, c.Actor, made, 0)
	})
	web.Handle(a, op("take-check-share", http.MethodPost, "/checks/{id}/take", "Takes the next records that nobody has.", volunteers), func(c *web.Call, in *takeIn) (*shareOut, error) {
		made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			s, err := Take(ctx, tx, c.Actor, in.ID, in.Body.Count, in.Body.Paper)
			return s.ID, err
		})
		if err != nil {
			return nil, err
		}
		return f.sheetOut(c, c.Actor, made)
	})
	web.Handle(a, op("send-check-links", http.MethodPost, "/checks/{id}/links", "Writes to the organisations: one link for all their records.", steers), func(c *web.Call, in *roundIn) (*roundOut, error) {
		if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			_, err := f.SendLinks(ctx, tx, c.Actor, in.ID)
			return in.ID, err
		}); err != nil {
			return nil, err
		}
		return f.whole(c, c.Actor, in.ID, 0)
	})
	web.Handle(a, op("end-check", http.MethodPost, "/checks/{id}/end", "Ends a round: what was not checked was not reached.", steers), func(c *web.Call, in *roundIn) (*roundOut, error) {
		if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) { return in.ID, End(ctx, tx, c.Actor, in.ID) }); err != nil {
			return nil, err
		}
		return f.whole(c, c.Actor, in.ID, 0)
	})
	web.Handle(a, op("get-check-share", http.MethodGet, "/check-shares/{id}", "A sheet.", access.SignedIn), func(c *web.Call, in *roundIn) (*shareOut, error) {
		return f.sheetOut(c, c.Actor, in.ID)
	})
	web.Handle(a, op("enter-check-share", http.MethodPost, "/check-shares/{id}", "Enters what was found, for a whole sheet at once.", access.SignedIn), func(c *web.Call, in *enterIn) (*shareOut, error) {
		s, err := shareByID(c, c.DB, in.ID)
		if err != nil {
			return nil, err
		}
		items, err := itemsOfShare(c, c.DB, s.ID)
		if err != nil {
			return nil, err
		}
		marks, notes := map[int]string{}, map[int]string{}
		for _, r := range in.Body.Results {
			marks[r.N], notes[r.N] = r.Mark, r.Note
		}
		if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			results, err := ReadMarks(items, nil, marks, notes)
			if err != nil {
				return "", err
			}
			return in.ID, f.Enter(ctx, tx, c.Actor, in.ID, results)
		}); err != nil {
			return nil, err
		}
		return f.sheetOut(c, c.Actor, in.ID)
	})
	web.Handle(a, web.Op{ID: "confirm-unchanged", Method: http.MethodPost, Path: "/unchanged/{secret}", Tag: "checks", Policy: access.Everyone, Status: http.StatusNoContent, Summary: "Says by the link of a mail that nothing changed."}, func(c *web.Call, in *unchangedIn) (*struct{}, error) {
		_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			return "unchanged", f.Unchanged(ctx, tx, in.Secret, in.Body.Numbers)
		})
		return nil, err
	})
	web.Handle(a, web.Op{ID: "close-for-days", Method: http.MethodPost, Path: "/closures/{id}", Tag: "checks", Policy: access.SignedIn, Status: http.StatusNoContent, Summary: "Closes something with opening hours from a day until another; it ends by itself."}, func(c *web.Call, in *closureIn) (*struct{}, error) {
		for _, day := range []string{in.Body.From, in.Body.Until} {
			if _, err := time.Parse(time.DateOnly, day); err != nil {
				return nil, fault.Invalid("from", "freshness.close.dates", "Write the first and the last day; the last does not come before the first.")
			}
		}
		_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			return f.Close(ctx, tx, c.Actor, in.ID, in.Body.From, in.Body.Until)
		})
		return nil, err
	})
}
