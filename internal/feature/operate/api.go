package operate

import (
	"context"
	"net/http"

	"alliance/internal/platform/backup"
	"alliance/internal/platform/db"
	"alliance/internal/platform/health"
	"alliance/internal/platform/job"
	"alliance/internal/platform/web"
)

type findingJSON struct {
	Probe string `json:"probe" doc:"what was looked at: disk, clock, jobs, mail, backup …"`
	State string `json:"state" enum:"well,watch,wrong"`
	Said  string `json:"said" doc:"in the language asked for"`
	Do    string `json:"do,omitempty" doc:"what to do"`
}

type queueJSON struct {
	Kind    string `json:"kind"`
	Waiting int64  `json:"waiting"`
	Running int64  `json:"running"`
	Dead    int64  `json:"dead" doc:"given up"`
	Oldest  int64  `json:"oldest,omitempty" doc:"when the one that waits longest was due, microseconds"`
}

type deadJSON struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Problem  string `json:"problem"`
	Attempts int    `json:"attempts"`
	Died     int64  `json:"died" doc:"microseconds"`
}

type mailJSON struct {
	Counts  map[string]int64 `json:"counts" doc:"sent, nobody, returned, delayed, withheld, unproven, unread"`
	Stopped int64            `json:"stopped" doc:"addresses that get no mails now"`
	Record  string           `json:"record,omitempty" doc:"name of the DNS record to publish (DKIM)"`
	Text    string           `json:"text,omitempty" doc:"its text"`
}

type runJSON struct {
	At      int64  `json:"at" doc:"microseconds"`
	What    string `json:"what" enum:"backup,rehearsal"`
	File    string `json:"file,omitempty" doc:"name of the backup"`
	Size    int64  `json:"size,omitempty" doc:"octets"`
	Rows    int64  `json:"rows"`
	Files   int    `json:"files"`
	Seconds int    `json:"seconds" doc:"how long it took"`
	Problem string `json:"problem,omitempty" doc:"none: it went well"`
	Hash    string `json:"hash,omitempty" doc:"SHA-256 of the backup as it was written"`
	Looked  int64  `json:"looked,omitempty" doc:"when it was last read back, microseconds"`
	Damage  string `json:"damage,omitempty" doc:"what was found then"`
	Gone    int64  `json:"gone,omitempty" doc:"since when it is not kept any more"`
	Way     string `json:"way,omitempty" doc:"of a rehearsal: house (by itself), console, code (brought from where the key is)"`
	Failure string `json:"failure,omitempty" enum:"another,cut,changed,locked,differs,newer,room,journal" doc:"of a rehearsal: of which kind the problem is"`
}

var states = map[health.State]string{health.Well: "well", health.Watch: "watch", health.Wrong: "wrong"}

func (f *Feature) api(a *web.API) {
	web.Handle(a, web.Op{ID: "read-health", Method: http.MethodGet, Path: "/operate/health", Tag: "operate", Policy: operator,
		Summary: "How the house is: what was looked at, the worst first"},
		func(c *web.Call, in *struct {
			Thorough bool `query:"thorough" doc:"read the whole journal, look at every file, ask the mail server"`
		}) (*struct{ Body []findingJSON }, error) {
			look := f.asks.Health().Quick
			if in.Thorough {
				look = f.asks.Health().Thorough
			}
			out := &struct{ Body []findingJSON }{Body: []findingJSON{}}
			for _, x := range look(c) {
				j := findingJSON{Probe: x.Probe, State: states[x.State], Said: c.Printer.Say(x.Said, x.Args...)}
				if x.Do.Key != "" {
					j.Do = c.Printer.Say(x.Do, x.Args...)
				}
				out.Body = append(out.Body, j)
			}
			return out, nil
		})
	web.Handle(a, web.Op{ID: "list-jobs", Method: http.MethodGet, Path: "/operate/jobs", Tag: "operate", Policy: operator,
		Summary: "Work in the background by kind, and what was given up"},
		func(c *web.Call, _ *struct{}) (*struct {
			Body struct {
				Queues []queueJSON `json:"queues"`
				Dead   []deadJSON  `json:"dead"`
			}
		}, error) {
			out := new(struct {
				Body struct {
					Queues []queueJSON `json:"queues"`
					Dead   []deadJSON  `json:"dead"`
				}
			})
			counts, err := job.Counts(c, c.DB)
			if err != nil {
				return nil, err
			}
			out.Body.Queues, out.Body.Dead = []queueJSON{}, []deadJSON{}
			for _, x := range counts {
				out.Body.Queues = append(out.Body.Queues, queueJSON{x.Kind, x.Waiting, x.Running, x.Dead, int64(x.Oldest)})
			}
			dead, err := job.Dead(c, c.DB)
			for _, x := range dead {
				out.Body.Dead = append(out.Body.Dead, deadJSON{x.ID, x.Kind, x.Problem, x.Attempts, int64(x.Died)})
			}
			return out, err
		})
	web.Handle(a, web.Op{ID: "read-mail-counts", Method: http.MethodGet, Path: "/operate/mail", Tag: "operate", Policy: operator,
		Summary: "How mails fared in the last thirty days, and the DNS record of their signature"},
		func(c *web.Call, _ *struct{}) (*struct{ Body mailJSON }, error) {
			p, err := mailOf(c, f.asks.Health())
			return &struct{ Body mailJSON }{mailJSON{p.N, p.Tally.Stopped, p.Record, p.Text}}, err
		})
	for _, way := range []struct {
		id, path, summary string
		do                func(context.Context, *db.Tx, string) error
	}{
		{"retry-job", "/operate/jobs/{id}/retry", "Try again what was given up", job.Retry},
		{"drop-job", "/operate/jobs/{id}/drop", "Drop what was given up", job.Forget},
	} {
		web.Handle(a, web.Op{ID: way.id, Method: http.MethodPost, Path: way.path, Tag: "operate", Policy: operator, Summary: way.summary, Status: http.StatusNoContent},
			func(c *web.Call, in *struct {
				ID string `path:"id"`
			}) (*struct{}, error) {
				_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) { return in.ID, way.do(ctx, tx, in.ID) })
				return nil, err
			})
	}
	web.Handle(a, web.Op{ID: "take-backup", Method: http.MethodPost, Path: "/operate/backup", Tag: "operate", Policy: operator, Summary: "Take a backup now, in the background", Status: http.StatusAccepted},
		func(c *web.Call, _ *struct{}) (*struct{}, error) {
			_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) { return jobBackup, f.takeBackup(ctx, tx) })
			return nil, err
		})
	f.rehearsalAPI(a)
}

func (f *Feature) rehearsalAPI(a *web.API) {
	web.Handle(a, web.Op{ID: "list-backups", Method: http.MethodGet, Path: "/operate/backups", Tag: "operate", Policy: operator,
		Summary: "The last backups and rehearsals, the newest first"},
		func(c *web.Call, in *struct {
			Limit int `query:"limit" minimum:"1" maximum:"500" default:"50"`
		}) (*struct{ Body []runJSON }, error) {
			runs, err := backup.Last(c, c.DB, in.Limit)
			out := &struct{ Body []runJSON }{Body: []runJSON{}}
			for _, r := range runs {
				out.Body = append(out.Body, runJSON{int64(r.At), r.What, r.File, r.Size, r.Rows, r.Files, int(r.Took.Seconds()), r.Problem, r.Sum, int64(r.Looked), r.Damage, int64(r.Gone), r.Way, string(r.Failure)})
			}
			return out, err
		})
	web.Handle(a, web.Op{ID: "rehearse-restoring", Method: http.MethodPost, Path: "/operate/rehearse", Tag: "operate", Policy: operator,
		Summary: "Restore the newest backup into a temporary place, in the background; only where backups are not encrypted", Status: http.StatusAccepted},
		func(c *web.Call, _ *struct{}) (*struct{}, error) {
			_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) { return jobRehearse, f.askRehearsal(ctx, tx) })
			return nil, err
		})
	web.Handle(a, web.Op{ID: "bring-rehearsal", Method: http.MethodPost, Path: "/operate/rehearsals", Tag: "operate", Policy: operator,
		Summary: "Note a rehearsal that was done where the key is, well or not, by the code it printed", Status: http.StatusNoContent},
		func(c *web.Call, in *struct {
			Body struct {
				Code string `json:"code" maxLength:"40"`
			}
		}) (*struct{}, error) {
			_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				said, err := f.readCode(ctx, tx, in.Body.Code)
				if err != nil {
					return "", err
				}
				return in.Body.Code, noteRehearsal(ctx, tx, c.Actor, said)
			})
			return nil, err
		})
}
