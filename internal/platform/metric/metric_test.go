package metric_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"alliance/internal/platform/metric"
)

// families reads numbers with Prometheus's own parser.
func families(t *testing.T, text []byte) map[string]*dto.MetricFamily {
	t.Helper()
	p := expfmt.NewTextParser(model.LegacyValidation)
	found, err := p.TextToMetricFamilies(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return found
}

func TestPrometheusReadsIt(t *testing.T) {
	c := metric.New("v1.2.3-\"odd\"\\", slog.New(slog.DiscardHandler))
	c.Gauges = func(_ context.Context, put func(string, string, float64)) error {
		put("alliance_jobs", metric.Label("kind", "mail.send")+","+metric.Label("state", "waiting"), 3)
		put("alliance_database_size_bytes", "", 1e9)
		return nil
	}
	for range 3 {
		c.Answered("GET /{lang}/organisations/{id}", 200, 7*time.Millisecond)
	}
	c.Answered("", 404, time.Millisecond)
	c.Did("mail.send", time.Second, false)
	c.Did("mail.send", 2*time.Minute, true)
	var b bytes.Buffer
	if err := c.Write(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	all := families(t, b.Bytes())
	labels := map[string]bool{}
	for name, f := range all {
		for _, m := range f.Metric {
			for _, l := range m.Label {
				labels[l.GetName()] = true
				if l.GetName() == "route" && l.GetValue() != "none" && l.GetValue() != "GET /{lang}/organisations/{id}" {
					t.Errorf("%s: route %q", name, l.GetValue())
				}
			}
		}
	}
	for name, want := range map[string]float64{"alliance_jobs": 3, "alliance_database_size_bytes": 1e9, "alliance_up": 1, "alliance_build_info": 1} {
		if f := all[name]; f == nil || f.Metric[0].GetUntyped().GetValue() != want {
			t.Errorf("%s: %v", name, f)
		}
	}
	for _, name := range []string{"alliance_http_requests_total", "alliance_http_request_duration_seconds_bucket", "alliance_http_request_duration_seconds_count", "alliance_job_duration_seconds_sum", "process_resident_memory_bytes", "go_goroutines"} {
		if all[name] == nil {
			t.Errorf("no %s", name)
		}
	}
	for _, never := range []string{"person", "user", "email", "ip", "path"} {
		if labels[never] {
			t.Errorf("a label %q", never)
		}
	}
}

// Nobody reads the numbers without the token, and other addresses give nothing.
func TestDoor(t *testing.T) {
	c := metric.New("v1", slog.New(slog.DiscardHandler))
	c.Gauges = func(context.Context, func(string, string, float64)) error { return errors.New("no database") }
	ask := func(token, method, path, shown string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, nil)
		if shown != "" {
			r.Header.Set("Authorization", shown)
		}
		w := httptest.NewRecorder()
		c.Handler(token).ServeHTTP(w, r)
		return w
	}
	for _, x := range []struct {
		token, method, path, shown string
		want                       int
	}{
		{"", "GET", "/metrics", "", 200}, {"s3cret", "GET", "/metrics", "", 401}, {"s3cret", "GET", "/metrics", "Bearer other", 401},
		{"s3cret", "GET", "/metrics", "s3cret", 200}, {"s3cret", "GET", "/metrics", "Bearer s3cret", 200}, {"", "POST", "/metrics", "", 405}, {"", "GET", "/", "", 404}, {"", "GET", "/metrics/x", "", 404},
	} {
		if w := ask(x.token, x.method, x.path, x.shown); w.Code != x.want {
			t.Errorf("%+v: %d", x, w.Code)
		}
	}
	// Without a database the rest is told all the same.
	if up := families(t, ask("", http.MethodGet, "/metrics", "").Body.Bytes())["alliance_up"]; up == nil || up.Metric[0].GetUntyped().GetValue() != 0 {
		t.Errorf("up: %v", up)
	}
}
