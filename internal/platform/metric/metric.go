// Package metric counts what the program does, for programs that watch it.
//
// The one idea: numbers of nobody. A label is a route's pattern, a status, a
// kind of work: names that stand in the code, never what somebody typed. So the
// numbers of a small house tell no more of its people than those of a large one.
package metric

import (
	"bytes"
	"context"
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/VictoriaMetrics/metrics"
)

// Counts are the numbers of one house.
type Counts struct {
	// Gauges gives what is looked up when somebody asks: queues, pools, mails.
	Gauges func(ctx context.Context, put func(name, labels string, value float64)) error
	Log    *slog.Logger

	set     *metrics.Set
	version string
	began   time.Time
}

// New begins to count.
func New(version string, log *slog.Logger) *Counts {
	return &Counts{set: metrics.NewSet(), version: version, began: time.Now(), Log: log}
}

// seconds are the bounds of durations: a page takes milliseconds, work in the
// background may take minutes.
var seconds = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60}

// none is the route of what no route was found for: whoever asks at random
// makes no new label.
const none = "none"

// Answered counts an answer. route is its pattern, "" = none was found.
func (c *Counts) Answered(route string, status int, took time.Duration) {
	if route == "" {
		route = none
	}
	c.set.GetOrCreateCounter(`alliance_http_requests_total{` + Label("route", route) + `,` + Label("status", strconv.Itoa(status)) + `}`).Inc()
	c.set.GetOrCreatePrometheusHistogramExt(`alliance_http_request_duration_seconds{`+Label("route", route)+`}`, seconds).Update(took.Seconds())
}

// Did counts work in the background.
func (c *Counts) Did(kind string, took time.Duration, failed bool) {
	result := "done"
	if failed {
		result = "failed"
	}
	c.set.GetOrCreateCounter(`alliance_jobs_total{` + Label("kind", kind) + `,` + Label("result", result) + `}`).Inc()
	c.set.GetOrCreatePrometheusHistogramExt(`alliance_job_duration_seconds{`+Label("kind", kind)+`}`, seconds).Update(took.Seconds())
}

var escape = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// Label writes one label.
func Label(name, value string) string { return name + `="` + escape.Replace(value) + `"` }

// Write writes all numbers, as Prometheus reads them.
func (c *Counts) Write(ctx context.Context, w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "alliance_build_info{%s,%s} 1\n", Label("version", c.version), Label("go", runtime.Version()))
	fmt.Fprintf(&b, "alliance_start_time_seconds %d\n", c.began.Unix())
	c.set.WritePrometheus(&b)
	metrics.WriteProcessMetrics(&b)
	var err error
	if c.Gauges != nil {
		var lines []string // those of one name stand together when sorted
		err = c.Gauges(ctx, func(name, labels string, value float64) {
			if labels != "" {
				name += "{" + labels + "}"
			}
			lines = append(lines, fmt.Sprintf("%s %g\n", name, value))
		})
		slices.Sort(lines)
		b.WriteString(strings.Join(lines, ""))
	}
	up := 1
	if err != nil {
		up = 0
	}
	fmt.Fprintf(&b, "alliance_up %d\n", up) // 0: the database does not answer; the rest is still true
	_, writing := w.Write(b.Bytes())
	if err == nil {
		err = writing
	}
	return err
}

// patience with the database while somebody waits for numbers.
const patience = 5 * time.Second

// Handler answers GET /metrics, and nothing else. With a token, to who shows it.
func (c *Counts) Handler(token string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		shown, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if token != "" && subtle.ConstantTimeCompare([]byte(shown), []byte(token)) != 1 {
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "a token is needed", http.StatusUnauthorized)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		if err := c.Write(ctx, w); err != nil && r.Context().Err() == nil {
			c.Log.Error("metrics", "err", err)
		}
	})
	return mux
}
