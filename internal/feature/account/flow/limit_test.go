package flow_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"alliance/internal/app"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
)

// behind lets a test come from any network, as a proxy would say.
func behind(c *app.Config) { c.Proxies = "127.0.0.1" }

func from(h *housetest.House, network string) *housetest.Client {
	return h.Visitor().Header("X-Forwarded-For", network)
}

// One password tried on many accounts: the network waits, others do not, and
// a right password does not wash the guesses away.
func TestOneNetworkTriesManyAccounts(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		rosa := h.Person("Rosa")
		give(t, h, rosa, password)
		try := func(network, email, password string) *housetest.Page {
			return from(h, network).Post("/en/sign-in", url.Values{"email": {email}, "password": {password}})
		}
		for i := range 60 {
			if i == 30 {
				try("2001:db8:1:2::7", rosa.Email, password).Status(200).Has("h1", "My page")
			}
			// An IPv6 guest has 2^64 addresses: the whole /64 is one.
			try(fmt.Sprintf("2001:db8:1:2::%x", i), fmt.Sprintf("somebody%d@example.org", i), "not that one at all").Status(422)
		}
		try("2001:db8:1:2::ffff", "else@example.org", "not that one at all").Status(429).Has("main", "from your network")
		try("2001:db8:1:2::ffff", rosa.Email, password).Status(429)
		try("2001:db8:1:3::1", rosa.Email, password).Status(200).Has("h1", "My page")
		h.Clock.Pass(16 * time.Minute)
		try("2001:db8:1:2::1", rosa.Email, password).Status(200)
	}, behind)
}

// Without configured proxies nobody's word about addresses counts.
func TestForgedAddressDoesNotHelp(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	for i := range 61 {
		page := from(h, fmt.Sprintf("203.0.113.%d", i)).Post("/en/sign-in", url.Values{"email": {fmt.Sprintf("somebody%d@example.org", i)}, "password": {"not that one at all"}})
		if i < 60 {
			page.Status(422)
		} else {
			page.Status(429)
		}
	}
}

// No address lies in the database, not even as a hash that could be tried out.
func TestAddressesAreNotKept(t *testing.T) {
	h := housetest.New(t, db.SQLite, behind)
	from(h, "203.0.113.77").Post("/en/sign-in", url.Values{"email": {"somebody@example.org"}, "password": {"not that one at all"}})
	keys, err := db.All(context.Background(), h.DB, db.Value[string], `SELECT key_ FROM attempt`)
	if err != nil || len(keys) != 2 {
		t.Fatal(keys, err)
	}
	for _, k := range keys {
		if k == people.Hash("passwords-from/203.0.113.77") {
			t.Error("the address can be found out by trying all of them")
		}
	}
}

func TestTokenIsSeenOnceAnHour(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p := h.Person("Rosa")
		var secret string
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			secret, err = people.AddToken(ctx, tx, people.Token{Person: p.ID, Name: "script", Reads: true})
			return err
		})
		seen := func() db.Instant {
			t.Helper()
			if code := h.Call(secret, "GET", "/me", nil, nil); code != 200 {
				t.Fatalf("status %d", code)
			}
			list, err := people.TokensOf(context.Background(), h.DB, p.ID)
			if err != nil || len(list) != 1 {
				t.Fatal(list, err)
			}
			return list[0].Seen
		}
		first := seen()
		if first == 0 {
			t.Fatal("never seen")
		}
		version := h.DB.Version()
		h.Clock.Pass(30 * time.Minute)
		again := seen()
		// On PostgreSQL the version follows notifications, that of the first write too, whenever they come.
		if again != first || db.EngineOf(h.DB) == db.SQLite && h.DB.Version() != version {
			t.Error("written within the hour")
		}
		h.Clock.Pass(31 * time.Minute)
		if later := seen(); later == first {
			t.Error("not written after an hour")
		}
	})
}

func TestTokensThatAreNotValid(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	p := h.Person("Rosa")
	var secret string
	h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		secret, err = people.AddToken(ctx, tx, people.Token{Person: p.ID, Name: "script", Reads: true})
		return err
	})
	codes := map[int]int{}
	for i := range 130 { // a minute may turn in between
		codes[h.Call(fmt.Sprintf("alliance_%d", i), "GET", "/me", nil, nil)]++
	}
	if codes[http.StatusTooManyRequests] == 0 || codes[http.StatusUnauthorized] < 60 {
		t.Errorf("answers: %v", codes)
	}
	if code := h.Call(secret, "GET", "/me", nil, nil); code != 200 {
		t.Errorf("a neighbour's guesses lock a valid token out: %d", code)
	}
}

// Whoever gives or takes a role or ends a mandate, from any feature: the
// person's sessions take a new secret with the next page.
func TestRightsRenewSessions(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		o := h.Organisation("City", people.LocalAuthority)
		p, m := h.Delegate("Rosa", o)
		g := people.Grant{Role: people.Committee}
		for name, change := range map[string]func(context.Context, *db.Tx) error{
			"1 given":   func(ctx context.Context, tx *db.Tx) error { return people.GiveRole(ctx, tx, p.ID, g, "") },
			"2 taken":   func(ctx context.Context, tx *db.Tx) error { return people.TakeRole(ctx, tx, p.ID, g) },
			"3 mandate": func(ctx context.Context, tx *db.Tx) error { return people.EndMandate(ctx, tx, m.ID, "") },
		} {
			if name == "2 taken" {
				h.Do(func(ctx context.Context, tx *db.Tx) error { return people.GiveRole(ctx, tx, p.ID, g, "") })
			}
			var secret string
			h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
				secret, err = people.StartSession(ctx, tx, p.ID, "", "known")
				return err
			})
			h.Do(change)
			h.WithCookie(secret).Get("/en/me").Status(200).Has("h1", "My page")
			if a, _, err := people.ActorOfSession(context.Background(), h.DB, secret, h.DB.Now()); err != nil || a.SignedIn() {
				t.Errorf("%s: the secret from before still works (%v)", name, err)
			}
		}
	})
}

// Taking a role from somebody who has none, or from nobody at all, is not found.
func TestTakeWhatIsNotHeld(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		boss := h.As(h.Person("Boss", people.Grant{Role: people.Coordinator}).ID, "")
		p := h.Person("Rosa")
		for _, person := range []string{p.ID, "", "nobody"} {
			boss.Post("/en/roles/take", url.Values{"person": {person}, "role": {"committee"}}).Status(404)
		}
	})
}
