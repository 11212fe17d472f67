package document

import (
	"strings"
	"testing"

	"alliance/internal/platform/fault"
)

func TestWhatIsSaidOfADocument(t *testing.T) {
	for _, c := range []struct {
		name    string
		d       Document
		picture bool
		fields  string
	}{
		{"a document", Document{Words: "The decision"}, false, ""},
		{"without words", Document{Words: "  "}, false, "words"},
		{"words without end", Document{Words: strings.Repeat("x", mostWords+1), Credit: strings.Repeat("é", mostCredit)}, false, "words"},
		{"an unknown licence", Document{Words: "x", Licence: "mine"}, false, "licence"},
		{"a picture of nobody", Document{Words: "x", Consent: Nobody}, true, ""},
		{"a picture of people who agreed", Document{Words: "x", Consent: Agreed}, true, ""},
		{"a picture of somebody", Document{Words: "x"}, true, "consent"},
		{"a picture with another word", Document{Words: "x", Consent: "surely"}, true, "consent"},
	} {
		d := c.d.tidy("fr")
		err := d.validate()
		if err == nil {
			_, err = d.consented(c.picture)
		}
		var fields []string
		for _, f := range fault.Of(err) {
			fields = append(fields, f.Field)
		}
		if got := strings.Join(fields, " "); got != c.fields {
			t.Errorf("%s: %q, want %q", c.name, got, c.fields)
		}
	}
	if got, _ := (Document{Consent: Agreed}).consented(false); got != "" {
		t.Error("a text needs no consent, and none is kept")
	}
	if d := (Document{Lang: "xx yy", Holds: "??", Words: " a "}).tidy("ar"); d.Lang != "ar" || d.Holds != "" || d.Words != "a" {
		t.Errorf("%+v", d)
	}
}
