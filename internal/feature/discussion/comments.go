package discussion

import (
	"context"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
)

// Saying is what somebody says.
type Saying struct {
	Entry       string
	Answers     string // comment; "" begins a thread
	Words, Lang string
	Own         bool // for oneself, though acting for an organisation
	Network     string
	Follow      bool // wants to hear how it goes on
}

// speaker is in whose name somebody speaks here: the organisation they act
// for under a mandate to speak, or themselves.
func speaker(a people.Actor, own bool) people.Actor {
	if own || !a.May(people.Speak) {
		a.Mandate = people.Mandate{}
	}
	return a
}

// Say adds a comment. Those who answer at the moment a thread is closed meet
// at its lock: whoever is second is told.
func (d *Discussion) Say(ctx context.Context, tx *db.Tx, a people.Actor, n Saying) (Comment, error) {
	if !a.SignedIn() {
		return Comment{}, fault.SignIn()
	}
	e, err := entry.See(ctx, tx, a, "", n.Entry)
	if err != nil {
		return Comment{}, err
	}
	tag, err := checkWords(n.Words, n.Lang)
	if err != nil {
		return Comment{}, err
	}
	as := speaker(a, n.Own)
	c := Comment{ID: id.New(), Entry: e.ID, Person: a.Person, Organisation: as.For(), Mandate: as.Mandate.ID, Words: lang.New(tag, n.Words),
		At: tx.Now(), Changed: tx.Now(), Revision: 1, State: Standing}
	c.Thread, c.Path = c.ID, c.ID
	told := e.Person // whoever wrote the entry hears of a new thread
	if n.Answers != "" {
		up, err := d.open(ctx, tx, e, n.Answers)
		if err != nil {
			return c, err
		}
		c.place(up)
		told = up.Person
	}
	if err := within(ctx, tx, "says/"+a.Person, personSays, "says-from/"+n.Network, networkSays); err != nil {
		return c, err
	}
	if err := add(ctx, tx, c); err != nil {
		return c, err
	}
	tellJournal(tx, as, e, "discussion.said", c.ID)
	if n.Follow && d.asks.Follow != nil {
		if err := d.asks.Follow(ctx, tx, a, e.ID); err != nil {
			return c, err
		}
	}
	return c, d.tellAuthor(ctx, tx, e, c, told)
}

// open gives the comment that is answered, with its thread held: nobody closes
// it, and nobody who closed it is overlooked.
func (d *Discussion) open(ctx context.Context, tx *db.Tx, e entry.Entry, comment string) (Comment, error) {
	up, err := byID(ctx, tx, comment)
	if err != nil {
		return up, err
	}
	if up.Entry != e.ID || up.Summary {
		return up, fault.Missing()
	}
	if err := hold(ctx, tx, up.Thread); err != nil {
		return up, err
	}
	thread, err := byID(ctx, tx, up.Thread)
	if err != nil {
		return up, err
	}
	if thread.Closed != 0 {
		return up, closed()
	}
	return byID(ctx, tx, comment)
}

func closed() *fault.Fault {
	return fault.Conflict("discussion.closed", "This thread was closed. Nothing more is said in it; you may begin another.")
}

// hold makes those who change one thread wait for each other.
func hold(ctx context.Context, tx *db.Tx, thread string) error {
	return tx.Lock(ctx, "thread/"+thread)
}

// within counts what somebody does, by person and by network.
func within(ctx context.Context, tx *db.Tx, person string, most int, network string, mostFrom int) error {
	if allowed, err := people.Attempt(ctx, tx, network, mostFrom, pressing); err != nil {
		return err
	} else if !allowed {
		return people.TooManyFromNetwork()
	}
	allowed, err := people.Attempt(ctx, tx, person, most, pressing)
	if err == nil && !allowed {
		err = fault.TooMany("discussion.many", "You have written a lot within the hour. Wait a little.")
	}
	return err
}

// tellJournal tells of the entry: whoever may see it may know that it is talked about.
func tellJournal(tx *db.Tx, a people.Actor, e entry.Entry, verb, comment string) {
	journal.Tell(tx, a, journal.Event{Verb: verb, Kind: e.Kind, Subject: e.ID, Scope: e.Parent, Data: map[string]string{"comment": comment}})
}

// tellAuthor tells the person who is answered, by mail too; never of one's own words.
func (d *Discussion) tellAuthor(ctx context.Context, tx *db.Tx, e entry.Entry, c Comment, person string) error {
	if person == "" || person == c.Person {
		return nil
	}
	n := notice.New{Key: "discussion.notice.thread", English: "Something was said about “{title}”."}
	if c.Answers != "" {
		n = notice.New{Key: "discussion.notice.answer", English: "You were answered in the discussion of “{title}”."}
	}
	n.Person, n.Args, n.Link, n.Mail = person, map[string]string{"title": e.Title().Original()}, d.path(c), true
	p, err := people.PersonByID(ctx, tx, person)
	if fault.Is(err, fault.KindNotFound) || err == nil && p.Erased != 0 {
		return nil
	}
	if err != nil {
		return err
	}
	if may, err := maySee(ctx, tx, person, e); err != nil || !may {
		return err
	}
	return notice.Tell(ctx, tx, n)
}

// maySee tells whether a person, alone or under a mandate in force, sees an entry now.
func maySee(ctx context.Context, q db.Q, person string, e entry.Entry) (bool, error) {
	now := db.Now()
	if tx, ok := q.(*db.Tx); ok {
		now = tx.Now()
	}
	a, err := people.ActorOf(ctx, q, person, "", now)
	if err != nil || e.Visible(a) {
		return err == nil, err
	}
	held, err := people.MandatesOf(ctx, q, person)
	for _, m := range held {
		if a.Mandate = m; m.Holds(now) && e.Visible(a) {
			return true, nil
		}
	}
	return false, err
}

// path is the place of a comment in its discussion.
func (d *Discussion) path(c Comment) string {
	return "/discussions/" + c.Entry + "?at=" + c.ID + "#c-" + c.ID
}

// see gives a comment and its entry, as far as the actor may know of them.
func see(ctx context.Context, q db.Q, a people.Actor, comment string) (c Comment, e entry.Entry, err error) {
	if c, err = byID(ctx, q, comment); err != nil {
		return c, e, err
	}
	e, err = entry.See(ctx, q, a, "", c.Entry)
	return c, e, err
}

// held is see, with the thread held against others.
func held(ctx context.Context, tx *db.Tx, a people.Actor, comment string) (c Comment, e entry.Entry, err error) {
	if c, e, err = see(ctx, tx, a, comment); err != nil {
		return c, e, err
	}
	if err = hold(ctx, tx, c.Thread); err != nil {
		return c, e, err
	}
	c, err = byID(ctx, tx, comment)
	return c, e, err
}

// Edit changes the words, by their author, within a while; the versions stay.
// revision is the one that was read: of two edits, the second is told.
func (d *Discussion) Edit(ctx context.Context, tx *db.Tx, a people.Actor, comment, words string, revision int) (Comment, error) {
	c, e, err := held(ctx, tx, a, comment)
	if err != nil {
		return c, err
	}
	if !c.By(a) {
		return c, access.Denied()
	}
	if _, err := checkWords(words, c.Words.Orig); err != nil {
		return c, err
	}
	thread, err := byID(ctx, tx, c.Thread)
	if err != nil {
		return c, err
	}
	switch {
	case thread.Closed != 0:
		return c, closed()
	case !c.MayEdit(a, tx.Now()):
		return c, fault.Conflict("discussion.edit.late", "The time to change it is over. You may withdraw it, or add an answer.")
	case c.Revision != revision:
		return c, fault.Conflict("entry.changed", "Somebody else changed this meanwhile. Compare with the present version, then save again.")
	case words == c.Words.Original():
		return c, nil
	}
	c.Revision++
	c.Words, c.Changed = c.Words.Rewrite(words, c.Revision), tx.Now()
	if err := set(ctx, tx, c); err != nil {
		return c, err
	}
	tellJournal(tx, speaker(a, c.Organisation == ""), e, "discussion.edited", c.ID)
	return c, addVersion(ctx, tx, c, a.Person)
}

// Translate adds a translation by a person, as a version.
func (d *Discussion) Translate(ctx context.Context, tx *db.Tx, a people.Actor, comment, tag, words string) (Comment, error) {
	c, e, err := held(ctx, tx, a, comment)
	if err != nil {
		return c, err
	}
	if !a.SignedIn() || c.State != Standing {
		return c, access.Denied()
	}
	if tag, err = checkWords(words, tag); err != nil {
		return c, err
	}
	if tag == c.Words.Orig {
		return c, fault.Invalid("words-lang", "entry.translate.original", "This is the language of the original. Edit the original instead.")
	}
	c.Revision++
	c.Words, c.Changed = c.Words.Translate(tag, words, a.Person, int64(tx.Now())), tx.Now()
	if err := set(ctx, tx, c); err != nil {
		return c, err
	}
	tellJournal(tx, a, e, "discussion.translated", c.ID)
	return c, addVersion(ctx, tx, c, a.Person)
}

// Withdraw takes a comment back; a mark stays in its place. Words of one's own
// are deleted; what was said for an organisation is kept for it and for
// moderators, as with every entry.
func (d *Discussion) Withdraw(ctx context.Context, tx *db.Tx, a people.Actor, comment string) error {
	c, e, err := held(ctx, tx, a, comment)
	if err != nil {
		return err
	}
	if c.State == Withdrawn {
		return nil // twice is once
	}
	if !c.MayWithdraw(a) {
		return access.Denied()
	}
	c.State, c.Changed = Withdrawn, tx.Now()
	if c.Organisation == "" {
		c.Words = lang.Text{}
		if err := takeOut(ctx, tx, c.ID); err != nil {
			return err
		}
	}
	if err := settleReports(ctx, tx, c.ID); err != nil {
		return err
	}
	tellJournal(tx, speaker(a, c.Organisation == ""), e, "discussion.withdrawn", c.ID)
	return set(ctx, tx, c)
}

// Sum writes what the discussion came to, pinned above it; every version stays.
func (d *Discussion) Sum(ctx context.Context, tx *db.Tx, a people.Actor, of, words, tag string, revision int) (Comment, error) {
	e, err := entry.See(ctx, tx, a, "", of)
	if err != nil {
		return Comment{}, err
	}
	if !MaySum(a, e) {
		return Comment{}, access.Denied()
	}
	if tag, err = checkWords(words, tag); err != nil {
		return Comment{}, err
	}
	if err := hold(ctx, tx, "summary/"+e.ID); err != nil {
		return Comment{}, err
	}
	c, err := summaryOf(ctx, tx, e.ID)
	switch {
	case fault.Is(err, fault.KindNotFound) && revision == 0:
		c = Comment{ID: id.New(), Entry: e.ID, Summary: true, Person: a.Person, Words: lang.New(tag, words), At: tx.Now(), Changed: tx.Now(), Revision: 1, State: Standing}
		c.Thread, c.Path = c.ID, c.ID
		tellJournal(tx, a, e, "discussion.summarised", c.ID)
		return c, add(ctx, tx, c)
	case err != nil && !fault.Is(err, fault.KindNotFound):
		return c, err
	case c.Revision != revision:
		return c, fault.Conflict("entry.changed", "Somebody else changed this meanwhile. Compare with the present version, then save again.")
	}
	c.Revision++
	if tag == c.Words.Orig {
		c.Words = c.Words.Rewrite(words, c.Revision)
	} else {
		c.Words = c.Words.Translate(tag, words, a.Person, int64(tx.Now()))
	}
	c.Changed = tx.Now()
	if err := set(ctx, tx, c); err != nil {
		return c, err
	}
	tellJournal(tx, a, e, "discussion.summarised", c.ID)
	return c, addVersion(ctx, tx, c, a.Person)
}

// forget takes out what a person said for themselves, when the account is
// erased; what was said for an organisation stays, without a name.
func forget(ctx context.Context, tx *db.Tx, person string) error {
	own, err := ownWords(ctx, tx, person)
	if err != nil {
		return err
	}
	for _, one := range own {
		c, err := byID(ctx, tx, one)
		if err != nil {
			return err
		}
		if c.Summary {
			continue // written for the assembly, not for oneself
		}
		c.State, c.Words, c.Changed = Withdrawn, lang.Text{}, tx.Now()
		if err := takeOut(ctx, tx, c.ID); err != nil {
			return err
		}
		if err := set(ctx, tx, c); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE report SET person = '' WHERE person = $1`, person)
	return err
}
