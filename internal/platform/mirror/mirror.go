// Package mirror writes the public site as plain files, which open from any web
// host or from a folder, without a server.
//
// The one idea: nothing is rendered a second time. Pages are asked of the
// house's own handler as a visitor without account asks, in every language, and
// links are followed from the first pages on. So a copy holds what a visitor may
// see, and nothing else; what this package adds is only where links lead. First
// all addresses are read (crawl.go), then all links are set (page.go), since
// only then it is known which of them lead to a file.
package mirror

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"alliance/internal/platform/design"
	"alliance/internal/platform/locale"
)

// Phrases holds the phrases of this package.
//
//go:embed phrases
var Phrases embed.FS

// Site is what is copied.
type Site struct {
	Handler http.Handler
	Catalog *locale.Catalog
	Name    func(lang string) string
	Langs   []string
	// Origin is how the site's own addresses begin, "https://alliance.example.org".
	Origin string
	// Told: pages of the copy lead to Origin as to where the living site is.
	Told bool
	At   time.Time
	// Has tells whether a path without language is of the copy at all.
	Has func(path string) bool
	// Seeds are paths without language from which everything else is found; "/" is one.
	Seeds []string
}

// Report is what was written.
type Report struct {
	Pages int      `json:"pages"`
	Files int      `json:"files"` // beside the pages
	Bytes int64    `json:"bytes"`
	Dead  []string `json:"-"` // links of pages that reach nothing on the site itself
}

// mark is the file by which a folder is known as a copy, which may be replaced.
const mark = "alliance-copy.json"

// ErrTaken says that there is something else where the copy should go.
var ErrTaken = errors.New("there is something else in this folder: name a new one, an empty one, or one with an older copy")

// most addresses are read: a site that has more than this has a link without end.
const most = 2_000_000

// Write writes the copy into a folder that is new or empty, or holds an older copy, which
// it replaces. Until all is written there is only a folder beside it.
func Write(ctx context.Context, s Site, dir string) (r Report, err error) {
	dir = filepath.Clean(dir)
	old, err := replaceable(dir)
	if err != nil {
		return r, err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil { // #nosec G301 -- the public site, for a web server to read
		return r, fmt.Errorf("copy: %w", err)
	}
	part, err := os.MkdirTemp(filepath.Dir(dir), filepath.Base(dir)+".part-*")
	if err != nil {
		return r, fmt.Errorf("copy: %w", err)
	}
	defer os.RemoveAll(part) // after the rename there is nothing to remove
	c := &crawl{Site: s, dir: part, seen: map[string]*visit{}, sheets: map[string]string{}}
	if err := c.all(ctx); err != nil {
		return r, fmt.Errorf("copy: %w", err)
	}
	if r, err = c.report(); err != nil {
		return r, fmt.Errorf("copy: %w", err)
	}
	if err := os.Chmod(part, 0o755); err != nil { // #nosec G302 -- the public site, for a web server to read
		return r, fmt.Errorf("copy: %w", err)
	}
	return r, putInPlace(part, dir, old)
}

// replaceable tells whether a folder is there that the copy may take the place of.
func replaceable(dir string) (old bool, err error) {
	list, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("copy: %w", err)
	case len(list) == 0 || slices.ContainsFunc(list, func(f fs.DirEntry) bool { return f.Name() == mark }):
		return true, nil
	}
	return false, fmt.Errorf("copy: %s: %w", dir, ErrTaken)
}

func putInPlace(part, dir string, old bool) error {
	aside := part + "-old"
	if old {
		if err := os.Rename(dir, aside); err != nil {
			return fmt.Errorf("copy: %w", err)
		}
	}
	if err := os.Rename(part, dir); err != nil {
		if old {
			err = errors.Join(err, os.Rename(aside, dir)) // the older copy stays where it was
		}
		return fmt.Errorf("copy: %w", err)
	}
	return os.RemoveAll(aside)
}

// all reads what there is to read, then sets the links.
func (c *crawl) all(ctx context.Context) error {
	own, err := c.ownPages(ctx)
	if err != nil {
		return err
	}
	for _, v := range own {
		for _, key := range v.out {
			c.want(key, v.key)
		}
	}
	for _, lang := range c.Langs {
		for _, path := range c.Seeds {
			c.want("/"+lang+path, "")
		}
	}
	for len(c.next) > 0 {
		if err := c.level(ctx); err != nil {
			return err
		}
	}
	var pages []*visit
	for _, v := range c.seen {
		if v.page {
			pages = append(pages, v)
		}
	}
	slices.SortFunc(pages, func(a, b *visit) int { return bytes.Compare([]byte(a.file), []byte(b.file)) })
	if err := c.loadIcons(); err != nil {
		return err
	}
	return each(ctx, pages, c.link)
}

// ownPages writes the pages that only a copy has: one in each language that says
// what it is, where links end that need a server, and the way into the languages.
func (c *crawl) ownPages(ctx context.Context) (all []*visit, err error) {
	for i, lang := range c.Langs {
		v := design.View{Printer: c.Catalog.For(lang), Alliance: c.Name(lang), Origin: c.Origin, Path: aboutPath, Langs: c.Langs, Now: c.At}
		var b bytes.Buffer
		if err := bar(v, c.living()).Render(ctx, &b); err != nil {
			return nil, err
		}
		about, err := c.own(ctx, "/"+lang+aboutPath, aboutPage(v, c.living()))
		if err != nil {
			return nil, err
		}
		all = append(all, about)
		if i == 0 {
			v.Path = "/"
			door, err := c.own(ctx, "/", doorPage(v))
			if err != nil {
				return nil, err
			}
			all = append(all, door)
		}
		c.bars = append(c.bars, b.String())
	}
	return all, nil
}

func (c *crawl) living() string {
	if c.Told {
		return c.Origin
	}
	return ""
}

// report counts what lies in the folder and leaves the mark.
func (c *crawl) report() (r Report, err error) {
	err = filepath.WalkDir(c.dir, func(path string, f fs.DirEntry, err error) error {
		if err != nil || f.IsDir() {
			return err
		}
		info, err := f.Info()
		if err != nil {
			return err
		}
		r.Bytes += info.Size()
		if filepath.Ext(path) == ".html" {
			r.Pages++
		} else {
			r.Files++
		}
		return nil
	})
	if err != nil {
		return r, err
	}
	slices.Sort(c.dead)
	r.Dead = slices.Compact(c.dead)
	b, err := json.MarshalIndent(struct {
		Of string    `json:"copy_of"`
		At time.Time `json:"at"`
		Report
	}{c.Name(c.Langs[0]), c.At.UTC(), r}, "", " ")
	if err != nil {
		return r, err
	}
	return r, os.WriteFile(filepath.Join(c.dir, mark), b, 0o644) // #nosec G306 -- the public site, for a web server to read
}

// each runs fn on all of a list, on all processors; the first error ends it.
func each[T any](ctx context.Context, list []T, fn func(context.Context, T) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	feed := make(chan T)
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(list)) {
		all.Go(func() {
			for one := range feed {
				if err := fn(ctx, one); err != nil {
					cancel(err)
				}
			}
		})
	}
	for _, one := range list {
		if ctx.Err() != nil {
			break
		}
		feed <- one
	}
	close(feed)
	all.Wait()
	return context.Cause(ctx)
}
