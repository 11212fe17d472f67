// Command bench measures how fast the pages of a running house are and writes a
// table (Markdown, to the console and to out/bench.md):
//
//	go run ./internal/housetest/bench                      bin/alliance demo, on a new SQLite file
//	go run ./internal/housetest/bench -sizes 1000,10000    without the largest
//	go run ./internal/housetest/bench -database sqlite:/tmp/big.db   keep what was filled in for the next run
//	go run ./internal/housetest/bench -sizes "" -rows 0 -asks 0 -octets 0    the plenary alone
//	go run ./internal/housetest/bench -sizes "" -delegates 0 -rows 10000 -asks 0 -octets 0   an import alone
//	go run ./internal/housetest/bench -sizes "" -delegates 0 -rows 0 -octets 0   what the clock tells who guesses, alone
//	go run ./internal/housetest/bench -sizes "" -delegates 0 -rows 0 -asks 0   a backup and a restore, alone
//
// The demonstration is filled with 1,000, 10,000 and 100,000 organisations and
// a tenth as many proposals. Each page is compared, in alternating rounds of
// the same run, with a bare net/http handler that writes the same bytes (the
// ratio), at 16 connections. What visitors meet while somebody writes, memory,
// start and slow readers have tables of their own, and so has a plenary of 2,000
// delegates: see docs/speed.md.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"alliance/internal/housetest/load"
	"alliance/internal/platform/db"
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
	b := &bench{}
	program := flag.String("program", "bin/alliance", "the program to start")
	database := flag.String("database", "", "its database, as in --database; a new SQLite file without it")
	sizes := flag.String("sizes", "1000,10000,100000", "numbers of organisations to measure with")
	round := flag.Duration("round", time.Second, "length of a round")
	rounds := flag.Int("rounds", 3, "rounds for each side")
	delegates := flag.Int("delegates", 2000, "delegates who vote in a plenary; 0 = no plenary")
	asks := flag.Int("asks", 200, "how often who guesses asks of each; 0 = never")
	rows := flag.Int("rows", 100_000, "rows of a list that is brought in; 0 = none")
	octets := flag.Int64("octets", 5_000_000_000, "of files, with which the house is backed up and restored; 0 = not. The disk needs four times that")
	flag.BoolVar(&b.looks, "map", true, "looks at the map in a real browser")
	flag.StringVar(&b.only, "only", "", "pages whose names hold this; empty = all")
	flag.Parse()
	b.program, b.database, b.round, b.rounds = *program, *database, *round, *rounds
	defer b.close()
	if b.database == "" {
		dir, err := os.MkdirTemp("", "alliance-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		b.database = "sqlite:" + filepath.Join(dir, "bench.db")
	}
	if err := b.start(ctx); err != nil {
		return err
	}
	if *delegates > 0 {
		if err := b.plenary(ctx, *delegates); err != nil {
			return err
		}
	}
	if *asks > 0 {
		if err := b.telling(ctx, *asks); err != nil {
			return err
		}
	}
	fmt.Fprintf(&b.pages, "%s, %s, %d cores shared by server, database and client, 16 connections, %d rounds of %s.\n\n", time.Now().UTC().Format(time.DateOnly), strings.SplitN(b.database, ":", 2)[0], runtime.NumCPU(), *rounds, *round)
	fmt.Fprintln(&b.pages, "Visitor: whole pages are kept, beside a bare handler that writes the same bytes in the same run. Signed in: every page is made anew; its p50 and p99 are of one reader at a time, the rest of 16 at once.")
	fmt.Fprintln(&b.pages, "\n| organisations | page | KB | bare/s | visitor/s | ratio | visitor p50 | p99 | signed in/s | p50 | p99 | queries |\n|---|---|---|---|---|---|---|---|---|---|---|---|")
	fmt.Fprintln(&b.mixes, "While one writer writes twice a second, 16 visitors open 60 pages in turn: lists, searches, organisations, lineage.\n\n| organisations | pages/s | server p50 | p99 | slowest | writes | write p50 | slowest |\n|---|---|---|---|---|---|---|---|")
	fmt.Fprintln(&b.weights, "| organisations | start to ready | memory, idle | after the load | with 1,000 slow readers | program |\n|---|---|---|---|---|---|")
	for _, size := range strings.FieldsFunc(*sizes, func(r rune) bool { return r == ',' }) {
		n, err := strconv.Atoi(size)
		if err != nil {
			return err
		}
		if err := b.at(ctx, n); err != nil {
			return err
		}
	}
	if *rows > 0 {
		if err := b.bring(ctx, *rows); err != nil {
			return err
		}
	}
	if _, onDisk := strings.CutPrefix(b.database, "sqlite:"); *octets > 0 && onDisk {
		if err := b.keep(ctx, *octets); err != nil {
			return err
		}
	}
	b.growth()
	all := b.pages.String() + "\n" + b.grown.String() + "\n" + b.mixes.String() + "\n" + b.votes.String() + "\n" + b.brought.String() + "\n" + b.looked.String() + "\n" + b.moved.String() + "\n" + b.files.String() + "\n" + b.told.String() + "\n" + b.kept.String() + "\n" + b.weights.String()
	fmt.Print(all)
	if err := os.MkdirAll("out", 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join("out", "bench.md"), []byte(all), 0o644)
}

// bench is one run.
type bench struct {
	program, database string
	round             time.Duration
	rounds            int
	base, cookie      string
	house             *exec.Cmd
	looks             bool
	only              string        // of the pages
	took              time.Duration // from start to ready
	d                 *db.DB
	have              int
	medians           map[string][]float64 // page → signed in p50 in ms, by size

	pages, grown, mixes, votes, brought, looked, moved, files, told, kept, weights bytes.Buffer
}

// at measures everything with n organisations.
func (b *bench) at(ctx context.Context, n int) error {
	began := time.Now()
	s, have, err := samples(ctx, b.d)
	if err != nil {
		return err
	}
	if have < n {
		if err := grow(ctx, b.d, have, n); err != nil {
			return err
		}
		if s, _, err = samples(ctx, b.d); err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "%d organisations after %s\n", n, time.Since(began).Round(time.Second))
	}
	if err := growEvents(ctx, b.d); err != nil {
		return err
	}
	b.have = max(n, have)
	b.close()
	if err := b.start(ctx); err != nil { // a start among all of them
		return err
	}
	idle, err := b.memory(ctx, rest)
	if err != nil {
		return err
	}
	list := []page{
		{"list", "/fr/organisations"}, {"list, halfway down", "/fr/organisations?after=" + s.Middle}, {"list, kind and country", "/fr/organisations?kind=civil_society&country=FR"},
		{"list, language", "/fr/organisations?language=ar"}, {"search, a common word", "/fr/search?q=accueil"}, {"search, a number", "/fr/search?q=999"}, {"search, filtered", "/fr/search?q=accueil&country=FR"},
		{"search in the list", "/fr/organisations?q=accueil"}, {"one organisation", "/fr/organisations/" + s.Organisation}, {"one proposal", "/fr/proposals/" + s.Proposal},
		{"lineage", "/fr/lineage/" + s.Proposal}, {"lineage of 180", "/fr/lineage/" + s.Hub}, {"map", "/fr/map"}, {"map, a part", "/fr/map?box=-5,36,17,55"}, {"map, clusters as JSON", "/fr/map/points?box=-5,36,17,55&zoom=4"}, {"home", "/fr/"},
		{"feed", "/fr/open/organisation.atom"}, {"feed, filtered", "/fr/open/organisation.atom?country=FR"}, {"calendar", "/fr/calendar"}, {"calendar file, 1,000 events", "/fr/calendar.ics"},
	}
	for _, p := range list {
		if !strings.Contains(p.name, b.only) {
			continue
		}
		line, err := b.measure(ctx, p)
		if err != nil {
			line = fmt.Sprintf("not measured: %v | | | | | | | | |", err)
		}
		fmt.Fprintf(&b.pages, "| %d | %s | %s |\n", b.have, p.name, line)
		fmt.Fprintf(os.Stderr, "  %s: %s\n", p.name, line)
	}
	if b.files.Len() == 0 {
		if err := b.calendar(ctx); err != nil {
			return err
		}
	}
	if b.looks {
		if err := b.look(ctx); err != nil {
			return err
		}
	}
	if b.only != "" {
		return nil
	}
	if err := b.mix(ctx, list); err != nil {
		return err
	}
	return b.weigh(ctx, idle)
}

type page struct{ name, path string }

// growth compares the median of each page with the smallest size.
func (b *bench) growth() {
	fmt.Fprintln(&b.grown, "Median of the server's own time, signed in, one reader at a time, against the smallest size.\n\n| page | milliseconds by size | growth |\n|---|---|---|")
	for _, name := range slices.Sorted(maps.Keys(b.medians)) {
		all := b.medians[name]
		fmt.Fprintf(&b.grown, "| %s | %s | %.1f× |\n", name, strings.Trim(fmt.Sprintf("%.1f", all), "[]"), all[len(all)-1]/all[0])
	}
}

func (b *bench) measure(ctx context.Context, p page) (string, error) {
	address := b.base + p.path
	header := http.Header{"Accept-Encoding": {"gzip"}, "Accept": {"text/html"}}
	bare, end, err := bareOf(ctx, address, header)
	if err != nil {
		return "", err
	}
	defer end()
	plan := func(u string, h http.Header) load.Plan {
		return load.Plan{URLs: []string{u}, For: b.round, Warm: 32, Header: h}
	}
	r, err := load.Compare(ctx, plan(bare, header), plan(address, header), b.rounds)
	if err != nil {
		return "", err
	}
	known := header.Clone()
	known.Set("Cookie", b.cookie)
	own, err := load.Run(ctx, plan(address, known))
	if err != nil {
		return "", err
	}
	one := plan(address, known)
	one.Connections, one.Warm = 1, 4
	alone, err := load.Run(ctx, one)
	if err != nil {
		return "", err
	}
	if b.medians == nil {
		b.medians = map[string][]float64{}
	}
	b.medians[p.name] = append(b.medians[p.name], float64(alone.ServerP50)/1e6)
	return fmt.Sprintf("%.1f | %.0f | %.0f | %.2f | %s | %s | %.0f | %s | %s | %d", float64(r.Real.Bytes)/float64(r.Real.Requests)/1000,
		r.Bare.PerSecond, r.Real.PerSecond, r.Of, ms(r.Real.ServerP50), ms(r.Real.ServerP99), own.PerSecond, ms(alone.ServerP50), ms(alone.ServerP99), alone.Queries), nil
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d)/1e6) }

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
