package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/mirror"
	"alliance/internal/platform/people"
)

// needsServer are pages that everybody may open and that say nothing in a copy:
// they are a form, an answer to one, or made for other programs to ask again.
var needsServer = map[string]bool{
	"/search": true, "/opensearch.xml": true, "/oembed": true, "/embed/map": true, "/embed/{kind}": true,
	"/sign-in": true, "/sign-in/with/{id}/back": true, "/sign-out/done": true, "/sign-in/link/{secret}": true, "/sign-in/sent": true, "/invitation/{secret}": true, "/set-up/{secret}": true,
	"/demo": true, "/demo/provider": true, "/exit": true, "/offline": true, "/send/{kind}/{id}": true, "/calendar/{id}/keep": true,
	"/join": true, "/join/{code}": true, "/join/{code}/list": true, "/join/{code}/mine/{secret}": true, "/join/{code}/proposal": true, "/join/{code}/sent/{secret}": true,
	"/calendar/{id}/register": true, "/calendar/{id}/registered": true, "/registrations/{secret}": true,
	"/follow": true, "/follow/search": true, "/follow/sent": true, "/follow/confirm/{secret}": true, "/endings/quiet/{token}": true, "/following/{token}": true,
	"/propose": true, "/change/{id}": true, "/change/{id}/sent": true, "/propose/{kind}": true, "/propose/{kind}/sent": true, "/proposed/{secret}": true, "/proposed/{secret}/edit": true, "/proposed/{secret}/take-back": true,
	"/organisations/{id}/claim": true, "/organisations/{id}/claim/sent": true, "/claimed/{secret}": true, "/organisations/{id}/correct": true, "/report/{id}": true, "/report/{id}/sent": true,
}

// inCopy tells whether a path without language is of a copy.
func (a *App) inCopy(path string) bool {
	page, ok := a.Router.PageOf(path)
	return ok && page.Policy.Allow(people.Actor{}) && !needsServer[page.Pattern]
}

// WriteCopy writes the public site into a folder, as it is at an instant.
func (a *App) WriteCopy(ctx context.Context, dir string, at time.Time) (mirror.Report, error) {
	said, err := alliance.Load(ctx, a.House.DB)
	if err != nil {
		return mirror.Report{}, err
	}
	if !said.SetUp() {
		return mirror.Report{}, errors.New("this house is not set up yet: there is nothing to copy")
	}
	seeds := []string{"/", "/open"}
	for _, m := range a.Router.Menu {
		if a.inCopy(m.Path) {
			seeds = append(seeds, m.Path)
		}
	}
	for _, k := range a.House.Kinds {
		if k.List != "" {
			seeds = append(seeds, k.List)
		}
	}
	return mirror.Write(ctx, mirror.Site{
		Handler: a.Handler, Catalog: a.House.Catalog, Langs: said.Languages, Origin: a.House.Origin, Told: a.Origin != "", At: at,
		Name: func(lang string) string { return said.Name.In(lang).S }, Has: a.inCopy, Seeds: seeds,
	}, dir)
}

type copyCommand struct {
	Config `embed:""`
	Folder string `arg:"" help:"A new or empty folder, or one with an older copy, which is replaced." type:"path"`
	At     string `help:"The copy is of this instant, such as 2026-11-26T12:00:00Z. Default: now."`
}

func (s *copyCommand) Run(ctx context.Context) error {
	s.defaults()
	if err := s.mustExist(); err != nil {
		return err
	}
	at, err := instant(s.At)
	if err != nil {
		return err
	}
	s.Reading = true
	a, err := Open(ctx, s.Config)
	if err != nil {
		return err
	}
	defer a.Close()
	a.House.DB.Now = func() db.Instant { return db.At(at) }
	began := time.Now()
	r, err := a.WriteCopy(ctx, s.Folder, at)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d pages, %d files, %.1f MB, %d dead links, in %s\n", s.Folder, r.Pages, r.Files, float64(r.Bytes)/1e6, len(r.Dead), time.Since(began).Round(100*time.Millisecond))
	if len(r.Dead) > 0 {
		return fmt.Errorf("these addresses of the site answer nothing:\n%s", strings.Join(r.Dead, "\n"))
	}
	return nil
}
