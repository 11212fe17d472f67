package contribution

import (
	"context"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/mail"
)

// letter is a mail to the author of a contribution.
type letter struct {
	which  int
	secret string // of the author's link; "" where it stays as it was
	said   Said
}

const (
	confirmMail = iota
	receivedMail
	changeMail
	refusedMail
	publishedMail
	linkMail
)

// write tells the author, in the author's language, how it stands. Where the
// link stays as it was, only its hash is known: the mail speaks of the earlier one.
func (f *Feature) write(ctx context.Context, tx *db.Tx, c Contribution, l letter) error {
	if c.Author.Email == "" {
		return nil // sealed under another key: nobody can be told
	}
	of, err := alliance.Load(ctx, tx)
	if err != nil {
		return err
	}
	v := f.Catalog.For(c.Author.Lang)
	title := c.Typed.One("title")
	home := f.Origin + "/" + v.Lang()
	m := mail.Message{To: c.Author.Email, Lang: v.Lang()}
	var text string
	switch l.which {
	case confirmMail:
		m.Subject = v.T("contribution.mail.confirm.subject", "Confirm your proposal: {title}", "title", title)
		text = v.T("contribution.mail.confirm", "Somebody, you we hope, proposed this and gave this address. Open the link and confirm within two days. If you do nothing, all of it is deleted.")
	case receivedMail:
		m.Subject = v.T("contribution.mail.received.subject", "We received your proposal: {title}", "title", title)
		text = v.T("contribution.mail.received", "A local authority and an association look at it together. With this link you see how it stands, change it or take it back. Keep it: we do not send it again.")
	case changeMail:
		m.Subject = v.T("contribution.mail.change.subject", "Please change your proposal: {title}", "title", title)
		text = v.T("contribution.mail.change", "Those who look at it ask for a change. Use the link of our mail “We received your proposal”.")
	case refusedMail:
		m.Subject = v.T("contribution.mail.refused.subject", "Not published: {title}", "title", title)
		text = v.T("contribution.mail.refused", "It is not published. The reason: {reason}", "reason", v.Say(reasonPhrase(c.Reason)))
	case publishedMail:
		m.Subject = v.T("contribution.mail.published.subject", "Published: {title}", "title", title)
		text = v.T("contribution.mail.published", "Both sides agreed: everybody can read it now. Thank you.")
	}
	if l.which == linkMail {
		m.Subject = v.T("contribution.mail.link.subject", "Change a page: {title}", "title", title)
		text = v.T("contribution.mail.link", "Somebody, you we hope, asked for a link to change this page. It works for seven days, for this page alone. A local authority and an association look at what you send; until they agree the page stays as it is.")
	}
	m.Text = title + "\n\n" + text + "\n\n"
	if l.said.Words != "" {
		m.Text += v.T("contribution.mail.words", "They write:") + "\n" + l.said.Words + "\n\n"
	}
	switch {
	case l.secret != "":
		m.Text += home + "/proposed/" + l.secret + "\n\n"
	case c.Entry != "":
		m.Text += home + f.Kinds[c.Kind].Path(c.Entry) + "\n\n"
	}
	if c.State.Over() {
		m.Text += v.T("contribution.mail.erased", "We erased your address with this mail.") + "\n\n"
	}
	m.Text += v.T("contribution.mail.rules", "Our rules: {address}", "address", home+"/policy") + "\n" + of.Name.In(v.Lang()).S + "\n"
	return mail.Post(ctx, tx, m)
}
