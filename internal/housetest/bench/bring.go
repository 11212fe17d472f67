package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"alliance/internal/housetest/load"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/id"
	"alliance/internal/platform/people"
)

// bring measures how a list of n initiatives comes in: each stage of it, what
// the house needs of memory at most meanwhile, and how long another writer
// waits, who takes a note every 25 ms.
func (b *bench) bring(ctx context.Context, n int) error {
	fmt.Fprintln(&b.brought, "A list of initiatives comes in while somebody takes a note every 25 ms.\n\n| rows | stage | took | rows/s | memory before | at most | other writer p50 | p99 | slowest |\n|---|---|---|---|---|---|---|---|---|")
	c, err := b.coordinator(ctx)
	if err != nil {
		return err
	}
	other, err := b.writer(ctx)
	if err != nil {
		return err
	}
	file := listOf(n)
	stage := func(name string, do func() error) error {
		before, err := b.peak(true)
		if err != nil {
			return err
		}
		writing, stop := context.WithCancel(ctx)
		wrote := make(chan []time.Duration, 1)
		go func() { wrote <- other.every(writing, 25*time.Millisecond) }()
		began := time.Now()
		err = do()
		took := time.Since(began)
		stop()
		waits := (<-wrote)[1:]
		if err == nil && other.refused != "" {
			err = fmt.Errorf("bench: a write was refused: %s", other.refused)
		}
		if err != nil {
			return err
		}
		most, err := b.peak(false)
		line := fmt.Sprintf("| %d | %s | %.1f s | %.0f | %.0f MB | %.0f MB | %s | %s | %s |", n, name, took.Seconds(), float64(n)/took.Seconds(), before, most,
			ms(load.Percentile(waits, 50)), ms(load.Percentile(waits, 99)), ms(load.Percentile(waits, 100)))
		fmt.Fprintln(&b.brought, line)
		fmt.Fprintln(os.Stderr, "  "+line)
		return err
	}
	if err := stage("nothing, for 5 s", func() error { time.Sleep(5 * time.Second); return nil }); err != nil {
		return err
	}
	var list imported
	if err := stage("file taken", func() (err error) {
		list, err = c.ask(ctx, http.MethodPost, "/imports", map[string]any{"kind": "initiative", "name": "bench " + id.New() + ".csv", "content": file})
		return err
	}); err != nil {
		return err
	}
	if err := stage("doubts looked for", func() error { return c.until(ctx, &list, "draft") }); err != nil {
		return err
	}
	for _, s := range []struct{ name, act, state string }{{"suggestions taken", "accept", "draft"}, {"brought in", "apply", "applied"}} {
		if err := stage(s.name, func() (err error) {
			if list, err = c.ask(ctx, http.MethodPost, "/imports/"+list.ID+"/"+s.act, nil); err != nil {
				return err
			}
			return c.until(ctx, &list, s.state)
		}); err != nil {
			return err
		}
	}
	fmt.Fprintf(&b.brought, "\nWhat became of the rows: %v.\n", list.Outcomes)
	return nil
}

// listOf is a file of n initiatives; a tenth have a doubt.
func listOf(n int) []byte {
	r := rand.New(rand.NewPCG(3, uint64(n)))
	kinds := []string{"housing", "legal", "health", "food", "training"}
	var out bytes.Buffer
	out.WriteString("name;category;summary;town;country\n")
	for i := range n {
		at := town(r)
		kind := kinds[r.IntN(len(kinds))]
		if i%10 == 0 {
			kind = "?"
		}
		fmt.Fprintf(&out, "%s %d;%s;%s;%s;%s\n", phrase(r, 3), i, kind, phrase(r, 3), at.Name, at.Country)
	}
	return out.Bytes()
}

// peak is what the house needed of memory at most since it was last asked
// anew, in MB; anew, it begins at what it needs now.
func (b *bench) peak(anew bool) (float64, error) {
	dir := fmt.Sprintf("/proc/%d/", b.house.Process.Pid)
	if anew {
		if err := os.WriteFile(dir+"clear_refs", []byte("5"), 0o200); err != nil {
			return 0, err
		}
	}
	status, err := os.ReadFile(dir + "status")
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	kb, err := strconv.ParseFloat(strings.Fields(after + " 0")[0], 64)
	return kb / 1000, err
}

// coordinator brings lists in by the API.
type coordinator struct{ base, token string }

type imported struct {
	ID, State string
	Outcomes  map[string]int
}

func (b *bench) coordinator(ctx context.Context) (*coordinator, error) {
	c := &coordinator{b.base + "/api/v1", id.Secret(32)}
	person := demo.PersonID(demo.People()[0].ID)
	return c, b.d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := people.GiveRole(ctx, tx, person, people.Grant{Role: people.Coordinator}, ""); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO token (hash, id, person, name, reads, writes, created) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
			people.Hash(c.token), id.New(), person, "bench", true, true, tx.Now())
		return err
	})
}

func (c *coordinator) ask(ctx context.Context, method, path string, body any) (list imported, err error) {
	var sent io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return list, err
		}
		sent = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, sent)
	if err != nil {
		return list, err
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Content-Type", "application/json")
	if method != http.MethodGet {
		req.Header.Set("Idempotency-Key", id.New())
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return list, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= 300 {
		err = fmt.Errorf("bench: %s answers %s: %.300s", path, res.Status, answer)
	}
	if err == nil {
		err = json.Unmarshal(answer, &list)
	}
	return list, err
}

// until waits for a list to be in a state.
func (c *coordinator) until(ctx context.Context, list *imported, state string) (err error) {
	for list.State != state && err == nil {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
		*list, err = c.ask(ctx, http.MethodGet, "/imports/"+list.ID+"?after=1000000", nil)
	}
	return err
}
