package follow

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/job"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/people"
)

// Wanted is what somebody asks to follow: an entry, or a search with a name.
type Wanted struct {
	Entry string `json:"entry,omitempty"`
	Query string `json:"query,omitempty"`
	Name  string `json:"name,omitempty"`
}

// search reads the search that is wanted.
func (w Wanted) search() Search {
	values, _ := url.ParseQuery(w.Query) // what cannot be read narrows nothing, and is refused as empty
	return ParseSearch(values)
}

// check refuses what cannot be followed, or may not be known of.
func (f *Feature) check(ctx context.Context, q db.Q, a people.Actor, w Wanted) error {
	if w.Entry != "" {
		_, err := entry.See(ctx, q, a, "", w.Entry)
		return err
	}
	if len([]rune(w.Name)) > 200 {
		return fault.Invalid("name", "follow.name.long", "This name is too long: at most 200 characters.")
	}
	about, err := f.about(ctx, q)
	if err != nil {
		return err
	}
	return w.search().Validate(about, f.isKind, f.isRight)
}

func (f *Feature) isKind(k string) bool { _, ok := f.Kinds[k]; return ok }

func (f *Feature) isRight(r string) bool { _, ok := f.Asked(byRight).Option(r); return ok }

// Add lets somebody with an account follow. Following twice keeps one.
func (f *Feature) Add(ctx context.Context, tx *db.Tx, a people.Actor, w Wanted) (follow string, err error) {
	if err := f.check(ctx, tx, a, w); err != nil {
		return "", err
	}
	who, err := f.followerFor(ctx, tx, a.Person)
	if err != nil {
		return "", err
	}
	return f.add(ctx, tx, who, w)
}

// FollowEntry is Add for other features: whoever takes part in something wants
// to hear how it goes on.
func (f *Feature) FollowEntry(ctx context.Context, tx *db.Tx, a people.Actor, entry string) error {
	_, err := f.Add(ctx, tx, a, Wanted{Entry: entry})
	return err
}

func (f *Feature) add(ctx context.Context, tx *db.Tx, who Follower, w Wanted) (string, error) {
	all, err := followsOf(ctx, tx, who.ID)
	if err != nil {
		return "", err
	}
	x := Follow{ID: id.New(), Follower: who.ID, Entry: w.Entry, Name: w.Name, Created: tx.Now()}
	if w.Entry == "" {
		x.Search = w.search()
	}
	for _, there := range all {
		if there.Entry == x.Entry && there.Search.Query() == x.Search.Query() {
			x.ID = there.ID
		}
	}
	if len(all) >= mostFollowed {
		return "", fault.Invalid("", "follow.most", "You follow as many things as one may. Stop some of them first.")
	}
	if x.Since, err = journal.Head(ctx, tx); err != nil {
		return "", err
	}
	return x.ID, addFollow(ctx, tx, x)
}

// followerFor gives the follower of an account, made where there is none.
func (f *Feature) followerFor(ctx context.Context, tx *db.Tx, person string) (Follower, error) {
	if err := tx.Lock(ctx, "follower/"+person); err != nil {
		return Follower{}, err
	}
	who, err := followerOf(ctx, tx, person)
	if !fault.Is(err, fault.KindNotFound) {
		return who, err
	}
	if who, err = newFollower(ctx, tx); err != nil {
		return who, err
	}
	who.Person = person
	return who, addFollower(ctx, tx, who, "")
}

func newFollower(ctx context.Context, tx *db.Tx) (Follower, error) {
	head, err := journal.Head(ctx, tx)
	who := Follower{ID: id.New(), Pace: Daily, Hour: usualHour, Zone: usualZone, Told: head, Created: tx.Now()}
	who.Due = who.Next(tx.Now())
	return who, err
}

// Settings changes how somebody is told.
func Settings(ctx context.Context, tx *db.Tx, who Follower, pace Pace, hour int, zone string) error {
	if err := lock(ctx, tx, who.ID); err != nil {
		return err
	}
	who, err := followerByID(ctx, tx, who.ID)
	if err != nil {
		return err
	}
	before := who.Pace
	who.Pace, who.Hour, who.Zone = pace, hour, zone
	if err := who.Validate(); err != nil {
		return err
	}
	if before == Never && pace != Never { // nobody wants a year of mail at once
		if who.Told, err = journal.Head(ctx, tx); err != nil {
			return err
		}
	}
	who.Due = who.Next(tx.Now())
	return setFollower(ctx, tx, who)
}

// lock keeps a digest and a change of the same follower apart.
func lock(ctx context.Context, tx *db.Tx, follower string) error {
	return tx.Lock(ctx, "digest/"+follower)
}

// StopAll ends all mail: an account keeps its list and is told no more; of an
// address nothing is kept.
func StopAll(ctx context.Context, tx *db.Tx, who Follower) error {
	if err := lock(ctx, tx, who.ID); err != nil {
		return err
	}
	if who.Person == "" {
		return dropFollower(ctx, tx, who.ID)
	}
	who.Pace = Never
	return setFollower(ctx, tx, who)
}

// stopOne ends one thing followed; an address that follows nothing more is forgotten.
func stopOne(ctx context.Context, tx *db.Tx, who Follower, follow string) error {
	if err := lock(ctx, tx, who.ID); err != nil {
		return err
	}
	if err := dropFollow(ctx, tx, who.ID, follow); err != nil || who.Person != "" {
		return err
	}
	left, err := followsOf(ctx, tx, who.ID)
	if err != nil || len(left) > 0 {
		return err
	}
	return dropFollower(ctx, tx, who.ID)
}

// forget drops what a person followed, when the account is erased.
func forget(ctx context.Context, tx *db.Tx, person string) error {
	who, err := followerOf(ctx, tx, person)
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return dropFollower(ctx, tx, who.ID)
}

// asked is a follow that waits for its address to be confirmed.
type asked struct {
	Email string `json:"email"`
	Lang  string `json:"lang"`
	Wanted
}

const (
	jobConfirm  = "follow.confirm"
	linkPurpose = "follow"
)

// Ask takes an address that wants to follow without an account. What it
// answers is the same for every address: the mail is sent by a job.
func (f *Feature) Ask(ctx context.Context, tx *db.Tx, network, email, tag string, w Wanted) error {
	if _, ok := people.EmailKey(email); !ok || !mail.Address(email) {
		return fault.Invalid("email", "people.email.form", "Write an e-mail address, such as name@example.org.")
	}
	if err := f.check(ctx, tx, people.Actor{At: tx.Now()}, w); err != nil {
		return err
	}
	if allowed, err := people.Attempt(ctx, tx, "follows-from/"+network, networkAsks, hour); err != nil {
		return err
	} else if !allowed {
		return people.TooManyFromNetwork()
	}
	return job.Add(ctx, tx, job.New{Kind: jobConfirm, Data: asked{email, tag, w}})
}

func (f *Feature) sendConfirm(ctx context.Context, data []byte) error {
	var a asked
	if err := json.Unmarshal(data, &a); err != nil {
		return job.Hopeless(fmt.Errorf("follow: %w", err))
	}
	return f.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		key, _ := people.EmailKey(a.Email)
		n, err := people.LinksSince(ctx, tx, linkPurpose, key, tx.Now().Add(-hour))
		if err != nil || n >= addressAsks {
			return err
		}
		secret, err := people.NewLink(ctx, tx, people.Link{Purpose: linkPurpose, Email: key, Data: string(data), Lasts: linkTime})
		if err != nil {
			return err
		}
		words := f.Catalog.For(a.Lang)
		called, err := f.called(ctx, tx, words, people.Actor{At: tx.Now()}, a.Wanted)
		if fault.Is(err, fault.KindNotFound) {
			return nil // closed meanwhile
		}
		if err != nil {
			return err
		}
		return mail.Post(ctx, tx, mail.Message{
			To: a.Email, Lang: words.Lang(), Asked: true,
			Subject: words.T("follow.mail.confirm.subject", "Please confirm: follow “{what}”", "what", called),
			Text: words.T("follow.mail.confirm.text", "Somebody gave this address to be told by e-mail about “{what}”. With this link you confirm it:", "what", called) + "\n\n" +
				f.Origin + "/" + words.Lang() + "/follow/confirm/" + secret + "\n\n" +
				words.T("follow.mail.confirm.not-you", "It was not you? Then do nothing. Without the link no more mail is sent, and the address is forgotten after some days."),
		})
	})
}

// Confirm makes an address follow what it asked for. Where the address belongs
// to an account, the account follows: one person gets one digest.
func (f *Feature) Confirm(ctx context.Context, tx *db.Tx, secret string) (Follower, error) {
	l, err := people.UseLink(ctx, tx, linkPurpose, secret)
	if err != nil {
		return Follower{}, err
	}
	var a asked
	if err := json.Unmarshal([]byte(l.Data), &a); err != nil {
		return Follower{}, fmt.Errorf("follow: %w", err)
	}
	var who Follower
	p, err := people.PersonByEmail(ctx, tx, a.Email)
	switch {
	case err == nil:
		who, err = f.followerFor(ctx, tx, p.ID)
	case fault.Is(err, fault.KindNotFound):
		who, err = f.followerWith(ctx, tx, l.Email, a)
	}
	if err != nil {
		return who, err
	}
	if err := f.check(ctx, tx, people.Actor{At: tx.Now()}, a.Wanted); err != nil {
		return who, err
	}
	_, err = f.add(ctx, tx, who, a.Wanted)
	return who, err
}

func (f *Feature) followerWith(ctx context.Context, tx *db.Tx, key string, a asked) (Follower, error) {
	if err := tx.Lock(ctx, "follower/"+key); err != nil {
		return Follower{}, err
	}
	who, err := followerAt(ctx, tx, key)
	if !fault.Is(err, fault.KindNotFound) {
		return who, err
	}
	if who, err = newFollower(ctx, tx); err != nil {
		return who, err
	}
	who.Email, who.Lang = a.Email, a.Lang
	return who, addFollower(ctx, tx, who, key)
}
