package mail

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// report writes a report as mail servers do.
func report(head, status string) string {
	return "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.net (Mail Delivery System)\r\nTo: " + head + "\r\nSubject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n" +
		"MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"B/x\"\r\n\r\nThis is a MIME-encapsulated message.\r\n\r\n" +
		"--B/x\r\nContent-Type: text/plain\r\n\r\nI am sorry.\r\n\r\n--B/x\r\n" + status + "\r\n\r\n" +
		"--B/x\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: no-reply@example.org\r\nSubject: x\r\n\r\n--B/x--\r\n"
}

const (
	postfix = "Content-Description: Delivery report\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\nX-Postfix-Queue-ID: 4Z\r\nArrival-Date: Fri, 27 Nov 2026 04:00:00 +0000 (UTC)\r\n\r\n" +
		"Final-Recipient: rfc822; nobody@example.net\r\nOriginal-Recipient: rfc822;nobody@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; mx.example.net\r\nDiagnostic-Code: smtp; 550 5.1.1 <nobody@example.net>: Recipient address\r\n    rejected: User unknown"
	full    = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822; a@b.c\r\nAction: failed\r\nStatus: 5.2.2 (mailbox full)"
	waiting = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822; a@b.c\r\nAction: delayed\r\nStatus: 4.4.1\r\nWill-Retry-Until: Sat, 28 Nov 2026 04:00:00 +0000"
	several = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822; a@b.c\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\nFinal-Recipient: rfc822; d@b.c\r\nAction: failed (full)\r\nStatus: 5.2.2\r\n"
	oneCame = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822; a@b.c\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\nFinal-Recipient: rfc822; d@b.c\r\nAction: relayed\r\nStatus: 2.0.0\r\n"
	silent  = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822; a@b.c\r\nAction: failed\r\nStatus: unknown\r\n"
	global  = "Content-Type: message/global-delivery-status\r\nContent-Transfer-Encoding: 8bit\r\n\r\nReporting-MTA: dns; a\r\n\r\nFinal-Recipient: utf-8; زينب@example.net\r\nAction: failed\r\nStatus: 5.1.10\r\n"
	expired = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822; a@b.c\r\nAction: failed\r\nStatus: 4.4.7\r\n"
)

func inBase64(part string) string {
	head, body, _ := strings.Cut(part, "\r\n\r\n")
	return head + "\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(body))
}

func TestReports(t *testing.T) {
	for name, c := range map[string]struct {
		part   string
		v      Verdict
		status string
		failed bool
	}{
		"no mailbox":                    {postfix, Gone, "5.1.1", true},
		"in base64":                     {inBase64(postfix), Gone, "5.1.1", true},
		"mailbox full":                  {full, Refusal, "5.2.2", true},
		"late":                          {waiting, Passing, "", false},
		"two mailboxes, the mildest":    {several, Refusal, "5.2.2", true},
		"one of two got it":             {oneCame, Passing, "", false},
		"does not say why":              {silent, Refusal, "", true},
		"address in another script":     {global, Gone, "5.1.10", true},
		"given up after days of trying": {expired, Passing, "4.4.7", true},
	} {
		r, err := ReadReport(strings.NewReader(report("<bounce+x@example.org>", c.part)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if v, status, failed := r.Verdict(); v != c.v || status != c.status || failed != c.failed {
			t.Errorf("%s: %v %q %v", name, v, status, failed)
		}
		if len(r.To) != 1 || r.To[0] != "bounce+x@example.org" {
			t.Errorf("%s: to %q", name, r.To)
		}
	}
}

// What is no report is none, however near it comes: no answer of a person, no
// note of absence, no letter of our own that came round.
func TestNoReports(t *testing.T) {
	whole := report("a@b.c", postfix)
	for name, mail := range map[string]string{
		"nothing":            "",
		"no mail":            "hello",
		"an answer":          "From: rosa@example.net\r\nTo: a@b.c\r\nSubject: Re\r\n\r\nThank you",
		"a note of absence":  "Return-Path: <>\r\nFrom: rosa@example.net\r\nAuto-Submitted: auto-replied\r\nContent-Type: text/plain\r\n\r\nI am away",
		"a sender":           strings.Replace(whole, "Return-Path: <>", "Return-Path: <rosa@example.net>", 1),
		"two senders":        "Return-Path: <rosa@example.net>\r\n" + whole,
		"written by hand":    strings.Replace(whole, "auto-replied", "no", 1),
		"our own":            strings.Replace(whole, "Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated\r\nList-Unsubscribe: <https://a.b/c>", 1),
		"a receipt of read":  strings.Replace(whole, "report-type=delivery-status", "report-type=disposition-notification", 1),
		"no parts":           strings.Replace(whole, "boundary=\"B/x\"", "boundary=\"\"", 1),
		"cut off":            whole[:strings.Index(whole, "Reporting-MTA")],
		"broken base64":      strings.Replace(report("a@b.c", inBase64(postfix)), "base64\r\n\r\n", "base64\r\n\r\n!!!!", 1),
		"without recipients": report("a@b.c", "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a"),
		"many parts":         strings.Replace(whole, "--B/x\r\nContent-Description", strings.Repeat("--B/x\r\nContent-Type: text/plain\r\n\r\nx\r\n", 20)+"--B/x\r\nContent-Description", 1),
	} {
		if _, err := ReadReport(strings.NewReader(mail)); !errors.Is(err, ErrNoReport) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// endless is a mail that does not end.
type endless struct{ given int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = "x\r\n"[i%3]
	}
	e.given += len(p)
	return len(p), nil
}

func TestLongReportIsNotRead(t *testing.T) {
	e := &endless{}
	if _, err := ReadReport(e); err == nil || e.given > longestReport+1<<20 {
		t.Errorf("%v after %d octets", err, e.given)
	}
	body := &endless{}
	head := strings.NewReader(strings.Split(report("a@b.c", postfix), "This is a MIME")[0])
	if _, err := ReadReport(joined{head, body}); err == nil || body.given > longestReport+1<<20 {
		t.Errorf("%v after %d octets", err, body.given)
	}
}

type joined struct {
	first *strings.Reader
	then  *endless
}

func (j joined) Read(p []byte) (int, error) {
	if j.first.Len() > 0 {
		return j.first.Read(p)
	}
	return j.then.Read(p)
}

func FuzzReport(f *testing.F) {
	for _, part := range []string{postfix, inBase64(postfix), full, waiting, several, oneCame, silent, global, expired} {
		f.Add(report("bounce+0000000000000000-x@example.org, \"a b\" <x@y.z>", part))
	}
	f.Add("Content-Type: multipart/report; report-type=delivery-status; boundary=a\n\n--a\nContent-Type: message/delivery-status\n\n\n\nAction:\n\n--a--")
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ReadReport(strings.NewReader(s))
		if err != nil {
			return
		}
		if len(r.Recipients) == 0 || len(r.Recipients) > mostOutcomes+1 {
			t.Fatalf("%d outcomes", len(r.Recipients))
		}
		v, status, failed := r.Verdict()
		if v < Passing || v > Gone || v == Gone && !strings.HasPrefix(status, "5.") || !failed && v != Passing {
			t.Fatalf("%v %q %v", v, status, failed)
		}
	})
}

func TestJudge(t *testing.T) {
	for status, want := range map[string]Verdict{"5.1.1": Gone, "5.1.2": Gone, "5.1.10": Gone, "5.2.1": Gone, "5.2.2": Refusal, "5.7.1": Refusal, "5.0.0": Refusal, "4.2.2": Passing, "2.0.0": Passing, "": Passing, "5.1.11": Refusal} {
		if got := judge(status); got != want {
			t.Errorf("%q: %v, want %v", status, got, want)
		}
	}
	for said, want := range map[string]Verdict{"550 ": Gone, "550 5.7.1": Refusal, "553 ": Gone, "552 ": Refusal, "554 5.1.1": Gone, "450 ": Passing} {
		var code int
		var status string
		fmt.Sscanf(said, "%d %s", &code, &status)
		if got := judgeReply(code, status); got != want {
			t.Errorf("%q: %v, want %v", said, got, want)
		}
	}
}
