// Package load measures how fast a server on this machine answers: a few
// connections that each ask, read the whole answer and ask again (a closed
// loop), so that a slow server is asked less and never flooded.
//
// The one idea: numbers of one machine and one minute compare only with
// numbers of the same machine and the same minute. Ratio therefore alternates
// short rounds against a bare handler and the real one, and compares medians.
package load

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Plan is what to ask. URLs are asked in turn; they must be loopback addresses.
type Plan struct {
	URLs        []string
	Connections int           // 16 when 0
	For         time.Duration // stop after this time …
	Requests    int           // … or after this many requests; one of the two must be given
	Header      http.Header   // sent with each request
	Warm        int           // requests before the measurement, not counted
}

// Result is what one run saw. Client times include the client's own queueing on
// a machine that it shares with the server; Server times are the server's own
// word, from `Server-Timing: app;dur=MILLISECONDS`, and zero without it.
type Result struct {
	Requests   int
	Failed     int // answers other than 2xx and 3xx, and broken connections
	Bytes      int64
	Took       time.Duration
	PerSecond  float64
	P50, P99   time.Duration
	ServerP50  time.Duration
	ServerP99  time.Duration
	Slowest    time.Duration // of the server's own times
	Queries    int           // most that one answer asked the database, from `Server-Timing: sql;desc="12"`
	FirstFault string        // what the first failure said
}

func (r Result) String() string {
	return fmt.Sprintf("%.0f/s, client p50 %s p99 %s, server p50 %s p99 %s, %d requests, %d failed",
		r.PerSecond, short(r.P50), short(r.P99), short(r.ServerP50), short(r.ServerP99), r.Requests, r.Failed)
}

func short(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d)/1e6) }

// Run asks until the plan's time or number of requests is over.
func Run(ctx context.Context, p Plan) (Result, error) {
	if p.Connections == 0 {
		p.Connections = 16
	}
	if p.For <= 0 && p.Requests <= 0 {
		return Result{}, fmt.Errorf("load: a plan needs a time or a number of requests")
	}
	for _, u := range p.URLs {
		if err := loopback(u); err != nil {
			return Result{}, err
		}
	}
	if len(p.URLs) == 0 {
		return Result{}, fmt.Errorf("load: a plan needs URLs")
	}
	transport := &http.Transport{
		MaxIdleConns: p.Connections, MaxIdleConnsPerHost: p.Connections, MaxConnsPerHost: p.Connections,
		DisableCompression: true, Proxy: nil,
	}
	defer transport.CloseIdleConnections()
	l := &loop{plan: p, transport: transport}
	if p.Warm > 0 {
		l.until(ctx, p.Warm, time.Time{})
	}
	l.next.Store(0)
	start := time.Now()
	var end time.Time
	if p.For > 0 {
		end = start.Add(p.For)
	}
	workers := l.until(ctx, p.Requests, end)
	return sum(workers, time.Since(start)), ctx.Err()
}

func loopback(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(u.Hostname()); u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("load: %s is not on this machine", address)
	}
	return nil
}

type loop struct {
	plan      Plan
	transport *http.Transport
	next      atomic.Int64
}

type worker struct {
	client, server []time.Duration
	failed         int
	bytes          int64
	queries        int
	fault          string
}

// until lets every connection ask until n requests were made (0: no limit) or the time has come.
func (l *loop) until(ctx context.Context, n int, end time.Time) []*worker {
	workers := make([]*worker, l.plan.Connections)
	var wait sync.WaitGroup
	for i := range workers {
		w := &worker{}
		workers[i] = w
		wait.Go(func() {
			buffer := make([]byte, 64<<10)
			for ctx.Err() == nil && (end.IsZero() || time.Now().Before(end)) {
				k := int(l.next.Add(1)) - 1
				if n > 0 && k >= n {
					return
				}
				w.ask(ctx, l, l.plan.URLs[k%len(l.plan.URLs)], buffer)
			}
		})
	}
	wait.Wait()
	return workers
}

func (w *worker) ask(ctx context.Context, l *loop, address string, buffer []byte) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		w.fail(err.Error())
		return
	}
	for k, v := range l.plan.Header {
		req.Header[k] = v
	}
	start := time.Now()
	resp, err := l.transport.RoundTrip(req) // not a Client: a redirect is an answer
	if err != nil {
		if ctx.Err() == nil {
			w.fail(err.Error())
		}
		return
	}
	n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, resp.Body, buffer)
	resp.Body.Close()
	took := time.Since(start)
	w.bytes += n
	if err != nil || resp.StatusCode >= 400 {
		w.fail(fmt.Sprintf("%s: %s %v", address, resp.Status, err))
		return
	}
	w.client = append(w.client, took)
	if d, ok := AppTime(resp.Header); ok {
		w.server = append(w.server, d)
		w.queries = max(w.queries, Queries(resp.Header))
	}
}

func (w *worker) fail(why string) {
	if w.failed++; w.fault == "" {
		w.fault = why
	}
}

// Queries reads how often the server asked its database: `sql;desc="12"`.
func Queries(h http.Header) int {
	_, after, _ := strings.Cut(h.Get("Server-Timing"), `sql;desc="`)
	count, _, _ := strings.Cut(after, `"`)
	n, _ := strconv.Atoi(count)
	return n
}

// AppTime reads the server's own time from `Server-Timing: app;dur=1.5`.
func AppTime(h http.Header) (time.Duration, bool) {
	for _, line := range h.Values("Server-Timing") {
		for metric := range strings.SplitSeq(line, ",") {
			parts := strings.Split(metric, ";")
			if strings.TrimSpace(parts[0]) != "app" {
				continue
			}
			for _, part := range parts[1:] {
				value, ok := strings.CutPrefix(strings.TrimSpace(part), "dur=")
				if !ok {
					continue
				}
				if ms, err := strconv.ParseFloat(strings.Trim(value, `"`), 64); err == nil {
					return time.Duration(ms * float64(time.Millisecond)), true
				}
			}
		}
	}
	return 0, false
}

func sum(workers []*worker, took time.Duration) Result {
	r := Result{Took: took}
	var client, server []time.Duration
	for _, w := range workers {
		client, server = append(client, w.client...), append(server, w.server...)
		r.Failed += w.failed
		r.Bytes += w.bytes
		r.Queries = max(r.Queries, w.queries)
		if r.FirstFault == "" {
			r.FirstFault = w.fault
		}
	}
	r.Requests = len(client) + r.Failed
	r.PerSecond = float64(len(client)) / took.Seconds()
	r.P50, r.P99 = Percentile(client, 50), Percentile(client, 99)
	for _, d := range server {
		r.Slowest = max(r.Slowest, d)
	}
	r.ServerP50, r.ServerP99 = Percentile(server, 50), Percentile(server, 99)
	return r
}

// Percentile sorts d and gives its p-th percentile (nearest rank), 0 when d is empty.
func Percentile(d []time.Duration, p float64) time.Duration {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	rank := int(p/100*float64(len(d))+0.999999) - 1
	return d[min(max(rank, 0), len(d)-1)]
}
