package mail

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"alliance/internal/platform/db"
	"alliance/internal/platform/job"
)

// check asks another implementation whether a letter bears a good signature,
// with the record the operator is told to publish as the only one of the DNS.
func check(t *testing.T, s *Signer, letter string) error {
	t.Helper()
	name, text := s.Record()
	found, err := dkim.VerifyWithOptions(strings.NewReader(strings.ReplaceAll(strings.ReplaceAll(letter, "\r\n", "\n"), "\n", "\r\n")), &dkim.VerifyOptions{
		LookupTXT: func(asked string) ([]string, error) {
			if asked != name {
				return nil, errors.New("no such name: " + asked)
			}
			return []string{text}, nil
		}})
	if err != nil {
		return err
	}
	if len(found) != 1 {
		return errors.New("not one signature")
	}
	if found[0].Domain != s.Domain {
		t.Errorf("signed by %s", found[0].Domain)
	}
	return found[0].Err
}

// rfc6376 is the signed message of RFC 6376, appendix A, whose key stands in
// appendix C.
const (
	rfc6376 = `DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;
      c=simple/simple; q=dns/txt; i=joe@football.example.com;
      h=Received : From : To : Subject : Date : Message-ID;
      bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
      b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB
      4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut
      KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV
      4bmp/YzhwvcubU4=;
Received: from client1.football.example.com  [192.0.2.1]
      by submitserver.example.com with SUBMISSION;
      Fri, 11 Jul 2003 21:01:54 -0700 (PDT)
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game. Are you hungry yet?

Joe.
`
	rfc6376Key = "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB"
)

// TestJudgeKnowsTheStandard: what checks our signatures takes the standard's
// own, and not what was changed in it.
func TestJudgeKnowsTheStandard(t *testing.T) {
	for change, good := range map[string]bool{"hungry": true, "thirsty": false} {
		letter := strings.ReplaceAll(strings.Replace(rfc6376, "hungry", change, 1), "\n", "\r\n")
		found, err := dkim.VerifyWithOptions(strings.NewReader(letter), &dkim.VerifyOptions{LookupTXT: func(string) ([]string, error) { return []string{rfc6376Key}, nil }})
		if err != nil || len(found) != 1 || (found[0].Err == nil) != good {
			t.Errorf("%s: %v %+v", change, err, found)
		}
	}
}

// signedOutbox sends letters as they leave a house with a mail server.
func signedOutbox(t *testing.T, d *db.DB, s *server) *Outbox {
	t.Helper()
	return &Outbox{DB: d, Book: Book{Key: houseKey(t), Address: "bounce@example.org"}, Sender: sender(t, s), Domain: "example.org"}
}

// A letter as the mail server gets it passes the check, and fails it after any
// change that matters.
func TestSignatureHolds(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		s := serve(t)
		o := signedOutbox(t, d, s)
		r := job.NewRunner(d)
		o.Register(r)
		messages := []Message{
			{To: "amina@example.org", ToName: "Amina", Lang: "fr", Subject: "Nouvelles de « la carte »", Text: "Bonjour,\n.\n.. deux points\n\nsuite  avec espaces  \n\n\n",
				HTML: "<p>Bonjour &amp; à bientôt</p>" + strings.Repeat("<p>longue ligne </p>", 100), Unsubscribe: "https://example.org/stop/1"},
			{To: "a@example.org", Lang: "ar", Subject: "مرحبًا", Text: "مرحبًا"},
		}
		for _, bad := range injections {
			messages = append(messages, Message{To: "a@example.org", ToName: bad, Subject: "x " + bad, Text: bad})
		}
		for _, m := range messages {
			if err := post(t, d, m); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.received) != len(messages) {
			t.Fatalf("%d letters", len(s.received))
		}
		digest := ""
		for _, got := range s.received {
			if err := check(t, o.signer, got.data); err != nil {
				t.Errorf("%v in\n%s", err, got.data)
			}
			if strings.Contains(got.data, "List-Unsubscribe: ") {
				digest = got.data
			}
		}
		for what, change := range map[string]func(string) string{
			"another way to unsubscribe": func(l string) string { return strings.Replace(l, "stop/1", "stop/2", 1) },
			"one click taken away": func(l string) string {
				return strings.Replace(l, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n", "", 1)
			},
			"a second way":     func(l string) string { return "List-Unsubscribe: <https://evil.example.net/>\n" + l },
			"a second sender":  func(l string) string { return "From: Other <evil@example.net>\n" + l },
			"a second subject": func(l string) string { return "Subject: Pay\n" + l },
			"another text":     func(l string) string { return strings.Replace(l, "Bonjour,", "Bonsoir,", 1) },
			"more text":        func(l string) string { return l + "P.S.\n" },
		} {
			changed := change(digest)
			if changed == digest {
				t.Errorf("%s: nothing was changed", what)
			}
			if check(t, o.signer, changed) == nil {
				t.Errorf("%s: the signature still holds", what)
			}
		}
	})
}

// Two nodes that send their first letters at once sign with one key, and the
// database alone gives it to nobody.
func TestOneKeyForAllNodes(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		key := houseKey(t)
		if s, err := LoadSigner(t.Context(), d, key, "example.org"); s != nil || err != nil {
			t.Fatal(s, err)
		}
		var all sync.WaitGroup
		texts := make([]string, 2)
		for i := range texts {
			all.Go(func() {
				s, err := MakeSigner(t.Context(), d, key, "example.org")
				if err != nil {
					t.Error(err)
					return
				}
				_, texts[i] = s.Record()
			})
		}
		all.Wait()
		if texts[0] == "" || texts[0] != texts[1] {
			t.Error("nodes with keys of their own")
		}
		for _, chunk := range []string{"p=MII", "v=DKIM1"} {
			if !strings.Contains(texts[0], chunk) {
				t.Errorf("no %s in %s", chunk, texts[0])
			}
		}
		_ = d.Do(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE mail_key SET selector = 'other'`)
			return err
		})
		if _, err := LoadSigner(t.Context(), d, key, "example.org"); err == nil {
			t.Error("a key moved to another row opens")
		}
	})
}
