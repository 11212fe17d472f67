// Command pictures takes the pictures of the help pages from the demonstration,
// in every language of the interface, and writes them into docs/help:
//
//	make pictures
//
// Look at them before they are committed. Each weighs 11 KB at most: a phone's
// width, without the frame around the page.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"alliance/internal/housetest/browser"
	"alliance/internal/housetest/program"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/locale"
)

// picture is one page of the demonstration as somebody sees it.
type picture struct {
	Name, Role, Path string
	From             string  // what it begins with
	Height           float64 // CSS px
}

func pictures() []picture {
	m := demo.Second()
	at := func(local string) string { return demo.EntryID(m.Slug, local) }
	open := ""
	for _, x := range m.Motions {
		if x.State == "open" {
			open = at(x.ID)
		}
	}
	hall := m.Workshops[0]
	return []picture{
		{"join", "", "/join/" + hall.Code, "main h2", 430},
		{"vote", "sissoko", "/motions/" + open + "/vote", "main form", 350},
		{"notes", "elouarzi", "/workshops/" + at(hall.ID) + "/notes", "main h2", 430},
		{"desk", "terranova", "/assemblies/" + at("") + "/synthesis", "main .card", 320},
		{"chair", "alassane", "/motions/" + open + "/chair", "main h1", 430},
	}
}

func main() {
	binary := flag.String("program", "bin/alliance", "the program whose demonstration is shown")
	into := flag.String("into", "docs/help", "folder of the texts")
	only := flag.String("only", "", "name of one picture; empty = all")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *binary, *into, *only); err != nil {
		fmt.Fprintln(os.Stderr, "pictures:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, binary, into, only string) error {
	base, end, err := start(ctx, binary)
	if err != nil {
		return err
	}
	defer end()
	total := 0
	for _, p := range pictures() {
		if only != "" && p.Name != only {
			continue
		}
		cookies, err := program.StepIn(base, p.Role)
		if err != nil {
			return err
		}
		for _, lang := range locale.Languages {
			b, err := browser.Picture(base+"/"+lang+p.Path, lang, cookies, browser.Frame{From: p.From, Width: 360, Height: p.Height, Sharp: 1.1, Quality: 25})
			if err != nil {
				return fmt.Errorf("%s in %s: %w", p.Name, lang, err)
			}
			if err := os.WriteFile(filepath.Join(into, lang, p.Name+".webp"), b, 0o644); err != nil {
				return err
			}
			total += len(b)
			fmt.Printf("%s/%s.webp %.1f KB\n", lang, p.Name, float64(len(b))/1000)
		}
	}
	fmt.Printf("%.0f KB in all\n", float64(total)/1000)
	return nil
}

// start opens the demonstration on a free port, and gives its address.
func start(ctx context.Context, binary string) (base string, end func(), err error) {
	address, err := program.Free()
	if err != nil {
		return "", nil, err
	}
	house := exec.CommandContext(ctx, binary, "demo", "--listen", address)
	house.Stderr = os.Stderr
	if err := house.Start(); err != nil {
		return "", nil, err
	}
	end = func() { house.Process.Signal(syscall.SIGTERM); house.Wait() }
	within, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	if err := program.Ready(within, address, nil); err != nil {
		end()
		return "", nil, err
	}
	return "http://" + address, end, nil
}
