package span

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	tracev1 "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protojson"
)

// collector keeps what it is sent.
type collector struct {
	*httptest.Server
	mu     sync.Mutex
	bodies [][]byte
	answer int
}

func collect(t *testing.T) *collector {
	t.Helper()
	c := &collector{answer: 200}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		c.mu.Lock()
		defer c.mu.Unlock()
		if r.URL.Path != "/v1/traces" || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s %s", r.Method, r.URL.Path, r.Header.Get("Content-Type"))
		}
		c.bodies = append(c.bodies, body)
		w.WriteHeader(c.answer)
	}))
	t.Cleanup(c.Close)
	return c
}

func exporter(t *testing.T, c *collector, log io.Writer) *Exporter {
	t.Helper()
	e, err := New(c.URL, "v1.2.3", slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// spansOf reads a request by OpenTelemetry's own description of it. Its
// identifiers are hex, which that reader takes for base64: they are read apart.
func spansOf(t *testing.T, body []byte) []*tracev1.Span {
	t.Helper()
	var data tracev1.TracesData
	if err := protojson.Unmarshal(body, &data); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	if len(data.ResourceSpans) != 1 || data.ResourceSpans[0].Resource.Attributes[0].Value.GetStringValue() != "alliance" {
		t.Fatalf("%v", &data)
	}
	return data.ResourceSpans[0].ScopeSpans[0].Spans
}

func TestCollectorReadsSpans(t *testing.T) {
	c := collect(t)
	e := exporter(t, c, io.Discard)
	began := time.Date(2026, 11, 27, 4, 0, 0, 7, time.UTC)
	parent := "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	e.Add(Span{Name: "GET /{lang}/agenda", Server: true, Began: began, Ended: began.Add(3 * time.Millisecond), Parent: parent,
		Text: map[string]string{"http.route": "/{lang}/agenda"}, Number: map[string]int64{"http.response.status_code": 200}})
	e.Add(Span{Name: "mail.send", Began: began, Ended: began.Add(-time.Second), Failed: true}) // the clock was set back
	if err := e.Send(t.Context()); err != nil || len(c.bodies) != 1 {
		t.Fatal(err, len(c.bodies))
	}
	spans := spansOf(t, c.bodies[0])
	if len(spans) != 2 {
		t.Fatal(spans)
	}
	first, second := spans[0], spans[1]
	if first.Kind != tracev1.Span_SPAN_KIND_SERVER || first.StartTimeUnixNano != uint64(began.UnixNano()) || first.EndTimeUnixNano-first.StartTimeUnixNano != 3_000_000 ||
		first.Attributes[1].Value.GetIntValue() != 200 || first.Status.GetCode() != tracev1.Status_STATUS_CODE_UNSET {
		t.Errorf("%v", first)
	}
	if second.Kind != tracev1.Span_SPAN_KIND_INTERNAL || second.Status.GetCode() != tracev1.Status_STATUS_CODE_ERROR || second.EndTimeUnixNano < second.StartTimeUnixNano {
		t.Errorf("%v", second)
	}
	var raw request
	if err := json.Unmarshal(c.bodies[0], &raw); err != nil {
		t.Fatal(err)
	}
	sent := raw.ResourceSpans[0].ScopeSpans[0].Spans
	if sent[0].TraceID != "0af7651916cd43dd8448eb211c80319c" || sent[0].Parent != "b7ad6b7169203331" || sent[1].Parent != "" {
		t.Errorf("%+v", sent)
	}
	for _, s := range sent {
		for id, n := range map[string]int{s.TraceID: 16, s.SpanID: 8} {
			if b, err := hex.DecodeString(id); err != nil || len(b) != n {
				t.Errorf("identifier %q", id)
			}
		}
	}
}

func TestParentsOfOthers(t *testing.T) {
	for _, header := range []string{"", "x", "00-00000000000000000000000000000000-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
		"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", strings.Repeat("0", 5000)} {
		if trace, parent := lineage(header); parent != "" || len(trace) != 32 {
			t.Errorf("%q: %q %q", header, trace, parent)
		}
	}
}

// A collector that is away costs spans, and nothing else: nobody waits, memory
// is bounded, and the log is told once.
func TestCollectorAway(t *testing.T) {
	c := collect(t)
	var log bytes.Buffer
	e := exporter(t, c, &log)
	for range mostWaiting + 100 {
		e.Add(Span{Name: "x"})
	}
	if e.Dropped() != 100 || len(e.waiting) != mostWaiting {
		t.Errorf("dropped %d, waiting %d", e.Dropped(), len(e.waiting))
	}
	c.mu.Lock()
	c.answer = 503
	c.mu.Unlock()
	if err := e.Send(t.Context()); err == nil || e.Dropped() != 100+mostAtOnce {
		t.Errorf("%v, dropped %d", err, e.Dropped())
	}
	for _, bad := range []string{"", "127.0.0.1:4318", "ftp://x", "http://"} {
		if _, err := New(bad, "", nil); err == nil {
			t.Errorf("took %q", bad)
		}
	}
}
