package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"alliance/internal/housetest/crowd"
	"alliance/internal/housetest/load"
)

// hands is how many delegates have a request under way at once: 2,000 people
// who vote within a minute are far fewer at any moment.
const hands = 64

// projectors ask every second how many have voted.
const projectors = 4

// plenary measures an open and a secret vote of n delegates: how long until all
// have voted, what they wait, what the projectors meet meanwhile, how long
// after the chair closes the result shows, and whether what was acknowledged
// is what was counted.
func (b *bench) plenary(ctx context.Context, n int) error {
	hall, err := crowd.Gather(ctx, b.d, b.base, n)
	if err != nil {
		return err
	}
	fmt.Fprintln(&b.votes, "Delegates vote on phones (question, check, cast) and by the API; two of five click twice, hang up and send again, or are followed by a colleague who votes otherwise. Four projectors ask each second. Then the chair closes, and everybody opens the result.\n\n| delegates | ballot | all have voted after | votes/s | cast p50 | p99 | a whole way p50 | projector p99 | close answered | result shown | all see it after | acknowledged | counted | lost, doubled or changed |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|")
	for _, secret := range []bool{false, true} {
		line, err := b.oneVote(ctx, hall, secret)
		if err != nil {
			return err
		}
		fmt.Fprintln(&b.votes, line)
		fmt.Fprintln(os.Stderr, "  vote:", line)
	}
	return nil
}

func (b *bench) oneVote(ctx context.Context, hall crowd.Hall, secret bool) (string, error) {
	motion, err := hall.Open(ctx, "Une maison pour tous", secret)
	if err != nil {
		return "", err
	}
	looking, stop := context.WithCancel(ctx)
	asked := make(chan []time.Duration, projectors)
	for range projectors {
		go func() { asked <- watch(looking, b.base+"/fr/motions/"+motion+"/screen?part=1") }()
	}
	told := hall.Vote(ctx, motion, hands, nil)
	stop()
	var waits []time.Duration
	for range projectors {
		waits = append(waits, <-asked...)
	}
	answered, shown, err := b.closing(ctx, hall, motion)
	if err != nil {
		return "", err
	}
	seen, err := b.everybodyLooks(ctx, hall, motion)
	if err != nil {
		return "", err
	}
	counted, wrong, err := hall.Check(ctx, motion, told)
	if err != nil {
		return "", err
	}
	wrong = append(wrong, told.Faults...)
	for _, w := range wrong {
		fmt.Fprintln(os.Stderr, "  vote:", w)
	}
	kind := "open"
	if secret {
		kind = "secret"
	}
	return fmt.Sprintf("| %d | %s | %.1f s | %.0f | %s | %s | %s | %s | %s | %s | %.1f s | %d | %d | %d |", len(hall.Delegates), kind, told.Took.Seconds(),
		float64(len(told.Acknowledged))/told.Took.Seconds(), ms(load.Percentile(told.Cast, 50)), ms(load.Percentile(told.Cast, 99)), ms(load.Percentile(told.Way, 50)),
		ms(load.Percentile(waits, 99)), ms(answered), ms(shown), seen.Seconds(), len(told.Acknowledged), counted, len(wrong)+told.Twice), nil
}

// watch asks a page every second, as a projector does, and gives what it waited.
func watch(ctx context.Context, address string) (waits []time.Duration) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		began := time.Now()
		if _, err := get(ctx, address, ""); err != nil {
			return waits
		}
		waits = append(waits, time.Since(began))
		select {
		case <-ctx.Done():
			return waits
		case <-tick.C:
		}
	}
}

func get(ctx context.Context, address, session string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	if session != "" {
		req.Header.Set("Cookie", "alliance="+session)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("bench: %s answers %s", address, res.Status)
	}
	return string(body), err
}

// closing closes the vote and tells when the chair had the answer, and when a
// visitor's page showed the result.
func (b *bench) closing(ctx context.Context, hall crowd.Hall, motion string) (answered, shown time.Duration, err error) {
	began := time.Now()
	closed := make(chan error, 1)
	go func() {
		err := hall.Close(ctx, motion)
		answered = time.Since(began)
		closed <- err
	}()
	for {
		page, err := get(ctx, b.base+"/fr/motions/"+motion, "")
		if err != nil {
			return 0, 0, err
		}
		if strings.Contains(page, "/motions/"+motion+"/result") {
			shown = time.Since(began)
			return answered, shown, <-closed
		}
		if time.Since(began) > time.Minute {
			return 0, 0, fmt.Errorf("bench: no result a minute after the close")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// everybodyLooks lets every delegate open the page of the result.
func (b *bench) everybodyLooks(ctx context.Context, hall crowd.Hall, motion string) (time.Duration, error) {
	began := time.Now()
	next := make(chan string)
	var wait sync.WaitGroup
	var mu sync.Mutex
	var first error
	for range hands {
		wait.Go(func() {
			for session := range next {
				if _, err := get(ctx, b.base+"/fr/motions/"+motion, session); err != nil {
					mu.Lock()
					first = err
					mu.Unlock()
				}
			}
		})
	}
	for _, d := range hall.Delegates {
		next <- d.Session
	}
	close(next)
	wait.Wait()
	return time.Since(began), first
}
