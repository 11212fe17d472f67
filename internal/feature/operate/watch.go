package operate

import (
	"context"
	"slices"

	"alliance/internal/feature"
	"alliance/internal/platform/db"
	"alliance/internal/platform/health"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
)

var _ = db.Unseen("trouble")

// watch looks at the house while nobody does, and tells the operators once of
// what broke since. The log hears of it first: on a full disk a mail cannot even
// be written.
func (f *Feature) watch(ctx context.Context) error {
	if f.Demo {
		return nil // its mails reach nobody
	}
	broken := f.troubles(ctx)
	told, err := toldOf(ctx, f.DB)
	if err != nil {
		return err
	}
	for _, x := range broken {
		if !slices.Contains(told, x.Probe) {
			f.Log.Warn("the house is not well", "probe", x.Probe, "said", f.Catalog.For("en").Say(x.Said, x.Args...))
		}
	}
	return f.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := forget(ctx, tx, broken); err != nil {
			return err
		}
		told, err := toldOf(ctx, tx)
		if err != nil {
			return err
		}
		for _, x := range broken {
			if slices.Contains(told, x.Probe) {
				continue
			}
			if _, err := tx.Exec(ctx, `INSERT INTO trouble (probe, since) VALUES ($1,$2)`, x.Probe, tx.Now()); err != nil {
				return err
			}
			if err := f.tell(ctx, tx, x); err != nil {
				return err
			}
		}
		return nil
	})
}

// toldOf names the probes that operators were told of.
func toldOf(ctx context.Context, q db.Q) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `SELECT probe FROM trouble`)
}

// forget what is well again, to tell of it when it breaks once more.
func forget(ctx context.Context, tx *db.Tx, broken []health.Finding) error {
	told, err := toldOf(ctx, tx)
	if err != nil {
		return err
	}
	for _, one := range told {
		if slices.ContainsFunc(broken, func(x health.Finding) bool { return x.Probe == one }) {
			continue
		}
		if _, err := tx.Exec(ctx, `DELETE FROM trouble WHERE probe = $1`, one); err != nil {
			return err
		}
	}
	return nil
}

// tell writes to every operator in their language.
func (f *Feature) tell(ctx context.Context, tx *db.Tx, x health.Finding) error {
	operators, err := people.Holders(ctx, tx, people.Operator, "")
	if err != nil {
		return err
	}
	for _, p := range operators {
		words := f.Catalog.For(p.Lang)
		err := notice.Tell(ctx, tx, notice.New{Person: p.ID, Key: "operate.notice", English: "{what} is not well: {problem}", Link: "/operate", Mail: true,
			Args: map[string]string{"what": words.Say(x.Of), "problem": words.Say(x.Said, x.Args...)}})
		if err != nil {
			return err
		}
	}
	return nil
}

// toDo puts what is wrong on the operator's own page.
func (f *Feature) toDo(ctx context.Context, q db.Q, a people.Actor) (list []feature.Task, err error) {
	if !a.Is(people.Operator) || f.Demo {
		return nil, nil
	}
	words := f.Catalog.For(a.Lang)
	for _, x := range f.troubles(ctx) {
		list = append(list, feature.Task{Kind: locale.Phrase{Key: "operate.task", English: "To mend"}, Title: words.Say(x.Of), Lang: words.Lang(), Path: "/operate"})
	}
	return list, nil
}
