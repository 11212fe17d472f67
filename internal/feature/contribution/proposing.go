package contribution

import (
	"context"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// draft reads what somebody wrote into a record that is kept nowhere, and gives
// every fault at once. It is for everybody: nobody proposes what only some may read.
func (f *Feature) draft(ctx context.Context, q db.Q, k kind, of alliance.Alliance, t record.Typed) (record.Record, error) {
	r := record.Record{Entry: entry.Entry{Kind: k.Name, State: entry.Published, Audience: entry.Public}}
	t[record.Audience] = []string{string(entry.Public)}
	delete(t, record.RevisionRead)
	err := k.Records.Take(ctx, q, people.Actor{}, of, t, &r)
	return r, err
}

// Proposing is what somebody without an account sends.
type Proposing struct {
	Kind    string
	Typed   record.Typed
	Author  Author
	Network string // mark of where it comes from, for limits
}

// Propose keeps what somebody wrote until they confirm their address: two days,
// and nothing after that. The secret goes to the address alone.
func (f *Feature) Propose(ctx context.Context, tx *db.Tx, of alliance.Alliance, p Proposing) error {
	k, err := f.kind(p.Kind)
	if err != nil {
		return err
	}
	r, err := f.draft(ctx, tx, k, of, p.Typed)
	if err != nil && fault.Of(err) == nil {
		return err
	}
	list := fault.Of(err)
	if err := p.Author.validate(); err != nil {
		list = append(list, fault.Of(err)...)
	}
	if len(list) > 0 {
		return list.Err()
	}
	c := Contribution{ID: id.New(), Kind: k.Name, State: Asked, At: tx.Now(), Until: tx.Now().Add(confirmWithin), Typed: p.Typed, Author: p.Author}
	c.Place, c.Themes = r.Place, r.Themes
	secret := id.Secret(16)
	if err := f.add(ctx, tx, c, secret); err != nil {
		return err
	}
	return f.write(ctx, tx, c, letter{which: confirmMail, secret: secret})
}

// limit bounds how much comes from one network, and how many mails one address
// is sent. It counts for itself, so that what fails later counts too.
func (f *Feature) limit(ctx context.Context, network, email string) error {
	return f.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		ok, err := people.Attempt(ctx, tx, "contributions-from/"+network, networkAsks, hour)
		if key, form := people.EmailKey(email); err == nil && ok && form {
			ok, err = people.Attempt(ctx, tx, "contribution-mails/"+f.Key.Mark("contribution", key), addressMails, 24*hour)
		}
		if err == nil && !ok {
			err = fault.TooMany("contribution.many", "Much was sent at once from your network, or to this address. Please try again later.")
		}
		return err
	})
}

// held reads a contribution under its lock: whatever changes it holds it.
func (f *Feature) held(ctx context.Context, tx *db.Tx, contribution string) (Contribution, error) {
	if err := tx.Lock(ctx, "contribution/"+contribution); err != nil {
		return Contribution{}, err
	}
	return f.byID(ctx, tx, contribution)
}

// heldBy is held for whoever has the author's link.
func (f *Feature) heldBy(ctx context.Context, tx *db.Tx, secret string) (Contribution, error) {
	c, err := f.bySecret(ctx, tx, secret)
	if err != nil {
		return c, err
	}
	if _, err := f.held(ctx, tx, c.ID); fault.Is(err, fault.KindNotFound) {
		return c, people.LinkOver() // deleted meanwhile
	} else if err != nil {
		return c, err
	}
	return f.bySecret(ctx, tx, secret) // as it is under the lock
}

// Confirm uses the first link up: the address is its author's, and the pair
// hears of it. It gives the secret of the link that stays.
func (f *Feature) Confirm(ctx context.Context, tx *db.Tx, secret string) (string, error) {
	c, err := f.heldBy(ctx, tx, secret)
	if err != nil {
		return "", err
	}
	if c.State != Asked || c.Changes != "" { // a change is confirmed by sending it
		return secret, nil
	}
	lasting := id.Secret(16)
	if err := setHash(ctx, tx, c.ID, lasting); err != nil {
		return "", err
	}
	if err := f.wait(ctx, tx, &c); err != nil {
		return "", err
	}
	return lasting, f.write(ctx, tx, c, letter{which: receivedMail, secret: lasting})
}

// wait begins a round: the pair whose turn it is looks, and has its time.
func (f *Feature) wait(ctx context.Context, tx *db.Tx, c *Contribution) error {
	c.State, c.Round, c.Until = Waiting, c.Round+1, tx.Now().Add(linkLasts)
	return f.turn(ctx, tx, c)
}

// turn gives whoever looks now their time, and tells them.
func (f *Feature) turn(ctx context.Context, tx *db.Tx, c *Contribution) error {
	all, err := validators(ctx, tx)
	if err != nil {
		return err
	}
	pairs, coordination := c.Looks(all)
	c.Due = tx.Now().Add(turnLasts)
	if coordination {
		c.Due = 0
	}
	if err := move(ctx, tx, *c); err != nil {
		return err
	}
	named := []Contribution{*c}
	if err := f.known(ctx, tx, named); err != nil {
		return err
	}
	*c = named[0]
	return f.tellPair(ctx, tx, *c, pairs, coordination)
}

// Rewrite takes what the author wrote anew. What was said of the earlier words
// counts no more.
func (f *Feature) Rewrite(ctx context.Context, tx *db.Tx, of alliance.Alliance, secret string, t record.Typed) error {
	c, k, err := f.mineToChange(ctx, tx, secret)
	if err != nil {
		return err
	}
	if c.Changes != "" {
		return f.rewriteChange(ctx, tx, of, c, k, secret, t)
	}
	r, err := f.draft(ctx, tx, k, of, t)
	if err != nil {
		return err
	}
	c.Typed, c.Place, c.Themes = t, r.Place, r.Themes
	if err := f.rewrite(ctx, tx, c); err != nil {
		return err
	}
	return f.wait(ctx, tx, &c)
}

func (f *Feature) mineToChange(ctx context.Context, tx *db.Tx, secret string) (c Contribution, k kind, err error) {
	if c, err = f.heldBy(ctx, tx, secret); err != nil {
		return c, k, err
	}
	if !c.writable() {
		return c, k, fault.Conflict("contribution.over", "This is decided. It cannot be changed with this link any more.")
	}
	k, err = f.kind(c.Kind)
	return c, k, err
}

// TakeBack deletes what is not decided yet, at once and whole.
func (f *Feature) TakeBack(ctx context.Context, tx *db.Tx, secret string) error {
	c, err := f.heldBy(ctx, tx, secret)
	if err != nil {
		return err
	}
	if c.State.Over() {
		return fault.Conflict("contribution.over", "This is decided. It cannot be changed with this link any more.")
	}
	return drop(ctx, tx, c.ID)
}
