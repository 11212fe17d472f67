package web

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"path"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/seal"
)

// API is the JSON side of the house, described by OpenAPI 3.1 at
// /api/v1/openapi.json. Whoever calls shows a token (Authorization: Bearer …),
// or is a visitor; cookies do not count here, so no other site can write.
type API struct {
	huma.API
	router *Router
	routes []Route
}

// APIPrefix stands before every path of the API.
const APIPrefix = "/api/v1"

// NewAPI mounts the API on the router.
func (r *Router) NewAPI(version string) *API {
	config := huma.DefaultConfig("Alliance", version)
	config.Info.Description = "Everything the pages do, for programs. Tokens are made on the account page, each for a person and a mandate."
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "/openapi", "", "/schemas"
	config.Servers = []*huma.Server{{URL: APIPrefix}}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer"}}
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaNames())
	config.CreateHooks = nil                    // no $schema links in answers: they would name the host
	config.Formats = maps.Clone(config.Formats) // the default belongs to everybody
	for name, format := range config.Formats {
		plain := format.Unmarshal
		format.Unmarshal = func(body []byte, v any) error {
			body, err := fitJSON(body)
			if err != nil {
				return err
			}
			return plain(body, v)
		}
		config.Formats[name] = format
	}
	group := http.NewServeMux()
	a := &API{API: humago.New(group, config), router: r}
	a.UseMiddleware(a.recognise)
	r.Raw(APIPrefix+"/", http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		http.StripPrefix(APIPrefix, http.HandlerFunc(func(w http.ResponseWriter, inner *http.Request) {
			defer func() { // numbers are kept by operation
				if method, path, ok := strings.Cut(inner.Pattern, " "); ok {
					req.Pattern = method + " " + APIPrefix + path
				}
			}()
			group.ServeHTTP(w, inner)
		})).ServeHTTP(w, req)
	}))
	return a
}

// schemaNames gives each shape a name of its own: features call theirs alike,
// and many have none. By package and type ("AgendaItemJSON"), with a number
// where that is not enough; always the same, since routes come in one order.
func schemaNames() func(reflect.Type, string) string {
	named := map[reflect.Type]string{}
	taken := map[string]bool{}
	return func(t reflect.Type, hint string) string {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if name, ok := named[t]; ok {
			return name
		}
		name := huma.DefaultSchemaNamer(t, hint)
		if pkg := path.Base(t.PkgPath()); t.Name() != "" && strings.HasPrefix(t.PkgPath(), "alliance/") {
			name = strings.ToUpper(pkg[:1]) + pkg[1:] + name
		}
		for n, first := 2, name; taken[name]; n++ {
			name = first + strconv.Itoa(n)
		}
		named[t], taken[name] = name, true
		return name
	}
}

type caller struct {
	actor   people.Actor
	printer *locale.Printer
	key     string
	network string
}

type callerKey struct{}

func (a *API) recognise(c huma.Context, next func(huma.Context)) {
	who := caller{printer: a.router.Catalog.For(locale.Negotiate(c.Header("Accept-Language"))), key: c.Header("Idempotency-Key")}
	who.actor.At = a.router.DB.Now()
	req, _ := humago.Unwrap(c)
	who.network = a.router.network(req)
	c.SetHeader("Cache-Control", "no-store")
	known := a.router.settings(c.Context()).Version
	if known == unread {
		c.SetHeader("Retry-After", comeBack)
		huma.WriteErr(a.API, c, http.StatusServiceUnavailable, who.printer.T(fault.Away().Key, fault.Away().English))
		return
	}
	if a.router.SetUp != "" && known == 0 {
		huma.WriteErr(a.API, c, http.StatusServiceUnavailable, who.printer.T("web.closed.title", "Not set up yet"))
		return
	}
	if token, ok := strings.CutPrefix(c.Header("Authorization"), "Bearer "); ok {
		actor, err := people.ActorOfToken(c.Context(), a.router.DB, token, a.router.DB.Now())
		if err != nil { // not the token's fault: a program that were told so would throw it away
			var status huma.StatusError
			errors.As(a.problem(who.printer, "token", err), &status)
			c.SetHeader("Retry-After", comeBack)
			huma.WriteErr(a.API, c, status.GetStatus(), status.Error())
			return
		}
		if !actor.SignedIn() {
			if !a.router.tokens.turn(who.network, badTokens, who.actor.At.Time()) {
				c.SetHeader("Retry-After", "60")
				huma.WriteErr(a.API, c, http.StatusTooManyRequests, who.printer.T("web.tokens", "Too many tokens that are not valid. Try again in a minute."))
				return
			}
		}
		if !actor.SignedIn() {
			huma.WriteErr(a.API, c, http.StatusUnauthorized, who.printer.T("web.token", "This token is not valid, or no longer."))
			return
		}
		who.actor = actor
		a.seeToken(c.Context(), token, actor)
	}
	secret, from := c.Param("secret"), ""
	if secret != "" {
		if from = a.router.Key.Mark("network", who.network); a.router.secrets.Slow(from, secret, who.actor.At) {
			c.SetHeader("Retry-After", "600")
			slow := people.TooManyFromNetwork()
			huma.WriteErr(a.API, c, http.StatusTooManyRequests, who.printer.T(slow.Key, slow.English))
			return
		}
	}
	next(huma.WithValue(c, callerKey{}, who))
	if missing := c.Status() == http.StatusNotFound; secret != "" && (missing || c.Status() < 300) {
		a.router.secrets.Tried(from, secret, !missing, who.actor.At)
	}
}

// badTokens is how many tokens that are not valid a network may try in a
// minute. Valid ones are always taken: no neighbour locks a program out.
const badTokens = 60

// seeToken notes that a token is in use; that it cannot be noted is no reason
// to refuse the call.
func (a *API) seeToken(ctx context.Context, token string, actor people.Actor) {
	if actor.Seen.Add(people.SeenEvery) > actor.At {
		return
	}
	if err := a.router.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error { return people.SeeToken(ctx, tx, token) }); err != nil {
		a.router.Log.Error("token: note of its use", "err", err)
	}
}

// Call is one call of the API: who acts, and the reader's printer.
type Call struct {
	context.Context
	Actor   people.Actor
	Printer *locale.Printer
	DB      *db.DB
	key     string
	house   *seal.Key
	Network func() string // where the call comes from, for limits: see Ctx.Network
}

// Op describes an operation: method, path under /api/v1, and one sentence.
type Op struct {
	ID, Method, Path, Summary, Tag string
	Policy                         access.Policy
	Status                         int // of success; default 200
	// Form names the fields of an operation that takes a form, as programs send it
	// that speak a language of their own: short, without a token, and refused with
	// 400. Its input has a RawBody.
	Form []string
}

// mostForm bounds such a form.
const mostForm = 64 << 10

// Handle registers an operation that reads or writes. Input and output are
// explicit structs in huma's form (path, query, header tags; Body field).
func Handle[I, O any](a *API, op Op, fn func(*Call, *I) (*O, error)) {
	operation := a.operation(op)
	huma.Register(a.API, operation, func(ctx context.Context, in *I) (*O, error) {
		call, err := a.call(ctx, op)
		var out *O
		if err == nil {
			out, err = fn(call, in)
		}
		return out, a.problem(call.Printer, op.ID, err)
	})
	if op.Form != nil {
		operation.RequestBody.Content[FormType] = &huma.MediaType{Schema: formOf(op.Form)}
	}
}

// operation is how an operation is described. What does not depend on types
// stands here and in call: the program holds a copy of Handle for each of hundreds.
func (a *API) operation(op Op) huma.Operation {
	if op.Policy.Allow == nil {
		panic("web: no policy for " + op.Method + " " + op.Path)
	}
	a.routes = append(a.routes, Route{op.Method, APIPrefix + op.Path, op.Policy})
	o := huma.Operation{
		OperationID: op.ID, Method: op.Method, Path: op.Path, Summary: op.Summary, Tags: []string{op.Tag},
		DefaultStatus: op.Status, Errors: []int{401, 403, 404, 409, 422, 429}, MaxBodyBytes: MaxBody,
	}
	if op.Form != nil {
		o.MaxBodyBytes, o.Errors, o.RequestBody = mostForm, []int{400, 413, 429}, &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{}}
	} else if op.Policy.Name != access.Everyone.Name || op.Method != http.MethodGet {
		o.Security = []map[string][]string{{"token": {}}}
	}
	return o
}

// call tells who calls, and refuses those who may not.
func (a *API) call(ctx context.Context, op Op) (*Call, error) {
	who, _ := ctx.Value(callerKey{}).(caller)
	call := &Call{Context: ctx, Actor: who.actor, Printer: who.printer, DB: a.router.DB, key: who.key, house: a.router.Key,
		Network: func() string { return a.router.Key.Mark("network", who.network) }}
	err := op.Policy.Check(who.actor)
	if err == nil && who.actor.Token && op.Method != http.MethodGet && !who.actor.Writes {
		err = fault.Forbidden("web.token.reads", "This token may only read.")
	}
	return call, err
}

// FormType is what a form is sent as.
const FormType = "application/x-www-form-urlencoded"

// formOf describes a form of texts, all of them needed.
func formOf(fields []string) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}, Required: fields}
	for _, f := range fields {
		s.Properties[f] = &huma.Schema{Type: huma.TypeString}
	}
	return s
}

// maxKey is how long the key of a call may be.
const maxKey = 64

// Write runs a change once under the call's Idempotency-Key: fn gives the
// identifier of what was made, and the same key again gives the same one.
func (c *Call) Write(fn func(context.Context, *db.Tx) (made string, err error)) (made string, err error) {
	if len(c.key) > maxKey || !utf8.ValidString(c.key) {
		return "", fault.Invalid("Idempotency-Key", "web.key.form", "The key of a call has at most {n} letters, in UTF-8.", "n", maxKey)
	}
	answer := called(c.house, c.key, c.Actor)
	err = c.DB.Do(c, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if made, err = answer.given(ctx, tx); err != nil || made != "" {
			return err
		}
		if made, err = fn(ctx, tx); err != nil {
			return err
		}
		return answer.keep(ctx, tx, made)
	})
	if err != nil {
		if again := answer.twin(c, c.DB); again != "" {
			return again, nil
		}
		return "", err
	}
	return made, nil
}

// problem turns faults into RFC 9457 answers in the caller's language.
func (a *API) problem(p *locale.Printer, operation string, err error) error {
	if err == nil {
		return nil
	}
	var status huma.StatusError
	if errors.As(err, &status) {
		return err
	}
	list := a.router.faults(err)
	if list == nil {
		reference := strings.ToUpper(id.Code(6))
		a.router.Log.Error("call failed", "reference", reference, "operation", operation, "err", err)
		return huma.Error500InternalServerError(p.T("web.broken", "Something failed on our side. Nothing was lost; please try again.") + " " + reference)
	}
	details := make([]error, len(list))
	for i, f := range list {
		details[i] = &huma.ErrorDetail{Message: p.T(f.Key, f.English, f.Args...), Location: f.Field}
	}
	answer := huma.NewError(statusOf(list[0].Kind), p.T(list[0].Key, list[0].English, list[0].Args...), details...)
	if list[0].Kind == fault.KindAway {
		return huma.ErrorWithHeaders(answer, http.Header{"Retry-After": {comeBack}})
	}
	return answer
}

// Routes lists the operations for the access matrix.
func (a *API) Routes() []Route { return a.routes }
