// Package housetest gives tests a running house, on both engines.
//
//	housetest.Both(t, func(t *testing.T, h *housetest.House) {
//		page := h.As(housetest.Visitor).Get("/fr/organisations")
//		page.Status(200).Has("h1", "Organisations")
//	})
//
// A house is the whole program in one process: nothing is mocked. Mails lie in
// h.Mails(); the clock is h.Clock.
package housetest

import (
	"bytes"
	"context"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"alliance/internal/app"
	"alliance/internal/feature"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/id"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// House is a running house with what tests need of it.
type House struct {
	*feature.House
	App     *app.App
	Server  *httptest.Server
	Clock   *Clock
	Console *Console
	tb      testing.TB
}

// Clock is the clock of a house; it goes on from where it is put.
type Clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

// Now reads it.
func (c *Clock) Now() db.Instant {
	c.mu.Lock()
	defer c.mu.Unlock()
	return db.At(time.Now().Add(c.ahead))
}

// Pass lets time pass.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// Console catches what the program prints.
type Console struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (c *Console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.b.Write(p)
}

func (c *Console) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.b.String()
}

// Option changes how a house is opened.
type Option func(*app.Config)

// Demonstration fills the house with the demonstration.
func Demonstration(c *app.Config) { c.Demo = true }

// Both runs a test on SQLite and on PostgreSQL.
func Both(t *testing.T, test func(*testing.T, *House), options ...Option) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, New(t, db.SQLite, options...)) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); test(t, New(t, db.PostgreSQL, options...)) })
}

// New opens a house. Without Demonstration it is set up as a small alliance:
// three colleges, two axes, all languages, nobody in it.
func New(tb testing.TB, engine db.Engine, options ...Option) *House {
	tb.Helper()
	h := open(tb, engine, options...)
	if !h.Demo {
		h.setUp()
	}
	return h
}

func open(tb testing.TB, engine db.Engine, options ...Option) *House {
	tb.Helper()
	console := &Console{}
	c := app.Config{Console: console, Log: slog.New(slog.NewTextHandler(logTo{tb}, &slog.HandlerOptions{Level: slog.LevelWarn}))}
	for _, o := range options {
		o(&c)
	}
	c.Still = true
	c.Database, c.Files = begin(tb, engine, c.Demo)
	a, err := app.Open(context.Background(), c)
	if err != nil {
		tb.Fatal(err)
	}
	h := &House{House: a.House, App: a, Clock: &Clock{}, Console: console, tb: tb}
	h.DB.Now = h.Clock.Now
	h.Server = httptest.NewServer(a.Handler)
	tb.Cleanup(func() { h.Server.Close(); a.Close() })
	return h
}

// Empty opens a house before its first start.
func Empty(tb testing.TB, engine db.Engine) *House { return open(tb, engine) }

func (h *House) setUp() {
	h.Do(func(ctx context.Context, tx *db.Tx) error {
		_, err := alliance.Save(ctx, tx, people.Actor{}, alliance.Alliance{
			Name:      lang.Of(map[string]string{"fr": "Alliance d’essai", "en": "Trial alliance"}),
			Languages: []string{"fr", "en", "es", "pt", "it", "de", "ar"},
			Axes: []alliance.Topic{
				{ID: "A1", Name: lang.Of(map[string]string{"fr": "Habiter", "en": "Living here"})},
				{ID: "A2", Name: lang.Of(map[string]string{"fr": "Accueillir", "en": "Welcoming"})},
			},
			Themes: []alliance.Topic{
				{ID: "housing", Name: lang.Of(map[string]string{"fr": "Logement", "en": "Housing"})},
				{ID: "health", Name: lang.Of(map[string]string{"fr": "Santé", "en": "Health"})},
			},
			Colleges: []alliance.College{
				{ID: "authorities", Name: lang.Of(map[string]string{"fr": "Autorités locales", "en": "Local authorities"}), Kinds: []people.OrganisationKind{people.LocalAuthority}},
				{ID: "civil_society", Name: lang.Of(map[string]string{"fr": "Société civile", "en": "Civil society"}), Kinds: []people.OrganisationKind{people.CivilSociety}},
				{ID: "migrant_led", Name: lang.Of(map[string]string{"fr": "Collectifs de personnes migrantes", "en": "Migrant-led collectives"}), Kinds: []people.OrganisationKind{people.MigrantLed}},
			},
			Reply: 7, Small: 5,
		})
		return err
	})
}

// Do runs a transaction and fails the test on an error.
func (h *House) Do(fn func(context.Context, *db.Tx) error) {
	h.tb.Helper()
	if err := h.DB.Do(context.Background(), fn); err != nil {
		h.tb.Fatal(err)
	}
}

// Kept lists the tables that hold a text anywhere, in clear.
func (h *House) Kept(text string) (where []string) {
	h.tb.Helper()
	err := h.DB.Snapshot(context.Background(), func(s *db.Snapshot) error {
		tables, err := s.Tables(context.Background())
		if err != nil {
			return err
		}
		for _, t := range tables {
			found := false
			if _, err := s.Copy(context.Background(), t, func(line []byte) error {
				found = found || bytes.Contains(line, []byte(text))
				return nil
			}); err != nil {
				return err
			}
			if found {
				where = append(where, t.Name)
			}
		}
		return nil
	})
	if err != nil {
		h.tb.Fatal(err)
	}
	return where
}

// Drain does all work that is due: mails lie in Mails afterwards.
func (h *House) Drain() {
	h.tb.Helper()
	ctx := context.Background()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); {
		if err := h.Jobs.Drain(ctx); err != nil {
			h.tb.Fatal(err)
		}
		// The house works in the background too: what it has in hand is not done
		// yet, and may have left more to do since we looked.
		busy, err := db.One(ctx, h.DB, db.Value[int], `SELECT count(*) FROM job WHERE state = 'running' OR state = 'waiting' AND due <= $1`, h.DB.Now())
		if err != nil {
			h.tb.Fatal(err)
		}
		if busy == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	h.tb.Fatal("there is no end of the work")
}

// Mails gives the raw mails sent so far, oldest first.
func (h *House) Mails() []string {
	h.tb.Helper()
	h.Drain()
	names, _ := filepath.Glob(filepath.Join(h.App.Folder, "mail", "*.eml"))
	var mails []string
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			h.tb.Fatal(err)
		}
		mails = append(mails, string(b))
	}
	return mails
}

// Person adds an account with a name; the address follows from it.
func (h *House) Person(name string, grants ...people.Grant) people.Person {
	h.tb.Helper()
	var p people.Person
	h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		p, err = people.AddPerson(ctx, tx, people.Person{Name: name, Email: id.New() + "@example.org", Lang: "en"})
		for _, g := range grants {
			if err == nil {
				err = people.GiveRole(ctx, tx, p.ID, g, "")
			}
		}
		return err
	})
	return p
}

// Organisation adds an organisation that can act; its profile is the
// directory's matter.
func (h *House) Organisation(name string, kind people.OrganisationKind) people.Organisation {
	h.tb.Helper()
	o := people.Organisation{ID: id.New(), Kind: kind, Name: name, Country: "FR"}
	h.Do(func(ctx context.Context, tx *db.Tx) error { return people.PutOrganisation(ctx, tx, o) })
	return o
}

// Delegate adds a person with a full mandate for an organisation.
func (h *House) Delegate(name string, o people.Organisation) (people.Person, people.Mandate) {
	h.tb.Helper()
	p := h.Person(name)
	var m people.Mandate
	h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		m, err = people.AddMandate(ctx, tx, people.Mandate{Organisation: o.ID, Person: p.ID, Speak: true, Vote: true, Sign: true, Edit: true})
		return err
	})
	return p, m
}

// Actor gives the actor of a person, under a mandate or "".
func (h *House) Actor(person, mandate string) people.Actor {
	h.tb.Helper()
	a, err := people.ActorOf(context.Background(), h.DB, person, mandate, h.DB.Now())
	if err != nil {
		h.tb.Fatal(err)
	}
	return a
}

type logTo struct{ tb testing.TB }

func (l logTo) Write(p []byte) (int, error) {
	l.tb.Log(string(bytes.TrimSpace(p)))
	return len(p), nil
}
