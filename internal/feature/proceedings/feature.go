// Package proceedings makes the book of an assembly: who came, what was raised
// and proposed, what the committee made of it, what was decided, what follows,
// and what has no trace.
//
// The one idea: nothing is written for the book. It is drawn from entries and
// lineage as they stand, so that what the report of a meeting says can be
// followed to the words it came from, and the book is there in every language
// the texts have.
package proceedings

import (
	"context"
	"embed"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

// Asks are what the book wants to know of other features.
type Asks struct {
	// Registered lists the organisations that took part.
	Registered func(ctx context.Context, q db.Q, assembly string) ([]string, error)
	// Programme calls each for every point, in order; starts 0 = only the order is known.
	Programme func(ctx context.Context, q db.Q, assembly string, each func(starts db.Instant, title lang.Text, place string)) error
	// Zone is the time zone of the assembly.
	Zone func(ctx context.Context, q db.Q, assembly string) (string, error)
	// Outcome gives the words for the class of a motion that was voted on; ok false: it was not.
	Outcome func(class string) (said locale.Phrase, ok bool)
}

// Proceedings is the feature.
type Proceedings struct {
	*feature.House
	asks Asks
}

// New puts it together.
func New(h *feature.House, asks Asks) feature.Feature {
	p := &Proceedings{House: h, asks: asks}
	return feature.Feature{Name: "proceedings", Phrases: phrases, Pages: p.pages, Board: p.board}
}

func (p *Proceedings) pages(r *web.Router) {
	r.Get("/assemblies/{id}/proceedings", access.Everyone, p.show)
}

func (p *Proceedings) show(c *web.Ctx) error {
	e, err := entry.See(c.Context(), c.DB, c.Actor, "assembly", c.Path("id"))
	if err != nil {
		return err
	}
	b, err := p.gather(c.Context(), c.DB, c.Actor, e, c.Alliance)
	if err != nil {
		return err
	}
	return c.Page(bookPage(c.View, b))
}

// board leads to the book from the assembly's page.
func (p *Proceedings) board(_ context.Context, _ db.Q, _ people.Actor, of entry.Entry) ([]feature.Tab, error) {
	if of.Kind != "assembly" {
		return nil, nil
	}
	return []feature.Tab{{Label: locale.Phrase{Key: "proceedings.tab", English: "Proceedings"}, Path: "/assemblies/" + of.ID + "/proceedings", Order: 90}}, nil
}
