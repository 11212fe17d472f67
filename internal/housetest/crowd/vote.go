package crowd

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"alliance/internal/platform/id"
)

// Told is what the delegates were told.
type Told struct {
	Acknowledged map[string]string // organisation → choice: "your vote is in the box"
	Refused      int               // told that the vote is closed
	Faults       []string          // any other answer
	Twice        int               // second votes of a colleague that were taken; must stay 0
	Cast, Way    []time.Duration   // of a cast alone; of a delegate's whole way: question, check, cast
	Repeats      int               // requests sent once more on purpose
	Took         time.Duration
}

// Manners of a delegate, in turn.
const (
	plain    = iota
	program  // by the API, and again with the same key
	hasty    // presses the button twice
	cutOff   // hangs up in the middle, then sends the same again
	followed // a colleague votes otherwise, a moment later
	manners
)

// Vote lets everybody vote on a motion, at most atOnce at a time, each in the
// manner of its number. After each vote voted is called, if it is given.
func (h Hall) Vote(ctx context.Context, motion string, atOnce int, voted func(so int)) Told {
	transport := h.Through
	if transport == nil {
		straight := &http.Transport{MaxIdleConnsPerHost: 2 * atOnce, MaxConnsPerHost: 2 * atOnce}
		defer straight.CloseIdleConnections()
		transport = straight
	}
	b := &booth{base: h.Base, motion: motion, told: Told{Acknowledged: map[string]string{}},
		client: &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	began := time.Now()
	var next, done atomic.Int64
	var wait sync.WaitGroup
	for range atOnce {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(h.Delegates) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				b.vote(ctx, h.Delegates[i], i%manners)
				if so := int(done.Add(1)); voted != nil {
					voted(so)
				}
			}
		})
	}
	wait.Wait()
	b.told.Took = time.Since(began)
	return b.told
}

type booth struct {
	base, motion string
	client       *http.Client
	mu           sync.Mutex
	told         Told
}

func (b *booth) fault(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.told.Faults = append(b.told.Faults, fmt.Sprintf(format, args...))
}

// heard writes down the definite answer to a cast.
func (b *booth) heard(d Delegate, status int, what string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch status {
	case http.StatusOK, http.StatusSeeOther:
		b.told.Acknowledged[d.Organisation] = d.Choice
		return true
	case http.StatusConflict:
		b.told.Refused++
	default:
		b.told.Faults = append(b.told.Faults, fmt.Sprintf("%d %s", status, what))
	}
	return false
}

func (b *booth) again(n int) {
	b.mu.Lock()
	b.told.Repeats += n
	b.mu.Unlock()
}

func (b *booth) vote(ctx context.Context, d Delegate, manner int) {
	if manner == program {
		b.byProgram(ctx, d)
		return
	}
	began := time.Now()
	form, open := b.form(ctx, d)
	if !open {
		return
	}
	if status, _ := b.post(ctx, d, form); status != http.StatusOK { // the check: "your vote: for"
		b.heard(d, status, "at the check")
		return
	}
	form.Set("sure", "1")
	if manner == cutOff {
		short, cancel := context.WithTimeout(ctx, 2*time.Millisecond)
		b.post(short, d, form) // who knows whether it arrived
		cancel()
		b.again(1)
	}
	casting := time.Now()
	var first string
	var second sync.WaitGroup
	if manner == hasty {
		b.again(1)
		second.Go(func() {
			if status, to := b.post(ctx, d, form); status == http.StatusSeeOther {
				first = to
			}
		})
	}
	status, to := b.post(ctx, d, form)
	cast := time.Since(casting)
	second.Wait()
	if !b.heard(d, status, "at the cast") {
		return
	}
	if first != "" && first != to {
		b.fault("two clicks led to %s and %s", first, to)
	}
	b.mu.Lock()
	b.told.Cast, b.told.Way = append(b.told.Cast, cast), append(b.told.Way, time.Since(began))
	b.mu.Unlock()
	if manner == followed {
		b.colleague(ctx, d)
	}
}

// colleague votes again for the same organisation: a new form, another choice.
func (b *booth) colleague(ctx context.Context, d Delegate) {
	b.again(1)
	choice := "against"
	if d.Choice == choice {
		choice = "for"
	}
	status, _ := b.post(ctx, d, url.Values{"_key": {id.New()}, "choice": {choice}, "sure": {"1"}})
	if status == http.StatusSeeOther {
		b.mu.Lock()
		b.told.Twice++
		b.mu.Unlock()
	} else if status != http.StatusConflict {
		b.fault("a second vote is answered with %d", status)
	}
}

var keyField = regexp.MustCompile(`name="_key" value="([^"]+)"`)

// form opens the page of the vote; open is false when it is over.
func (b *booth) form(ctx context.Context, d Delegate) (form url.Values, open bool) {
	res, body, err := b.ask(ctx, d, http.MethodGet, nil)
	if err != nil {
		b.fault("the page of the vote: %v", err)
		return nil, false
	}
	key := keyField.FindSubmatch(body)
	if res.StatusCode == http.StatusSeeOther {
		b.heard(d, http.StatusConflict, "")
		return nil, false
	}
	if res.StatusCode != http.StatusOK || key == nil {
		b.fault("the page of the vote: %s", res.Status)
		return nil, false
	}
	return url.Values{"_key": {string(key[1])}, "choice": {d.Choice}}, true
}

func (b *booth) post(ctx context.Context, d Delegate, form url.Values) (status int, to string) {
	res, _, err := b.ask(ctx, d, http.MethodPost, form)
	if err != nil {
		return 0, err.Error()
	}
	return res.StatusCode, res.Header.Get("Location")
}

func (b *booth) ask(ctx context.Context, d Delegate, method string, form url.Values) (*http.Response, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, b.base+"/fr/motions/"+b.motion+"/vote", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, nil, err
	}
	req.Header.Set("Cookie", "alliance="+d.Session)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return b.do(req)
}

func (b *booth) do(req *http.Request) (*http.Response, []byte, error) {
	res, err := b.client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return res, body, err
}

// byProgram votes by the API and, as if the answer had been lost, again with
// the same key.
func (b *booth) byProgram(ctx context.Context, d Delegate) {
	key, began := id.New(), time.Now()
	status, receipt := b.call(ctx, d, key)
	took := time.Since(began)
	if !b.heard(d, status, "by the API") {
		return
	}
	b.mu.Lock()
	b.told.Cast = append(b.told.Cast, took)
	b.mu.Unlock()
	b.again(1)
	if status, again := b.call(ctx, d, key); status != http.StatusOK || again != receipt {
		b.fault("the same key again: %d, %q after %q", status, again, receipt)
	}
}

func (b *booth) call(ctx context.Context, d Delegate, key string) (status int, receipt string) {
	body, _ := json.Marshal(map[string]string{"choice": d.Choice})
	res, answer, err := b.api(ctx, d.Token, http.MethodPost, "/motions/"+b.motion+"/vote", key, body)
	if err != nil {
		return 0, err.Error()
	}
	var out struct{ Receipt string }
	_ = json.Unmarshal(answer, &out) // an error has no receipt
	return res.StatusCode, out.Receipt
}

func (b *booth) api(ctx context.Context, token, method, path, key string, body []byte) (*http.Response, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, b.base+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	return b.do(req)
}
