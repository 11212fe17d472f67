package notice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/job"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/people"
)

const copyKind = "notice.copy"

// Copies sends the copies of notices by mail.
type Copies struct {
	DB *db.DB
	// Words gives the printer of a language: func(l string) notice.Printer { return catalog.For(l) }
	Words func(lang string) Printer
	// Base is the site's address without a final slash: "https://example.org".
	Base string
	// Site gives the name of the house in a language: it may change while the house runs.
	Site func(ctx context.Context, q db.Q, lang string) (string, error)
	// May tells whether a person may still see a link; nil = always. It is
	// asked when the mail is made: rights may have ended since the telling.
	May func(ctx context.Context, q db.Q, p people.Person, link string) (bool, error)
}

// Register lets the runner send copies and sweep old notices.
func (c Copies) Register(r *job.Runner) {
	r.Handle(copyKind, c.send)
	r.Every("notice.sweep", 24*time.Hour, func(ctx context.Context) error { return sweep(ctx, c.DB) })
}

func (c Copies) send(ctx context.Context, data []byte) error {
	var one string
	if err := json.Unmarshal(data, &one); err != nil {
		return job.Hopeless(fmt.Errorf("notice: %w", err))
	}
	return c.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM notice WHERE id = $1`, one)
		if errors.Is(err, db.ErrNone) {
			return nil // forgotten meanwhile
		}
		if err != nil {
			return err
		}
		// The address that ends such mails opens by itself: it lies here no longer
		// than until the mail is written, or is not needed.
		if n.Stop != "" {
			if _, err := tx.Exec(ctx, `UPDATE notice SET stop = '' WHERE id = $1`, one); err != nil {
				return err
			}
		}
		p, err := people.PersonByID(ctx, tx, n.Person)
		if fault.Is(err, fault.KindNotFound) || err == nil && (p.Erased != 0 || p.Email == "") || n.ReadAt != 0 {
			return nil // read on the site already: no mail needed
		}
		if err != nil {
			return err
		}
		if c.May != nil && n.Link != "" {
			if may, err := c.May(ctx, tx, p, n.Link); err != nil || !may {
				return err
			}
		}
		site, err := c.Site(ctx, tx, p.Lang)
		if err != nil {
			return err
		}
		return mail.Post(ctx, tx, c.message(n, p, site))
	})
}

func (c Copies) message(n Notice, p people.Person, site string) mail.Message {
	words, base := c.Words(p.Lang), strings.TrimSuffix(c.Base, "/")+"/"+p.Lang
	sentence := n.In(words)
	parts := []string{words.T("notice.mail.hello", "Hello {name},", "name", p.Name), sentence}
	if n.Link != "" {
		parts = append(parts, base+n.Link)
	}
	parts = append(parts, words.T("notice.mail.why", "You receive this mail because you have an account on {site}.", "site", site))
	m := mail.Message{To: p.Email, ToName: p.Name, Lang: p.Lang, Subject: sentence}
	if n.Stop != "" {
		m.Unsubscribe = base + n.Stop
		parts = append(parts, words.T("notice.mail.stop", "No more mails of this sort: {address}", "address", m.Unsubscribe))
	}
	m.Text = strings.Join(parts, "\n\n")
	return m
}
