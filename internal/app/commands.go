package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"alliance/internal/feature/plenary/ballot"
	"alliance/internal/platform/logline"
)

type commands struct {
	Serve    serveCommand    `cmd:"" help:"Serve the alliance. On an empty database it prints a one-time set-up link."`
	Demo     demoCommand     `cmd:"" help:"Serve the demonstration: the launch meeting of 2019, and a second, invented one in progress. Anyone can step into any role."`
	Check    checkCommand    `cmd:"" help:"Look at everything: disk, database, journal, files, search, backups, mail server; say what is wrong and what to do."`
	Backup   backupCommand   `cmd:"" help:"Take a backup of the database and the files, while the program runs or not."`
	Restore  restoreCommand  `cmd:"" help:"Restore a backup, or bring in an archive, into an empty database and folder."`
	Rehearse rehearseCommand `cmd:"" help:"Restore a backup into a temporary place, compare all hashes and report."`
	Move     moveCommand     `cmd:"" help:"Copy the database from SQLite to PostgreSQL, or back, and compare every row."`
	Archive  archiveCommand  `cmd:"" help:"Write what the alliance owns into one file in open formats, without what is sealed or secret."`
	Copy     copyCommand     `cmd:"" help:"Write the public site as plain files, in every language, which open without a server."`
	Bounce   bounceCommand   `cmd:"" help:"Read a report of a mail that could not be delivered, from standard input, as a mail server hands it on."`
	Unlock   unlockCommand   `cmd:"" help:"Take the second factor of an account away, for somebody who lost phone and paper and has nobody above."`
	Key      keyCommand      `cmd:"" help:"Make a key for backups: the secret goes into a file, the public one is printed."`
	Count    countCommand    `cmd:"" help:"Count an exported ballot file again: the same bytes as the server kept."`
	Version  versionCommand  `cmd:"" help:"Print the version."`
}

const description = `The instrument of an alliance: organisations meet under mandates, workshops
propose, a committee merges, a plenary decides by colleges, and joint actions
follow. One program, one SQLite file (or PostgreSQL), one folder.

To look around; to begin for real; behind a proxy with TLS:

    alliance demo
    alliance serve --database sqlite:alliance.db
    alliance serve --database sqlite:alliance.db --origin https://alliance.example.org

The first start prints a one-time link: whoever opens it becomes the first
coordinator. Mails lie in a folder beside the files until --mail names a server.
A backup a day, encrypted to a key that is not on this machine:

    alliance key backup.key
    alliance serve --database sqlite:alliance.db --backup /backups --backup-to age1…

What outlives a server: the public site as plain files, and all that is not
secret as an archive that any program can read:

    alliance copy --database sqlite:alliance.db site-copy
    alliance archive --database sqlite:alliance.db alliance.zip

Anybody can recount a published vote from its file:

    alliance count ballots-3.json

Each flag can be set in the environment instead, as its help says.`

func newParser(more ...kong.Option) *kong.Kong {
	parser, err := kong.New(&commands{}, append([]kong.Option{kong.Name("alliance"), kong.Description(description), kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.Help(kong.DefaultHelpPrinter)}, more...)...)
	if err != nil {
		panic(err) // a mistake in the tags above
	}
	return parser
}

// Run is the whole program: arguments in, exit status out.
func Run(args []string, version string) int {
	if version != "" {
		Version = version
	}
	parser := newParser()
	if len(args) == 0 || len(args) == 1 && args[0] == "help" {
		args = []string{"--help"}
	} else if len(args) > 1 && args[0] == "help" {
		args = append(args[1:], "--help")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	k, err := parser.Parse(args)
	if err != nil {
		parser.FatalIfErrorf(err)
	}
	k.BindTo(ctx, (*context.Context)(nil))
	if err := k.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "alliance:", err)
		return 1
	}
	return 0
}

type serveCommand struct {
	Config `embed:""`
}

func (s *serveCommand) Run(ctx context.Context) error {
	a, err := Open(ctx, s.Config)
	if err != nil {
		return err
	}
	defer a.Close()
	if s.TLS {
		return a.ServeTLS(ctx, s.Config)
	}
	return a.Serve(ctx, s.Listen)
}

type demoCommand struct {
	Listen   string `help:"Address to listen on." default:"127.0.0.1:8080" env:"ALLIANCE_LISTEN"`
	Database string `help:"Keep the demonstration here; by default it is forgotten at the end." env:"ALLIANCE_DATABASE"`
	Origin   string `help:"Address as visitors see it." env:"ALLIANCE_ORIGIN"`
	Timing   bool   `help:"Say in a header how long each answer took: for measuring." hidden:"" env:"ALLIANCE_TIMING"`
}

func (s *demoCommand) Run(ctx context.Context) error {
	c := Config{Database: s.Database, Listen: s.Listen, Origin: s.Origin, Timing: s.Timing, Demo: true, DemoKept: true}
	if c.Database == "" {
		dir, err := os.MkdirTemp("", "alliance-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		c.Database = "sqlite:" + filepath.Join(dir, "demo.db")
	}
	a, err := Open(ctx, c)
	if err != nil {
		return err
	}
	defer a.Close()
	return a.Serve(ctx, s.Listen)
}

// Serve answers until the context ends, then lets requests in hand end.
func (a *App) Serve(ctx context.Context, address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	if err := a.Announce(ctx, l.Addr()); err != nil {
		l.Close()
		return err
	}
	s := a.server()
	more, err := a.numbers()
	if err != nil {
		l.Close()
		return err
	}
	return untilDone(ctx, append(more, serving{s, func() error { return s.Serve(l) }})...)
}

// ServeTLS is Serve over https, with certificates of its own, beside plain http
// that leads there.
func (a *App) ServeTLS(ctx context.Context, c Config) error {
	m, err := c.certificates()
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	defer l.Close()
	s := a.server()
	s.TLSConfig = m.TLSConfig()
	all := []serving{{s, func() error { return s.ServeTLS(l, "", "") }}}
	if c.TLSHTTP != "" {
		h, err := net.Listen("tcp", c.TLSHTTP)
		if err != nil {
			return err
		}
		defer h.Close()
		p := plain(m, a.Origin)
		p.ErrorLog = logline.Server(a.House.Log)
		all = append(all, serving{p, func() error { return p.Serve(h) }})
	}
	if err := a.Announce(ctx, l.Addr()); err != nil {
		return err
	}
	more, err := a.numbers()
	if err != nil {
		return err
	}
	return untilDone(ctx, append(more, all...)...)
}

func (a *App) server() *http.Server {
	return &http.Server{
		Handler: a.Handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 60 * time.Second,
		WriteTimeout: 120 * time.Second, IdleTimeout: 120 * time.Second, MaxHeaderBytes: 32 << 10,
		ErrorLog: logline.Server(a.House.Log), // net/http names visitors by their address
	}
}

// serving is a server and how it is started.
type serving struct {
	server *http.Server
	start  func() error
}

// untilDone runs servers until the context ends or one of them fails.
func untilDone(ctx context.Context, all ...serving) error {
	go rest(ctx)
	done := make(chan error, len(all))
	for _, s := range all {
		go func() { done <- s.start() }()
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	var failed error
	for _, s := range all {
		if err := s.server.Shutdown(end); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			failed = err
		}
	}
	return failed
}

// Announce says on the console where to look, and how to begin.
func (a *App) Announce(ctx context.Context, at net.Addr) error {
	address := "http://" + at.String()
	if a.Origin != "" {
		address = a.Origin
	}
	fmt.Fprintf(a.House.Console, "Alliance %s answers on %s\n", Version, address)
	for _, f := range a.Features {
		if f.Begin == nil {
			continue
		}
		if err := f.Begin(ctx, address); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return nil
}

type versionCommand struct {
	SBOM bool `name:"sbom" help:"List what the program is made of: modules and data, as CycloneDX in JSON."`
}

func (s versionCommand) Run() error {
	if s.SBOM {
		info, _ := debug.ReadBuildInfo()
		return writeBill(os.Stdout, info)
	}
	fmt.Println(Version)
	return nil
}

type countCommand struct {
	File string `arg:"" help:"The file of ballots, or - for standard input." type:"existingfile"`
}

func (s *countCommand) Run() error {
	f, err := os.Open(s.File)
	if err != nil {
		return err
	}
	defer f.Close()
	return ballot.CountFile(f, os.Stdout)
}
