package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
)

// Ctx is one request: who acts, in which language, and how to answer.
type Ctx struct {
	W        http.ResponseWriter
	R        *http.Request
	Actor    people.Actor
	View     design.View
	Alliance alliance.Alliance
	DB       *db.DB

	router *Router
	policy access.Policy
	status int
	secret string // session cookie
	from   people.Origin
	keep   bool   // the page may be kept and served to other visitors
	broken string // a field of the form that came in another encoding
	// version of the data when the request began: what is written meanwhile makes the page old
	version int64
}

// Context is the request's.
func (c *Ctx) Context() context.Context { return c.R.Context() }

// Lang is the language of the page.
func (c *Ctx) Lang() string { return c.View.Lang() }

// Path gives a part of the path: c.Path("id").
func (c *Ctx) Path(name string) string { return c.R.PathValue(name) }

// Query gives a value of the query, trimmed.
func (c *Ctx) Query(name string) string { return strings.TrimSpace(c.R.URL.Query().Get(name)) }

// Here is the path of this page with its query, without the language.
func (c *Ctx) Here() string {
	if c.View.Query == "" {
		return c.View.Path
	}
	return c.View.Path + "?" + c.View.Query
}

// Queries gives all values of a name.
func (c *Ctx) Queries(name string) []string { return c.R.URL.Query()[name] }

// Form gives a field of the form as typed, without white space around it and
// with one kind of line end.
func (c *Ctx) Form(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(c.R.PostFormValue(name), "\r\n", "\n"))
}

// Forms gives all values of a field.
func (c *Ctx) Forms(name string) []string { c.R.PostFormValue(name); return c.R.PostForm[name] }

// Whole reads a whole number from 0; what is no such number is 0.
func Whole(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// Checked tells whether a checkbox was ticked.
func (c *Ctx) Checked(name string) bool { return c.R.PostFormValue(name) != "" }

// Page answers with a page. Status 200 unless Status was called.
func (c *Ctx) Page(page templ.Component) error {
	var b bytes.Buffer
	if err := page.Render(c.Context(), &b); err != nil {
		return err
	}
	return c.send("text/html; charset=utf-8", b.Bytes())
}

// Status sets the status of the page that follows.
func (c *Ctx) Status(status int) { c.status = status }

// Private marks a page that no cache may keep: it shows something personal, or
// would betray a visit.
func (c *Ctx) Private() { c.keep = false; c.W.Header().Set("Cache-Control", "no-store") }

// Varies marks a page that depends on a header of the request beside its
// address: it is not kept for the next visitor.
func (c *Ctx) Varies(header string) { c.keep = false; c.W.Header().Add("Vary", header) }

// Bytes answers with something else than a page.
func (c *Ctx) Bytes(contentType string, body []byte) error { return c.send(contentType, body) }

// Download answers with a file to save.
func (c *Ctx) Download(name, contentType string, body []byte) error {
	c.W.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	return c.send(contentType, body)
}

// See sends the browser to another page of the same language (303).
func (c *Ctx) See(path string) error {
	http.Redirect(c.W, c.R, c.View.Href(path), http.StatusSeeOther)
	return nil
}

// Moved tells that what was asked for has another address for good (301).
func (c *Ctx) Moved(path string) error {
	http.Redirect(c.W, c.R, c.View.Href(path), http.StatusMovedPermanently)
	return nil
}

// SeeIn is See in another language of the house, and changes nothing else.
func (c *Ctx) SeeIn(lang, path string) error {
	http.Redirect(c.W, c.R, "/"+lang+path, http.StatusSeeOther)
	return nil
}

// Write runs a change once: in a transaction, under the form's idempotency
// key, then sends the browser to the path it gives. The same form sent again
// goes to the same place and changes nothing. flash is shown there.
func (c *Ctx) Write(flash string, fn func(context.Context, *db.Tx) (path string, err error)) error {
	if err := c.encoding(); err != nil {
		return err
	}
	answer := c.answer()
	var to string
	err := c.DB.Do(c.Context(), func(ctx context.Context, tx *db.Tx) error {
		var err error
		if to, err = answer.given(ctx, tx); err != nil || to != "" {
			return err
		}
		if to, err = fn(ctx, tx); err != nil {
			return err
		}
		if err := answer.keep(ctx, tx, to); err != nil {
			return err
		}
		if flash != "" && c.Actor.Session != "" {
			return people.SetFlash(ctx, tx, c.Actor.Session, flash)
		}
		return nil
	})
	if err != nil {
		again := answer.twin(c.Context(), c.DB)
		if again == "" {
			return err
		}
		to = again
	}
	return c.See(to)
}

// answer is the place of the answer to this form, by its idempotency key
// together with what was typed: whoever goes back, writes something else and
// sends again is heard again.
func (c *Ctx) answer() answer {
	key := c.R.PostFormValue(design.KeyField)
	if key == "" {
		return answer{}
	}
	sum := sha256.New()
	io.WriteString(sum, c.R.PostForm.Encode())
	if c.R.MultipartForm != nil {
		for _, name := range slices.Sorted(maps.Keys(c.R.MultipartForm.File)) {
			for _, f := range c.R.MultipartForm.File[name] {
				fmt.Fprintf(sum, "\n%s %q %d", name, f.Filename, f.Size)
			}
		}
	}
	return answer{base64.RawURLEncoding.EncodeToString(sum.Sum(nil)), sender(c.Actor), c.router.Key.With(key)}
}

// Retry answers a failed form: what a person can mend is shown on the form
// again (422) with what was typed; the rest goes up.
func (c *Ctx) Retry(err error, form func(design.View) templ.Component) error {
	list := fault.Of(err)
	if list == nil || list[0].Kind != fault.KindInvalid && list[0].Kind != fault.KindConflict && list[0].Kind != fault.KindTooLarge {
		return err
	}
	c.View.Errors = c.messages(list)
	c.status = statusOf(list[0].Kind)
	return c.Page(form(c.View))
}

func (c *Ctx) messages(list fault.List) []design.FieldError {
	out := make([]design.FieldError, len(list))
	for i, f := range list {
		out[i] = design.FieldError{Field: f.Field, Message: c.View.T(f.Key, f.English, f.Args...)}
	}
	return out
}

// Local gives a path of this site that came with a request, "" for anything
// else: no other host, nothing a browser would mend into one.
func Local(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || len(path) > 500 || strings.Contains(path, "..") {
		return ""
	}
	for _, r := range path {
		if r <= ' ' || r == '\\' || r == 0x7f {
			return ""
		}
	}
	if _, err := url.Parse(path); err != nil { // "/x%" would be a Location no browser reads
		return ""
	}
	return path
}

// NewKey gives a fresh idempotency key for a form.
func NewKey() string { return id.New() + id.New() }

// ctx puts together what is known of a request.
func (r *Router) ctx(w http.ResponseWriter, req *http.Request) *Ctx {
	c := &Ctx{W: w, R: req, DB: r.DB, router: r, status: http.StatusOK, version: r.DB.Version()}
	c.Alliance = r.settings(req.Context())
	c.Actor.At = r.DB.Now()
	// The address says the language, also of pages that do not exist.
	written := req.URL.EscapedPath() // as it was asked for: links to it in other languages say the same
	tag, path, _ := strings.Cut(strings.TrimPrefix(written, "/"), "/")
	if r.offers(req.Context(), tag) {
		path = "/" + path
	} else {
		tag, path = r.negotiate(req), written
	}
	origin := r.Origin
	if origin == "" {
		origin = "http://" + req.Host
	}
	c.View = design.View{
		Printer: r.Catalog.For(tag), Alliance: c.Alliance.Name.In(tag).S, Origin: origin, Path: path, Query: req.URL.RawQuery,
		Langs: c.Alliance.Languages, Now: c.Actor.At.Time(), SaveData: req.Header.Get("Save-Data") == "on",
	}
	if c.View.Alliance == "" {
		c.View.Alliance = "Alliance"
	}
	return c
}

// serve answers a page or a form.
func (r *Router) serve(w http.ResponseWriter, req *http.Request, p access.Policy, h Handler) {
	if r.pages.serve(w, req, r.DB.Version()) {
		return
	}
	if p.Name == access.Everyone.Name && forVisitors(req) {
		leave, served := r.pages.enter(w, req, r.DB.Version())
		if served {
			return
		}
		defer leave()
		if !bySecret(req.Pattern) { // those are opened just after they were made
			req = req.WithContext(db.MayLag(req.Context()))
		}
	}
	c := r.ctx(w, req)
	c.policy = p
	if r.closed(c) {
		return
	}
	if !r.offers(req.Context(), req.PathValue("lang")) {
		if r.withoutLanguage(w, req) {
			return
		}
		r.fail(c, fault.Missing())
		return
	}
	if err := r.recognise(c); err != nil {
		r.fail(c, err)
		return
	}
	c.keep = req.Method == http.MethodGet && c.secret == "" && p.Name == access.Everyone.Name
	w.Header().Set("Cache-Control", "private, no-cache")
	if c.keep {
		w.Header().Set("Cache-Control", "no-cache")
	}
	if err := p.Check(c.Actor); err != nil {
		r.fail(c, err)
		return
	}
	if req.Method == http.MethodPost {
		if err := parseForm(w, req); err != nil {
			r.fail(c, err)
			return
		}
		c.broken = fitForm(req)
	}
	if err := h(c); err != nil {
		r.fail(c, err)
	}
}

func parseForm(w http.ResponseWriter, req *http.Request) error {
	var err error
	if strings.HasPrefix(req.Header.Get("Content-Type"), "multipart/form-data") {
		err = req.ParseMultipartForm(1 << 20) // #nosec G120 -- guard bounds every body
	} else {
		err = req.ParseForm()
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		drain(w, req)
		return fault.TooLarge("web.too-large", "This is too large: at most {n} MB.", "n", MaxBody>>20)
	}
	if err != nil {
		return fault.Invalid("", "web.form", "This form could not be read. Open the page again.")
	}
	return nil
}

// fail turns an error into an answer: the only place that does.
func (r *Router) fail(c *Ctx, err error) {
	if c.R.Context().Err() != nil && (errors.Is(err, context.Canceled) || fault.Of(err) != nil) {
		return // nobody waits for an answer
	}
	list := r.faults(err)
	v := c.View
	c.keep = false
	if list != nil && list[0].Kind == fault.KindSignIn && c.R.Method == http.MethodGet {
		http.Redirect(c.W, c.R, v.Href("/sign-in?then="+url.QueryEscape(c.Here())), http.StatusSeeOther) // #nosec G710 -- Href stays on this site
		return
	}
	status, text, reference := http.StatusInternalServerError, v.T("web.broken", "Something failed on our side. Nothing was lost; please try again."), ""
	if list != nil {
		status = statusOf(list[0].Kind)
		text = v.T(list[0].Key, list[0].English, list[0].Args...)
	} else {
		reference = strings.ToUpper(id.Code(6))
		r.Log.Error("request failed", "reference", reference, "route", c.R.Pattern, "err", err)
	}
	c.status = status
	c.W.Header().Set("Cache-Control", "no-store")
	if status == http.StatusServiceUnavailable {
		c.W.Header().Set("Retry-After", comeBack)
	}
	title := v.Say(statusTitles[status])
	if err := c.Page(design.ErrorPage(v, status, title, text, reference)); err != nil {
		r.Log.Error("error page", "err", err)
	}
}

// comeBack is after how many seconds it is worth asking again while the data is away.
const comeBack = "10"

// faults gives what a person can act on; nil for what only the operator can mend.
func (r *Router) faults(err error) fault.List {
	list := fault.Of(err)
	if list == nil && db.Away(err) {
		r.Log.Error("the data cannot be reached or written", "err", err)
		return fault.List{fault.Away()}
	}
	return list
}

var statusTitles = map[int]locale.Phrase{
	401: {Key: "web.status.401", English: "Please sign in"},
	403: {Key: "web.status.403", English: "Not allowed"},
	404: {Key: "web.status.404", English: "Not found"},
	409: {Key: "web.status.409", English: "This has changed"},
	413: {Key: "web.status.413", English: "Too large"},
	422: {Key: "web.status.422", English: "Something to correct"},
	429: {Key: "web.status.429", English: "Too many requests"},
	500: {Key: "web.status.500", English: "Something failed"},
	503: {Key: "web.status.503", English: "Not ready just now"},
}

func statusOf(k fault.Kind) int {
	switch k {
	case fault.KindInvalid:
		return http.StatusUnprocessableEntity
	case fault.KindNotFound:
		return http.StatusNotFound
	case fault.KindForbidden:
		return http.StatusForbidden
	case fault.KindConflict:
		return http.StatusConflict
	case fault.KindTooMany:
		return http.StatusTooManyRequests
	case fault.KindTooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.KindSignIn:
		return http.StatusUnauthorized
	case fault.KindAway:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

func stack() string { return string(debug.Stack()) }
