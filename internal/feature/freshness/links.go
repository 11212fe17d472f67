package freshness

import (
	"context"
	"regexp"
	"slices"

	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/people"
)

// reader is somebody who is sent a link.
type reader struct{ email, name, lang string }

// SendLinks writes to those whose records are in a round: one mail with one
// link for all of theirs, to everybody who may edit for the organisation, or to
// the address that a record without one gives. Nobody is written to twice. It
// gives how many records were written about.
func (f *Feature) SendLinks(ctx context.Context, tx *db.Tx, a people.Actor, round string) (int, error) {
	if !a.Is(people.Coordinator) {
		return 0, access.Denied()
	}
	r, err := held(ctx, tx, round)
	if err != nil {
		return 0, err
	}
	items, err := unlinked(ctx, tx, round)
	if err != nil {
		return 0, err
	}
	ids := make([]string, len(items))
	for n, i := range items {
		ids[n] = i.Entry
	}
	entries, err := entry.Many(ctx, tx, ids)
	if err != nil {
		return 0, err
	}
	groups, order := map[string][]Item{}, []string{}
	for _, i := range items {
		e := entries[i.Entry]
		key := cmpOr(e.Organisation, e.ID)
		if len(groups[key]) == 0 {
			order = append(order, key)
		}
		groups[key] = append(groups[key], i)
	}
	sent := 0
	for _, key := range order {
		readers, err := readersOf(ctx, tx, entries[groups[key][0].Entry], tx.Now())
		if err != nil {
			return sent, err
		}
		if len(readers) == 0 {
			continue
		}
		secret := id.Secret(16)
		for _, i := range groups[key] {
			if err := setLink(ctx, tx, i, secret); err != nil {
				return sent, err
			}
		}
		sent += len(groups[key])
		for _, to := range readers {
			if err := f.write(ctx, tx, r, to, groups[key], entries, secret); err != nil {
				return sent, err
			}
		}
	}
	return sent, nil
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

var address = regexp.MustCompile(`[0-9A-Za-z.+_-]+@[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)+`)

func readersOf(ctx context.Context, q db.Q, e entry.Entry, now db.Instant) (list []reader, err error) {
	if e.Organisation == "" {
		found := address.FindString(e.Text("contact").Original())
		if mail.Address(found) {
			list = append(list, reader{email: found, lang: e.Lang})
		}
		return list, nil
	}
	mandates, err := people.MandatesFor(ctx, q, e.Organisation)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, m := range mandates {
		if m.Allows(people.Edit, now) && !slices.Contains(ids, m.Person) {
			ids = append(ids, m.Person)
		}
	}
	persons, err := people.PersonsByID(ctx, q, ids)
	for _, p := range persons {
		if p.Email != "" && p.Erased == 0 {
			list = append(list, reader{p.Email, p.Name, p.Lang})
		}
	}
	return list, err
}

func (f *Feature) write(ctx context.Context, tx *db.Tx, r Round, to reader, items []Item, entries map[string]entry.Entry, secret string) error {
	of, err := alliance.Load(ctx, tx)
	if err != nil {
		return err
	}
	v := f.Catalog.For(to.lang)
	text := v.T("freshness.mail", "We ask everybody in our directory whether what stands there is still right. Open the link, look at it, and say with one button that nothing changed. The link works until {date}.", "date", v.Date(r.Ends.Time())) + "\n\n"
	for n, i := range items {
		if n == 10 {
			text += "…\n"
			break
		}
		text += "- " + entries[i.Entry].Title().In(v.Lang()).S + "\n"
	}
	text += "\n" + f.Origin + "/" + v.Lang() + "/unchanged/" + secret + "\n\n" + of.Name.In(v.Lang()).S + "\n"
	return mail.Post(ctx, tx, mail.Message{To: to.email, ToName: to.name, Lang: v.Lang(), Subject: v.T("freshness.mail.subject", "Is this still right?"), Text: text})
}

// Unchanged is the word of a record's own people, by their link: nothing
// changed in those of the numbers given.
func (f *Feature) Unchanged(ctx context.Context, tx *db.Tx, secret string, numbers []int) error {
	items, err := itemsOfLink(ctx, tx, secret, tx.Now())
	if err != nil {
		return err
	}
	if _, err := held(ctx, tx, items[0].Round); err != nil {
		return err
	}
	if len(numbers) == 0 {
		return fault.Invalid("", "freshness.unchanged.none", "Tick what is still right.")
	}
	for _, i := range items {
		if !slices.Contains(numbers, i.N) {
			continue
		}
		e, err := entry.Get(ctx, tx, i.Entry)
		if err != nil {
			return err
		}
		if err := f.result(ctx, tx, people.Actor{}, i, e.Organisation, Result{N: i.N, State: Same, How: "itself"}); err != nil {
			return err
		}
	}
	return nil
}
