package mail

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"alliance/internal/housetest/postgres"
	"alliance/internal/platform/db"
	"alliance/internal/platform/job"
	"alliance/internal/platform/seal"
)

func onBoth(t *testing.T, test func(t *testing.T, d *db.DB)) {
	for name, address := range map[string]func() string{
		"sqlite":   func() string { return "sqlite:" + filepath.Join(t.TempDir(), "a.db") },
		"postgres": func() string { return postgres.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			d, err := db.Open(t.Context(), address())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { d.Close() })
			if err := d.Migrate(t.Context(), job.Schema, Schema); err != nil {
				t.Fatal(err)
			}
			test(t, d)
		})
	}
}

func houseKey(t testing.TB) *seal.Key {
	t.Helper()
	key, err := seal.Load(base64.StdEncoding.EncodeToString(make([]byte, 32)), "")
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// outbox sends without signing, and letters come back to the sender.
func outbox(t *testing.T, d *db.DB, s Sender) *Outbox {
	t.Helper()
	return &Outbox{DB: d, Book: Book{Key: houseKey(t)}, Sender: s}
}

func post(t *testing.T, d *db.DB, m Message) error {
	t.Helper()
	return d.Do(t.Context(), func(ctx context.Context, tx *db.Tx) error { return Post(ctx, tx, m) })
}

// server is a small SMTP server on the loopback.
type server struct {
	net.Listener
	mu       sync.Mutex
	received []received
	refuse   string // reply to RCPT, "" = take it
}

type received struct{ from, to, data string }

func serve(t *testing.T) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{Listener: l}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.talk(c)
		}
	}()
	return s
}

func (s *server) talk(c net.Conn) {
	defer c.Close()
	c.SetDeadline(time.Now().Add(10 * time.Second))
	in := textproto.NewReader(bufio.NewReader(c))
	say := func(line string) { fmt.Fprintf(c, "%s\r\n", line) }
	var r received
	say("220 test")
	for {
		line, err := in.ReadLine()
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
		switch verb {
		case "EHLO", "HELO":
			say("250 test")
		case "MAIL":
			r.from = line
			say("250 ok")
		case "RCPT":
			s.mu.Lock()
			refuse := s.refuse
			s.mu.Unlock()
			if refuse != "" {
				say(refuse)
				continue
			}
			r.to = line
			say("250 ok")
		case "DATA":
			say("354 go on")
			body, err := in.ReadDotBytes()
			if err != nil {
				return
			}
			r.data = string(body)
			s.mu.Lock()
			s.received = append(s.received, r)
			s.mu.Unlock()
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (s *server) mails(t *testing.T) []*mail.Message {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []*mail.Message
	for _, r := range s.received {
		m, err := mail.ReadMessage(strings.NewReader(r.data))
		if err != nil {
			t.Fatalf("%v in\n%s", err, r.data)
		}
		list = append(list, m)
	}
	return list
}

func sender(t *testing.T, l net.Listener) Sender {
	t.Helper()
	s, err := Open(Config{Server: "smtp://" + l.Addr().String() + "?starttls=never", From: "Alliance des mobilités <no-reply@example.org>"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestServerGetsTheMail(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		s := serve(t)
		r := job.NewRunner(d)
		outbox(t, d, sender(t, s)).Register(r)
		err := post(t, d, Message{To: "amina@example.org", ToName: "Amina Dʼ, <x@y>", Lang: "fr", Subject: "Réponse à votre demande",
			Text: "Bonjour,\n.\nhttps://example.org/é\n", HTML: "<p>Bonjour</p>", Unsubscribe: "https://example.org/stop/1"})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		list := s.mails(t)
		if len(list) != 1 {
			t.Fatalf("%d mails", len(list))
		}
		m := list[0]
		var words mime.WordDecoder
		subject, _ := words.DecodeHeader(m.Header.Get("Subject"))
		to, err := m.Header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != "amina@example.org" || to[0].Name != "Amina Dʼ, <x@y>" || subject != "Réponse à votre demande" {
			t.Errorf("to %v %v, subject %q", to, err, subject)
		}
		for header, want := range map[string]string{"Auto-Submitted": "auto-generated", "Content-Language": "fr",
			"List-Unsubscribe": "<https://example.org/stop/1>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
			"User-Agent": "", "X-Mailer": ""} {
			if got := m.Header.Get(header); got != want {
				t.Errorf("%s: %q, want %q", header, got, want)
			}
		}
		if !strings.HasSuffix(m.Header.Get("Message-Id"), "@example.org>") {
			t.Errorf("Message-ID %q", m.Header.Get("Message-Id"))
		}
		_, params, _ := mime.ParseMediaType(m.Header.Get("Content-Type"))
		part, err := multipart.NewReader(m.Body, params["boundary"]).NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(quotedprintable.NewReader(part))
		if got := strings.ReplaceAll(string(text), "\r\n", "\n"); got != "Bonjour,\n.\nhttps://example.org/é\n" {
			t.Errorf("text %q", got)
		}
	})
}

func TestDeadServerDelaysAndLosesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		now := db.Now()
		d.Now = func() db.Instant { return now }
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		dead := sender(t, l)
		l.Close()
		began := time.Now()
		if err := post(t, d, Message{To: "a@example.org", Subject: "s", Text: "t"}); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("posting waited %v", took)
		}
		r := job.NewRunner(d)
		outbox(t, d, dead).Register(r)
		if err := r.Drain(t.Context()); err == nil {
			t.Error("a dead server must be reported")
		}
		s := serve(t)
		alive := job.NewRunner(d)
		outbox(t, d, sender(t, s)).Register(alive)
		if err := alive.Drain(t.Context()); err != nil || len(s.mails(t)) != 0 {
			t.Errorf("tried again without a pause: %v", err)
		}
		now = now.Add(time.Minute)
		if err := alive.Drain(t.Context()); err != nil || len(s.mails(t)) != 1 {
			t.Errorf("%v, %d mails", err, len(s.mails(t)))
		}
	})
}

func TestRefusedRecipientIsNotTriedForDays(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		s := serve(t)
		r := job.NewRunner(d)
		outbox(t, d, sender(t, s)).Register(r)
		for reply, wantDead := range map[string]int64{"450 later": 0, "550 nobody": 1} {
			s.mu.Lock()
			s.refuse = reply
			s.mu.Unlock()
			if err := post(t, d, Message{To: "a@example.org", Subject: "s", Text: "t"}); err != nil {
				t.Fatal(err)
			}
			_ = r.Drain(t.Context())
			counts, err := job.Counts(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range counts {
				if c.Kind == Kind && (c.Dead != wantDead || c.Waiting != 1-wantDead) {
					t.Errorf("%s: %+v", reply, c)
				}
			}
			err = d.Do(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.Exec(ctx, `DELETE FROM job`)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestFolderAndConsole(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		dir := filepath.Join(t.TempDir(), "mails")
		var console bytes.Buffer
		s, err := Open(Config{Folder: dir, Console: &console})
		if err != nil {
			t.Fatal(err)
		}
		r := job.NewRunner(d)
		outbox(t, d, s).Register(r)
		err = post(t, d, Message{To: "a@example.org", Subject: "Sign in\r\n\x1b[31m", Text: "Hello\nhttps://example.org/in?k=1 and https://example.org/2"})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got, want := console.String(), "mail  a@example.org  Sign in [31m  https://example.org/in?k=1\n"; got != want {
			t.Errorf("console %q, want %q", got, want)
		}
		files, _ := filepath.Glob(filepath.Join(dir, "*"))
		if len(files) != 1 || filepath.Ext(files[0]) != ".eml" {
			t.Fatalf("files %v", files)
		}
		raw, _ := os.ReadFile(files[0])
		if _, err := mail.ReadMessage(bytes.NewReader(raw)); err != nil {
			t.Errorf("%v in\n%s", err, raw)
		}
	})
}

// injections try to begin a header, a recipient or a command of their own.
var injections = []string{
	"x\r\nBcc: evil@example.net", "x\nBcc: evil@example.net", "x\rBcc: evil@example.net",
	"x\r\n\r\n<script>", "x\r\n.\r\nMAIL FROM:<evil@example.net>", "x\u0085Bcc: evil@example.net",
	"x\u2028Bcc: evil@example.net", "x\v\fBcc: evil@example.net", "x\x00\r\nBcc: evil@example.net",
	"=?utf-8?Q?x=0D=0ABcc:_evil@example.net?=", strings.Repeat("é", 500) + "\r\nBcc: evil@example.net",
	`"x" <evil@example.net>, y`, "x\xff\r\nBcc: evil@example.net", "\r\n Bcc: evil@example.net",
}

func TestNothingIsInjected(t *testing.T) {
	s := serve(t)
	send := sender(t, s)
	for _, bad := range injections {
		l := Letter{ID: "1", At: db.Now(), Message: Message{To: "a@example.org", ToName: bad, Subject: bad, Text: bad, HTML: bad, Lang: "en"}}
		if err := send.Send(t.Context(), l, Envelope{}); err != nil {
			t.Errorf("%q: %v", bad, err)
		}
	}
	list := s.mails(t)
	if len(list) != len(injections) {
		t.Fatalf("%d mails for %d", len(list), len(injections))
	}
	known := map[string]bool{"From": true, "To": true, "Subject": true, "Message-Id": true, "Date": true, "Mime-Version": true,
		"Auto-Submitted": true, "Content-Language": true, "Content-Type": true, "Content-Transfer-Encoding": true}
	for i, m := range list {
		for name := range m.Header {
			if !known[name] {
				t.Errorf("%q made the header %s", injections[i], name)
			}
		}
		to, err := m.Header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != "a@example.org" {
			t.Errorf("%q: recipients %v, %v", injections[i], to, err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, r := range s.received {
		if r.to != "RCPT TO:<a@example.org>" || !strings.HasPrefix(r.from, "MAIL FROM:<no-reply@example.org>") {
			t.Errorf("%q: envelope %q %q", injections[i], r.from, r.to)
		}
	}
}

func TestBadMessagesAreRefusedAtOnce(t *testing.T) {
	good := Message{To: "a@example.org", Subject: "s", Text: "t"}
	if err := good.check(); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{"", "a", "@b.c", "a@", "a@b.c,d@e.f", "a@b.c\r\nBcc: d@e.f", "A <a@b.c>", "<a@b.c>", "a b@c.d",
		"-oX@b.c", "a@b.c\x00", "a\u200b@b.c", strings.Repeat("a", 65) + "@b.c", `"a b"@c.d`, "a%d@b.c", "a@b@c.d"} {
		m := good
		m.To = to
		if m.check() == nil {
			t.Errorf("took the address %q", to)
		}
	}
	for name, m := range map[string]Message{
		"no subject":  {To: good.To, Subject: " \r\n", Text: "t"},
		"no text":     {To: good.To, Subject: "s", Text: " "},
		"language":    {To: good.To, Subject: "s", Text: "t", Lang: "fr\r\nBcc: x@y.z"},
		"unsubscribe": {To: good.To, Subject: "s", Text: "t", Unsubscribe: "https://a.b/\r\nBcc: x@y.z"},
		"brackets":    {To: good.To, Subject: "s", Text: "t", Unsubscribe: "https://a.b/>,<mailto:x@y.z"},
		"script":      {To: good.To, Subject: "s", Text: "t", Unsubscribe: "javascript:alert(1)"},
	} {
		if m.check() == nil {
			t.Errorf("took %s", name)
		}
	}
}

func FuzzLine(f *testing.F) {
	for _, s := range injections {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		raw, err := compose(&mail.Address{Address: "a@example.org"}, Letter{ID: "1", At: 1, Message: Message{To: "b@example.org", ToName: s, Subject: "x" + s, Text: "t"}}, Envelope{})
		if err != nil {
			t.Fatal(err)
		}
		read, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if to, err := read.Header.AddressList("To"); err != nil || len(to) != 1 || to[0].Address != "b@example.org" || read.Header.Get("Bcc") != "" {
			t.Fatalf("%q: %v %v", s, to, err)
		}
	})
}

func TestConfiguration(t *testing.T) {
	for _, c := range []Config{
		{Server: "http://host", From: "a@b.c"}, {Server: "smtp://host?starttls=maybe", From: "a@b.c"},
		{Server: "smtp://host", From: "no address"}, {Server: "smtp://", From: "a@b.c"}, {},
		{Server: "smtp://user:secret@ho st", From: "a@b.c"},
	} {
		if _, err := Open(c); err == nil {
			t.Errorf("took %+v", c)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("tells the password: %v", err)
		}
	}
	for _, server := range []string{"smtp://u:p@host", "smtp://host:25?starttls=optional", "smtps://u:p%40@host"} {
		if _, err := Open(Config{Server: server, From: "A <a@b.c>"}); err != nil {
			t.Errorf("%s: %v", server, err)
		}
	}
}
