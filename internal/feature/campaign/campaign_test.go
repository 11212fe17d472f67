package campaign

import (
	"testing"

	"alliance/internal/platform/entry"
)

func TestWhenATextCanBeSigned(t *testing.T) {
	const today = "2026-11-27"
	for _, c := range []struct {
		opens, closes, sent string
		want                Stage
	}{
		{"", "", "", Open},
		{today, today, "", Open},
		{"2026-11-28", "", "", Coming},
		{"2026-12", "", "", Coming},
		{"2026-11", "", "", Open},
		{"2027", "", "", Coming},
		{"", "2026-11-26", "", Closed},
		{"", "2026-11", "", Open},
		{"", "2026-10", "", Closed},
		{"", "2026", "", Open},
		{"", "", "2026-11-27", Sent},
		{"", "2026-12-31", "2026-11-01", Sent},
		{"", "", "2026-12-01", Open},
	} {
		of := Campaign{Entry: entry.Entry{State: entry.Published}, Opens: c.opens, Closes: c.closes, Sent: c.sent}
		if got := of.Stage(today); got != c.want {
			t.Errorf("%q to %q, sent %q: %s, want %s", c.opens, c.closes, c.sent, got, c.want)
		}
		if err := of.Takes(today); (err == nil) != (c.want == Open) {
			t.Errorf("%q to %q, sent %q: %v", c.opens, c.closes, c.sent, err)
		}
		of.State = entry.Draft
		if of.Takes(today) == nil {
			t.Error("a draft can be signed")
		}
	}
}

// One organisation stands in a roll once, also where two records of it became
// one; who took a signature back and gave another stands by the text.
func TestRollCountsEachOrganisationOnce(t *testing.T) {
	text, port := entry.Entry{ID: "text", Kind: Kind}, entry.Entry{ID: "port", Kind: "organisation", Class: "local_authority"}
	names := map[string]entry.Entry{"text": text, "port": port, "given-up": port, "hill": {ID: "hill", Kind: "organisation", Class: "civil_society"}}
	sig := func(signer, signed, withdrawn string) Signature {
		return Signature{Campaign: "text", Signer: signer, Signed: signed, Withdrawn: withdrawn}
	}
	r := rollOf([]Signature{sig("port", "2026-01-01", "2026-02-01"), sig("given-up", "2025-12-01", ""), sig("hill", "2026-01-05", "2026-01-06"), sig("hidden", "2026-01-01", ""), sig("port", "2026-03-01", "")}, names)
	if len(r.Standing) != 1 || r.Standing[0].Signed != "2026-03-01" || len(r.Withdrawn) != 1 || r.Withdrawn[0].Signer != "hill" {
		t.Errorf("%+v", r)
	}
	if k := r.Kinds(); len(k) != 1 || k[0] != (Count{"local_authority", 1}) {
		t.Errorf("%+v", k)
	}
	if _, has := r.Of("hill"); has {
		t.Error("who took it back still stands")
	}
	if _, has := r.Of(""); has {
		t.Error("nobody stands by it")
	}
}
