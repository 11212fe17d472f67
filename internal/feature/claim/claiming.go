package claim

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/file"
	"alliance/internal/platform/id"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
)

// Claiming is what somebody without an account sends.
type Claiming struct {
	Organisation string
	Claimant     Claimant
	Document     *file.Taken
}

// claimable gives an organisation that everybody knows of.
func (f *Feature) claimable(ctx context.Context, q db.Q, organisation string) (entry.Entry, error) {
	e, err := entry.See(ctx, q, people.Actor{}, "organisation", organisation)
	if err == nil && e.State != entry.Published {
		err = fault.Missing()
	}
	return e, err
}

// Claim keeps what somebody sent until they confirm their address: two days, and
// nothing after that. The secret goes to the address alone.
func (f *Feature) Claim(ctx context.Context, tx *db.Tx, w Claiming) error {
	e, err := f.claimable(ctx, tx, w.Organisation)
	if err != nil {
		return err
	}
	if err := w.Claimant.validate(); err != nil {
		return err
	}
	site, err := f.site(ctx, tx, e)
	if err != nil {
		return err
	}
	c := Claim{ID: id.New(), Organisation: e.ID, State: Asked, Claimant: w.Claimant, SameSite: SameSite(w.Claimant.Email, site), At: tx.Now(), Until: tx.Now().Add(confirmWithin)}
	if w.Document != nil {
		kept, err := f.Files.Keep(ctx, tx, *w.Document, "", "claim")
		if err != nil {
			return err
		}
		c.Document = kept.ID
	}
	secret := id.Secret(16)
	if err := f.add(ctx, tx, c, secret); err != nil {
		return err
	}
	return f.write(ctx, tx, c, letter{which: confirmMail, secret: secret})
}

// site is the web site of an organisation.
func (f *Feature) site(ctx context.Context, q db.Q, e entry.Entry) (string, error) {
	list, err := f.Kinds["organisation"].Read(ctx, q, []entry.Entry{e})
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[0].Answers.One("website"), nil
}

// limit bounds how much comes from one network, and how many mails one address
// is sent. It counts for itself, so that what fails later counts too.
func (f *Feature) limit(ctx context.Context, network, email string) error {
	return f.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		ok, err := people.Attempt(ctx, tx, "claims-from/"+network, networkAsks, hour)
		if key, form := people.EmailKey(email); err == nil && ok && form {
			ok, err = people.Attempt(ctx, tx, "claim-mails/"+f.Key.Mark("claim", key), addressMails, day)
		}
		if err == nil && !ok {
			err = fault.TooMany("claim.many", "Much was sent at once from your network, or to this address. Please try again later.")
		}
		return err
	})
}

// held reads a claim under its lock: whatever changes it holds it.
func (f *Feature) held(ctx context.Context, tx *db.Tx, claim string) (Claim, error) {
	if err := tx.Lock(ctx, "claim/"+claim); err != nil {
		return Claim{}, err
	}
	return f.byID(ctx, tx, claim)
}

func (f *Feature) heldBy(ctx context.Context, tx *db.Tx, secret string) (Claim, error) {
	c, err := f.bySecret(ctx, tx, secret)
	if err != nil {
		return c, err
	}
	if _, err := f.held(ctx, tx, c.ID); fault.Is(err, fault.KindNotFound) {
		return c, people.LinkOver()
	} else if err != nil {
		return c, err
	}
	return f.bySecret(ctx, tx, secret) // as it is under the lock
}

// Confirm uses the first link up: the address is the claimant's, and those who
// decide hear of it, as do those who speak for the organisation. It gives the
// secret of the link that stays.
func (f *Feature) Confirm(ctx context.Context, tx *db.Tx, secret string) (string, error) {
	c, err := f.heldBy(ctx, tx, secret)
	if err != nil || c.State != Asked {
		return secret, err
	}
	if err := tx.Lock(ctx, "claims of/"+c.Organisation); err != nil {
		return "", err
	}
	open, err := openOf(ctx, tx, c.Organisation)
	if err != nil {
		return "", err
	}
	if open >= mostOpen {
		return "", fault.TooMany("claim.open", "Several people claim this organisation already. Please wait until that is decided.")
	}
	lasting := id.Secret(16)
	if err := setHash(ctx, tx, c.ID, lasting); err != nil {
		return "", err
	}
	c.State, c.Until = Waiting, tx.Now().Add(claimLasts)
	if err := f.turn(ctx, tx, &c); err != nil {
		return "", err
	}
	journal.Tell(tx, people.Actor{}, journal.Event{Verb: "claim.made", Kind: "claim", Subject: c.ID, Scope: c.Organisation})
	if err := f.tellOwn(ctx, tx, c); err != nil {
		return "", err
	}
	return lasting, f.write(ctx, tx, c, letter{which: receivedMail, secret: lasting})
}

// turn gives whoever looks now their time, and tells them.
func (f *Feature) turn(ctx context.Context, tx *db.Tx, c *Claim) error {
	l, err := f.lookers(ctx, tx, *c)
	if err != nil {
		return err
	}
	c.Due = tx.Now().Add(turnLasts)
	if l.coordination {
		c.Due = 0
	}
	if err := move(ctx, tx, *c); err != nil {
		return err
	}
	e, err := entry.Get(ctx, tx, c.Organisation)
	if err != nil {
		return err
	}
	persons, err := f.deciders(ctx, tx, l)
	if err != nil {
		return err
	}
	return notice.TellAll(ctx, tx, persons, notice.New{Key: "claim.notice", English: "Somebody says that they act for {name}. It is yours to decide.",
		Args: map[string]string{"name": e.Title().Original()}, Link: "/claims/" + c.ID, Mail: true})
}

// tellOwn tells those who speak for the organisation already: they may object.
func (f *Feature) tellOwn(ctx context.Context, tx *db.Tx, c Claim) error {
	mandates, err := people.MandatesFor(ctx, tx, c.Organisation)
	if err != nil {
		return err
	}
	var persons []string
	name := ""
	for _, m := range mandates {
		if m.Holds(tx.Now()) {
			persons, name = append(persons, m.Person), m.OrganisationName
		}
	}
	return notice.TellAll(ctx, tx, persons, notice.New{Key: "claim.notice.own", English: "Somebody else says that they act for {name}. You may object.",
		Args: map[string]string{"name": name}, Link: "/claims/" + c.ID, Mail: true})
}

// TakeBack deletes what is not decided yet, at once and whole.
func (f *Feature) TakeBack(ctx context.Context, tx *db.Tx, secret string) error {
	c, err := f.heldBy(ctx, tx, secret)
	if err != nil {
		return err
	}
	if c.State.Over() {
		return fault.Conflict("claim.over", "This is decided.")
	}
	return f.drop(ctx, tx, c)
}
