package load

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestRunCountsEveryRequestAndReadsTheServersTime(t *testing.T) {
	var asked atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Server-Timing", "db;dur=1, app;dur=2.5")
		_, _ = w.Write([]byte("hello"))
	}))
	defer s.Close()
	got, err := Run(t.Context(), Plan{URLs: []string{s.URL}, Connections: 4, Requests: 200, Warm: 10})
	if err != nil {
		t.Fatal(err)
	}
	if got.Requests != 200 || got.Failed != 0 || got.Bytes != 1000 || asked.Load() != 210 {
		t.Errorf("%+v, the server was asked %d times", got, asked.Load())
	}
	if got.ServerP50 != 2500*time.Microsecond || got.ServerP99 != 2500*time.Microsecond {
		t.Errorf("server times %v %v, want 2.5 ms", got.ServerP50, got.ServerP99)
	}
	if got.P50 <= 0 || got.P99 < got.P50 || got.PerSecond <= 0 {
		t.Errorf("client times make no sense: %+v", got)
	}
}

func TestRunSaysWhatFailed(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()
	got, err := Run(t.Context(), Plan{URLs: []string{s.URL + "/x"}, Connections: 2, For: 30 * time.Millisecond})
	if err != nil || got.Failed == 0 || !strings.Contains(got.FirstFault, "404") {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestRunRefusesOtherMachines(t *testing.T) {
	for _, u := range []string{"http://192.0.2.1/", "http://alliance.example/"} {
		if _, err := Run(t.Context(), Plan{URLs: []string{u}, Requests: 1}); err == nil {
			t.Errorf("%s was asked", u)
		}
	}
}

func TestCompareSeesASlowerServer(t *testing.T) {
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(3 * time.Millisecond)
		_, _ = w.Write([]byte("the same bytes"))
	}))
	defer slow.Close()
	bare, err := Bare(t.Context(), slow.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer bare.Close()
	round := func(u string) Plan { return Plan{URLs: []string{u}, Connections: 4, For: 40 * time.Millisecond} }
	got, err := Compare(t.Context(), round(bare.URL), round(slow.URL), 3)
	if err != nil {
		t.Fatal(err)
	}
	if got.Of >= 0.9 || got.Bare.Bytes == 0 {
		t.Errorf("ratio %.2f of %v to %v", got.Of, got.Real, got.Bare)
	}
}

func TestPercentile(t *testing.T) {
	d := make([]time.Duration, 100)
	for i := range d {
		d[i] = time.Duration(100 - i)
	}
	for p, want := range map[float64]time.Duration{50: 50, 99: 99, 100: 100, 1: 1} {
		if got := Percentile(d, p); got != want {
			t.Errorf("p%v is %d, want %d", p, got, want)
		}
	}
	if Percentile(nil, 50) != 0 {
		t.Error("nothing measured is not 0")
	}
}
