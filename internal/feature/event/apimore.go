package event

import (
	"context"
	"net/http"
	"slices"
	"time"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/job"
	"alliance/internal/platform/web"
)

// eventGuestJSON is a registration, for those who organise.
type eventGuestJSON struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Needs string `json:"needs,omitempty"`
	State string `json:"state" enum:"asked,in,waiting"`
}

// eventStandJSON is how a registration stands now.
type eventStandJSON struct {
	State string `json:"state" enum:"asked,in,waiting,none"`
}

type doneOut struct{ Body eventStandJSON }

func (f *Feature) apiGuests(a *web.API, op func(id, method, path, summary string, p access.Policy) web.Op, edits access.Policy) {
	type eventRegisterIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Name  string `json:"name" maxLength:"100" doc:"A nickname is enough"`
			Needs string `json:"needs,omitempty" maxLength:"1000"`
			Email string `json:"email,omitempty" maxLength:"254" doc:"Without a token: a mail with a link confirms"`
			Lang  string `json:"lang,omitempty" maxLength:"35" doc:"Of mails"`
		}
	}
	web.Handle(a, op("register-for-event", http.MethodPost, "/events/{id}/register", "Registers somebody: at once with a token, otherwise after an e-mail is confirmed.", access.Everyone), func(c *web.Call, in *eventRegisterIn) (*doneOut, error) {
		w := Written{Name: in.Body.Name, Needs: in.Body.Needs, Email: in.Body.Email, Lang: in.Body.Lang}
		if w.Lang == "" {
			w.Lang = c.Printer.Lang()
		}
		if err := w.validate(c.Actor.SignedIn()); err != nil {
			return nil, err
		}
		if err := f.guests.limit(c, f.DB, c.Network(), w.Email, c.Actor.SignedIn()); err != nil {
			return nil, err
		}
		out := &doneOut{}
		var err error
		out.Body.State, err = c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			g, _, err := f.guests.Register(ctx, tx, c.Actor, in.ID, w)
			if !c.Actor.SignedIn() { // whatever there is already: nobody learns who comes
				g.State = Asked
			}
			return string(g.State), err
		})
		return out, err
	})
	web.Handle(a, op("leave-event", http.MethodPost, "/events/{id}/leave", "Deletes the caller's registration.", access.SignedIn), func(c *web.Call, in *oneIn) (*doneOut, error) {
		out := &doneOut{}
		out.Body.State = "none"
		_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			return in.ID, f.guests.leaveAs(ctx, tx, c.Actor, in.ID)
		})
		return out, err
	})
	type guestsOut struct{ Body []eventGuestJSON }
	web.Handle(a, op("list-registrations", http.MethodGet, "/events/{id}/registrations", "Lists who registered, for those who organise.", edits), func(c *web.Call, in *oneIn) (*guestsOut, error) {
		e, err := mine(c, f.DB, c.Actor, in.ID)
		if err != nil {
			return nil, err
		}
		list, err := guestsOf(c, f.DB, f.guests, e.ID)
		out := &guestsOut{Body: []eventGuestJSON{}}
		for _, g := range list {
			out.Body = append(out.Body, eventGuestJSON{g.ID, g.Name, g.Needs, string(g.State)})
		}
		return out, err
	})
	type eventDropIn struct {
		ID    string `path:"id" maxLength:"16"`
		Guest string `path:"guest" maxLength:"16" doc:"Of a registration, or all"`
	}
	web.Handle(a, op("delete-registration", http.MethodDelete, "/events/{id}/registrations/{guest}", "Deletes a registration, or all of them.", edits), func(c *web.Call, in *eventDropIn) (*doneOut, error) {
		out := &doneOut{}
		out.Body.State = "none"
		_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			e, err := mine(ctx, tx, c.Actor, in.ID)
			if err != nil {
				return "", err
			}
			return e.ID, f.guests.drop(ctx, tx, e.ID, in.Guest)
		})
		return out, err
	})
}

// eventSourceJSON is a calendar of others, with its newest visits.
type eventSourceJSON struct {
	ID      string         `json:"id"`
	URL     string         `json:"url"`
	Title   string         `json:"title"`
	Lang    string         `json:"lang"`
	Zone    string         `json:"zone"`
	Stopped bool           `json:"stopped"`
	Runs    []eventRunJSON `json:"runs"`
}

type eventRunJSON struct {
	At      string         `json:"at"`
	Took    float64        `json:"ms"`
	Outcome string         `json:"outcome"`
	Words   string         `json:"words" doc:"In the caller's language"`
	Counts  map[string]int `json:"counts"`
	Said    []string       `json:"said" doc:"What was not read as it stands"`
}

type eventUploadJSON struct {
	ID     string           `json:"id"`
	Events []eventFoundJSON `json:"events"`
	Said   []string         `json:"said"`
}

type eventFoundJSON struct {
	N      int    `json:"n"`
	Title  string `json:"title"`
	Starts string `json:"starts"`
	What   string `json:"what" enum:"added,changed,unchanged,double,gone,refused"`
	Event  string `json:"event,omitempty" doc:"Ours: the same, or alike"`
	Why    string `json:"why,omitempty"`
}

func (f *Feature) apiSources(a *web.API, op func(id, method, path, summary string, p access.Policy) web.Op, steers, edits access.Policy) {
	type sourcesOut struct{ Body []eventSourceJSON }
	web.Handle(a, op("list-event-sources", http.MethodGet, "/event-sources", "Lists calendars of others with what came of the newest visits.", steers), func(c *web.Call, _ *struct{}) (*sourcesOut, error) {
		list, err := sources(c, f.DB)
		out := &sourcesOut{Body: []eventSourceJSON{}}
		for _, s := range list {
			j, err := f.sourceJSON(c, s)
			if err != nil {
				return nil, err
			}
			out.Body = append(out.Body, j)
		}
		return out, err
	})
	type eventAddIn struct {
		Body struct {
			URL   string `json:"url" maxLength:"2000"`
			Title string `json:"title" maxLength:"200"`
			Lang  string `json:"lang" maxLength:"35"`
			Zone  string `json:"zone" maxLength:"60"`
		}
	}
	type sourceOut struct{ Body eventSourceJSON }
	get := func(c *web.Call, id string) (*sourceOut, error) {
		s, err := sourceByID(c, f.DB, id)
		if err != nil {
			return nil, err
		}
		j, err := f.sourceJSON(c, s)
		return &sourceOut{j}, err
	}
	web.Handle(a, op("add-event-source", http.MethodPost, "/event-sources", "Takes in a calendar of others.", steers), func(c *web.Call, in *eventAddIn) (*sourceOut, error) {
		made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			s, err := f.AddSource(ctx, tx, c.Actor, Source{URL: in.Body.URL, Title: in.Body.Title, Lang: in.Body.Lang, Zone: in.Body.Zone})
			return s.ID, err
		})
		if err != nil {
			return nil, err
		}
		return get(c, made)
	})
	for _, what := range []struct {
		id, path, summary string
		fn                func(ctx context.Context, tx *db.Tx, id string) error
	}{
		{"read-event-source", "/event-sources/{id}/read", "Has it read now.", func(ctx context.Context, tx *db.Tx, id string) error {
			s, err := sourceByID(ctx, tx, id)
			if err != nil {
				return err
			}
			return job.Add(ctx, tx, job.New{Kind: jobSource, Data: s.ID, Key: s.ID})
		}},
		{"stop-event-source", "/event-sources/{id}/stop", "Ends the visits; what came from it stays.", func(ctx context.Context, tx *db.Tx, id string) error { return stopSource(ctx, tx, id, true) }},
		{"resume-event-source", "/event-sources/{id}/resume", "Begins the visits again.", func(ctx context.Context, tx *db.Tx, id string) error { return stopSource(ctx, tx, id, false) }},
	} {
		web.Handle(a, op(what.id, http.MethodPost, what.path, what.summary, steers), func(c *web.Call, in *oneIn) (*sourceOut, error) {
			if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) { return in.ID, what.fn(ctx, tx, in.ID) }); err != nil {
				return nil, err
			}
			return get(c, in.ID)
		})
	}
	f.apiUploads(a, op, edits)
}

func (f *Feature) sourceJSON(c *web.Call, s Source) (eventSourceJSON, error) {
	j := eventSourceJSON{ID: s.ID, URL: s.URL, Title: s.Title, Lang: s.Lang, Zone: s.Zone, Stopped: s.Stopped != 0, Runs: []eventRunJSON{}}
	runs, err := runsOf(c, f.DB, s.ID, 10)
	v := f.viewOf(c)
	for _, r := range runs {
		x := eventRunJSON{At: r.At.Time().Format(time.RFC3339), Took: float64(r.Took.Microseconds()) / 1000, Outcome: r.Outcome, Words: outcomeWords(v, r), Counts: r.Counts, Said: []string{}}
		for _, one := range r.Said {
			x.Said = append(x.Said, saidWords(v, one))
		}
		j.Runs = append(j.Runs, x)
	}
	return j, err
}

func (f *Feature) apiUploads(a *web.API, op func(id, method, path, summary string, p access.Policy) web.Op, edits access.Policy) {
	type eventUploadIn struct {
		Body struct {
			Name string `json:"name,omitempty" maxLength:"200"`
			File []byte `json:"file" doc:"iCalendar, base64"`
			Lang string `json:"lang" maxLength:"35"`
			Zone string `json:"zone" maxLength:"60" doc:"Of times without one"`
		}
	}
	type uploadOut struct{ Body eventUploadJSON }
	show := func(c *web.Call, id string) (*uploadOut, error) {
		v, _, err := f.uploaded(c, f.DB, c.Actor, id)
		if err != nil {
			return nil, err
		}
		out := &uploadOut{eventUploadJSON{ID: id, Events: []eventFoundJSON{}, Said: []string{}}}
		words := f.viewOf(c)
		for i, x := range v.Found {
			j := eventFoundJSON{N: i, Title: x.Title, Starts: x.event.stamp(x.event.Starts), What: x.What, Event: x.Of}
			if x.Why != "" {
				j.Why = refusalWords(words, x.Why)
			}
			out.Body.Events = append(out.Body.Events, j)
		}
		for _, s := range v.Said {
			out.Body.Said = append(out.Body.Said, saidWords(words, s))
		}
		return out, nil
	}
	web.Handle(a, op("begin-event-import", http.MethodPost, "/event-imports", "Reads a calendar file and tells what would become of each event. Nothing is in the calendar yet.", edits), func(c *web.Call, in *eventUploadIn) (*uploadOut, error) {
		made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			return keepUpload(ctx, tx, c.Actor, in.Body.Name, in.Body.Lang, in.Body.Zone, in.Body.File)
		})
		if err != nil {
			return nil, err
		}
		return show(c, made)
	})
	web.Handle(a, op("get-event-import", http.MethodGet, "/event-imports/{id}", "Tells what would become of each event of a file.", edits), func(c *web.Call, in *oneIn) (*uploadOut, error) { return show(c, in.ID) })
	type eventApplyIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Take []int `json:"take,omitempty" doc:"Numbers of the events; all that are new or changed when left out"`
		}
	}
	web.Handle(a, op("apply-event-import", http.MethodPost, "/event-imports/{id}/apply", "Brings the chosen events into the calendar.", edits), func(c *web.Call, in *eventApplyIn) (*uploadOut, error) {
		chosen := func(i int, x Found) bool {
			return slices.Contains(in.Body.Take, i) || in.Body.Take == nil && x.What != double
		}
		if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			return in.ID, f.apply(ctx, tx, c.Actor, in.ID, chosen)
		}); err != nil {
			return nil, err
		}
		return show(c, in.ID)
	})
}
