package health

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"

	"alliance/internal/platform/locale"
	"alliance/internal/platform/mail"
)

// sending probes ask the DNS what others find there about the mails of the house.
var sending = []probe{
	{"dkim", locale.Phrase{Key: "health.dkim", English: "Signature of mails (DKIM)"}, dkim},
	{"spf", locale.Phrase{Key: "health.spf", English: "Who may send for you (SPF)"}, spf},
	{"dmarc", locale.Phrase{Key: "health.dmarc", English: "What others do with forged mails (DMARC)"}, dmarc},
	{"returns", locale.Phrase{Key: "health.returns", English: "Mails that come back"}, returns},
}

// Sending looks at what decides whether others trust the mails.
func (h House) Sending(ctx context.Context) []Finding { return h.look(ctx, sending) }

// Signed gives who signs the mails; nil where there is no mail server, or the
// key was not made yet.
func (h House) Signed(ctx context.Context) (*mail.Signer, error) {
	if h.Mail.Domain() == "" || h.Seal == nil {
		return nil, nil
	}
	return mail.LoadSigner(ctx, h.DB, h.Seal, h.Mail.Domain())
}

// sends gives whose mails leave; "" where none do, or nobody asks the DNS.
func (h House) sends() string {
	if h.TXT == nil {
		return ""
	}
	return h.Mail.Domain()
}

// records gives the texts of a name in the DNS that begin with a word. A name
// that is not there has none.
func (h House) records(ctx context.Context, name, begin string) (list []string, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	all, err := h.TXT(ctx, name)
	var failed *net.DNSError
	if errors.As(err, &failed) && failed.IsNotFound {
		return nil, nil
	}
	for _, text := range all {
		if word, _, _ := strings.Cut(text, ";"); begin == "" || strings.HasPrefix(strings.ToLower(strings.Join(strings.Fields(word), " "))+" ", begin+" ") {
			list = append(list, text)
		}
	}
	return list, err
}

// tag gives one value of a record: "p" of "v=DKIM1; k=rsa; p=…".
func tag(record, name string) string {
	for part := range strings.SplitSeq(record, ";") {
		if k, v, _ := strings.Cut(part, "="); strings.TrimSpace(k) == name {
			return strings.Join(strings.Fields(v), "")
		}
	}
	return ""
}

// dkim finds whether others can check the signature. The version may be left
// out of a record, so the key alone is compared.
func dkim(ctx context.Context, h House) (Finding, error) {
	if h.sends() == "" {
		return Finding{}, nil // see mails
	}
	s, err := h.Signed(ctx)
	if err != nil {
		return Finding{}, err
	}
	if s == nil {
		return watch(locale.Phrase{Key: "health.dkim.none", English: "No key was made yet."},
			locale.Phrase{Key: "health.dkim.none.do", English: "It is made with the first mail. Then look here again."}), nil
	}
	name, text := s.Record()
	found, err := h.records(ctx, name, "")
	if err != nil {
		return Finding{}, err
	}
	do := locale.Phrase{Key: "health.dkim.do", English: "Publish the record that stands on the desk, and that alliance check prints, in the DNS as TXT of {name}."}
	same := func(r string) bool { return tag(r, "p") == tag(text, "p") }
	switch {
	case slices.ContainsFunc(found, same) && len(found) == 1:
		return well(locale.Phrase{Key: "health.dkim.well", English: "The key stands in the DNS: others can check that mails are yours."}), nil
	case len(found) > 0:
		return wrong(locale.Phrase{Key: "health.dkim.other", English: "Another key stands in the DNS: others take your mails for forged."}, do, "name", name), nil
	}
	return watch(locale.Phrase{Key: "health.dkim.missing", English: "The key does not stand in the DNS: nobody can check the signature."}, do, "name", name), nil
}

// spf looks at the domain mails come back to: that is the one others ask.
func spf(ctx context.Context, h House) (Finding, error) {
	name := h.sends()
	if name == "" {
		return Finding{}, nil
	}
	if _, back, ok := strings.Cut(h.Mail.Returns, "@"); ok {
		name = back
	}
	found, err := h.records(ctx, name, "v=spf1")
	if err != nil {
		return Finding{}, err
	}
	do := locale.Phrase{Key: "health.spf.do", English: "Publish one in the DNS, as TXT of {name}. Your mail server’s keeper says which; for a server of your own: v=spf1 a mx -all"}
	switch len(found) {
	case 0:
		return watch(locale.Phrase{Key: "health.spf.missing", English: "{name} does not say which servers may send its mails."}, do, "name", name), nil
	case 1:
		return well(locale.Phrase{Key: "health.spf.well", English: "{name} says: {text}"}, "name", name, "text", found[0]), nil
	}
	return wrong(locale.Phrase{Key: "health.spf.several", English: "{name} has several records, which count as none."},
		locale.Phrase{Key: "health.spf.several.do", English: "Leave one, and take the others out of the DNS."}, "name", name), nil
}

// dmarc looks at the domain and, as receivers do, at those above it.
func dmarc(ctx context.Context, h House) (Finding, error) {
	domain := h.sends()
	if domain == "" {
		return Finding{}, nil
	}
	for at := domain; strings.Contains(at, "."); _, at, _ = strings.Cut(at, ".") {
		found, err := h.records(ctx, "_dmarc."+at, "v=dmarc1")
		if err != nil {
			return Finding{}, err
		}
		if len(found) == 1 {
			return well(locale.Phrase{Key: "health.dmarc.well", English: "{name} says: {text}"}, "name", "_dmarc."+at, "text", found[0]), nil
		}
	}
	return watch(locale.Phrase{Key: "health.dmarc.missing", English: "{name} does not say it. Large providers want to read it."},
		locale.Phrase{Key: "health.dmarc.do", English: "Publish in the DNS, as TXT of _dmarc.{name}: {text}. When DKIM is well: p=quarantine."}, "name", domain, "text", "v=DMARC1; p=none"), nil
}

func returns(_ context.Context, h House) (Finding, error) {
	switch {
	case h.Mail.Domain() == "":
		return Finding{}, nil
	case h.Mail.Returns == "":
		return watch(locale.Phrase{Key: "health.returns.none", English: "Reports of mails that could not be delivered go to the sender’s mailbox. The program does not read them."},
			locale.Phrase{Key: "health.returns.do", English: "Give an address with --mail-back, and let the mail server hand what arrives there to alliance bounce."}), nil
	}
	return well(locale.Phrase{Key: "health.returns.well", English: "Reports go to {address}."}, "address", h.Mail.Returns), nil
}
