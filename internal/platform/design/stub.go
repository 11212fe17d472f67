// Package design: STUB by the lead so that web compiles. The owner of design replaces this file entirely.
package design

import (
	"context"
	"embed"
	"io"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"alliance/internal/platform/locale"
)

//go:embed phrases
var Phrases embed.FS

const KeyField = "key"

type Link struct {
	Href, Label string
	Current     bool
}
type Acting struct{ Person, For string }
type DemoBar struct{}
type FieldError struct{ Field, Message string }
type View struct {
	*locale.Printer
	Alliance, Origin, Path, Query string
	Langs                         []string
	Menu                          []Link
	Acting                        *Acting
	Demo                          *DemoBar
	Flash                         string
	Errors                        []FieldError
	SaveData                      bool
	Now                           time.Time
}

func (v View) Href(path string) string { return "/" + v.Lang() + path }
func CoreCSSHash() string              { return "" }
func Handler() http.Handler            { return http.NotFoundHandler() }
func ErrorPage(v View, status int, title, text, reference string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<main><h1>"+title+"</h1><p>"+text+"</p></main>")
		return err
	})
}
