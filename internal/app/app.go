// Package app puts the house together.
//
// Read Open top to bottom: database, platform, features, server. It is the
// only package that imports features; they meet here, where the small
// interfaces one of them asks for are filled by another.
package app

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"

	"alliance/internal/feature"
	"alliance/internal/feature/opendata"
	"alliance/internal/feature/plenary/ballot"
	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/archive"
	"alliance/internal/platform/backup"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/file"
	"alliance/internal/platform/health"
	platformintake "alliance/internal/platform/intake"
	"alliance/internal/platform/job"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/metric"
	"alliance/internal/platform/mirror"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/output"
	"alliance/internal/platform/outside"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/register"
	"alliance/internal/platform/seal"
	"alliance/internal/platform/search"
	"alliance/internal/platform/span"
	"alliance/internal/platform/web"
)

// App is a house with its doors open.
type App struct {
	House    *feature.House
	Features []feature.Feature
	Router   *web.Router
	API      *web.API
	Handler  http.Handler
	Origin   string // as configured; "" = wherever it listens
	Folder   string // uploads and, without a mail server, mails
	// Health is the house as probes see it.
	Health func() health.House

	counts    *metric.Counts // nil: nobody asks
	countsAt  string
	countsFor string         // token
	spans     *span.Exporter // nil: nobody gets them
	glance    glance

	stop    context.CancelFunc
	ending  []context.CancelFunc // what outlives a job's lease
	working sync.WaitGroup
}

// Open opens a house: afterwards Handler answers.
func Open(ctx context.Context, c Config) (*App, error) {
	c.defaults()
	if c.DemoKept {
		if err := c.demoBackups(); err != nil {
			return nil, err
		}
	}

	d, err := db.Open(ctx, c.Database)
	if err != nil {
		return nil, err
	}
	fail := func(err error) (*App, error) { d.Close(); return nil, err }
	if c.Replica != "" {
		if err := d.Follow(c.Replica); err != nil {
			return fail(err)
		}
	}

	h := &feature.House{DB: d, Log: c.Log, Console: c.Console, Demo: c.Demo, Contact: c.MailFrom, Origin: c.address(), Outside: outside.New(), Kinds: map[string]feature.Kind{}}
	h.Jobs = job.NewRunner(d)
	h.Jobs.Log = c.Log
	blobs, err := c.blobs()
	if err != nil {
		return fail(err)
	}
	if h.Files, err = file.With(d, blobs, filepath.Join(c.folder(), "tmp")); err != nil {
		return fail(err)
	}
	if h.Key, err = seal.Load(c.Key, c.folder()); err != nil {
		return fail(err)
	}
	proxies, err := web.ParseProxies(c.Proxies)
	if err != nil {
		return fail(err)
	}
	sender, err := mail.Open(c.mail())
	if err != nil {
		return fail(err)
	}

	h.Register = register.New(d, c.Log)
	h.Register.Engaged[register.Alliance] = engaged
	a := &App{House: h, Folder: c.folder(), Origin: strings.TrimRight(c.Origin, "/")}
	a.Health = func() health.House { return c.health(a) }
	a.Features = features(h, a.Health)
	if h.Catalog, err = catalog(); err != nil {
		return fail(err)
	}
	if err := d.MigrateAfter(ctx, c.beforeMigration(d), schemas(a.Features)...); err != nil {
		return fail(err)
	}

	post := &mail.Outbox{DB: d, Book: mail.Book{Key: h.Key, Address: c.MailBack}, Sender: sender, Domain: c.mail().Domain()}
	post.Register(h.Jobs)
	h.Files.Register(h.Jobs)
	notice.Copies{DB: d, Base: h.Origin, Site: siteName, Words: func(l string) notice.Printer { return h.Catalog.For(l) }}.Register(h.Jobs)
	h.Jobs.Every("web.sweep", time.Hour, func(ctx context.Context) error { return web.Sweep(ctx, d) })

	if err := a.regular(c); err != nil {
		return fail(err)
	}

	h.Tasks, h.Tabs, h.Erase = a.tasks, a.tabs, a.erase
	h.Outputs = func(v design.View, kind string, q record.Query) templ.Component {
		return opendata.Links(h.Kinds[kind])(v, q)
	}
	h.Given = func(v design.View, kind, id string) templ.Component { return opendata.Files(h.Kinds[kind])(v, id) }
	a.Router = web.New(d, h.Catalog, c.Log, c.Origin)
	a.Router.Timing, a.Router.Key, a.Router.Proxies = c.Timing, h.Key, proxies
	a.API = a.Router.NewAPI(Version)
	a.open()
	if err := a.observe(c); err != nil {
		return fail(err)
	}
	a.Handler = a.Router.Handler()

	if c.Demo {
		if err := a.fillDemo(ctx); err != nil {
			return fail(err)
		}
	}
	if c.Reading {
		return a, nil
	}
	if err := a.renewSearch(ctx); err != nil {
		return fail(err)
	}
	work, stop := context.WithCancel(context.Background())
	a.stop = stop
	if a.spans != nil {
		a.spans.Start(work)
	}
	if !c.Still {
		h.Jobs.Start(work)
	}
	return a, nil
}

// open lets each feature put up its routes.
func (a *App) open() {
	r := a.Router
	r.Onward = a.onward
	r.Raw("GET /s/", design.Handler())
	r.Raw("GET /favicon.ico", design.Handler())
	r.Raw("GET /healthz", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }))
	r.Raw("GET /readyz", http.HandlerFunc(a.ready))
	for _, f := range a.Features {
		r.Menu = append(r.Menu, f.Menu...)
		a.House.Points = append(a.House.Points, f.Points...)
		for _, k := range f.Kinds {
			a.House.Kinds[k.Name] = k
			if k.Records != nil {
				k.Records.Outputs, k.Records.Files, k.Records.Register, k.Records.Offered, k.Records.Documents = opendata.Links(k), opendata.Files(k), a.House.Register, a.House.Offered, a.House.Documents
			}
			a.keep(k)
		}
		if f.Pages != nil {
			f.Pages(r)
		}
		if f.API != nil {
			f.API(a.API)
		}
		if f.Work != nil {
			f.Work(a.House.Jobs)
		}
	}
	if a.House.Demo {
		r.Demo = a.demoBar
		r.Get("/demo", access.Everyone, a.demoPage)
		r.Post("/demo/step-in", access.Everyone, a.stepIn)
	}
}

// keep tells the register of a kind that lists or the map show.
func (a *App) keep(k feature.Kind) {
	switch {
	case k.Kept != nil:
		a.House.Register.Keep(*k.Kept)
	case k.Spec != nil:
		kept := k.Spec.Kept()
		kept.Layer = layers[k.Name]
		a.House.Register.Keep(kept)
	}
}

// tasks gathers what waits for somebody: what ends first comes first.
func (a *App) tasks(ctx context.Context, q db.Q, actor people.Actor) (all []feature.Task, err error) {
	for _, f := range a.Features {
		if f.ToDo == nil {
			continue
		}
		some, err := f.ToDo(ctx, q, actor)
		if err != nil {
			return nil, fmt.Errorf("tasks of %s: %w", f.Name, err)
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(x, y feature.Task) int {
		if (x.Until == 0) != (y.Until == 0) {
			return cmp.Compare(y.Until, x.Until) // open ends come last
		}
		return cmp.Compare(x.Until, y.Until)
	})
	return all, nil
}

// tabs gathers what all features show beside an assembly or a workshop.
func (a *App) tabs(ctx context.Context, q db.Q, actor people.Actor, of entry.Entry) (all []feature.Tab, err error) {
	for _, f := range a.Features {
		if f.Board == nil {
			continue
		}
		some, err := f.Board(ctx, q, actor, of)
		if err != nil {
			return nil, fmt.Errorf("tabs of %s: %w", f.Name, err)
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(x, y feature.Tab) int { return cmp.Compare(x.Order, y.Order) })
	return all, nil
}

// onward gathers the ways on from an entry that features add.
func (a *App) onward(ctx context.Context, v design.View, actor people.Actor, entry string) (all []design.Onward, err error) {
	for _, f := range a.Features {
		if f.Onward == nil {
			continue
		}
		some, err := f.Onward(ctx, a.House.DB, v, actor, entry)
		if err != nil {
			return all, fmt.Errorf("ways on of %s: %w", f.Name, err)
		}
		all = append(all, some...)
	}
	return all, nil
}

// erase takes out what every feature and the platform know of a person.
func (a *App) erase(ctx context.Context, tx *db.Tx, person string) error {
	for _, f := range a.Features {
		if f.Erase == nil {
			continue
		}
		if err := f.Erase(ctx, tx, person); err != nil {
			return fmt.Errorf("erase in %s: %w", f.Name, err)
		}
	}
	for _, forget := range []func(context.Context, *db.Tx, string) error{notice.Forget, file.Forget, entry.ForgetPerson, people.ErasePerson} {
		if err := forget(ctx, tx, person); err != nil {
			return err
		}
	}
	return nil
}

// ready tells a proxy whether to send visitors here.
func (a *App) ready(w http.ResponseWriter, req *http.Request) {
	ctx, cancel := context.WithTimeout(req.Context(), 2*time.Second)
	defer cancel()
	if err := a.House.DB.Ready(ctx); err != nil {
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
}

// Close lets work in hand end and closes the house.
func (a *App) Close() error {
	if a.stop != nil {
		a.stop()
		a.House.Jobs.Wait()
		for _, end := range a.ending {
			end()
		}
		a.working.Wait()
		if a.spans != nil {
			a.spans.Wait()
		}
	}
	return a.House.DB.Close()
}

// renewSearch puts every document again, behind the visitors' backs, when what
// is searched of them changed with the program.
func (a *App) renewSearch(ctx context.Context) error {
	old, err := search.Old(ctx, a.House.DB)
	if err != nil || !old {
		return err
	}
	long, cancel := context.WithCancel(context.WithoutCancel(ctx))
	a.ending = append(a.ending, cancel)
	a.working.Go(func() {
		if err := entry.Index(long, a.House.DB); err != nil && long.Err() == nil {
			a.House.Log.Error("search: renewing", "err", err)
		}
	})
	return nil
}

func schemas(list []feature.Feature) []fs.FS {
	all := []fs.FS{people.Schema, journal.Schema, alliance.Schema, search.Schema, job.Schema, mail.Schema, file.Schema, backup.Schema, notice.Schema, entry.Schema, lineage.Schema, web.Schema, record.Schema}
	for _, f := range list {
		if f.Schema != nil {
			all = append(all, f.Schema)
		}
	}
	return all
}

// catalog holds the phrases of the program, the same in every house of a process.
var catalog = sync.OnceValues(func() (*locale.Catalog, error) { return locale.New(allPhrases(allFeatures())...) })

// allFeatures are those of the program, without a house to live in.
func allFeatures() []feature.Feature {
	return features(&feature.House{Kinds: map[string]feature.Kind{}}, nil)
}

func allPhrases(list []feature.Feature) []fs.FS {
	all := []fs.FS{design.Phrases, ballot.Phrases, file.Phrases, notice.Phrases, health.Phrases, web.Phrases, record.Phrases, output.Phrases, platformintake.Phrases, mirror.Phrases, archive.Phrases, feature.Phrases, Phrases}
	for _, f := range list {
		if f.Phrases != nil {
			all = append(all, f.Phrases)
		}
	}
	return all
}

// address is what links in mails begin with.
func (c Config) address() string {
	if c.Origin != "" {
		return strings.TrimRight(c.Origin, "/")
	}
	host, port, err := net.SplitHostPort(c.Listen)
	if err == nil && (host == "" || net.ParseIP(host).IsUnspecified()) {
		return "http://localhost:" + port // every address: this one always leads here
	}
	return "http://" + c.Listen
}

// siteName is what mails call this house.
func siteName(ctx context.Context, q db.Q, lang string) (string, error) {
	a, err := alliance.Load(ctx, q)
	return a.Name.In(lang).S, err
}

// blobs is where what people send is kept.
func (c Config) blobs() (file.Blobs, error) {
	if c.Bucket != "" {
		return file.Bucket(c.Bucket)
	}
	return file.Folder(c.folder())
}

// folder holds uploads, unless there is a bucket, and without a mail server mails.
func (c Config) folder() string {
	if c.Files != "" {
		return c.Files
	}
	if path, ok := strings.CutPrefix(c.Database, "sqlite:"); ok {
		return strings.TrimSuffix(path, filepath.Ext(path)) + "-files"
	}
	return "alliance-files"
}
