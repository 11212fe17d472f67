package app_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"alliance/internal/app"
	"alliance/internal/housetest/crowd"
	"alliance/internal/housetest/postgres"
	"alliance/internal/platform/db"
)

// TestKilledInTheMiddle kills the program with -9 while eight people write, ten
// times: afterwards every acknowledged write is there, once, the same key again
// gives the same answer, and the journal is whole.
func TestKilledInTheMiddle(t *testing.T) {
	program := filepath.Join(t.TempDir(), "alliance")
	if out, err := exec.Command("go", "build", "-o", program, "../../cmd/alliance").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := exec.Command(program, "version", "--sbom").Output(); err != nil || !strings.Contains(string(out), "pkg:golang/modernc.org/sqlite@v") {
		t.Errorf("what it is made of: %v\n%.300s", err, out)
	}
	for _, engine := range []db.Engine{db.SQLite, db.PostgreSQL} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			address := "sqlite:" + filepath.Join(t.TempDir(), "house.db")
			if engine == db.PostgreSQL {
				address = postgres.URL(t)
			}
			files := t.TempDir()
			scribe := seed(t, address, files)
			acknowledged := map[string]string{} // key → entry
			for round := range 10 {
				killRound(t, program, address, files, scribe, acknowledged, round)
			}
			if len(acknowledged) < 100 {
				t.Errorf("only %d writes were acknowledged: the test kills too early", len(acknowledged))
			}
			checkWhole(t, address, scribe, acknowledged)
			t.Logf("%d acknowledged writes, all there", len(acknowledged))
		})
	}
}

// seed fills a database with the demonstration and gives one who writes in it.
func seed(t *testing.T, address, files string) crowd.Scribe {
	t.Helper()
	a, err := app.Open(context.Background(), app.Config{Database: address, Files: files, Demo: true, Console: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	s, err := crowd.Sit(context.Background(), a.House.DB)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var answers = regexp.MustCompile(`http://\S+`)

// serve starts the program and gives its address once it answers.
func serve(t *testing.T, program, address, files string) (*exec.Cmd, string) {
	t.Helper()
	c := exec.Command(program, "serve", "--database", address, "--listen", "127.0.0.1:0", "--files", files)
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

func killRound(t *testing.T, program, address, files string, scribe crowd.Scribe, acknowledged map[string]string, round int) {
	t.Helper()
	c, at := serve(t, program, address, files)
	scribe.Base = at
	// What was acknowledged before the last kill is acknowledged again, the same.
	n := 0
	for key, entry := range acknowledged {
		if got, status := scribe.Note(t.Context(), key); got != entry {
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
				made, status := scribe.Note(t.Context(), key)
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

func checkWhole(t *testing.T, address string, scribe crowd.Scribe, acknowledged map[string]string) {
	t.Helper()
	d, err := db.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	wrong, err := scribe.Lost(context.Background(), d, acknowledged)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range wrong {
		t.Error(line)
	}
}
