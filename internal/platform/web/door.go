package web

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"alliance/internal/platform/fault"
)

// What comes in is made fit to be kept before anything reads it, since no
// database holds it as it is (PostgreSQL takes neither NUL nor bytes that are
// not UTF-8) and nobody sees it: control characters go, as they come along with
// what is copied from other programs. Bytes in another encoding are shown as �,
// and a form that holds them is not kept: Write says so, and its form comes
// back with what was typed.

// fit gives s without control characters; line ends and tabs stay. ok is false
// when it was in another encoding.
func fit(s string) (clean string, ok bool) {
	ok = utf8.ValidString(s)
	if ok && strings.IndexFunc(s, unseenSign) < 0 {
		return s, true
	}
	return strings.Map(func(r rune) rune {
		if unseenSign(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD")), ok
}

func unseenSign(r rune) bool {
	return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f
}

// fitValues makes all values fit and gives the first name whose value was in
// another encoding. Names no form of ours has are left out.
func fitValues(values url.Values) (broken string) {
	for name, list := range values {
		if clean, ok := fit(name); !ok || clean != name {
			delete(values, name)
			continue
		}
		for i, v := range list {
			var ok bool
			if list[i], ok = fit(v); !ok && (broken == "" || name < broken) {
				broken = name
			}
		}
	}
	return broken
}

// fitForm does it for a form that was read, names of its files included.
func fitForm(req *http.Request) (broken string) {
	broken = fitValues(req.PostForm)
	fitValues(req.Form)
	if req.MultipartForm == nil {
		return broken
	}
	fitValues(req.MultipartForm.Value)
	for _, files := range req.MultipartForm.File {
		for _, f := range files {
			f.Filename, _ = fit(f.Filename)
		}
	}
	return broken
}

// fitAddress does it for a query. It is false for a path that no page of ours
// can have; what can be shown of it stays.
func fitAddress(u *url.URL) bool {
	if strings.ContainsRune(u.RawQuery, '%') || !utf8.ValidString(u.RawQuery) {
		values := u.Query()
		if before := values.Encode(); fitValues(values) != "" || values.Encode() != before {
			u.RawQuery = values.Encode()
		}
	}
	path, ok := fit(u.Path)
	ok = ok && path == u.Path
	u.Path = path
	return ok
}

// encoding refuses to keep a form that came in another encoding.
func (c *Ctx) encoding() error {
	if c.broken == "" {
		return nil
	}
	return fault.Invalid(c.broken, "web.encoding", "Some letters came in an encoding we cannot read; they show as �. Type them again, or save the text as UTF-8.")
}

// fitJSON takes NUL out of a body and refuses other encodings.
func fitJSON(body []byte) ([]byte, error) {
	if !utf8.Valid(body) {
		return nil, errors.New("the body is not UTF-8")
	}
	if !bytes.Contains(body, []byte(`\u00`)) {
		return body, nil
	}
	clean := make([]byte, 0, len(body))
	for i := 0; i < len(body); i++ {
		if body[i] != '\\' || i+1 == len(body) {
			clean = append(clean, body[i])
			continue
		}
		if i+6 <= len(body) && hidden(string(body[i:i+6])) {
			i += 5
			continue
		}
		clean = append(clean, body[i], body[i+1])
		i++
	}
	return clean, nil
}

// hidden tells the escapes of control characters: \u0000 to \u001f and \u007f,
// but not tab and line ends.
func hidden(escape string) bool {
	switch strings.ToLower(escape) {
	case `\u0009`, `\u000a`, `\u000d`:
		return false
	case `\u007f`:
		return true
	}
	return strings.HasPrefix(escape, `\u000`) || strings.HasPrefix(escape, `\u001`)
}
