package setup

import (
	"context"
	"embed"
	"fmt"
	"time"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

// Setup is the feature.
type Setup struct {
	*feature.House
	// validate says what is wrong with a decision rule (JSON) for colleges.
	validate func(rule string, colleges []string) error
}

// New puts it together; validate may be nil.
func New(h *feature.House, validate func(rule string, colleges []string) error) feature.Feature {
	if validate == nil {
		validate = func(string, []string) error { return nil }
	}
	s := &Setup{h, validate}
	return feature.Feature{Name: "setup", Phrases: phrases, Pages: s.pages, API: s.api, Begin: s.begin}
}

// prefix of the pages that answer before the first start.
const prefix = "/set-up/"

func (s *Setup) pages(r *web.Router) {
	r.SetUp = prefix
	r.Get(prefix+"{secret}", access.Everyone, s.wizard)
	r.Post(prefix+"{secret}", access.Everyone, s.setUp)
	coordination := access.Role(people.Coordinator)
	r.Get("/settings", access.SignedIn, s.settings)
	r.Get("/settings/history", access.SignedIn, s.history)
	r.Get("/settings/history/{version}", access.SignedIn, s.version)
	r.Get("/settings/{section}", coordination, s.section)
	r.Post("/settings/{section}", coordination, s.change)
}

const (
	linkSetUp = "set-up"
	linkTime  = 7 * 24 * time.Hour
)

// begin prints the one-time link, a new one at each start until it is used.
// There is no default account: who reads the console opens the house.
func (s *Setup) begin(ctx context.Context, address string) error {
	var secret string
	err := s.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		secret = ""
		a, err := alliance.Load(ctx, tx)
		if err != nil || a.SetUp() {
			return err
		}
		if err := people.DropLinks(ctx, tx, linkSetUp, ""); err != nil {
			return err
		}
		secret, err = people.NewLink(ctx, tx, people.Link{Purpose: linkSetUp, Lasts: linkTime})
		return err
	})
	if err != nil || secret == "" {
		return err
	}
	_, err = fmt.Fprintf(s.Console, "\nThis house is not set up yet. Open this link once, within %d days, to begin:\n\n    %s%s%s\n\n", int(linkTime.Hours()/24), address, prefix, secret)
	return err
}
