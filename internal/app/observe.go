package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"alliance/internal/platform/backup"
	"alliance/internal/platform/health"
	"alliance/internal/platform/job"
	"alliance/internal/platform/logline"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/metric"
	"alliance/internal/platform/people"
	"alliance/internal/platform/span"
)

// observe lets numbers and spans be made, where somebody asked for them.
func (a *App) observe(c Config) (err error) {
	if c.Metrics != "" {
		if err := mayAnswer(c.Metrics, c.MetricsToken); err != nil {
			return err
		}
		a.counts, a.countsAt, a.countsFor = metric.New(Version, c.Log), c.Metrics, c.MetricsToken
		a.counts.Gauges = a.gauges
	}
	if c.Traces != "" {
		if a.spans, err = span.New(c.Traces, Version, c.Log); err != nil {
			return err
		}
	}
	if a.counts == nil && a.spans == nil {
		return nil
	}
	a.Router.Seen = a.seen
	a.House.Jobs.Did = a.did
	return nil
}

// mayAnswer refuses to tell numbers to everybody: an address that others can
// reach needs a token.
func mayAnswer(address, token string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("--metrics: %q is no address; write 127.0.0.1:9600", address)
	}
	if ip := net.ParseIP(host); token == "" && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return errors.New("--metrics: others could read the numbers at this address; choose 127.0.0.1:9600, or a token (--metrics-token)")
	}
	return nil
}

var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}

// seen counts an answer.
func (a *App) seen(req *http.Request, status int, began time.Time, asked int) {
	now := time.Now()
	if a.counts != nil {
		a.counts.Answered(req.Pattern, status, now.Sub(began))
	}
	if a.spans == nil {
		return
	}
	method := "_OTHER" // as OpenTelemetry calls it: a name is not somebody's to choose
	if slices.Contains(methods, req.Method) {
		method = req.Method
	}
	s := span.Span{Name: req.Pattern, Server: true, Began: began, Ended: now, Failed: status >= 500,
		Text:   map[string]string{"http.request.method": method, "http.route": req.Pattern},
		Number: map[string]int64{"http.response.status_code": int64(status), "db.queries": int64(asked)}}
	if s.Name == "" {
		s.Name = method
	}
	if a.Router.FromProxy(req) {
		s.Parent = req.Header.Get("traceparent")
	}
	a.spans.Add(s)
}

// did counts work in the background.
func (a *App) did(kind string, began time.Time, failed bool) {
	now := time.Now()
	if a.counts != nil {
		a.counts.Did(kind, now.Sub(began), failed)
	}
	if a.spans != nil {
		a.spans.Add(span.Span{Name: kind, Began: began, Ended: now, Failed: failed})
	}
}

// numbers answers with them, at an address of their own.
func (a *App) numbers() ([]serving, error) {
	if a.counts == nil {
		return nil, nil
	}
	l, err := net.Listen("tcp", a.countsAt)
	if err != nil {
		return nil, err
	}
	s := &http.Server{Handler: a.counts.Handler(a.countsFor), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		WriteTimeout: 30 * time.Second, MaxHeaderBytes: 8 << 10, ErrorLog: logline.Server(a.House.Log)}
	fmt.Fprintf(a.House.Console, "Numbers for Prometheus on http://%s/metrics\n", l.Addr())
	return []serving{{s, func() error { return s.Serve(l) }}}, nil
}

// glance keeps what the probes said for a while: whoever asks for numbers every
// few seconds does not ask the storage and the disk each time.
type glance struct {
	mu   sync.Mutex
	at   time.Time
	said []health.Finding
}

// fresh is how long a glance is good for.
const fresh = time.Minute

func (g *glance) quick(ctx context.Context, h health.House) []health.Finding {
	g.mu.Lock()
	defer g.mu.Unlock()
	if time.Since(g.at) > fresh {
		g.said = h.Quick(ctx)
		if ctx.Err() == nil { // who went away saw nothing
			g.at = time.Now()
		}
	}
	return g.said
}

// gauges are what is looked up when somebody asks.
func (a *App) gauges(ctx context.Context, put func(name, labels string, value float64)) error {
	d := a.House.DB
	for pool, s := range d.Pools() {
		of := metric.Label("pool", pool)
		put("alliance_database_connections", of+","+metric.Label("state", "in use"), float64(s.InUse))
		put("alliance_database_connections", of+","+metric.Label("state", "idle"), float64(s.Idle))
		put("alliance_database_waits_total", of, float64(s.WaitCount))
		put("alliance_database_wait_seconds_total", of, s.WaitDuration.Seconds())
	}
	put("alliance_password_hashes_total", "", float64(people.Hashings()))
	if a.spans != nil {
		put("alliance_spans_dropped_total", "", float64(a.spans.Dropped()))
	}
	counts, err := job.Counts(ctx, d)
	if err != nil {
		return err
	}
	late := 0.0
	for _, c := range counts {
		of := metric.Label("kind", c.Kind) + ","
		put("alliance_jobs", of+metric.Label("state", "waiting"), float64(c.Waiting))
		put("alliance_jobs", of+metric.Label("state", "running"), float64(c.Running))
		put("alliance_jobs", of+metric.Label("state", "dead"), float64(c.Dead))
		if c.Oldest != 0 {
			late = max(late, d.Now().Time().Sub(c.Oldest.Time()).Seconds())
		}
	}
	put("alliance_jobs_late_seconds", "", late)
	tally, err := mail.TallySince(ctx, d, 0)
	if err != nil {
		return err
	}
	for _, what := range mail.Counted {
		put("alliance_mails_total", metric.Label("what", what), float64(tally.N[what]))
	}
	put("alliance_mail_addresses_stopped", "", float64(tally.Stopped))
	for _, what := range []string{backup.Backup, backup.Rehearsal} {
		runs, err := backup.LastOf(ctx, d, what, 1)
		if err != nil {
			return err
		}
		good, err := backup.Good(ctx, d, what)
		if err != nil {
			return err
		}
		of := metric.Label("what", what)
		if good != nil {
			put("alliance_backup_last_time_seconds", of, float64(good.At.Time().Unix()))
			put("alliance_backup_last_duration_seconds", of, good.Took.Seconds())
			if what == backup.Backup {
				put("alliance_backup_last_size_bytes", "", float64(good.Size))
			}
		}
		failed := 0.0
		if len(runs) > 0 && runs[0].Problem != "" {
			failed = 1
		}
		put("alliance_backup_last_failed", of, failed)
	}
	h := a.Health()
	for _, f := range a.glance.quick(ctx, h) {
		put("alliance_health", metric.Label("probe", f.Probe), float64(f.State))
	}
	store, err := h.Measure(ctx)
	if err != nil {
		return err
	}
	put("alliance_database_size_bytes", "", float64(store.Database))
	put("alliance_files_size_bytes", "", float64(store.Files))
	put("alliance_disk_free_bytes", "", float64(store.Free))
	put("alliance_entries", "", float64(store.Entries))
	put("alliance_accounts", "", float64(store.People))
	return nil
}
