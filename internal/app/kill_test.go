package app_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"

	"alliance/internal/app"
	"alliance/internal/housetest/postgres"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/id"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/people"
)

// TestKilledInTheMiddle kills the program with -9 while eight people write, ten
// times: afterwards every acknowledged write is there, once, the same key again
// gives the same answer, and the journal is whole.
func TestKilledInTheMiddle(t *testing.T) {
	program := filepath.Join(t.TempDir(), "alliance")
	if out, err := exec.Command("go", "build", "-o", program, "../../cmd/alliance").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, engine := range []db.Engine{db.SQLite, db.PostgreSQL} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			address := "sqlite:" + filepath.Join(t.TempDir(), "house.db")
			if engine == db.PostgreSQL {
				address = postgres.URL(t)
			}
			token, workshop := seed(t, address)
			acknowledged := map[string]string{} // key → entry
			for round := range 10 {
				killRound(t, program, address, token, workshop, acknowledged, round)
			}
			if len(acknowledged) < 100 {
				t.Errorf("only %d writes were acknowledged: the test kills too early", len(acknowledged))
			}
			checkWhole(t, address, acknowledged)
			t.Logf("%d acknowledged writes, all there", len(acknowledged))
		})
	}
}

// seed fills a database with the demonstration and gives a rapporteur's token.
func seed(t *testing.T, address string) (token, workshop string) {
	t.Helper()
	a, err := app.Open(context.Background(), app.Config{Database: address, Files: t.TempDir(), Demo: true, Console: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	token = id.Secret(32)
	for _, w := range demo.Second().Workshops {
		if w.State == "open" {
			workshop = demo.EntryID(demo.Second().Slug, w.ID)
			err = a.House.DB.Do(context.Background(), func(ctx context.Context, tx *db.Tx) error {
				person := demo.PersonID(w.Rapporteur)
				if err := people.GiveRole(ctx, tx, person, people.Grant{Role: people.Rapporteur, Scope: workshop}, ""); err != nil {
					return err
				}
				_, err := tx.Exec(ctx, `INSERT INTO token (hash, id, person, name, reads, writes, created) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
					people.Hash(token), id.New(), person, "kill", true, true, tx.Now())
				return err
			})
		}
	}
	if err != nil || workshop == "" {
		t.Fatal(err, "no open workshop in the demonstration")
	}
	return token, workshop
}

var answers = regexp.MustCompile(`http://\S+`)

// serve starts the program and gives its address once it answers.
func serve(t *testing.T, program, address string) (*exec.Cmd, string) {
	t.Helper()
	c := exec.Command(program, "serve", "--database", address, "--listen", "127.0.0.1:0", "--files", t.TempDir())
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if at := answers.FindString(lines.Text()); at != "" {
			go io.Copy(io.Discard, out)
			return c, at
		}
	}
	t.Fatal("the program did not say where it answers")
	return nil, ""
}

func killRound(t *testing.T, program, address, token, workshop string, acknowledged map[string]string, round int) {
	t.Helper()
	c, at := serve(t, program, address)
	// What was acknowledged before the last kill is acknowledged again, the same.
	n := 0
	for key, entry := range acknowledged {
		if got, status := note(at, token, workshop, key); got != entry {
			t.Errorf("key %s was %s, is %q (%d)", key, entry, got, status)
		}
		if n++; n == 5 {
			break
		}
	}
	var mu sync.Mutex
	var writers sync.WaitGroup
	heard := make(chan struct{})
	for w := range 8 {
		writers.Add(1)
		go func() {
			defer writers.Done()
			for i := 0; ; i++ {
				key := fmt.Sprintf("kill-%d-%d-%d", round, w, i)
				made, status := note(at, token, workshop, key)
				if status == 0 {
					return // the program is gone
				}
				if made != "" {
					mu.Lock()
					acknowledged[key] = made
					mu.Unlock()
					heard <- struct{}{}
				}
			}
		}()
	}
	for range 30 { // writes are well under way
		<-heard
	}
	c.Process.Kill()
	go func() { writers.Wait(); close(heard) }()
	for range heard { // what was on its way
	}
	c.Wait()
}

// note writes one note and gives its entry; status 0 when nobody answers.
func note(at, token, workshop, key string) (made string, status int) {
	body, _ := json.Marshal(map[string]string{"class": "practice", "text": "Note " + key, "lang": "fr"})
	req, err := http.NewRequest("POST", at+"/api/v1/workshops/"+workshop+"/notes", bytes.NewReader(body))
	if err != nil {
		return "", 0
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", 0
	}
	defer res.Body.Close()
	var out struct {
		ID string `json:"id"`
	}
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		return "", 0 // cut off in the middle: not acknowledged
	}
	if res.StatusCode != http.StatusCreated {
		return "", res.StatusCode
	}
	return out.ID, res.StatusCode
}

func checkWhole(t *testing.T, address string, acknowledged map[string]string) {
	t.Helper()
	d, err := db.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var ids []string
	for _, e := range acknowledged {
		ids = append(ids, e)
	}
	found, err := entry.Many(context.Background(), d, ids)
	if err != nil {
		t.Fatal(err)
	}
	for key, e := range acknowledged {
		if kept, ok := found[e]; !ok {
			t.Errorf("acknowledged and lost: %s, %s", key, e)
		} else if words := kept.Title().Original(); words != "Note "+key {
			t.Errorf("%s was sent as key %s and says %q", e, key, words)
		}
	}
	seen := map[string]string{}
	for key, e := range acknowledged {
		if other, twice := seen[e]; twice {
			t.Errorf("%s and %s are one entry", key, other)
		}
		seen[e] = key
	}
	if broken, err := journal.Check(context.Background(), d); broken != 0 || err != nil {
		t.Errorf("the journal breaks at %d: %v", broken, err)
	}
}
