package flow_test

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"alliance/internal/app"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/people"
)

// comeBack lets a mail server report that the last mail to somebody found no mailbox.
func comeBack(t *testing.T, h *housetest.House, email string) {
	t.Helper()
	letter := ""
	for _, m := range h.Mails() {
		if strings.Contains(m, "<"+email+">") {
			letter = regexp.MustCompile(`(?i)Message-ID: <([0-9a-z]{16})@`).FindStringSubmatch(m)[1]
		}
	}
	book := mail.Book{Key: h.Key, Address: "bounce@example.org"}
	what, err := book.Take(context.Background(), h.DB, strings.NewReader("To: "+book.Return(letter)+"\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"+
		"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nFinal-Recipient: rfc822; x@y.z\nAction: failed\nStatus: 5.1.1\n\n--b--\n"), "")
	if err != nil || what != mail.Nobody {
		t.Fatal(what, err)
	}
}

// TestMailsComeBack: who gets no mails any more is told in the house, and says
// when the mailbox works. A link that was read says it too.
func TestMailsComeBack(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		rosa, other := h.Person("Rosa"), h.Person("Other")
		ask := func() {
			h.Visitor().Post("/en/sign-in", url.Values{"email": {rosa.Email}, "way": {"link"}}).Status(200)
		}
		ask()
		comeBack(t, h, rosa.Email)
		c := h.As(rosa.ID, "")
		c.Get("/en/me").Status(200).Has("li.card", "To put right").Follow("Mails to you come back").Status(200).Has("main", "5.1.1").
			Has("main", rosa.Email).Submit("Send mails again", nil).Status(200).Has("main", "Mails are sent again.").Lacks("main", "come back")
		c.Get("/en/me").Lacks("main", "Mails to you come back")
		h.As(other.ID, "").Get("/en/me/account").Lacks("main", "come back")

		ask()
		comeBack(t, h, rosa.Email)
		ask() // a link to sign in is sent all the same
		link := linkIn(t, h, rosa.Email, "/sign-in/link")
		c = h.Visitor()
		c.Get(link).Status(200).Submit("Sign in", nil).Status(200).Has("h1", "My page").Lacks("main", "Mails to you come back")

		var token string
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			token, err = people.AddToken(ctx, tx, people.Token{Person: rosa.ID, Name: "script", Reads: true, Writes: true})
			return err
		})
		var state struct {
			Back   bool
			Status string
		}
		h.Clock.Pass(time.Hour)
		ask()
		comeBack(t, h, rosa.Email)
		if code := h.Call(token, "GET", "/me/mail", nil, &state); code != 200 || !state.Back || state.Status != "5.1.1" {
			t.Errorf("%d %+v", code, state)
		}
		if code := h.Call(token, "POST", "/me/mail", nil, &state); code != 200 || state.Back {
			t.Errorf("%d %+v", code, state)
		}
	}, func(c *app.Config) { c.MailBack = "bounce@example.org" })
}
