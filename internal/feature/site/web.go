package site

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/web"
)

func (s *Site) about(c *web.Ctx) error         { return c.Page(aboutPage(c.View)) }
func (s *Site) accessibility(c *web.Ctx) error { return c.Page(accessibilityPage(c.View, s.Contact)) }
func (s *Site) privacy(c *web.Ctx) error       { return c.Page(privacyPage(c.View, s.Contact, s.Demo)) }

// exit is where somebody lands who leaves a sensitive page in a hurry: a day
// and nothing that says where they came from.
func (s *Site) exit(c *web.Ctx) error { return c.Page(exitPage(c.View)) }

// robots lets everybody read, and keeps machines out of what has no end.
func (s *Site) robots() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "max-age=3600")
		fmt.Fprintf(w, "User-agent: *\nDisallow: /*/search?\nDisallow: /*/exit\nDisallow: /*/sign-in?\nDisallow: /*/sign-in/\nDisallow: /*/join/\nDisallow: /*/demo/\n\nSitemap: %s/sitemap.xml\n", s.origin(req)) // #nosec G705 -- plain text, which no browser takes for anything else
	})
}

func (s *Site) origin(req *http.Request) string {
	if s.Origin != "" {
		return s.Origin
	}
	return "http://" + req.Host
}

// mapped are the kinds that have a page worth finding from outside: what has a
// list of its own, and what meetings make.
func (s *Site) mapped() (kinds []string) {
	for name, k := range s.Kinds {
		if k.List != "" || slices.Contains([]string{"assembly", "workshop", "item", "action", "motion", "proposal"}, name) {
			kinds = append(kinds, name)
		}
	}
	return kinds
}

// mappedMost is how many entries of all are listed, newest first: a sitemap has a limit.
const mappedMost = 5000

type sitemapURL struct {
	Loc   string `xml:"loc"`
	Mod   string `xml:"lastmod,omitempty"`
	Links []sitemapLink
}

type sitemapLink struct {
	XMLName xml.Name `xml:"xhtml:link"`
	Rel     string   `xml:"rel,attr"`
	Lang    string   `xml:"hreflang,attr"`
	Href    string   `xml:"href,attr"`
}

// sitemap lists the public pages with their addresses in every language.
func (s *Site) sitemap() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := s.drawn.Get(req.Context(), s.DB, s.origin(req), func(ctx context.Context) ([]byte, error) { return s.drawMap(req.WithContext(ctx)) })
		if err != nil {
			s.Log.Error("sitemap", "err", err)
			http.Error(w, "the list could not be made", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/xml; charset=utf-8")
		w.Header().Set("Cache-Control", "max-age=3600")
		w.Write(body) // #nosec G705 -- written by encoding/xml
	})
}

func (s *Site) drawMap(req *http.Request) ([]byte, error) {
	a, err := alliance.Load(req.Context(), s.DB)
	if err != nil {
		return nil, err
	}
	origin, langs := s.origin(req), a.Languages
	if len(langs) == 0 {
		langs = []string{"en"}
	}
	at := func(path, mod string) sitemapURL {
		u := sitemapURL{Loc: origin + "/" + langs[0] + path, Mod: mod}
		for _, l := range langs {
			u.Links = append(u.Links, sitemapLink{Rel: "alternate", Lang: l, Href: origin + "/" + l + path})
		}
		return u
	}
	var urls []sitemapURL
	paths := []string{"/", "/map", "/organisations", "/assemblies", "/agenda", "/about", "/accessibility", "/privacy", "/open", "/help"}
	for _, k := range s.Kinds {
		if k.List != "" {
			paths = append(paths, k.List)
		}
	}
	slices.Sort(paths[1:])
	for _, path := range slices.Compact(paths) {
		urls = append(urls, at(path, ""))
	}
	list, err := entry.List(req.Context(), s.DB, entry.Filter{Kinds: s.mapped(), Order: entry.ByNew, Limit: mappedMost})
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		if path := s.pathOf(e); path != "" {
			urls = append(urls, at(path, e.Changed.Time().UTC().Format("2006-01-02")))
		}
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	err = xml.NewEncoder(&b).Encode(struct {
		XMLName xml.Name     `xml:"urlset"`
		NS      string       `xml:"xmlns,attr"`
		XHTML   string       `xml:"xmlns:xhtml,attr"`
		URLs    []sitemapURL `xml:"url"`
	}{NS: "http://www.sitemaps.org/schemas/sitemap/0.9", XHTML: "http://www.w3.org/1999/xhtml", URLs: urls})
	return b.Bytes(), err
}

// openSearch describes the search to browsers, which then offer it where one
// types an address.
func (s *Site) openSearch(c *web.Ctx) error {
	type address struct {
		Type     string `xml:"type,attr"`
		Template string `xml:"template,attr"`
	}
	v := c.View
	name := []rune(v.Alliance)
	var b bytes.Buffer
	b.WriteString(xml.Header)
	err := xml.NewEncoder(&b).Encode(struct {
		XMLName     xml.Name `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
		ShortName   string
		Description string
		Language    string
		URL         address `xml:"Url"`
		Encoding    string  `xml:"InputEncoding"`
	}{ShortName: string(name[:min(len(name), 16)]), Description: v.T("site.search.describe", "Search at {alliance}", "alliance", v.Alliance), Language: v.Lang(),
		URL: address{"text/html", v.Origin + v.Href("/search") + "?q={searchTerms}"}, Encoding: "UTF-8"})
	if err != nil {
		return err
	}
	return c.Bytes("application/opensearchdescription+xml; charset=utf-8", b.Bytes())
}
