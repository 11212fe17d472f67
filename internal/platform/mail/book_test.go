package mail

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/job"
	"alliance/internal/platform/seal"
)

func stopped(t *testing.T, d *db.DB, b Book, address string) Stop {
	t.Helper()
	s, err := b.Stopped(t.Context(), d, address)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func counted(t *testing.T, d *db.DB) map[string]int64 {
	t.Helper()
	tally, err := TallySince(t.Context(), d, 0)
	if err != nil {
		t.Fatal(err)
	}
	return tally.N
}

// house sends to a server of the test, by a clock of the test.
type house struct {
	*Outbox
	t   *testing.T
	r   *job.Runner
	s   *server
	now db.Instant
}

func open(t *testing.T, d *db.DB) *house {
	t.Helper()
	s := serve(t)
	h := &house{t: t, r: job.NewRunner(d), s: s, now: db.Now(), Outbox: &Outbox{DB: d, Book: Book{Key: houseKey(t), Address: "bounce@example.org"}, Sender: sender(t, s)}}
	d.Now = func() db.Instant { return h.now }
	h.Register(h.r)
	return h
}

// letter sends one, and gives where it comes back to; "" = it did not leave.
func (h *house) letter(m Message) string {
	h.t.Helper()
	h.s.mu.Lock()
	before := len(h.s.received)
	h.s.mu.Unlock()
	m.Subject, m.Text = "s", "t"
	if err := post(h.t, h.DB, m); err != nil {
		h.t.Fatal(err)
	}
	_ = h.r.Drain(h.t.Context())
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	if len(h.s.received) == before {
		return ""
	}
	_, after, _ := strings.Cut(h.s.received[before].from, "<")
	back, _, _ := strings.Cut(after, ">")
	return back
}

func (h *house) take(mail string) string {
	h.t.Helper()
	what, err := h.Book.Take(h.t.Context(), h.DB, strings.NewReader(mail), "")
	if err != nil {
		h.t.Fatal(err)
	}
	return what
}

// A mailbox that is gone gets no more letters, but for those it asks for; who
// says that it works gets all.
func TestGoneStopsLetters(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		back := h.letter(Message{To: "Rosa@example.net"})
		if !strings.HasPrefix(back, "bounce+") || strings.Contains(back, "osa") {
			t.Fatalf("comes back to %q", back)
		}
		if what := h.take(report("<"+back+">", postfix)); what != Nobody {
			t.Fatalf("taken as %s", what)
		}
		if s := stopped(t, d, h.Book, "rosa@example.net"); s.Since == 0 || s.Status != "5.1.1" {
			t.Fatalf("%+v", s)
		}
		if h.letter(Message{To: "rosa@EXAMPLE.net"}) != "" {
			t.Error("sent to a mailbox that is gone")
		}
		if h.letter(Message{To: "rosa@example.net", Asked: true}) == "" || h.letter(Message{To: "amina@example.net"}) == "" {
			t.Error("withheld what was asked for, or from somebody else")
		}
		if err := d.Do(t.Context(), func(ctx context.Context, tx *db.Tx) error { return h.Book.Resume(ctx, tx, "ROSA@example.net") }); err != nil {
			t.Fatal(err)
		}
		if h.letter(Message{To: "rosa@example.net"}) == "" {
			t.Error("not sent again")
		}
		if n := counted(t, d); n[Sent] != 4 || n[Nobody] != 1 || n[Withheld] != 1 {
			t.Errorf("%v", n)
		}
	})
}

// A server's answer at once counts as a report does, and a full mailbox stops
// letters on the third day only.
func TestRefusalsByDay(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		reply := func(s string) {
			h.s.mu.Lock()
			h.s.refuse = s
			h.s.mu.Unlock()
		}
		reply("550 5.1.1 <gone@example.net> User unknown")
		h.letter(Message{To: "gone@example.net"})
		if stopped(t, d, h.Book, "gone@example.net").Since == 0 {
			t.Error("an answer at once does not count")
		}
		problem, err := db.One(t.Context(), d, db.Value[string], `SELECT problem FROM job WHERE state = 'dead'`)
		if err != nil || strings.Contains(problem, "@") || !strings.Contains(problem, "5.1.1") { // the operator reads it
			t.Errorf("%q %v", problem, err)
		}
		reply("552 5.2.2 mailbox full")
		for i, want := range []bool{false, false, false, true} { // twice on the second day
			if i != 2 {
				h.now = h.now.Add(24 * time.Hour)
			}
			h.letter(Message{To: "full@example.net"})
			if got := stopped(t, d, h.Book, "full@example.net").Since != 0; got != want {
				t.Errorf("%d: stopped %v", i, got)
			}
		}
		for range 4 { // now and then is no sign
			h.now = h.now.Add(40 * 24 * time.Hour)
			h.letter(Message{To: "rarely@example.net"})
		}
		if stopped(t, d, h.Book, "rarely@example.net").Since != 0 {
			t.Error("stopped for refusals far apart")
		}
		reply("450 4.2.0 later")
		h.letter(Message{To: "later@example.net"})
		if stopped(t, d, h.Book, "later@example.net").Since != 0 {
			t.Error("stopped for what passes")
		}
		h.now = h.now.Add(forgetting + time.Hour)
		if err := sweep(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if stopped(t, d, h.Book, "gone@example.net").Since != 0 {
			t.Error("stopped for ever")
		}
	})
}

// Reports that prove nothing change nothing but a number.
func TestForgedReportsChangeNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		back := h.letter(Message{To: "rosa@example.net"})
		other, err := seal.Load(base64.StdEncoding.EncodeToString([]byte(strings.Repeat("o", 32))), "")
		if err != nil {
			t.Fatal(err)
		}
		letter, _ := h.Book.letterOf(back)
		if letter == "" {
			t.Fatal("its own address is not known")
		}
		late := h.letter(Message{To: "amina@example.net"})
		for name, to := range map[string]string{
			"nobody":       "rosa@example.net",
			"no proof":     "bounce+" + letter + "@example.org",
			"empty proof":  "bounce+" + letter + "-@example.org",
			"another key":  Book{Key: other, Address: "bounce@example.org"}.Return(letter),
			"changed":      strings.Replace(back, "@", "x@", 1),
			"a letter off": strings.Replace(back, letter, letter[:15]+map[bool]string{true: "1", false: "0"}[letter[15] == '0'], 1),
			"never sent":   h.Book.Return("0000000000000000"),
			"injected":     back[:20] + "\r\nX: y" + back[20:],
		} {
			if what := h.take(report(to, postfix)); what != Unproven && what != Unread {
				t.Errorf("%s: taken as %s", name, what)
			}
		}
		if stopped(t, d, h.Book, "rosa@example.net").Since != 0 {
			t.Fatal("a forged report stopped letters")
		}
		if h.take("From: rosa@example.net\r\nTo: "+back+"\r\n\r\nPlease stop") != Unread || h.take(report(back, waiting)) != Delayed || stopped(t, d, h.Book, "rosa@example.net").Since != 0 {
			t.Error("an answer or a late letter counts as a report")
		}
		// Servers fold the case of an address; told twice counts once.
		if h.take(report(strings.ToUpper(back), full)) != Returned || h.take(report(back, postfix)) != Unproven {
			t.Error("told twice")
		}
		h.now = h.now.Add(reporting + time.Hour)
		if err := sweep(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if what := h.take(report(late, postfix)); what != Unproven {
			t.Errorf("too late: taken as %s", what)
		}
		// The book names nobody.
		marks, err := db.All(t.Context(), d, db.Value[string], `SELECT mark FROM mail_back UNION ALL SELECT mark FROM mail_sent UNION ALL SELECT status FROM mail_back`)
		if err != nil || strings.Contains(strings.Join(marks, " "), "@") || strings.Contains(strings.Join(marks, " "), "rosa") {
			t.Errorf("%q %v", marks, err)
		}
	})
}

// Whatever is handed on, nothing is sent: no answer to a report, and so no loop.
func TestReportsAreNotAnswered(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		back := h.letter(Message{To: "rosa@example.net"})
		for _, mail := range []string{report(back, postfix), report(back, waiting), report("x@y.z", postfix), "", "From: a@b.c\r\nTo: " + back + "\r\n\r\nhello", h.s.received[0].data} {
			h.take(mail)
		}
		_ = h.r.Drain(t.Context())
		if n := len(h.s.mails(t)); n != 1 {
			t.Errorf("%d letters", n)
		}
		if auto := h.s.mails(t)[0].Header.Get("Auto-Submitted"); auto != "auto-generated" {
			t.Errorf("Auto-Submitted %q: it could be answered", auto)
		}
	})
}

func TestReturnAddresses(t *testing.T) {
	for address, good := range map[string]bool{"": true, "bounce@example.org": true, "no address": false, "a+b@example.org": false, strings.Repeat("b", 21) + "@example.org": false, strings.Repeat("b", 20) + "@example.org": true} {
		if err := CheckReturns(address); (err == nil) != good {
			t.Errorf("%q: %v", address, err)
		}
		if good && address != "" {
			if back := (Book{Key: houseKey(t), Address: address}).Return("0123456789abcdef"); !Address(back) {
				t.Errorf("%q is no address", back)
			}
		}
	}
}
