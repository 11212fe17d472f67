package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/people"
)

// guess is something somebody may send to find out who has an account, or which
// codes were given: once for what is there, once for what is not.
type guess struct {
	name          string
	path          string
	there, absent url.Values // nil: the path alone, with a code
	codes         [2]string
}

// telling measures whether the time of an answer tells what its words do not.
// The two take turns, so that a busy machine slows both; the middle of each
// counts, and their ratio is the bar: between 0.8 and 1.25.
func (b *bench) telling(ctx context.Context, n int) error {
	known, used, expired := "", "", ""
	if err := b.d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := people.PersonByID(ctx, tx, demo.PersonID(demo.People()[0].ID))
		if err != nil {
			return err
		}
		known = p.Email
		if used, err = people.NewLink(ctx, tx, people.Link{Purpose: "sign-in", Email: known, Lasts: time.Hour}); err != nil {
			return err
		}
		if _, err := people.UseLink(ctx, tx, "sign-in", used); err != nil {
			return err
		}
		expired, err = people.NewLink(ctx, tx, people.Link{Purpose: "invitation", Email: known, Data: "gone", Lasts: -time.Hour})
		return err
	}); err != nil {
		return err
	}
	hash, err := people.HashPassword(ctx, "four words make one")
	if err != nil {
		return err
	}
	if err := b.d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		return people.SetPassword(ctx, tx, demo.PersonID(demo.People()[0].ID), hash)
	}); err != nil {
		return err
	}
	ended, err := b.ended(ctx)
	if err != nil {
		return err
	}
	event, nobody := demo.EntryID("calendar", "aide-juridique"), "nobody-at-all@example.org"
	guesses := []guess{
		{name: "a wrong password", path: "/fr/sign-in", there: url.Values{"email": {known}, "password": {"not that one at all"}}, absent: url.Values{"email": {nobody}, "password": {"not that one at all"}}},
		{name: "a link to sign in", path: "/fr/sign-in", there: url.Values{"email": {known}, "way": {"link"}}, absent: url.Values{"email": {nobody}, "way": {"link"}}},
		{name: "following by address", path: "/fr/follow", there: url.Values{"email": {known}, "query": {"q=carte"}}, absent: url.Values{"email": {nobody}, "query": {"q=carte"}}},
		{name: "a link that was used", path: "/fr/sign-in/link/", codes: [2]string{used, strings.Repeat("z", len(used))}},
		{name: "an invitation that ended", path: "/fr/invitation/", codes: [2]string{expired, strings.Repeat("z", len(expired))}},
		{name: "registering for an event", path: "/fr/calendar/" + event + "/register", there: url.Values{"name": {"Rosa"}, "email": {"rosa@example.org"}}, absent: url.Values{"name": {"Rosa"}, "email": {"nobody-#@example.org"}}},
		{name: "a claim that ended", path: "/fr/claimed/", codes: [2]string{ended, strings.Repeat("z", len(ended))}},
		{name: "a proposal that ended", path: "/fr/proposed/", codes: [2]string{ended, strings.Repeat("z", len(ended))}},
	}
	fmt.Fprintf(&b.told, "What the clock tells who guesses, %d of each in turn, in ms.\n\n| what is sent | there, median | absent, median | ratio | there p95 | absent p95 |\n|---|---|---|---|---|---|\n", n)
	for _, g := range guesses {
		var took [2][]float64
		for i := range n {
			if i%5 == 0 { // the limits of guessing are not what is measured: six wrong passwords, five mails
				if err := b.d.Do(ctx, func(ctx context.Context, tx *db.Tx) error { _, err := tx.Exec(ctx, `DELETE FROM attempt`); return err }); err != nil {
					return err
				}
			}
			for k := range 2 {
				side := (i + k) % 2
				ms, err := b.guess(ctx, g, side, i)
				if err != nil {
					return err
				}
				took[side] = append(took[side], ms)
			}
		}
		for k := range took {
			slices.Sort(took[k])
		}
		there, absent := took[0][n/2], took[1][n/2]
		fmt.Fprintf(&b.told, "| %s | %.2f | %.2f | %.2f | %.2f | %.2f |\n", g.name, there, absent, there/absent, took[0][n*95/100], took[1][n*95/100])
	}
	return nil
}

// ended gives the secret of a claim and of a proposal that are over.
func (b *bench) ended(ctx context.Context) (secret string, err error) {
	secret = strings.Repeat("a", 16)
	return secret, b.d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, text := range []string{
			`UPDATE claim SET hash = $1, until = 1 WHERE id = (SELECT min(id) FROM claim)`,
			`UPDATE contribution SET hash = $1, until = 1 WHERE id = (SELECT min(id) FROM contribution)`,
		} {
			if n, err := tx.Exec(ctx, text, people.Hash(secret)); err != nil || n != 1 {
				return fmt.Errorf("%s: %d rows: %w", text, n, err)
			}
		}
		return nil
	})
}

// straight follows no redirect: the answer to the guess itself is measured.
var straight = &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// guess sends the nth one, and gives the milliseconds until the whole answer is
// there. In a form, # is n.
func (b *bench) guess(ctx context.Context, g guess, side, n int) (float64, error) {
	method, path, body := http.MethodGet, g.path+g.codes[side], ""
	if g.there != nil {
		method, body = http.MethodPost, strings.ReplaceAll([2]url.Values{g.there, g.absent}[side].Encode(), "%23", strconv.Itoa(n))
	}
	req, err := http.NewRequestWithContext(ctx, method, b.base+path, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	began := time.Now()
	answer, err := straight.Do(req)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return 0, err
	}
	if answer.StatusCode >= 500 || answer.StatusCode == http.StatusTooManyRequests {
		return 0, fmt.Errorf("%s: %d", g.name, answer.StatusCode)
	}
	return float64(time.Since(began)) / 1e6, nil
}
