package health_test

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"testing"

	"alliance/internal/housetest/dbtest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/health"
	"alliance/internal/platform/job"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/seal"
)

// TestDNSOfMail puts one record after another into the DNS, and takes them out.
func TestDNSOfMail(t *testing.T) {
	dbtest.Both(t, []fs.FS{job.Schema, mail.Schema}, func(t *testing.T, d *db.DB) {
		key, err := seal.Load("", t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		dns := map[string][]string{}
		var broken error
		h := health.House{DB: d, Seal: key, Mail: mail.Config{Server: "smtp://mx.example.org", From: "Alliance <no-reply@mail.example.org>", Returns: "bounce@back.example.org"},
			TXT: func(_ context.Context, name string) ([]string, error) {
				if broken != nil {
					return nil, broken
				}
				if list := dns[name]; list != nil {
					return list, nil
				}
				return nil, &net.DNSError{Name: name, IsNotFound: true}
			}}
		want := func(probe string, state health.State, key string) {
			t.Helper()
			if s, k := found(h.Sending(t.Context()), probe); s != state || k != key {
				t.Errorf("%s: %v %q, want %v %q", probe, s, k, state, key)
			}
		}
		want("dkim", health.Watch, "health.dkim.none")
		s, err := mail.MakeSigner(t.Context(), d, key, "mail.example.org")
		if err != nil {
			t.Fatal(err)
		}
		name, text := s.Record()
		for _, c := range []struct {
			name    string
			records []string
			probe   string
			state   health.State
			key     string
		}{
			{name, nil, "dkim", health.Watch, "health.dkim.missing"},
			{name, []string{text}, "dkim", health.Well, "health.dkim.well"},
			{name, []string{text[len("v=DKIM1; "):]}, "dkim", health.Well, "health.dkim.well"},
			{name, []string{"v=DKIM1; k=rsa; p=MIIB"}, "dkim", health.Wrong, "health.dkim.other"},
			{"back.example.org", nil, "spf", health.Watch, "health.spf.missing"},
			{"back.example.org", []string{"google-site-verification=x", "V=spf1 mx -all"}, "spf", health.Well, "health.spf.well"},
			{"back.example.org", []string{"v=spf1 mx -all", "v=spf1 a -all"}, "spf", health.Wrong, "health.spf.several"},
			{"back.example.org", []string{"v=spf10 mx -all"}, "spf", health.Watch, "health.spf.missing"},
			{"_dmarc.mail.example.org", nil, "dmarc", health.Watch, "health.dmarc.missing"},
			{"_dmarc.mail.example.org", []string{"v=DMARC1; p=none"}, "dmarc", health.Well, "health.dmarc.well"},
			{"_dmarc.example.org", []string{"v=DMARC1 ;p=quarantine"}, "dmarc", health.Well, "health.dmarc.well"},
			{"_dmarc.org", []string{"v=DMARC1; p=none"}, "dmarc", health.Watch, "health.dmarc.missing"},
		} {
			clear(dns)
			dns[c.name] = c.records
			want(c.probe, c.state, c.key)
		}
		want("returns", health.Well, "health.returns.well")
		broken = errors.New("no line")
		want("spf", health.Wrong, "health.failed")
		h.Mail.Returns = ""
		want("returns", health.Watch, "health.returns.none")
		h.Mail.Server = "" // then nothing is asked
		if list := h.Sending(t.Context()); len(list) != 0 {
			t.Errorf("%+v", list)
		}
	})
}
