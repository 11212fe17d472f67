// Command cmd runs the drill of several nodes at length; for a few minutes, as
// docs/operating.md says. It ends with 1 when anything was lost or shown wrong.
//
//	make nodes
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"alliance/internal/housetest/nodes"
)

func main() {
	p := nodes.Plan{Program: "bin/alliance", Writes: 1, Hands: 2, Writers: 4, Readers: 2}
	flag.IntVar(&p.Kills, "kills", 30, "how often a node is killed")
	flag.DurationVar(&p.Every, "every", 10*time.Second, "pause between two kills")
	flag.IntVar(&p.Delegates, "delegates", 2000, "who vote meanwhile")
	flag.Parse()
	os.Exit(run(p))
}

func run(p nodes.Plan) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	if p.Dir, err = os.MkdirTemp("", "alliance-nodes-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	r, err := nodes.Run(ctx, p)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(r)
	for _, line := range r.Wrong {
		fmt.Println("wrong:", line)
	}
	if len(r.Wrong) > 0 {
		return 1
	}
	_ = os.RemoveAll(p.Dir)
	return 0
}
