package event

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/people"
	"alliance/internal/platform/seal"
)

// Stand is how a registration stands.
type Stand string

const (
	Asked   Stand = "asked"   // by e-mail, not yet confirmed: holds no place
	In      Stand = "in"      // has a place
	Waiting Stand = "waiting" // on the waiting list
)

// Guest is a registration. What a person wrote is sealed: the database shows
// neither name nor needs nor address.
type Guest struct {
	ID, Event, Person string
	State             Stand
	At, Turn          db.Instant
	hash              string
	Written
}

// Written is what somebody wrote to register; no more than is needed.
type Written struct {
	Name  string `json:"n"`           // a nickname is enough
	Needs string `json:"x,omitempty"` // "" = none told
	Email string `json:"e,omitempty"` // "" = has an account
	Lang  string `json:"l"`
}

// How many may register from one network in an hour, and how long an address
// has to confirm.
const (
	networkGuests = 30
	addressMails  = 5
	confirmWithin = 48 * time.Hour
)

func (w Written) validate(account bool) error {
	var list fault.List
	if len([]rune(w.Name)) > 100 {
		list.Add(fault.Invalid("name", "event.guest.name.long", "This name is too long: at most {n} characters.", "n", 100))
	}
	if w.Name == "" {
		list.Add(fault.Invalid("name", "event.guest.name", "Write a name. A nickname is enough."))
	}
	if len([]rune(w.Needs)) > 1000 {
		list.Add(fault.Invalid("needs", "entry.text.long", "This text is too long: at most {n} characters.", "n", 1000))
	}
	if !account {
		if _, ok := people.EmailKey(w.Email); !ok || !mail.Address(w.Email) {
			list.Add(fault.Invalid("email", "people.email.form", "Write an e-mail address, such as name@example.org."))
		}
	}
	return list.Err()
}

// registrar registers: it knows the key of the house and the words of mails.
type registrar struct {
	key   *seal.Key
	words func(lang string) printer
	base  string
}

// printer puts phrases into words.
type printer interface {
	T(key, english string, args ...any) string
	Lang() string
	FullDate(t time.Time) string
	Time(t time.Time) string
}

// markOf is what a guest is known by again, without telling who it is.
func (r registrar) markOf(person, email string) string {
	if person != "" {
		return r.key.Mark("guest", "person/"+person)
	}
	key, _ := people.EmailKey(email)
	return r.key.Mark("guest", "mail/"+key)
}

func (r registrar) seal(g Guest) (string, error) {
	b, err := json.Marshal(g.Written)
	return r.key.Seal("guest", g.ID, b), err
}

func (r registrar) open(g *Guest, sealed string) error {
	b, err := r.key.Open("guest", g.ID, sealed)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, &g.Written)
}

// Register asks for a place. Somebody signed in has it at once or waits; an
// e-mail address is asked to confirm first. The answer to a second registration
// under the same address is the same, so that nobody learns who comes.
func (r registrar) Register(ctx context.Context, tx *db.Tx, a people.Actor, event string, w Written) (Guest, string, error) {
	e, err := see(ctx, tx, a, event)
	if err != nil {
		return Guest{}, "", err
	}
	if !e.Open(tx.Now()) {
		return Guest{}, "", fault.Conflict("event.register.closed", "Nobody can register for this event, or no longer.")
	}
	if a.SignedIn() {
		w.Email = ""
	}
	if err := w.validate(a.SignedIn()); err != nil {
		return Guest{}, "", err
	}
	// Of two who want the last place at once, the one whose transaction comes
	// first has it and the other waits: all that changes places holds this lock.
	if err := tx.Lock(ctx, "event/"+e.ID); err != nil {
		return Guest{}, "", err
	}
	g := Guest{ID: id.New(), Event: e.ID, Person: a.Person, At: tx.Now(), State: Asked, Written: w}
	there, err := guestByMark(ctx, tx, r, e.ID, r.markOf(a.Person, w.Email))
	if err == nil {
		if a.SignedIn() { // their own: what they write now counts
			there.Written = w
			return there, "", r.rewrite(ctx, tx, there)
		}
		g = there // a new link to what is there; the old one ends
	} else if !errors.Is(err, db.ErrNone) {
		return Guest{}, "", err
	}
	if a.SignedIn() {
		if g.State, err = nextStand(ctx, tx, e); err != nil {
			return g, "", err
		}
		g.Turn = tx.Now()
		return g, "", r.put(ctx, tx, g, id.Secret(16))
	}
	secret := id.Secret(16)
	if there.ID != "" {
		err = rehash(ctx, tx, g.ID, people.Hash(secret))
	} else {
		err = r.put(ctx, tx, g, secret)
	}
	if err != nil {
		return g, "", err
	}
	return g, secret, r.tell(ctx, tx, e, g, secret, confirmMail)
}

// nextStand is whether the next one has a place.
func nextStand(ctx context.Context, q db.Q, e Event) (Stand, error) {
	if e.Capacity == 0 {
		return In, nil
	}
	in, err := countGuests(ctx, q, e.ID, In)
	if err != nil || in < e.Capacity {
		return In, err
	}
	return Waiting, nil
}

// Confirm is the answer of an address: now it has a place, or waits.
func (r registrar) Confirm(ctx context.Context, tx *db.Tx, secret string) (Guest, error) {
	g, err := guestBySecret(ctx, tx, r, secret)
	if err != nil {
		return g, err
	}
	if err := tx.Lock(ctx, "event/"+g.Event); err != nil {
		return g, err
	}
	if g, err = guestBySecret(ctx, tx, r, secret); err != nil || g.State != Asked { // as it is under the lock
		return g, err
	}
	e, err := get(ctx, tx, g.Event)
	if err != nil {
		return g, err
	}
	if !e.Open(tx.Now()) {
		return g, fault.Conflict("event.register.closed", "Nobody can register for this event, or no longer.")
	}
	if g.State, err = nextStand(ctx, tx, e); err != nil {
		return g, err
	}
	g.Turn = tx.Now()
	return g, stand(ctx, tx, g)
}

// Leave gives a place back; the first who waits moves up and is told.
func (r registrar) Leave(ctx context.Context, tx *db.Tx, g Guest) error {
	if err := tx.Lock(ctx, "event/"+g.Event); err != nil {
		return err
	}
	if err := dropGuest(ctx, tx, g.ID); err != nil {
		return err
	}
	e, err := get(ctx, tx, g.Event)
	if err != nil {
		return err
	}
	return r.moveUp(ctx, tx, e)
}

// moveUp fills free places from the waiting list, in its order.
func (r registrar) moveUp(ctx context.Context, tx *db.Tx, e Event) error {
	if !e.Registers || e.Cancelled != 0 || e.State != entry.Published || tx.Now() >= e.Until() {
		return nil
	}
	if err := tx.Lock(ctx, "event/"+e.ID); err != nil {
		return err
	}
	free := mostCapacity
	if e.Capacity > 0 {
		in, err := countGuests(ctx, tx, e.ID, In)
		if err != nil {
			return err
		}
		free = e.Capacity - in
	}
	if free <= 0 {
		return nil
	}
	list, err := waitingGuests(ctx, tx, r, e.ID, free)
	if err != nil {
		return err
	}
	for _, g := range list {
		g.State = In
		if err := stand(ctx, tx, g); err != nil {
			return err
		}
		secret := id.Secret(16)
		if err := rehash(ctx, tx, g.ID, people.Hash(secret)); err != nil {
			return err
		}
		if err := r.tell(ctx, tx, e, g, secret, movedMail); err != nil {
			return err
		}
	}
	return nil
}

// letter is a mail to a guest.
type letter int

const (
	confirmMail letter = iota
	movedMail
	cancelledMail
)

// tell writes to a guest, in the guest's language. Who has an account is told
// at the address of the account.
func (r registrar) tell(ctx context.Context, tx *db.Tx, e Event, g Guest, secret string, which letter) error {
	to := g.Email
	if g.Person != "" {
		p, err := people.PersonByID(ctx, tx, g.Person)
		if err != nil || p.Erased != 0 {
			return err
		}
		to = p.Email
	}
	v := r.words(g.Lang)
	link := fmt.Sprintf("%s/%s/registrations/%s", r.base, v.Lang(), secret)
	if secret == "" || g.Person != "" {
		link = fmt.Sprintf("%s/%s/calendar/%s", r.base, v.Lang(), e.ID)
	}
	title := e.Title().In(v.Lang()).S
	starts := e.Local(e.Starts)
	when := v.FullDate(starts)
	if !e.AllDay {
		when = v.T("event.when.at", "{date}, {time}", "date", when, "time", v.Time(starts))
	}
	m := mail.Message{To: to, Lang: v.Lang(), Asked: which == confirmMail}
	var text string
	switch which {
	case confirmMail:
		m.Subject = v.T("event.mail.confirm.subject", "Confirm your registration: {title}", "title", title)
		text = v.T("event.mail.confirm", "Somebody, you we hope, registered this address. Open the link and confirm within two days. The same link cancels it later.")
	case movedMail:
		m.Subject = v.T("event.mail.moved.subject", "You have a place: {title}", "title", title)
		text = v.T("event.mail.moved", "A place is free, and it is yours. If you cannot come, give it back with the link: somebody waits for it.")
	case cancelledMail:
		m.Subject = v.T("event.mail.cancelled.subject", "Cancelled: {title}", "title", title)
		text = v.T("event.mail.cancelled", "This event does not take place.") + "\n\n" + e.Text(Reason).In(v.Lang()).S
	}
	m.Text = title + "\n" + when + "\n\n" + text + "\n\n" + link + "\n"
	return mail.Post(ctx, tx, m)
}

// Everybody who has a place or waits hears of a cancellation.
func (r registrar) tellAll(ctx context.Context, tx *db.Tx, e Event, which letter) error {
	list, err := guestsOf(ctx, tx, r, e.ID)
	if err != nil {
		return err
	}
	for _, g := range list {
		if g.State == Asked {
			continue
		}
		if err := r.tell(ctx, tx, e, g, "", which); err != nil {
			return err
		}
	}
	return nil
}
