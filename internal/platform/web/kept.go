package web

import (
	"net/http"
	"net/url"
	"strings"

	"alliance/internal/platform/entry"
	"alliance/internal/platform/id"
	"alliance/internal/platform/people"
)

// kept leads on from addresses of records that were given up for another: where
// an answer would be "not found" and an identifier in the address stands for
// another one now, it becomes a redirect to the same page, file or operation
// of that one. Nothing is asked of the database unless something is not found.
type kept struct {
	http.ResponseWriter
	router *Router
	req    *http.Request
	led    bool
}

// leadOn wraps the answer where the address has an identifier in it.
func (r *Router) leadOn(w http.ResponseWriter, req *http.Request) http.ResponseWriter {
	if req.Method != http.MethodGet && req.Method != http.MethodHead || !named(req.URL) {
		return w
	}
	return &kept{ResponseWriter: w, router: r, req: req}
}

// Unwrap lets http.ResponseController find what is below.
func (k *kept) Unwrap() http.ResponseWriter { return k.ResponseWriter }

func (k *kept) WriteHeader(status int) {
	if status != http.StatusNotFound {
		k.ResponseWriter.WriteHeader(status)
		return
	}
	to := k.router.standsFor(k.req)
	if to == "" {
		k.ResponseWriter.WriteHeader(status)
		return
	}
	k.led = true
	h := k.Header()
	for _, name := range []string{"Content-Type", "Content-Length", "Content-Encoding", "Content-Language", "Content-Disposition", "ETag"} {
		h.Del(name)
	}
	h.Set("Location", to)
	h.Set("Cache-Control", "no-cache") // a merge can be taken back
	status = http.StatusMovedPermanently
	if strings.HasPrefix(k.req.URL.Path, APIPrefix+"/") {
		status = http.StatusPermanentRedirect
	}
	k.ResponseWriter.WriteHeader(status)
}

func (k *kept) Write(b []byte) (int, error) {
	if k.led {
		return len(b), nil
	}
	return k.ResponseWriter.Write(b)
}

// mostNamed is how many identifiers of one address are looked up: no page of
// ours names more.
const mostNamed = 8

// asked are the names of queries whose value is an identifier.
var asked = []string{"by", "organisation", "entry"}

// named tells that an address holds an identifier in its path.
func named(u *url.URL) bool {
	for part := range strings.SplitSeq(u.Path, "/") {
		if _, ok := identifier(part); ok {
			return true
		}
	}
	return false
}

// identifier gives the one with which a part of a path begins: "4k….geojson".
func identifier(part string) (string, bool) {
	one, _, _ := strings.Cut(part, ".")
	return one, id.Valid(one)
}

// standsFor gives the address of what is kept, "" where nothing was given up,
// or where who asks may not know of what was kept.
func (r *Router) standsFor(req *http.Request) string {
	parts := strings.Split(req.URL.Path, "/")
	changed, left := false, mostNamed
	for i, part := range parts {
		one, ok := identifier(part)
		if !ok {
			continue
		}
		if left--; left < 0 {
			return ""
		}
		if to := r.other(req, one); to != "" {
			parts[i], changed = to+strings.TrimPrefix(part, one), true
		}
	}
	if !changed {
		return ""
	}
	return here(strings.Join(parts, "/"), req.URL.RawQuery)
}

// other gives the identifier another one stands for, "" for itself. Strangers
// learn it only of what everybody may read.
func (r *Router) other(req *http.Request, one string) string {
	to, err := entry.KeptFor(req.Context(), r.DB, one)
	if err != nil || to == "" || to == one {
		if err != nil {
			r.Log.Error("what was kept", "err", err)
		}
		return ""
	}
	if req.Header.Get("Cookie") == "" && req.Header.Get("Authorization") == "" {
		heads, err := entry.Heads(req.Context(), r.DB, []string{to})
		if e, ok := heads[to]; err != nil || !ok || !e.Visible(people.Actor{}) {
			return ""
		}
	}
	return to
}

// askedOther gives the address of a list that is narrowed by a record which was
// given up: the same list of the one that is kept. "" for all others.
func (r *Router) askedOther(req *http.Request) string {
	if req.Method != http.MethodGet && req.Method != http.MethodHead || req.URL.RawQuery == "" {
		return ""
	}
	values, changed, left := req.URL.Query(), false, mostNamed
	for _, name := range asked {
		for i, one := range values[name] {
			if !id.Valid(one) {
				continue
			}
			if left--; left < 0 {
				return ""
			}
			if to := r.other(req, one); to != "" {
				values[name][i], changed = to, true
			}
		}
	}
	if !changed {
		return ""
	}
	return here(req.URL.Path, values.Encode())
}

// here gives an address on this site, "" for one that would lead away: browsers
// take what begins with two slashes for another host.
func here(path, query string) string {
	if strings.HasPrefix(path, "//") {
		return ""
	}
	to := url.URL{Path: path, RawQuery: query}
	return to.String()
}
