package claim

import (
	"context"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/mail"
)

// letter is a mail to a claimant.
type letter struct {
	which  int
	secret string // of their link; "" where it stays as it was
	words  string // of whoever decided
}

const (
	confirmMail = iota
	receivedMail
	acceptedMail
	refusedMail
	expiredMail
)

// write tells the claimant, in their language, how it stands.
func (f *Feature) write(ctx context.Context, tx *db.Tx, c Claim, l letter) error {
	if c.Claimant.Email == "" {
		return nil // sealed under another key: nobody can be told
	}
	of, err := alliance.Load(ctx, tx)
	if err != nil {
		return err
	}
	e, err := entry.Past(ctx, tx, c.Organisation)
	if err != nil {
		return err
	}
	v := f.Catalog.For(c.Claimant.Lang)
	name := e.Title().Original()
	m := mail.Message{To: c.Claimant.Email, ToName: c.Claimant.Name, Lang: v.Lang()}
	var text string
	switch l.which {
	case confirmMail:
		m.Subject = v.T("claim.mail.confirm.subject", "Confirm: you act for {name}", "name", name)
		text = v.T("claim.mail.confirm", "Somebody, you we hope, said so and gave this address. Open the link and confirm within two days. If you do nothing, all of it is deleted.")
	case receivedMail:
		m.Subject = v.T("claim.mail.received.subject", "We received it: you act for {name}", "name", name)
		text = v.T("claim.mail.received", "People of the alliance look at it. With this link you see how it stands, or take it back. Keep it: we do not send it again.")
	case acceptedMail:
		m.Subject = v.T("claim.mail.accepted.subject", "Accepted: you act for {name}", "name", name)
		text = v.T("claim.mail.accepted", "A second mail holds your invitation. Open its link and accept it.")
	case refusedMail:
		m.Subject = v.T("claim.mail.refused.subject", "Not accepted: {name}", "name", name)
		text = v.T("claim.mail.refused", "It is not accepted. The reason: {reason}", "reason", reasonWords(v, c.Reason))
	case expiredMail:
		m.Subject = v.T("claim.mail.expired.subject", "Not decided: {name}", "name", name)
		text = v.T("claim.mail.expired", "Nobody decided it within two months. You may send it again.")
	}
	m.Text = text + "\n\n"
	if l.words != "" {
		m.Text += v.T("claim.mail.words", "They write:") + "\n" + l.words + "\n\n"
	}
	if l.secret != "" {
		m.Text += f.Origin + "/" + v.Lang() + "/claimed/" + l.secret + "\n\n"
	}
	if c.State.Over() {
		m.Text += v.T("claim.mail.erased", "We erased what you told us with this mail.") + "\n\n"
	}
	m.Text += of.Name.In(v.Lang()).S + "\n"
	return mail.Post(ctx, tx, m)
}
