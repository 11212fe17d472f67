package entry

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/search"
)

// Forget erases the words of an entry for good: all fields in all languages and
// versions, who signed it, and its words in the search. What stays is that
// there was an entry, when, of which kind, about which theme and where; its
// state is the caller's matter. The journal tells of it.
func Forget(ctx context.Context, tx *db.Tx, a people.Actor, entry string) error {
	e, err := Past(ctx, tx, entry)
	if err != nil {
		return err
	}
	if err := forgetMerges(ctx, tx, a, entry); err != nil {
		return err
	}
	e.Fields, e.Signed = map[string]lang.Text{}, ""
	if _, err := tx.Exec(ctx, `UPDATE entry SET fields = '{}', title_key = '', signed = '' WHERE id = $1`, entry); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE entry_revision SET fields = '{}', facts = '{}' WHERE entry = $1`, entry); err != nil {
		return err
	}
	if err := search.Put(ctx, tx, e.words(nil)); err != nil {
		return err
	}
	journal.Tell(tx, a, journal.Event{Verb: e.Kind + ".forgotten", Kind: e.Kind, Subject: e.ID, Scope: e.Parent})
	return nil
}
