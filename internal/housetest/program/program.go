// Package program is for those who start the program as it is delivered: where
// it may answer, whether it does, and how to take a role of its demonstration.
package program

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Free gives an address of this machine on which nobody answers, host:port.
func Free() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// Ready waits until the program at an address (host:port) is ready. gone is
// closed when it has ended; nil: nobody looks.
func Ready(ctx context.Context, address string, gone <-chan struct{}) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if res, err := http.Get("http://" + address + "/readyz"); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-gone:
			return errors.New("program: it ended at its start")
		case <-ctx.Done():
			return fmt.Errorf("program: %s is not ready: %w", address, ctx.Err())
		case <-tick.C:
		}
	}
}

// StepIn takes a role of the demonstration at base, and gives the cookies it
// comes with. No role is a visitor.
func StepIn(base, role string) ([]*http.Cookie, error) {
	if role == "" {
		return nil, nil
	}
	form := url.Values{"then": {"/"}, "role": {role}}
	req, err := http.NewRequest(http.MethodPost, base+"/en/demo/step-in", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", base)
	res, err := http.DefaultTransport.RoundTrip(req) // the redirect is not followed
	if err != nil {
		return nil, err
	}
	res.Body.Close()
	if len(res.Cookies()) == 0 {
		return nil, fmt.Errorf("program: %s cannot step in: %s", role, res.Status)
	}
	return res.Cookies(), nil
}
