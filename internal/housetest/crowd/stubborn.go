package crowd

import (
	"bytes"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// Stubborn sends a request again, just as it was, while nothing whole comes
// back or the house says that it is not ready: as people do, who press the
// button again. Keys in the requests see to it that it counts once.
type Stubborn struct {
	Through  http.RoundTripper
	Patience time.Duration // after which the last answer counts
	Again    atomic.Int64  // how often something was sent again
}

// RoundTrip implements http.RoundTripper. The body of the answer is whole.
func (s *Stubborn) RoundTrip(req *http.Request) (*http.Response, error) {
	until := time.Now().Add(s.Patience)
	for {
		res, err := s.once(req)
		if err == nil && !unready(res.StatusCode) || time.Now().After(until) {
			return res, err
		}
		s.Again.Add(1)
		pause := time.NewTimer(100 * time.Millisecond)
		select {
		case <-req.Context().Done():
			pause.Stop()
			return nil, req.Context().Err()
		case <-pause.C:
		}
	}
}

func (s *Stubborn) once(req *http.Request) (*http.Response, error) {
	try := req.Clone(req.Context())
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		try.Body = body
	}
	res, err := s.Through.RoundTrip(try)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	whole, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err // cut off in the middle: not an answer
	}
	res.Body = io.NopCloser(bytes.NewReader(whole))
	return res, nil
}

func unready(status int) bool {
	return status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
}
