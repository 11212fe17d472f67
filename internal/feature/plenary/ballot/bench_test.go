package ballot_test

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"alliance/internal/feature/plenary/ballot"
)

// A plenary must see its result within a second of the close.
func BenchmarkCountFile(b *testing.B) {
	for _, delegates := range []int{2_000, 100_000} {
		f := ballot.File{Format: ballot.Format, Motion: "m", Title: "t", Rule: ballot.Default(), Opened: opened, Closed: closed}
		for i := range delegates {
			id := fmt.Sprintf("organisation-%06d", i)
			f.Roll = append(f.Roll, ballot.Voter{ID: id, College: colleges[i%3], Voices: 1, Delegate: "p" + id, Mandate: "m" + id})
			f.Ballots = append(f.Ballots, ballot.Ballot{ID: "b" + id, Voter: id, Mandate: "m" + id, Choice: ballot.For, Channel: ballot.Electronic, At: opened})
		}
		raw, err := f.Bytes()
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprint(delegates), func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				if err := ballot.CountFile(bytes.NewReader(raw), io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
