package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"net/textproto"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"alliance/internal/platform/job"
	"alliance/internal/platform/lang"
)

// Config says how mails leave.
type Config struct {
	// Server is smtp://user:password@host:587?starttls=required (or optional,
	// never; required is the default) or smtps://user:password@host:465.
	// Empty: mails go to Folder.
	Server string
	From   string // `Alliance <no-reply@example.org>`; needed with a server
	// Folder gets one .eml file a mail, Console a line with its first link:
	// enough to try everything out without a mail server.
	Folder  string
	Console io.Writer
	// Returns takes the reports of mail servers; "" = they go to From.
	Returns string
}

// Domain is whose mails these are, "" without a server.
func (c Config) Domain() string {
	from, err := mail.ParseAddress(c.From)
	if err != nil || c.Server == "" {
		return ""
	}
	return strings.ToLower(domain(from.Address))
}

// Open makes the sender that the configuration asks for. It does not connect.
func Open(c Config) (Sender, error) {
	if c.From == "" && c.Server == "" {
		c.From = "no-reply@localhost"
	}
	from, err := mail.ParseAddress(c.From)
	if err != nil {
		return nil, fmt.Errorf("mail: the sender %q is not an address: %w", c.From, err)
	}
	if err := CheckReturns(c.Returns); err != nil {
		return nil, err
	}
	from.Name = line(from.Name)
	if c.Server == "" {
		return openFolder(c.Folder, from, c.Console)
	}
	return openSMTP(c.Server, from)
}

type smtpSender struct {
	from *mail.Address
	host string
	opts []gomail.Option
}

func openSMTP(server string, from *mail.Address) (*smtpSender, error) {
	u, err := url.Parse(server)
	if err != nil { // the address holds a password: do not repeat it
		return nil, errors.New("mail: the mail server's address cannot be read; write smtp://user:password@host:587")
	}
	s := &smtpSender{from: from, host: u.Hostname()}
	port := 587
	switch {
	case u.Scheme == "smtps":
		port = 465
		s.opts = append(s.opts, gomail.WithSSL())
	case u.Scheme != "smtp":
		return nil, fmt.Errorf("mail: a mail server's address begins with smtp:// or smtps://, not %s://", u.Scheme)
	default:
		policy, ok := map[string]gomail.TLSPolicy{"": gomail.TLSMandatory, "required": gomail.TLSMandatory,
			"optional": gomail.TLSOpportunistic, "never": gomail.NoTLS}[u.Query().Get("starttls")]
		if !ok {
			return nil, errors.New("mail: starttls is required, optional or never")
		}
		s.opts = append(s.opts, gomail.WithTLSPolicy(policy))
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, errors.New("mail: the mail server's port is not a number")
		}
	}
	if u.User != nil {
		password, _ := u.User.Password()
		s.opts = append(s.opts, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	// HELO would give away the machine's name.
	s.opts = append(s.opts, gomail.WithPort(port), gomail.WithTimeout(15*time.Second), gomail.WithHELO(domain(from.Address)))
	if _, err := gomail.NewClient(s.host, s.opts...); err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	return s, nil
}

// Send hands one letter to the server, over a connection of its own.
func (s *smtpSender) Send(ctx context.Context, l Letter, e Envelope) error {
	raw, err := compose(s.from, l, e)
	if err != nil {
		return job.Hopeless(err)
	}
	client, err := gomail.NewClient(s.host, s.opts...)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	line, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fmt.Errorf("mail: the server does not answer: %w", err)
	}
	defer client.CloseWithSMTPClient(line) // a server that hangs up early has taken the letter all the same
	if err := line.UpdateDeadline(time.Minute); err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	from := s.from.Address
	if e.Return != "" {
		from = e.Return
	}
	if err := line.Mail("<" + from + ">"); err != nil {
		return answered("the sender", err)
	}
	if err := line.Rcpt("<" + l.To + ">"); err != nil {
		if r := replyOf(err); r != nil && r.Code >= 500 {
			return job.Hopeless(r)
		}
		return answered("the recipient", err)
	}
	w, err := line.Data()
	if err == nil {
		if _, err = w.Write(raw); err == nil {
			err = w.Close()
		}
	}
	if r := replyOf(err); r != nil && r.Code >= 500 && judge(r.Status) == Gone {
		return job.Hopeless(r) // servers that look at the mailbox last
	}
	return answered("the letter", err)
}

var enhanced = regexp.MustCompile(`^([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:\s|$)`)

// replyOf gives what a server answered; nil where it did not.
func replyOf(err error) *Refused {
	var said *textproto.Error
	if !errors.As(err, &said) {
		return nil
	}
	r := &Refused{Code: said.Code}
	if found := enhanced.FindStringSubmatch(said.Msg); found != nil {
		r.Status = found[1]
	}
	return r
}

// answered tells why a letter was not taken this time, which may be the
// configuration's fault. The server's own words name the recipient, and would
// stand in the log.
func answered(what string, err error) error {
	if r := replyOf(err); r != nil {
		return fmt.Errorf("mail: the server does not take %s now (%d %s)", what, r.Code, r.Status)
	}
	if err != nil {
		return fmt.Errorf("mail: not sent: %w", err)
	}
	return nil
}

// compose writes the letter. Values that come from people pass line or were
// checked by Post; go-mail encodes them (RFC 2047). Lines end as in SMTP.
func compose(from *mail.Address, l Letter, e Envelope) ([]byte, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(from)
	m.ToMailAddress(&mail.Address{Name: line(l.ToName), Address: l.To})
	m.Subject(line(l.Subject))
	m.SetMessageIDWithValue(l.ID + "@" + domain(from.Address))
	m.SetDateWithValue(l.At.Time())
	m.SetGenHeader("Auto-Submitted", "auto-generated") // no out-of-office answers
	if tag, ok := lang.Tag(l.Lang); ok {
		m.SetGenHeader(gomail.HeaderContentLang, tag)
	}
	if l.Unsubscribe != "" {
		m.SetListUnsubscribe(l.Unsubscribe)
		if strings.HasPrefix(l.Unsubscribe, "https:") {
			m.SetListUnsubscribePost()
		}
	}
	m.SetBodyString(gomail.TypeTextPlain, body(l.Text))
	if l.HTML != "" {
		m.AddAlternativeString(gomail.TypeTextHTML, body(l.HTML))
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	if e.Sign == nil {
		return b.Bytes(), nil
	}
	return e.Sign.sign(b.Bytes())
}

// body drops what a mail program may stumble on, and ends with a line end.
func body(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "").Replace(strings.ToValidUTF8(s, "�"))
	return strings.TrimRight(s, "\n") + "\n"
}

func domain(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// Reach tells whether the mail server answers, speaks TLS and takes the
// password. Nothing is sent. Without a server there is nothing to reach.
func Reach(ctx context.Context, c Config) error {
	if c.Server == "" {
		return nil
	}
	from, err := mail.ParseAddress(c.From)
	if err != nil {
		return fmt.Errorf("mail: the sender %q is not an address: %w", c.From, err)
	}
	s, err := openSMTP(c.Server, from)
	if err != nil {
		return err
	}
	client, err := gomail.NewClient(s.host, s.opts...)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	if err := client.DialWithContext(ctx); err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	return client.Close()
}
