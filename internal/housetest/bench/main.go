// Command bench measures how fast the pages of a running house are and writes a
// table (Markdown, to the console and to out/bench.md):
//
//	go run ./internal/housetest/bench                         bin/alliance demo, on a new SQLite file
//	go run ./internal/housetest/bench -base http://127.0.0.1:8080 /fr/organisations "/fr/organisations?q=lyon"
//
// Each page is compared, in alternating rounds of the same run, with a bare
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
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"alliance/internal/housetest/load"
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
	base := flag.String("base", "", "address of a running house; without it bin/alliance demo is started")
	program := flag.String("program", "bin/alliance", "the program to start")
	database := flag.String("database", "", "its database, as in --database; a new SQLite file without it")
	round := flag.Duration("round", time.Second, "length of a round")
	rounds := flag.Int("rounds", 5, "rounds for each side")
	cookie := flag.String("cookie", "", "Cookie header to carry")
	flag.Parse()
	paths := flag.Args()
	if len(paths) == 0 {
		paths = []string{"/fr/", "/fr/organisations", "/fr/organisations?q=paris", "/fr/agenda"}
	}
	if *base == "" {
		address, end, err := start(ctx, *program, *database)
		if err != nil {
			return err
		}
		defer end()
		*base = address
	}
	header := http.Header{"Accept-Encoding": {"gzip"}, "Accept": {"text/html"}}
	if *cookie != "" {
		header.Set("Cookie", *cookie)
	}
	var table bytes.Buffer
	fmt.Fprintf(&table, "%s, %d cores, 16 connections, %d rounds of %s\n\n", time.Now().UTC().Format(time.DateOnly), runtime.NumCPU(), *rounds, *round)
	fmt.Fprintln(&table, "| page | KB | bare/s | real/s | ratio | client p50 | p99 | server p50 | p99 |\n|---|---|---|---|---|---|---|---|---|")
	for _, path := range paths {
		line, err := measure(ctx, *base+path, header, *round, *rounds)
		if err != nil {
			line = fmt.Sprintf("not measured: %v | | | | | | |", err)
		}
		fmt.Fprintf(&table, "| %s | %s |\n", path, line)
		fmt.Fprintf(os.Stderr, "%s done\n", path)
	}
	fmt.Print(table.String())
	if err := os.MkdirAll("out", 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join("out", "bench.md"), table.Bytes(), 0o644)
}

func measure(ctx context.Context, address string, header http.Header, round time.Duration, rounds int) (string, error) {
	bare, end, err := bareOf(ctx, address, header)
	if err != nil {
		return "", err
	}
	defer end()
	plan := func(u string) load.Plan {
		return load.Plan{URLs: []string{u}, For: round, Warm: 32, Header: header}
	}
	r, err := load.Compare(ctx, plan(bare), plan(address), rounds)
	if err != nil {
		return "", err
	}
	ms := func(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d)/1e6) }
	return fmt.Sprintf("%.1f | %.0f | %.0f | %.2f | %s | %s | %s | %s", float64(r.Real.Bytes)/float64(r.Real.Requests)/1000,
		r.Bare.PerSecond, r.Real.PerSecond, r.Of, ms(r.Real.P50), ms(r.Real.P99), ms(r.Real.ServerP50), ms(r.Real.ServerP99)), nil
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
func start(ctx context.Context, program, database string) (base string, end func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	address := l.Addr().String()
	l.Close()
	dir, err := os.MkdirTemp("", "alliance-bench-")
	if err != nil {
		return "", nil, err
	}
	if database == "" {
		database = "sqlite:" + filepath.Join(dir, "bench.db")
	}
	cmd := exec.CommandContext(ctx, program, "demo", "--listen", address, "--database", database)
	cmd.Stderr = os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	if err := cmd.Start(); err != nil {
		return "", nil, err
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
				return "http://" + address, end, nil
			}
		}
	}
	end()
	return "", nil, fmt.Errorf("%s is not ready after two minutes", program)
}
