package app

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// A house at rest is small: starting takes twice the memory that serving does,
// and Go keeps what a busy hour took for the next one. On a volunteer's machine
// others can use it meanwhile.
const (
	firstRest = time.Second      // after the start, when the first round of jobs is done
	restEvery = 15 * time.Second // and then
	atRest    = 2 * 1024 * 1024  // octets that a house at rest may ask for in that time
)

// rest gives memory back to the system whenever nothing was going on for a
// while, until the context ends.
func rest(ctx context.Context) {
	timer := time.NewTimer(firstRest)
	defer timer.Stop()
	freed := uint64(0) // octets asked for until memory was last given back
	last := asked()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		now := asked()
		if freed == 0 || now-last < atRest && now-freed > atRest {
			debug.FreeOSMemory()
			freed = asked()
		}
		last = now
		timer.Reset(restEvery)
	}
}

// asked is how many octets the program has asked for since it began.
func asked() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
