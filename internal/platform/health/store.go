package health

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/file"
)

// Store says how much a house holds. Sizes in octets.
type Store struct {
	Engine   db.Engine
	Version  string // of the engine
	Database int64
	Files    int64 // people sent, each content once
	Count    int64 // of those
	Free     int64 // -1 = this system does not tell
	Schema   int   // migrations done
	Entries  int64
	Journal  int64 // lines
	People   int64 // accounts that are not erased
}

// Measure says how much the house holds.
func (h House) Measure(ctx context.Context) (s Store, err error) {
	s = Store{Engine: h.DB.Engine, Free: -1}
	ask := func(into *int64, text string) {
		if err == nil {
			*into, err = db.One(ctx, h.DB, db.Value[int64], text)
		}
	}
	ask(&s.Files, `SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM (SELECT DISTINCT hash, size FROM file) f`)
	ask(&s.Count, `SELECT count(DISTINCT hash) FROM file`)
	ask(&s.Entries, `SELECT count(*) FROM entry`)
	ask(&s.Journal, `SELECT n FROM journal_head WHERE one = 1`)
	ask(&s.People, `SELECT count(*) FROM person WHERE erased = 0`)
	if err != nil {
		return s, err
	}
	done, err := h.DB.Migrations(ctx)
	if err != nil {
		return s, err
	}
	s.Schema = len(done)
	if s.Version, s.Database, err = h.DB.About(ctx); err != nil {
		return s, err
	}
	if octets, ok := file.Free(h.Folder); ok {
		s.Free = octets
	}
	return s, err
}
