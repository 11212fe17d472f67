package nodes

import (
	"bytes"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
)

// balancer is the simplest proxy worth the name: it takes the nodes in turn and
// passes a request on to the next one only when it could not be delivered. What
// a node may have begun is never sent twice by itself: that is for whoever asked.
type balancer struct {
	nodes  []string // host:port
	next   atomic.Uint64
	direct http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (b *balancer) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		req.Body.Close()
	}
	first := b.next.Add(1)
	for i := range b.nodes {
		try := req.Clone(req.Context())
		try.URL.Host = b.nodes[(first+uint64(i))%uint64(len(b.nodes))]
		try.Body = io.NopCloser(bytes.NewReader(body))
		res, err := b.direct.RoundTrip(try)
		var undelivered *net.OpError
		if err != nil && errors.As(err, &undelivered) && undelivered.Op == "dial" {
			continue
		}
		return res, err
	}
	return nil, errors.New("nodes: none is there")
}

// proxy answers for the nodes: 502 where one died with a request in hand.
func proxy(nodes []string) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: nodes[0]})
			r.Out.Host = r.In.Host
			r.SetXForwarded()
		},
		Transport:    &balancer{nodes: nodes, direct: &http.Transport{MaxIdleConnsPerHost: 64}},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
		ErrorLog:     log.New(io.Discard, "", 0),
	}
}
