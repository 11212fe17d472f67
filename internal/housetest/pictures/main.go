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
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"alliance/internal/housetest/browser"
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
		{"vote", "sissoko", "/motions/" + open + "/vote", "main form", 300},
		{"notes", "elouarzi", "/workshops/" + at(hall.ID) + "/notes", "main h2", 430},
		{"desk", "terranova", "/assemblies/" + at("") + "/synthesis", "main .card", 320},
		{"chair", "alassane", "/motions/" + open + "/chair", "main h1", 430},
	}
}

func main() {
	program := flag.String("program", "bin/alliance", "the program whose demonstration is shown")
	into := flag.String("into", "docs/help", "folder of the texts")
	only := flag.String("only", "", "name of one picture; empty = all")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *program, *into, *only); err != nil {
		fmt.Fprintln(os.Stderr, "pictures:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, program, into, only string) error {
	base, end, err := start(ctx, program)
	if err != nil {
		return err
	}
	defer end()
	total := 0
	for _, p := range pictures() {
		if only != "" && p.Name != only {
			continue
		}
		cookies, err := stepIn(base, p.Role)
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
func start(ctx context.Context, program string) (base string, end func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	address := l.Addr().String()
	l.Close()
	house := exec.CommandContext(ctx, program, "demo", "--listen", address)
	house.Stderr = os.Stderr
	if err := house.Start(); err != nil {
		return "", nil, err
	}
	end = func() { house.Process.Signal(syscall.SIGTERM); house.Wait() }
	for began := time.Now(); time.Since(began) < 2*time.Minute; time.Sleep(50 * time.Millisecond) {
		if resp, err := http.Get("http://" + address + "/readyz"); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return "http://" + address, end, nil
			}
		}
	}
	end()
	return "", nil, errors.New(program + " is not ready after two minutes")
}

// stepIn takes a role of the demonstration, and gives the cookies it comes with.
func stepIn(base, role string) ([]*http.Cookie, error) {
	if role == "" {
		return nil, nil
	}
	req, err := http.NewRequest(http.MethodPost, base+"/en/demo/step-in", strings.NewReader(url.Values{"then": {"/"}, "role": {role}}.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", base)
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	resp.Body.Close()
	if len(resp.Cookies()) == 0 {
		return nil, fmt.Errorf("%s cannot step in: %s", role, resp.Status)
	}
	return resp.Cookies(), nil
}
