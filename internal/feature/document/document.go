// Package document keeps documents and pictures beside records: the decision of
// a council, a form that others can use, a poster, a photograph.
//
// The one idea: what stands beside a record is shown to whoever may see the
// record, at that moment, and kept by whoever may edit it. A picture is taken
// only with a word on who can be recognised in it, and goes at once, file and
// all, when somebody no longer agrees.
package document

import (
	"slices"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/file"
	"alliance/internal/platform/lang"
)

// Document is a file beside a record, with what is said of it.
type Document struct {
	ID, Entry string
	File      file.File
	Words     string // what it is; of a picture, what it shows
	Lang      string // of the words
	Holds     string // language of the document itself, "" = not said
	Consent   string // of a picture: Nobody or Agreed
	Credit    string
	Licence   string
	At        db.Instant
}

// What somebody who adds a picture says of the people in it.
const (
	Nobody = "nobody" // nobody can be recognised
	Agreed = "agreed" // those who can be recognised agreed to it, and may take that back
)

// Licences under which others may reuse a document.
var Licences = []string{"CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0", "all-rights"}

// Bounds of what stands beside a record.
const (
	most        = 20
	mostWords   = 300
	mostCredit  = 200
	pictureSide = 1600 // pixels: a page of text stays readable, a photograph stays light
)

func (d Document) validate() error {
	var list fault.List
	if d.Words == "" {
		list.Add(fault.Invalid("words", "document.words.empty", "Say in a few words what it is. Of a picture, say what it shows."))
	}
	for name, text := range map[string]struct {
		s    string
		most int
	}{"words": {d.Words, mostWords}, "credit": {d.Credit, mostCredit}} {
		if len([]rune(text.s)) > text.most {
			list.Add(fault.Invalid(name, "entry.text.long", "This text is too long: at most {n} characters.", "n", text.most))
		}
	}
	if d.Licence != "" && !slices.Contains(Licences, d.Licence) {
		list.Add(fault.Invalid("licence", "record.choose", "Choose one of the answers."))
	}
	return list.Err()
}

// consented keeps pictures out of which nobody said who is in them.
func (d Document) consented(picture bool) (string, error) {
	switch {
	case !picture:
		return "", nil
	case d.Consent == Nobody || d.Consent == Agreed:
		return d.Consent, nil
	}
	return "", fault.Invalid("consent", "document.consent.missing", "Say whether people can be recognised in the picture. Without their consent it cannot be shown.")
}

// tidy cleans what was typed; a language nobody knows is the one of the page.
func (d Document) tidy(page string) Document {
	d.Words, d.Credit = strings.TrimSpace(d.Words), strings.TrimSpace(d.Credit)
	tag, ok := lang.Tag(d.Lang)
	if !ok {
		tag = page
	}
	d.Lang = tag
	if d.Holds, ok = lang.Tag(d.Holds); !ok {
		d.Holds = ""
	}
	return d
}
