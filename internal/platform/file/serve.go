package file

import (
	"alliance/internal/platform/fault"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Sent takes the file of a field of a form, with Take; nil when none was sent.
func (s *Store) Sent(r *http.Request, l Limits) (*Taken, error) {
	field := l.filled().Field
	sent, head, err := r.FormFile(field)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.Invalid(field, "web.form", "This form could not be read. Open the page again.")
	}
	defer sent.Close()
	if head.Size == 0 && head.Filename == "" {
		return nil, nil
	}
	t, err := s.Take(r.Context(), sent, head.Filename, l)
	if err != nil {
		return nil, err
	}
	return &t, nil
}

// Serve sends a file's content, after the caller has asked who may have it. It
// comes as an attachment that runs nothing, whatever it holds; pages may still
// show it as a picture. The error is for a content that is not there: nothing
// was written then.
func (s *Store) Serve(w http.ResponseWriter, r *http.Request, f File) error {
	content, err := s.Open(r.Context(), f)
	if err != nil {
		return err
	}
	defer content.Close()
	h := w.Header()
	kind := f.Type
	if strings.HasPrefix(kind, "text/") {
		kind += "; charset=utf-8"
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", disposition(f.Name))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("ETag", `"`+f.Hash+`"`)
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "private, no-cache") // may be kept, but rights are asked each time
	}
	http.ServeContent(w, r, "", f.At.Time(), content)
	return nil
}

// disposition is RFC 6266: a plain name for old programs, the true one in UTF-8.
func disposition(name string) string {
	var plain, full strings.Builder
	for _, r := range name {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune(" .-_()", r):
			plain.WriteRune(r)
		default:
			plain.WriteByte('_')
		}
	}
	for _, c := range []byte(name) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("!#$&+-.^_`|~", c) >= 0:
			full.WriteByte(c)
		default:
			fmt.Fprintf(&full, "%%%02X", c)
		}
	}
	return `attachment; filename="` + plain.String() + `"; filename*=UTF-8''` + full.String()
}
