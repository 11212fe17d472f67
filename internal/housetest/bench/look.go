package main

import (
	"context"
	"fmt"
	"os"
	"slices"

	"alliance/internal/housetest/browser"
)

// looks is how often the map is opened; the middle one counts.
const looks = 3

// look measures the map in a real browser: a first view over a slow network,
// and a hand that moves it.
func (b *bench) look(ctx context.Context) error {
	say := func(line string) {
		fmt.Fprintln(&b.looked, line)
		fmt.Fprintln(os.Stderr, "  "+line)
	}
	if b.looked.Len() == 0 {
		fmt.Fprintln(&b.looked, "The map in a browser. First view, without anything kept: the middle of three.\n\n| organisations | network, machine | KB | requests | first words | list readable | map drawn | largest paint | shift | blocked |\n|---|---|---|---|---|---|---|---|---|---|")
	}
	for _, line := range []browser.Line{browser.Far3G, browser.Slow3G} {
		var all []browser.Visit
		for range looks {
			if err := ctx.Err(); err != nil {
				return err
			}
			v, err := browser.FirstVisit(b.base+"/fr/map", line)
			if err != nil {
				return err
			}
			all = append(all, v)
		}
		slices.SortFunc(all, func(x, y browser.Visit) int { return int(x.Mapped - y.Mapped) })
		v := all[looks/2]
		say(fmt.Sprintf("| %d | %s | %.1f | %d | %.2f s | %.2f s | %.2f s | %.2f s | %.3f | %.0f ms |", b.have, line.Name, v.KB, v.Requests, v.FCP/1000, v.Listed/1000, v.Mapped/1000, v.LCP/1000, v.CLS, v.Blocked))
	}
	if b.moved.Len() == 0 {
		fmt.Fprintln(&b.moved, "A hand on the map, 1280 px wide: the whole world, then closer.\n\n| organisations | machine | what | signs | frames | longest frame | longest task | new part shown after |\n|---|---|---|---|---|---|---|---|")
	}
	for _, slower := range []float64{1, 4} {
		if err := b.move(slower); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) move(slower float64) error {
	for _, part := range []string{"", "?box=-10,36,25,55"} {
		d, err := browser.SitDown(b.base+"/fr/map"+part, slower)
		if err != nil {
			return err
		}
		defer d.Leave()
		for _, act := range []struct {
			name string
			do   func() (browser.Moved, error)
		}{{"dragged", d.Drag}, {"zoomed", d.Zoom}} {
			if part == "" && act.name == "dragged" {
				continue // the world does not move
			}
			m, err := act.do()
			if err != nil {
				return err
			}
			line := fmt.Sprintf("| %d | CPU %.0f× | %s | %d | %d | %.0f ms | %.0f ms | %.0f ms |", b.have, slower, act.name, m.Signs, m.Frames, m.Longest, m.Task, m.Shown)
			fmt.Fprintln(&b.moved, line)
			fmt.Fprintln(os.Stderr, "  "+line)
		}
	}
	return nil
}
