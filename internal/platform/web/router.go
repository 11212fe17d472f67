// Package web turns requests into calls and answers into pages.
//
// The one idea: a handler returns an error, and this package alone maps errors
// to answers. A route has a policy or it does not exist. Everything a handler
// needs to know of the request is in its Ctx: who acts, in which language.
package web

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"sort"
	"strings"
	"sync/atomic"
	"time"

	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/seal"
)

// Schema holds the tables of this package.
//
//go:embed schema
var Schema embed.FS

var _ = db.Unseen("done")

// Handler answers one request.
type Handler func(*Ctx) error

// Route is a registered page or form.
type Route struct {
	Method, Pattern string // pattern without the language: "/organisations/{id}"
	Policy          access.Policy
}

// Menu is one entry of the main navigation.
type Menu struct {
	Path  string
	Label locale.Phrase
	Show  access.Policy
}

// Router holds all routes of the house.
type Router struct {
	DB      *db.DB
	Catalog *locale.Catalog
	Log     *slog.Logger
	Origin  string // scheme and host as the outside sees it; "" = take the request's
	Demo    func(v design.View, a people.Actor) *design.DemoBar
	Menu    []Menu
	// Onward lists what features add to the ways on from an entry.
	Onward func(ctx context.Context, v design.View, a people.Actor, entry string) ([]design.Onward, error)
	// SetUp is where pages begin that answer before the first start
	// ("/set-up/"); all others are closed until then. "" = nothing is closed.
	SetUp string

	Key     *seal.Key      // of the house
	Proxies []netip.Prefix // whose word about a visitor's address counts

	Timing bool // answers say how long they took the server: for make bench
	// Seen hears of every answer, for numbers and spans: the pattern of its route
	// (req.Pattern, "" where there is none), and how often it asked the database.
	Seen func(req *http.Request, status int, began time.Time, asked int)

	mux      *http.ServeMux // pages, below a language
	raw      *http.ServeMux // what has no language; asked first, since /s/ is no language
	routes   []Route
	found    map[string]int // routes of pages by their pattern in mux
	pages    pageCache
	tokens   mill // tokens that are not valid, by network
	secrets  Guesses
	alliance atomic.Pointer[settings]
}

// settings as they were at a version of the data. Never served late, unlike
// what is dear to compute: whoever changes them looks at once.
type settings struct {
	version  int64
	alliance alliance.Alliance
}

// New makes an empty router.
func New(d *db.DB, catalog *locale.Catalog, log *slog.Logger, origin string) *Router {
	return &Router{DB: d, Catalog: catalog, Log: log, Origin: strings.TrimRight(origin, "/"), mux: http.NewServeMux(), raw: http.NewServeMux(), found: map[string]int{}}
}

// Get registers a page: "/organisations/{id}" answers at /{lang}/organisations/{id}.
func (r *Router) Get(pattern string, p access.Policy, h Handler) { r.add("GET", pattern, p, h) }

// Post registers a form's target.
func (r *Router) Post(pattern string, p access.Policy, h Handler) { r.add("POST", pattern, p, h) }

func (r *Router) add(method, pattern string, p access.Policy, h Handler) {
	if p.Allow == nil {
		panic("web: no policy for " + method + " " + pattern)
	}
	if method == http.MethodGet {
		r.found["GET "+full(pattern)] = len(r.routes)
	}
	r.routes = append(r.routes, Route{method, pattern, p})
	if bySecret(pattern) {
		h = r.unguessed(h)
	}
	r.mux.HandleFunc(method+" "+full(pattern), func(w http.ResponseWriter, req *http.Request) { r.serve(w, req, p, h) })
}

// Raw registers what has no language: assets, files, health, the API.
func (r *Router) Raw(pattern string, h http.Handler) { r.raw.Handle(pattern, h) }

// Routes lists the pages and forms, sorted, for the access matrix.
func (r *Router) Routes() []Route {
	list := append([]Route(nil), r.routes...)
	sort.Slice(list, func(i, j int) bool {
		return list[i].Pattern < list[j].Pattern || list[i].Pattern == list[j].Pattern && list[i].Method < list[j].Method
	})
	return list
}

// MayOpen tells whether an actor may come in at a page: its route is there and
// the policy lets them. The page may still refuse the thing asked for.
func (r *Router) MayOpen(path string, a people.Actor) bool {
	path, _, _ = strings.Cut(path, "?")
	route := r.pageOf(path)
	return route != nil && route.Policy.Allow(a)
}

// PageOf finds the page of a path without language and query; ok is false when
// there is none.
func (r *Router) PageOf(path string) (page Route, ok bool) {
	if route := r.pageOf(path); route != nil {
		return *route, true
	}
	return Route{}, false
}

func full(pattern string) string {
	if pattern == "/" {
		return "/{lang}/{$}"
	}
	return "/{lang}" + pattern
}

// Handler gives the whole, with what stands before every route.
func (r *Router) Handler() http.Handler {
	r.mux.HandleFunc("GET /{$}", r.welcome)
	r.mux.HandleFunc("/", r.lost)
	sameOrigin := http.NewCrossOriginProtection()
	sameOrigin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.fail(r.ctx(w, req), fault.Forbidden("web.cross-site", "This form was sent from another site. Open the page again and send it from there."))
	}))
	return r.guard(sameOrigin.Handler(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if !fitAddress(req.URL) {
			r.fail(r.ctx(w, req), fault.Missing())
			return
		}
		if to := r.askedOther(req); to != "" {
			w.Header().Set("Cache-Control", "no-cache")
			http.Redirect(w, req, to, http.StatusPermanentRedirect) // #nosec G710 -- askedOther stays on this site
			return
		}
		w = r.leadOn(w, req)
		if _, pattern := r.raw.Handler(req); pattern != "" {
			r.raw.ServeHTTP(w, req)
			return
		}
		r.mux.ServeHTTP(w, req)
	})))
}

// guard sets the headers of every answer, bounds its body and catches panics.
func (r *Router) guard(next http.Handler) http.Handler {
	csp := "default-src 'none'; style-src 'self' 'sha256-" + design.CoreCSSHash() + "'; script-src 'self'; img-src 'self'; font-src 'self'; " +
		"connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
		"require-trusted-types-for 'script'; trusted-types alliance offline"
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "geolocation=(), camera=(), microphone=(), interest-cohort=()")
		if strings.HasPrefix(r.Origin, "https://") {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		var asked *db.Asked
		if r.Timing || r.Seen != nil {
			var ctx context.Context
			ctx, asked = db.Counting(req.Context())
			req = req.WithContext(ctx)
		}
		if r.Timing {
			w = &timed{ResponseWriter: w, began: time.Now(), asked: asked}
		}
		if req.Method == http.MethodPost {
			req = req.WithContext(context.WithValue(req.Context(), wholeBody{}, req.Body))
		}
		if r.Seen != nil {
			s := &seen{ResponseWriter: w, status: http.StatusOK}
			w = s
			defer func(began time.Time) { r.Seen(req, s.status, began, asked.Queries()) }(time.Now())
		}
		req.Body = http.MaxBytesReader(w, req.Body, MaxBody)
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				r.Log.Error("panic", "what", p, "route", req.Pattern, "stack", stack())
				r.fail(r.ctx(w, req), errors.New("panic"))
			}
		}()
		next.ServeHTTP(w, req)
	})
}

// timed tells in a header how long an answer took until its first byte, and
// how often it asked the database.
type timed struct {
	http.ResponseWriter
	began time.Time
	asked *db.Asked
}

func (t *timed) WriteHeader(status int) {
	t.Header().Set("Server-Timing", fmt.Sprintf(`app;dur=%.3f, sql;desc="%d"`, float64(time.Since(t.began))/1e6, t.asked.Queries()))
	t.ResponseWriter.WriteHeader(status)
}

// seen remembers the status of an answer.
type seen struct {
	http.ResponseWriter
	status int
}

func (s *seen) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController find what is below.
func (s *seen) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// MaxBody bounds every request body, uploads included.
const MaxBody = 12 << 20

// wholeBody is where a request keeps its body without the bound.
type wholeBody struct{}

// drain lets the rest of a body that is too large go by, unread and unkept, for
// a while: a browser shows the answer only when it has sent all.
func drain(w http.ResponseWriter, req *http.Request) {
	if body, ok := req.Context().Value(wholeBody{}).(io.Reader); ok {
		http.NewResponseController(w).SetReadDeadline(time.Now().Add(time.Minute))
		io.CopyN(io.Discard, body, 512<<20)
	}
}

// welcome sends a visitor to the language their browser asks for.
func (r *Router) welcome(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Vary", "Accept-Language")
	w.Header().Set("Cache-Control", "no-cache")
	http.Redirect(w, req, "/"+r.negotiate(req)+"/", http.StatusFound)
}

func (r *Router) negotiate(req *http.Request) string {
	best := locale.Negotiate(req.Header.Get("Accept-Language"))
	offered := r.settings(req.Context()).Languages
	for _, l := range offered {
		if l == best {
			return l
		}
	}
	if len(offered) > 0 {
		return offered[0]
	}
	return "en"
}

func (r *Router) lost(w http.ResponseWriter, req *http.Request) {
	// /fr without the slash, and pages without a language, are typed by hand and printed on paper.
	if first, rest, _ := strings.Cut(strings.TrimPrefix(req.URL.Path, "/"), "/"); req.Method == http.MethodGet && rest == "" && !strings.HasSuffix(req.URL.Path, "/") && r.offers(req.Context(), first) {
		http.Redirect(w, req, "/"+first+"/", http.StatusMovedPermanently) // #nosec G710 -- it is a language offered here
		return
	}
	if r.withoutLanguage(w, req) {
		return
	}
	if c := r.ctx(w, req); !r.closed(c) {
		r.fail(c, fault.Missing())
	}
}

// withoutLanguage sends who asks for a page without a language, as mails and
// people who type do, to the one in theirs.
func (r *Router) withoutLanguage(w http.ResponseWriter, req *http.Request) bool {
	path := strings.TrimRight(req.URL.Path, "/") // the mux added a slash to /organisations: it could be a language
	if req.Method != http.MethodGet || path == "" || r.pageOf(path) == nil {
		return false
	}
	to := "/" + r.negotiate(req) + path
	if req.URL.RawQuery != "" {
		to += "?" + req.URL.RawQuery
	}
	w.Header().Set("Vary", "Accept-Language")
	w.Header().Set("Cache-Control", "no-cache")
	http.Redirect(w, req, to, http.StatusFound) // #nosec G710 -- begins with a language offered here
	return true
}

// pageOf finds the page of a path without language; nil when there is none.
func (r *Router) pageOf(path string) *Route {
	req, err := http.NewRequest(http.MethodGet, "/en"+path, nil) // #nosec G704 -- never sent: it asks the mux
	if err != nil {
		return nil
	}
	_, pattern := r.mux.Handler(req)
	if i, ok := r.found[pattern]; ok {
		return &r.routes[i]
	}
	return nil
}

func (r *Router) offers(ctx context.Context, tag string) bool {
	for _, l := range r.settings(ctx).Languages {
		if l == tag {
			return true
		}
	}
	return false
}

// unread is the version of settings that could not be read yet: a node that
// starts while its data is away knows neither the languages nor the name.
const unread = -1

// settings gives what the alliance says of itself, read again when anything
// changed. Before the first start every language is offered.
func (r *Router) settings(ctx context.Context) alliance.Alliance {
	version := r.DB.Version()
	if kept := r.alliance.Load(); kept != nil && kept.version == version {
		return kept.alliance
	}
	a, err := alliance.Load(ctx, r.DB)
	if err != nil {
		r.Log.Error("settings", "err", err)
		if kept := r.alliance.Load(); kept != nil {
			return kept.alliance // as they were, while the data is away
		}
		return alliance.Alliance{Version: unread, Languages: locale.Languages}
	}
	if a.Version == 0 {
		a.Languages = locale.Languages
	}
	r.alliance.Store(&settings{version, a})
	return a
}

// closed tells whether the house waits for its first start or for its data, and answers so.
func (r *Router) closed(c *Ctx) bool {
	if c.Alliance.Version == unread {
		r.fail(c, fault.Away())
		return true
	}
	if r.SetUp == "" || c.Alliance.Version != 0 || strings.HasPrefix(c.View.Path, r.SetUp) {
		return false
	}
	c.keep, c.status = false, http.StatusServiceUnavailable
	c.W.Header().Set("Cache-Control", "no-store")
	text := c.View.T("web.closed", "This house is not open yet. Whoever installed it finds the way in on the console.")
	if err := c.Page(design.ErrorPage(c.View, c.status, c.View.T("web.closed.title", "Not set up yet"), text, "")); err != nil {
		r.Log.Error("closed page", "err", err)
	}
	return true
}

// Routes lists every page and form of the house.
func (c *Ctx) Routes() []Route { return c.router.Routes() }
