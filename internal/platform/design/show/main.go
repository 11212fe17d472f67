// Show serves every component on a few invented pages, to look at and to run
// checks against: go run ./internal/platform/design/show -listen 127.0.0.1:8090
package main

import (
	"flag"
	"fmt"
	"log"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/klauspost/compress/gzhttp"

	"alliance/internal/platform/design"
	"alliance/internal/platform/locale"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8090", "address")
	flag.Parse()
	h, err := handler("http://" + *listen)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("http://" + *listen + "/fr/")
	log.Fatal(http.ListenAndServe(*listen, h))
}

var pages = map[string]func(design.View) templ.Component{
	"/": home, "/form": form, "/list": list, "/text": text, "/vote": vote, "/rights": rights, "/lost": lost, "/confirm": confirm,
}

func handler(origin string) (http.Handler, error) {
	catalog, err := locale.New(design.Phrases)
	if err != nil {
		return nil, err
	}
	csp := "default-src 'none'; style-src 'self' 'sha256-" + design.CoreCSSHash() + "'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types alliance"
	mux := http.NewServeMux()
	mux.HandleFunc("/{lang}/live", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "<p>"+time.Now().Format(time.TimeOnly)+"</p>")
	})
	mux.HandleFunc("/{lang}/{page...}", func(w http.ResponseWriter, r *http.Request) {
		v := view(catalog, origin, r)
		page, ok := pages[v.Path]
		h := w.Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Permissions-Policy", "geolocation=(), camera=(), microphone=()")
		h.Set("Content-Language", v.Lang())
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Cache-Control", "no-cache")
		if v.Path == "/rights" {
			h.Set("Cache-Control", "no-store")
		}
		switch {
		case !ok:
			w.WriteHeader(http.StatusNotFound)
			page = lost
		case r.Method == http.MethodPost:
			v.Errors = errorsOf(v)
			w.WriteHeader(http.StatusUnprocessableEntity)
		}
		if err := page(v).Render(r.Context(), w); err != nil {
			log.Print(err)
		}
	})
	assets := design.Handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/s/") || r.URL.Path == "/favicon.ico" {
			assets.ServeHTTP(w, r)
			return
		}
		gzhttp.GzipHandler(mux).ServeHTTP(w, r)
	}), nil
}

func view(catalog *locale.Catalog, origin string, r *http.Request) design.View {
	v := design.View{
		Printer: catalog.For(r.PathValue("lang")), Alliance: "Alliance Migrations", Origin: origin,
		Path: "/" + r.PathValue("page"), Query: r.URL.RawQuery, Langs: locale.Languages, Now: now,
	}
	for path, words := range map[string]string{"/list": "Organisations", "/text": "Propositions", "/form": "Agenda", "/vote": "Plénière"} {
		v.Menu = append(v.Menu, design.Link{Href: v.Href(path), Label: words, Current: strings.HasPrefix(v.Path, path)})
	}
	for i := range v.Menu { // the map's order is nobody's
		for j := i + 1; j < len(v.Menu); j++ {
			if v.Menu[j].Href < v.Menu[i].Href {
				v.Menu[i], v.Menu[j] = v.Menu[j], v.Menu[i]
			}
		}
	}
	if r.URL.Query().Get("as") != "" || v.Path == "/vote" {
		v.Acting = &design.Acting{Person: "Aïssata Diallo", For: "Ville de Grenoble", Unread: 3}
		v.Demo = &design.DemoBar{Current: "b", Note: "Contenu inventé, sauf 2019", Roles: []design.Option{{Value: "", Label: "Visiteur"}, {Value: "b", Label: "Déléguée de Grenoble"}, {Value: "c", Label: "Rapporteur de l’atelier 1"}}}
	}
	return v
}

var now = time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
