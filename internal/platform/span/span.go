// Package span hands on how long things took, to a collector of OpenTelemetry.
//
// The one idea: a span is what a number is made of, so it holds no more: the
// pattern of a route or the kind of work, when it began and ended, how it ended,
// how often the database was asked. It is written as OTLP/HTTP in JSON, which
// every collector reads; decision 82 says why not by OpenTelemetry's own module.
package span

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Span is one thing that took time.
type Span struct {
	Name   string
	Server bool // it answered somebody; otherwise it is work of the program's own
	Began  time.Time
	Ended  time.Time
	Failed bool
	// Parent is the traceparent header of who asked ("" = nobody): it is believed
	// only where the caller believes it.
	Parent string
	Text   map[string]string
	Number map[string]int64
}

// Exporter sends spans in the background. When the collector is slow or away,
// spans are dropped; nobody ever waits for it.
type Exporter struct {
	Log *slog.Logger
	// Client asks the collector.
	Client *http.Client

	to      string
	about   []attribute
	waiting chan Span
	dropped atomic.Int64
	done    sync.WaitGroup
}

// Bounds of what waits for a collector.
const (
	mostWaiting = 2048
	mostAtOnce  = 512
	pause       = 5 * time.Second
	patience    = 10 * time.Second
)

// New makes an exporter to a collector: "http://127.0.0.1:4318".
func New(collector, version string, log *slog.Logger) (*Exporter, error) {
	u, err := url.Parse(collector)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("span: %q is no address of a collector; write http://127.0.0.1:4318", collector)
	}
	return &Exporter{Log: log, Client: &http.Client{Timeout: patience}, to: u.JoinPath("v1", "traces").String(),
		about:   []attribute{text("service.name", "alliance"), text("service.version", version)},
		waiting: make(chan Span, mostWaiting)}, nil
}

// Add takes a span. It never waits.
func (e *Exporter) Add(s Span) {
	select {
	case e.waiting <- s:
	default:
		e.dropped.Add(1)
	}
}

// Dropped tells how many spans did not reach the collector.
func (e *Exporter) Dropped() int64 { return e.dropped.Load() }

// Start sends until ctx ends, then what still waits.
func (e *Exporter) Start(ctx context.Context) {
	e.done.Go(func() {
		tick := time.NewTicker(pause)
		defer tick.Stop()
		quiet := false // a collector that is away is told of once
		for ended := false; !ended; {
			select {
			case <-ctx.Done():
				ended = true
			case <-tick.C:
			}
			for len(e.waiting) > 0 {
				err := e.Send(context.WithoutCancel(ctx))
				if err != nil && !quiet {
					e.Log.Warn("spans are not taken", "err", err)
				}
				if quiet = err != nil; quiet {
					break
				}
			}
		}
	})
}

// Wait waits for the last spans, after the end of Start's ctx.
func (e *Exporter) Wait() { e.done.Wait() }

// Send sends what waits now, up to a bound.
func (e *Exporter) Send(ctx context.Context) error {
	var list []Span
	for len(list) < mostAtOnce {
		select {
		case s := <-e.waiting:
			list = append(list, s)
			continue
		default:
		}
		break
	}
	if len(list) == 0 {
		return nil
	}
	err := e.post(ctx, list)
	if err != nil {
		e.dropped.Add(int64(len(list)))
	}
	return err
}

func (e *Exporter) post(ctx context.Context, list []Span) error {
	body, err := json.Marshal(e.request(list))
	if err != nil {
		return fmt.Errorf("span: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.to, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("span: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	answer, err := e.Client.Do(req)
	if err != nil {
		return fmt.Errorf("span: %w", err)
	}
	defer answer.Body.Close()
	io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16))
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("span: the collector answers %d", answer.StatusCode)
	}
	return nil
}

// What follows are the shapes of OTLP (opentelemetry-proto 1.x, JSON: names in
// lowerCamelCase, identifiers in hex, 64-bit numbers as strings).

type request struct {
	ResourceSpans []resourceSpans `json:"resourceSpans"`
}

type resourceSpans struct {
	Resource   resource     `json:"resource"`
	ScopeSpans []scopeSpans `json:"scopeSpans"`
}

type resource struct {
	Attributes []attribute `json:"attributes"`
}

type scopeSpans struct {
	Scope scope      `json:"scope"`
	Spans []otlpSpan `json:"spans"`
}

type scope struct {
	Name string `json:"name"`
}

type otlpSpan struct {
	TraceID    string      `json:"traceId"`
	SpanID     string      `json:"spanId"`
	Parent     string      `json:"parentSpanId,omitempty"`
	Name       string      `json:"name"`
	Kind       int         `json:"kind"`
	Start      string      `json:"startTimeUnixNano"`
	End        string      `json:"endTimeUnixNano"`
	Attributes []attribute `json:"attributes,omitempty"`
	Status     statusShape `json:"status"`
}

type statusShape struct {
	Code int `json:"code,omitempty"`
}

type attribute struct {
	Key   string `json:"key"`
	Value value  `json:"value"`
}

type value struct {
	String *string `json:"stringValue,omitempty"`
	Int    *string `json:"intValue,omitempty"`
}

func text(key, s string) attribute { return attribute{key, value{String: &s}} }

func number(key string, n int64) attribute {
	s := strconv.FormatInt(n, 10)
	return attribute{key, value{Int: &s}}
}

// Kinds and statuses of OTLP.
const (
	kindInternal = 1
	kindServer   = 2
	statusError  = 2
)

func (e *Exporter) request(list []Span) request {
	spans := make([]otlpSpan, len(list))
	for i, s := range list {
		trace, parent := lineage(s.Parent)
		o := otlpSpan{TraceID: trace, SpanID: random(8), Parent: parent, Name: s.Name, Kind: kindInternal,
			Start: strconv.FormatInt(s.Began.UnixNano(), 10), End: strconv.FormatInt(max(s.Ended.UnixNano(), s.Began.UnixNano()), 10)}
		if s.Server {
			o.Kind = kindServer
		}
		if s.Failed {
			o.Status.Code = statusError
		}
		for k, v := range s.Text {
			o.Attributes = append(o.Attributes, text(k, v))
		}
		for k, v := range s.Number {
			o.Attributes = append(o.Attributes, number(k, v))
		}
		spans[i] = o
	}
	return request{[]resourceSpans{{resource{e.about}, []scopeSpans{{scope{"alliance"}, spans}}}}}
}

var traceparent = regexp.MustCompile(`^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}`)

// lineage gives the trace a span belongs to, and the span it lies in: those of
// who asked (W3C Trace Context), or a trace of its own.
func lineage(header string) (trace, parent string) {
	found := traceparent.FindStringSubmatch(header)
	if found == nil || strings.HasPrefix(header, "ff") || strings.Trim(found[1], "0") == "" || strings.Trim(found[2], "0") == "" {
		return random(16), ""
	}
	return found[1], found[2]
}

func random(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return hex.EncodeToString(b)
}
