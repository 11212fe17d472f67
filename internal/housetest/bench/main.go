// Command bench measures how fast the pages of a running house are and writes a
// table (Markdown, to the console and to out/bench.md):
//
//	go run ./internal/housetest/bench                      bin/alliance demo, on a new SQLite file
//	go run ./internal/housetest/bench -sizes 1000,10000    without the largest
//
// The demonstration is filled with 1,000, 10,000 and 100,000 organisations and
// a tenth as many proposals. Each page is compared, in alternating rounds of the same run, with a bare
// net/http handler that writes the same bytes (the ratio), at 16 connections.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"alliance/internal/housetest/load"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == "bare" {
		serveBare()
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	program := flag.String("program", "bin/alliance", "the program to start")
	database := flag.String("database", "", "its database, as in --database; a new SQLite file without it")
	sizes := flag.String("sizes", "1000,10000,100000", "numbers of organisations to measure with")
	round := flag.Duration("round", time.Second, "length of a round")
	rounds := flag.Int("rounds", 3, "rounds for each side")
	flag.Parse()
	base, address, end, err := start(ctx, *program, *database)
	if err != nil {
		return err
	}
	defer end()
	d, err := db.Open(ctx, address)
	if err != nil {
		return err
	}
	defer d.Close()
	cookie, err := stepIn(base)
	if err != nil {
		return err
	}
	var table bytes.Buffer
	fmt.Fprintf(&table, "%s, %d cores shared by server, database and client, 16 connections, %d rounds of %s.\n\n", time.Now().UTC().Format(time.DateOnly), runtime.NumCPU(), *rounds, *round)
	fmt.Fprintln(&table, "Visitor: whole pages are kept, beside a bare handler that writes the same bytes in the same run. Signed in: every page is made anew.")
	fmt.Fprintln(&table, "\n| organisations | page | KB | bare/s | visitor/s | ratio | visitor p50 | p99 | signed in/s | server p50 | p99 |\n|---|---|---|---|---|---|---|---|---|---|---|")
	have := 0
	for _, size := range strings.Split(*sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			return err
		}
		began := time.Now()
		organisation, proposal, err := grow(ctx, d, have, n)
		if err != nil {
			return err
		}
		have = n
		fmt.Fprintf(os.Stderr, "%d organisations after %s\n", n, time.Since(began).Round(time.Second))
		for _, p := range [][2]string{
			{"list", "/fr/organisations"}, {"list, filtered", "/fr/organisations?kind=civil_society&country=FR"}, {"search, a common word", "/fr/organisations?q=accueil"},
			{"search, a name", "/fr/organisations?q=999"}, {"one organisation", "/fr/organisations/" + organisation}, {"lineage", "/fr/lineage/" + proposal}, {"map", "/fr/map"},
		} {
			line, err := measure(ctx, base+p[1], cookie, *round, *rounds)
			if err != nil {
				line = fmt.Sprintf("not measured: %v | | | | | | | |", err)
			}
			fmt.Fprintf(&table, "| %d | %s | %s |\n", n, p[0], line)
			fmt.Fprintf(os.Stderr, "  %s: %s\n", p[0], line)
		}
	}
	fmt.Print(table.String())
	if err := os.MkdirAll("out", 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join("out", "bench.md"), table.Bytes(), 0o644)
}

// stepIn gives the cookie of a delegate of the demonstration.
func stepIn(base string) (string, error) {
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := c.PostForm(base+"/fr/demo/step-in", url.Values{"role": {demo.People()[0].ID}})
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	for _, k := range res.Cookies() {
		return k.Name + "=" + k.Value, nil
	}
	return "", fmt.Errorf("stepping in gave no cookie: %s", res.Status)
}

func measure(ctx context.Context, address, cookie string, round time.Duration, rounds int) (string, error) {
	header := http.Header{"Accept-Encoding": {"gzip"}, "Accept": {"text/html"}}
	bare, end, err := bareOf(ctx, address, header)
	if err != nil {
		return "", err
	}
	defer end()
	plan := func(u string, h http.Header) load.Plan {
		return load.Plan{URLs: []string{u}, For: round, Warm: 32, Header: h}
	}
	r, err := load.Compare(ctx, plan(bare, header), plan(address, header), rounds)
	if err != nil {
		return "", err
	}
	known := header.Clone()
	known.Set("Cookie", cookie)
	own, err := load.Run(ctx, plan(address, known))
	if err != nil {
		return "", err
	}
	ms := func(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d)/1e6) }
	return fmt.Sprintf("%.1f | %.0f | %.0f | %.2f | %s | %s | %.0f | %s | %s", float64(r.Real.Bytes)/float64(r.Real.Requests)/1000,
		r.Bare.PerSecond, r.Real.PerSecond, r.Of, ms(r.Real.ServerP50), ms(r.Real.ServerP99), own.PerSecond, ms(own.ServerP50), ms(own.ServerP99)), nil
}

// bareOf serves what an address answers from another process, for the house is
// in another process than the client too.
func bareOf(ctx context.Context, address string, header http.Header) (base string, end func(), err error) {
	answer, err := load.Fetch(ctx, address, header)
	if err != nil {
		return "", nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return "", nil, err
	}
	cmd := exec.CommandContext(ctx, self, "bare")
	in, err := cmd.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	end = func() { _ = in.Close(); _ = cmd.Wait() }
	if err := json.NewEncoder(in).Encode(answer); err != nil {
		end()
		return "", nil, err
	}
	if _, err := fmt.Fscanln(out, &base); err != nil {
		end()
		return "", nil, err
	}
	return base, end, nil
}

// serveBare is that process: an answer on its input, its address on its output; it ends with its input.
func serveBare() {
	var answer load.Answer
	if err := json.NewDecoder(os.Stdin).Decode(&answer); err != nil {
		return
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return
	}
	fmt.Println("http://" + l.Addr().String())
	go func() { _ = http.Serve(l, answer) }()
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// start runs the demonstration on a free port and waits until it is ready.
func start(ctx context.Context, program, database string) (base, opened string, end func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", nil, err
	}
	address := l.Addr().String()
	l.Close()
	dir, err := os.MkdirTemp("", "alliance-bench-")
	if err != nil {
		return "", "", nil, err
	}
	if database == "" {
		database = "sqlite:" + filepath.Join(dir, "bench.db")
	}
	cmd := exec.CommandContext(ctx, program, "demo", "--listen", address, "--database", database, "--timing")
	cmd.Stderr = os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	if err := cmd.Start(); err != nil {
		return "", "", nil, err
	}
	end = func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		_ = os.RemoveAll(dir)
	}
	for wait := time.Now().Add(2 * time.Minute); time.Now().Before(wait); time.Sleep(100 * time.Millisecond) {
		if resp, err := http.Get("http://" + address + "/readyz"); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return "http://" + address, database, end, nil
			}
		}
	}
	end()
	return "", "", nil, fmt.Errorf("%s is not ready after two minutes", program)
}
