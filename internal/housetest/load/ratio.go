package load

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"time"
)

// Ratio is how a real server does against a bare one, by medians of rounds.
type Ratio struct {
	Bare, Real Result  // the round of median throughput of each
	Of         float64 // real throughput / bare throughput
}

// Compare alternates rounds of the two plans, bare first, and compares the
// medians of their throughput. An uneven machine hits both alike.
func Compare(ctx context.Context, bare, real Plan, rounds int) (Ratio, error) {
	if rounds < 1 {
		rounds = 5
	}
	var b, r []Result
	for range rounds {
		for _, side := range []struct {
			plan Plan
			into *[]Result
		}{{bare, &b}, {real, &r}} {
			got, err := Run(ctx, side.plan)
			if err != nil {
				return Ratio{}, err
			}
			if got.Failed > 0 {
				return Ratio{}, fmt.Errorf("load: %d of %d requests failed, the first: %s", got.Failed, got.Requests, got.FirstFault)
			}
			*side.into = append(*side.into, got)
		}
	}
	out := Ratio{Bare: median(b), Real: median(r)}
	out.Of = out.Real.PerSecond / out.Bare.PerSecond
	return out, nil
}

func median(r []Result) Result {
	slices.SortFunc(r, func(a, b Result) int {
		if a.PerSecond < b.PerSecond {
			return -1
		}
		return 1
	})
	return r[len(r)/2]
}

// Answer is what an address answered, to be served again from memory with
// net/http alone: the most that any Go handler of these bytes could do.
type Answer struct {
	Head http.Header
	Body []byte
}

// ServeHTTP writes the answer.
func (a Answer) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	for k, v := range a.Head {
		w.Header()[k] = v
	}
	_, _ = w.Write(a.Body)
}

// Bare serves, in this process, the same bytes that an address answers now.
func Bare(ctx context.Context, address string, header http.Header) (*httptest.Server, error) {
	a, err := Fetch(ctx, address, header)
	if err != nil {
		return nil, err
	}
	return httptest.NewServer(a), nil
}

// Fetch takes what an address answers now. The header is sent when asking, so
// that a compressed answer is compared with itself.
func Fetch(ctx context.Context, address string, header http.Header) (*Answer, error) {
	if err := loopback(address); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	for k, v := range header {
		req.Header[k] = v
	}
	transport := &http.Transport{DisableCompression: true}
	defer transport.CloseIdleConnections()
	client := http.Client{Transport: transport, Timeout: time.Minute}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("load: %s answers %s", address, resp.Status)
	}
	head := http.Header{}
	for _, k := range []string{"Content-Type", "Content-Encoding"} {
		if v := resp.Header.Get(k); v != "" {
			head.Set(k, v)
		}
	}
	head.Set("Content-Length", strconv.Itoa(len(body)))
	return &Answer{head, body}, nil
}
