package mail

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"net/textproto"
	"regexp"
	"strings"
)

// Report is what a mail server says of a letter (RFC 3464).
type Report struct {
	To         []string // addresses it was sent to, as its headers have them
	Recipients []Outcome
}

// Outcome is what became of a letter for one recipient. The recipient's address
// is not read: the letter tells whose it was.
type Outcome struct {
	Action string // failed, delayed, delivered, relayed, expanded
	Status string // "5.1.1"
}

// ErrNoReport says that a mail is not a server's report: an answer of a person,
// an out-of-office note, or a forgery with a sender.
var ErrNoReport = errors.New("mail: not a report of a mail server")

// Bounds of a report: servers send the letter back whole, sometimes.
const (
	longestReport = 2 << 20
	mostParts     = 10
	mostOutcomes  = 50
)

// ReadReport reads a report. Who answers it would write to nobody: a report
// has no sender, and one that has is none.
func ReadReport(r io.Reader) (Report, error) {
	m, err := mail.ReadMessage(bufio.NewReader(io.LimitReader(r, longestReport)))
	if err != nil {
		return Report{}, fmt.Errorf("%w: %w", ErrNoReport, err)
	}
	if from, there := m.Header["Return-Path"]; there && strings.TrimSpace(strings.Join(from, "")) != "<>" {
		return Report{}, ErrNoReport
	}
	if auto := strings.ToLower(strings.TrimSpace(m.Header.Get("Auto-Submitted"))); auto == "no" || strings.HasPrefix(auto, "auto-generated") && m.Header.Get("List-Unsubscribe") != "" {
		return Report{}, ErrNoReport // a person's answer; one of our own letters
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/report" || !strings.EqualFold(params["report-type"], "delivery-status") || params["boundary"] == "" {
		return Report{}, ErrNoReport
	}
	var report Report
	for _, name := range []string{"Delivered-To", "X-Original-To", "To"} {
		for _, value := range m.Header[name] {
			report.To = append(report.To, addressesIn(value)...)
		}
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for range mostParts {
		part, err := parts.NextPart()
		if err != nil {
			return Report{}, fmt.Errorf("%w: %w", ErrNoReport, err)
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if kind != "message/delivery-status" && kind != "message/global-delivery-status" {
			continue
		}
		var body io.Reader = part
		if strings.EqualFold(part.Header.Get("Content-Transfer-Encoding"), "base64") {
			body = base64.NewDecoder(base64.StdEncoding, part)
		}
		raw, err := io.ReadAll(body)
		if err != nil {
			return Report{}, fmt.Errorf("%w: %w", ErrNoReport, err)
		}
		report.Recipients = outcomes(raw)
		if len(report.Recipients) == 0 {
			return Report{}, ErrNoReport
		}
		return report, nil
	}
	return Report{}, ErrNoReport
}

// addressesIn gives the addresses of a header, or its whole where it is no list.
func addressesIn(value string) (list []string) {
	parsed, err := mail.ParseAddressList(value)
	if err != nil {
		return []string{value}
	}
	for _, a := range parsed {
		list = append(list, a.Address)
	}
	return list
}

var (
	blank  = regexp.MustCompile(`\n[ \t]*\n+`)
	status = regexp.MustCompile(`^[245]\.[0-9]{1,3}\.[0-9]{1,3}$`)
)

// outcomes reads the groups of fields after the first, which speaks of the
// letter. A group that cannot be read says nothing.
func outcomes(raw []byte) (list []Outcome) {
	text := strings.ReplaceAll(string(raw), "\r\n", "\n")
	for _, group := range blank.Split(strings.TrimSpace(text), mostOutcomes+1) {
		fields, err := textproto.NewReader(bufio.NewReader(bytes.NewReader([]byte(strings.TrimSpace(group) + "\n\n")))).ReadMIMEHeader()
		if err != nil || fields.Get("Action") == "" {
			continue
		}
		word := strings.Fields(fields.Get("Status"))
		o := Outcome{Action: strings.ToLower(firstWord(fields.Get("Action")))}
		if len(word) > 0 && status.MatchString(word[0]) {
			o.Status = word[0]
		}
		list = append(list, o)
	}
	return list
}

// firstWord drops a comment in brackets behind a value.
func firstWord(s string) string {
	if words := strings.Fields(s); len(words) > 0 {
		return words[0]
	}
	return ""
}

// Verdict is what the report means. Where one address stands for several
// mailboxes, it has failed when all have, and the mildest word counts.
func (r Report) Verdict() (v Verdict, status string, failed bool) {
	v = Gone + 1
	for _, o := range r.Recipients {
		if o.Action != "failed" {
			return Passing, "", false
		}
		one := Refusal // failed for good, and it does not say why
		if o.Status != "" {
			one = judge(o.Status)
		}
		if one < v {
			v, status = one, o.Status
		}
	}
	return v, status, len(r.Recipients) > 0
}
