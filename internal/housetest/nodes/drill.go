package nodes

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"alliance/internal/app"
	"alliance/internal/housetest/crowd"
	"alliance/internal/platform/db"
)

// Plan is how hard the drill is.
type Plan struct {
	Program   string // the binary
	Dir       string // for files and logs; must be there
	Kills     int
	Every     time.Duration // at least, between two kills
	Writes    int           // at least, acknowledged between two kills
	Delegates int
	Hands     int // how many delegates vote at once
	Writers   int
	Readers   int
}

// Report is what was seen.
type Report struct {
	Took          time.Duration
	Kills         int
	Written, Read int // acknowledged writes, pages read
	Voted         int
	Again         int64    // how often somebody had to send again
	Rolled        int64    // … while the nodes were exchanged one after the other, as in an upgrade
	Wrong         []string // lost, changed or doubled; errors that were shown
}

func (r Report) String() string {
	return fmt.Sprintf("%d kills and one end of the database in %.0f s: %d writes and %d votes acknowledged, %d pages read, %d sent again, %d while nodes were exchanged, %d wrong",
		r.Kills, r.Took.Seconds(), r.Written, r.Voted, r.Read, r.Again, r.Rolled, len(r.Wrong))
}

// drill is a run of a plan.
type drill struct {
	Plan
	f        *fleet
	d        *db.DB
	scribe   crowd.Scribe
	hall     crowd.Hall
	stubborn *crowd.Stubborn

	written chan struct{} // one for each acknowledged write
	mu      sync.Mutex
	kept    map[string]string // key → entry
	wrong   []string
	read    atomic.Int64
}

// patience is how long people go on sending the same again.
const patience = time.Minute

// Run does what the plan says and compares what was acknowledged with what is there.
func Run(ctx context.Context, p Plan) (r Report, err error) {
	d := &drill{Plan: p, written: make(chan struct{}, 1<<20), kept: map[string]string{},
		stubborn: &crowd.Stubborn{Through: &http.Transport{MaxIdleConnsPerHost: 64}, Patience: patience}}
	began := time.Now()
	if err := d.open(ctx); err != nil {
		return r, err
	}
	defer d.f.close()
	defer d.d.Close()
	working, stop := context.WithCancel(ctx)
	defer stop()
	var people sync.WaitGroup
	for w := range p.Writers {
		people.Go(func() { d.write(working, w) })
	}
	for range p.Readers {
		people.Go(func() { d.look(working) })
	}
	motion, err := d.hall.Open(ctx, "Une maison, plusieurs nœuds", false)
	if err != nil {
		return r, err
	}
	var told crowd.Told
	voting := make(chan struct{})
	go func() { told = d.hall.Vote(ctx, motion, p.Hands, nil); close(voting) }()
	if err := d.kill(ctx); err != nil {
		return r, err
	}
	<-voting
	before := d.stubborn.Again.Load()
	if err := d.roll(); err != nil {
		return r, err
	}
	r.Rolled = d.stubborn.Again.Load() - before
	stop()
	people.Wait()
	if err := d.compare(ctx, motion, told); err != nil {
		return r, err
	}
	r.Took, r.Kills, r.Written, r.Read = time.Since(began), p.Kills, len(d.kept), int(d.read.Load())
	r.Voted, r.Again, r.Wrong = len(told.Acknowledged), d.stubborn.Again.Load(), d.wrong
	return r, nil
}

// open fills a house with the demonstration and a plenary, and starts its nodes.
func (d *drill) open(ctx context.Context) (err error) {
	if d.f, err = open(ctx, d.Program, d.Dir); err != nil {
		return err
	}
	files := filepath.Join(d.Dir, "files")
	if err := os.MkdirAll(files, 0o700); err != nil {
		return err
	}
	house, err := app.Open(ctx, app.Config{Database: d.f.database, Files: files, Demo: true, Still: true, Console: io.Discard})
	if err != nil {
		return err
	}
	defer house.Close()
	if d.scribe, err = crowd.Sit(ctx, house.House.DB); err != nil {
		return err
	}
	if d.hall, err = crowd.Gather(ctx, house.House.DB, "", d.Delegates); err != nil {
		return err
	}
	if err := d.f.start(); err != nil {
		return err
	}
	d.scribe.Base, d.scribe.Client = d.f.proxy.URL, &http.Client{Transport: d.stubborn}
	d.hall.Base, d.hall.Through = d.f.proxy.URL, d.stubborn
	d.d, err = db.Open(ctx, d.f.database)
	return err
}

func (d *drill) note(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wrong = append(d.wrong, fmt.Sprintf(format, args...))
}

// write sends notes, one after the other, and remembers what was acknowledged.
func (d *drill) write(ctx context.Context, writer int) {
	for i := 0; ctx.Err() == nil; i++ {
		key := fmt.Sprintf("nodes-%d-%d", writer, i)
		made, status := d.scribe.Note(ctx, key)
		switch {
		case made != "":
			d.mu.Lock()
			d.kept[key] = made
			d.mu.Unlock()
			d.written <- struct{}{}
		case ctx.Err() == nil:
			d.note("a write is answered with %d", status)
		}
	}
}

// look reads pages that everybody may see.
func (d *drill) look(ctx context.Context) {
	client := &http.Client{Transport: d.stubborn}
	for i := 0; ctx.Err() == nil; i++ {
		path := []string{"/fr/", "/ar/organisations", "/en/agenda", "/fr/calendar"}[i%4]
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.f.proxy.URL+path, nil)
		if err != nil {
			d.note("%v", err)
			return
		}
		res, err := client.Do(req)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			d.note("%s: %v", path, err)
			continue
		}
		res.Body.Close()
		if res.StatusCode != http.StatusOK {
			d.note("%s is answered with %s", path, res.Status)
		}
		d.read.Add(1)
	}
}

// kill ends one node after the other with -9 and starts it again; half way it
// ends the database too.
func (d *drill) kill(ctx context.Context) error {
	for i := range d.Kills {
		if err := d.wait(ctx); err != nil {
			return err
		}
		if i == d.Kills/2 {
			if err := d.f.cluster.Restart(); err != nil {
				return err
			}
			if err := d.wait(ctx); err != nil {
				return fmt.Errorf("after the database came back: %w", err)
			}
		}
		n := d.f.nodes[i%len(d.f.nodes)]
		n.down(syscall.SIGKILL)
		if err := d.f.up(n); err != nil {
			return err
		}
	}
	return d.wait(ctx)
}

// wait lets work go on: for a time, and until enough was written.
func (d *drill) wait(ctx context.Context) error {
	enough := time.NewTimer(d.Every)
	defer enough.Stop()
	stuck := time.NewTimer(patience + d.Every)
	defer stuck.Stop()
	for range d.Writes {
		select {
		case <-d.written:
		case <-ctx.Done():
			return ctx.Err()
		case <-stuck.C:
			return fmt.Errorf("nodes: nothing is written any more, see %s", d.Dir)
		}
	}
	for {
		select {
		case <-d.written:
		case <-enough.C:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// roll exchanges the nodes one after the other, as a new version is brought in:
// each is told to end, and ends what it has in hand.
func (d *drill) roll() error {
	for _, n := range d.f.nodes {
		n.down(syscall.SIGTERM)
		if err := d.f.up(n); err != nil {
			return err
		}
	}
	return nil
}

// compare closes the vote and looks for what is missing.
func (d *drill) compare(ctx context.Context, motion string, told crowd.Told) error {
	if err := d.hall.Close(ctx, motion); err != nil {
		return err
	}
	counted, wrong, err := d.hall.Check(ctx, motion, told)
	if err != nil {
		return err
	}
	d.wrong = append(append(d.wrong, told.Faults...), wrong...)
	if told.Twice > 0 || counted != d.Delegates {
		d.note("%d votes counted of %d, %d second votes taken", counted, d.Delegates, told.Twice)
	}
	lost, err := d.scribe.Lost(ctx, d.d, maps.Clone(d.kept))
	d.wrong = append(d.wrong, lost...)
	return err
}
