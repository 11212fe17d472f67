package account

import (
	"context"
	"strings"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
)

// Invite writes an invitation and its mail. An earlier one to the same address
// for the same organisation is taken back. network is where the wish came from.
func (a *Account) Invite(ctx context.Context, tx *db.Tx, actor people.Actor, network string, i Invitation) (Invitation, error) {
	if !MayInvite(actor, i.Mandate.Organisation) {
		return i, access.Denied()
	}
	if err := i.Validate(tx.Now()); err != nil {
		return i, err
	}
	if i.Mandate.Organisation != "" {
		o, err := people.OrganisationByID(ctx, tx, i.Mandate.Organisation)
		if err != nil {
			return i, err
		}
		i.Mandate.OrganisationName = o.Name
		if err := within(actor, i.Mandate); err != nil {
			return i, err
		}
	}
	if err := mayMail(ctx, tx, actor, network, i.Email); err != nil {
		return i, err
	}
	return a.offer(ctx, tx, actor, i)
}

// mayMail bounds how many invitations one address is sent, and how many come
// from one person and one network.
func mayMail(ctx context.Context, tx *db.Tx, actor people.Actor, network, email string) error {
	key, _ := people.EmailKey(email)
	allowed, err := people.Attempt(ctx, tx, "invitation/"+key, linkTries, linkWait)
	if err != nil {
		return err
	}
	if !allowed {
		return fault.Conflict("account.invitation.often", "This address was invited several times within the hour. Wait before the next mail.")
	}
	for _, limit := range []struct {
		key string
		n   int
	}{{"invitations-by/" + actor.Person, personInvitations}, {"invitations-from/" + network, networkInvitations}} {
		if allowed, err = people.Attempt(ctx, tx, limit.key, limit.n, linkWait); err != nil {
			return err
		}
		if !allowed {
			return fault.Conflict("account.invitation.many", "You have sent many invitations within the hour. Go on a little later.")
		}
	}
	return nil
}

// InviteDecided writes the invitation that follows when others than who may
// invite have decided on a claim. It stands though they may not invite.
func (a *Account) InviteDecided(ctx context.Context, tx *db.Tx, actor people.Actor, i Invitation) (Invitation, error) {
	if err := i.Validate(tx.Now()); err != nil {
		return i, err
	}
	o, err := people.OrganisationByID(ctx, tx, i.Mandate.Organisation)
	if err != nil {
		return i, err
	}
	i.Mandate.OrganisationName = o.Name
	return a.offer(ctx, tx, actor, i)
}

// offer keeps an invitation and mails it, in the place of earlier ones.
func (a *Account) offer(ctx context.Context, tx *db.Tx, actor people.Actor, i Invitation) (Invitation, error) {
	key, _ := people.EmailKey(i.Email)
	earlier, err := openFor(ctx, tx, key, i.Mandate.Organisation)
	if err != nil {
		return i, err
	}
	for _, e := range earlier {
		if err := setWithdrawn(ctx, tx, e); err != nil {
			return i, err
		}
	}
	i.ID, i.By, i.ByName, i.ByMandate = id.New(), actor.Person, actor.Name, actor.Mandate.ID
	i.Created, i.Expires = tx.Now(), tx.Now().Add(invitationTime)
	if i.Waits {
		return i, add(ctx, tx, i)
	}
	secret, err := people.NewLink(ctx, tx, people.Link{Purpose: linkInvitation, Email: key, Data: i.ID, Lasts: invitationTime})
	if err != nil {
		return i, err
	}
	i.link = people.Hash(secret)
	if err := add(ctx, tx, i); err != nil {
		return i, err
	}
	journal.Tell(tx, actor, journal.Event{Verb: "person.invited", Kind: "invitation", Subject: i.ID, Scope: i.Mandate.Organisation})
	return i, a.mailInvitation(ctx, tx, i, secret)
}

func (a *Account) mailInvitation(ctx context.Context, tx *db.Tx, i Invitation, secret string) error {
	words := a.Catalog.For(i.Lang)
	hello := words.T("account.mail.hello-nobody", "Hello,")
	if i.Name != "" {
		hello = words.T("account.mail.hello", "Hello {name},", "name", i.Name)
	}
	subject := words.T("account.mail.invitation.subject-account", "Your account")
	text := words.T("account.mail.invitation.account", "{person} invites you to open an account.", "person", i.ByName)
	if i.Mandate.Organisation != "" {
		subject = words.T("account.mail.invitation.subject", "Acting for {organisation}", "organisation", i.Mandate.OrganisationName)
		text = words.T("account.mail.invitation.text", "{person} invites you to act for {organisation}.", "person", i.ByName, "organisation", i.Mandate.OrganisationName)
	}
	return mail.Post(ctx, tx, mail.Message{To: i.Email, ToName: i.Name, Lang: words.Lang(), Asked: true, Subject: subject,
		Text: hello + "\n\n" + text + "\n\n" +
			words.T("account.mail.invitation.how", "Open this link to see what the mandate allows, and to accept it. It works until {date}.", "date", words.Date(i.Expires.Time())) + "\n\n" +
			a.Origin + "/" + words.Lang() + "/invitation/" + secret + "\n\n" +
			words.T("account.mail.invitation.no", "You do not want it? Then do nothing.")})
}

// Withdraw takes an invitation back.
func (a *Account) Withdraw(ctx context.Context, tx *db.Tx, actor people.Actor, invitation string) (Invitation, error) {
	i, err := byID(ctx, tx, invitation)
	if err != nil {
		return i, err
	}
	if !MayInvite(actor, i.Mandate.Organisation) {
		return i, fault.Missing()
	}
	if !i.Open(tx.Now()) {
		return i, fault.Conflict("account.invitation.over", "This invitation was accepted, taken back, or is too old.")
	}
	journal.Tell(tx, actor, journal.Event{Verb: "person.uninvited", Kind: "invitation", Subject: i.ID, Scope: i.Mandate.Organisation})
	return i, setWithdrawn(ctx, tx, i)
}

// invited gives the invitation behind a link, if it still stands: whoever
// wrote it must still have the right to. A delegate whose own mandate ended
// leaves no door open.
func (a *Account) invited(ctx context.Context, q db.Q, secret string, now db.Instant) (Invitation, error) {
	l, err := people.LinkOf(ctx, q, linkInvitation, secret, now)
	if err != nil {
		return Invitation{}, err
	}
	i, err := byID(ctx, q, l.Data)
	if fault.Is(err, fault.KindNotFound) {
		return i, people.LinkOver()
	}
	if err != nil {
		return i, err
	}
	return i, stands(ctx, q, i, now)
}

// stands tells whether an invitation can be accepted: whoever wrote it must
// still have the right to.
func stands(ctx context.Context, q db.Q, i Invitation, now db.Instant) error {
	if !i.Open(now) {
		return people.LinkOver()
	}
	by, err := people.ActorOf(ctx, q, i.By, i.ByMandate, now)
	if err == nil && (i.Decided == "" && !MayInvite(by, i.Mandate.Organisation) || i.Mandate.Until != 0 && i.Mandate.Until <= now) {
		err = people.LinkOver()
	}
	return err
}

// Accept makes the account, where there is none, and the mandate. name and
// hash (of a password, "" = none) count for a new account only.
func (a *Account) Accept(ctx context.Context, tx *db.Tx, secret, name, hash, tag string) (person, mandate string, err error) {
	i, err := a.invited(ctx, tx, secret, tx.Now())
	if err != nil {
		return "", "", err
	}
	if _, err := people.UseLink(ctx, tx, linkInvitation, secret); err != nil {
		return "", "", err
	}
	return a.accepted(ctx, tx, i, name, hash, tag)
}

// acceptProved accepts an invitation for somebody who has shown otherwise than
// by its link that the address is theirs. The link ends.
func (a *Account) acceptProved(ctx context.Context, tx *db.Tx, i Invitation, name, tag string) (person, mandate string, err error) {
	if err := stands(ctx, tx, i, tx.Now()); err != nil {
		return "", "", err
	}
	if err := people.DropLink(ctx, tx, i.link); err != nil {
		return "", "", err
	}
	if i.Name != "" {
		name = i.Name
	}
	if name == "" || len([]rune(name)) > 200 {
		name, _, _ = strings.Cut(i.Email, "@")
	}
	return a.accepted(ctx, tx, i, name, "", tag)
}

func (a *Account) accepted(ctx context.Context, tx *db.Tx, i Invitation, name, hash, tag string) (person, mandate string, err error) {
	p, err := people.PersonByEmail(ctx, tx, i.Email)
	if fault.Is(err, fault.KindNotFound) {
		if p, err = people.AddPerson(ctx, tx, people.Person{Name: name, Email: i.Email, Lang: tag}); err == nil && hash != "" {
			err = people.SetPassword(ctx, tx, p.ID, hash)
		}
		journal.Tell(tx, people.Actor{Person: p.ID}, journal.Event{Verb: "person.added", Kind: "person", Subject: p.ID})
	}
	if err != nil {
		return "", "", err
	}
	if err := setAccepted(ctx, tx, i.ID, p.ID); err != nil {
		return "", "", err
	}
	told := notice.New{Person: i.By, Key: "account.notice.accepted", English: "{person} has accepted your invitation.", Args: map[string]string{"person": p.Name}, Link: "/me"}
	if i.Mandate.Organisation != "" {
		m := i.Mandate
		m.Person, m.GrantedBy = p.ID, i.By
		if m.Since < tx.Now() {
			m.Since = tx.Now() // nobody acted under it before
		}
		if m, err = people.AddMandate(ctx, tx, m); err != nil {
			return "", "", err
		}
		mandate = m.ID
		journal.Tell(tx, people.Actor{Person: i.By}, journal.Event{Verb: "mandate.given", Kind: "mandate", Subject: m.ID, Scope: m.Organisation, Data: map[string]string{"person": p.ID}})
		told.Link = "/mandates?organisation=" + m.Organisation
		if i.Replaces != "" {
			if err := a.succeed(ctx, tx, i, m); err != nil {
				return "", "", err
			}
		}
	}
	return p.ID, mandate, notice.Tell(ctx, tx, told)
}

// End ends a mandate. Its rights end with the next request of its person, and
// of tokens made for it; what was written under it stays as it is.
func (a *Account) End(ctx context.Context, tx *db.Tx, actor people.Actor, mandate string) (people.Mandate, error) {
	m, err := people.MandateByID(ctx, tx, mandate)
	if err != nil {
		return m, err
	}
	if !MayEnd(actor, m) {
		return m, access.Denied()
	}
	if m.Ended != 0 || m.Until != 0 && m.Until <= tx.Now() {
		return m, fault.Conflict("account.mandate.over", "This mandate has ended already.")
	}
	if err := people.EndMandate(ctx, tx, m.ID, actor.Person); err != nil {
		return m, err
	}
	journal.Tell(tx, actor, journal.Event{Verb: "mandate.ended", Kind: "mandate", Subject: m.ID, Scope: m.Organisation, Data: map[string]string{"person": m.Person}})
	if m.Person == actor.Person {
		return m, nil
	}
	return m, notice.Tell(ctx, tx, notice.New{Person: m.Person, Key: "account.notice.ended", English: "Your mandate for {organisation} has ended.",
		Args: map[string]string{"organisation": m.OrganisationName}, Link: "/me", Mail: true})
}

// Give gives a role everywhere.
func (a *Account) Give(ctx context.Context, tx *db.Tx, actor people.Actor, person string, role people.Role) error {
	if err := MayGive(actor, role); err != nil {
		return err
	}
	p, err := people.PersonByID(ctx, tx, person)
	if err != nil {
		return err
	}
	if p.Erased != 0 {
		return fault.Missing()
	}
	if err := people.GiveRole(ctx, tx, person, people.Grant{Role: role}, actor.Person); err != nil {
		return err
	}
	return a.roleChanged(ctx, tx, actor, person, "role.given", people.Grant{Role: role})
}

// Take takes a role back, everywhere or for one scope.
func (a *Account) Take(ctx context.Context, tx *db.Tx, actor people.Actor, person string, g people.Grant) error {
	if err := MayGive(actor, g.Role); err != nil {
		return err
	}
	if g.Scope == "" && (g.Role == people.Operator || g.Role == people.Coordinator) {
		last, err := people.LastHolder(ctx, tx, person, g.Role)
		if err != nil {
			return err
		}
		if last {
			return fault.Conflict("account.role.last", "Nobody else has this role. Give it to somebody else first.")
		}
	}
	if err := people.TakeRole(ctx, tx, person, g); err != nil {
		return err
	}
	return a.roleChanged(ctx, tx, actor, person, "role.taken", g)
}

func (a *Account) roleChanged(ctx context.Context, tx *db.Tx, actor people.Actor, person, verb string, g people.Grant) error {
	journal.Tell(tx, actor, journal.Event{Verb: verb, Kind: "person", Subject: person, Scope: g.Scope, Data: map[string]string{"role": string(g.Role)}})
	if person == actor.Person {
		return nil
	}
	return notice.Tell(ctx, tx, notice.New{Person: person, Key: "account.notice.roles", English: "Your roles have changed.", Link: "/me", Mail: true})
}

// EraseAccount blanks a person's account everywhere; by is that person, or who
// keeps the house.
func (a *Account) EraseAccount(ctx context.Context, tx *db.Tx, by people.Actor, person string) error {
	for _, role := range []people.Role{people.Coordinator, people.Operator} {
		last, err := people.LastHolder(ctx, tx, person, role)
		if err != nil {
			return err
		}
		if last {
			return fault.Conflict("account.erase.last-one", "This is the last one with a role the house needs. Give it to somebody else first.")
		}
	}
	journal.Tell(tx, people.Actor{Person: by.Person}, journal.Event{Verb: "person.erased", Kind: "person", Subject: person})
	return a.House.Erase(ctx, tx, person)
}
