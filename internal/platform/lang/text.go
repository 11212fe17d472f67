// Package lang holds languages and texts in several of them.
//
// The one idea: a Text knows its original language, and each translation
// remembers the revision of the original it was made from. So staleness is a
// comparison per field, never a flag that somebody has to set.
package lang

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"golang.org/x/text/language"
)

// Version is a text in one language.
type Version struct {
	S  string `json:"s"`            // the words
	R  int    `json:"r"`            // original: revision of its last change; translation: revision of the original it follows
	By string `json:"by,omitempty"` // translator: person key or a name; "" for the original
	At int64  `json:"at,omitempty"` // µs UTC
}

// Text is one field in its original language and in translations by people.
type Text struct {
	Orig string             `json:"o"`
	V    map[string]Version `json:"v"`
}

// New is a text in its original language, at revision 1.
func New(tag, s string) Text {
	return Text{Orig: tag, V: map[string]Version{tag: {S: s, R: 1}}}
}

// Of is a text given in several languages at once, all of the same revision;
// the first language of prefer that is there counts as the original.
func Of(versions map[string]string, prefer ...string) Text {
	t := Text{V: map[string]Version{}}
	for tag, s := range versions {
		if s != "" {
			t.V[tag] = Version{S: s, R: 1}
		}
	}
	for _, tag := range append(prefer, "fr", "en") {
		if _, ok := t.V[tag]; ok {
			t.Orig = tag
			return t
		}
	}
	for _, tag := range t.Languages() {
		t.Orig = tag
		break
	}
	return t
}

// Empty tells that nothing was written in any language.
func (t Text) Empty() bool { return t.V[t.Orig].S == "" }

// Original gives the original words.
func (t Text) Original() string { return t.V[t.Orig].S }

// Rendering is what a reader of one language gets to see of a text.
type Rendering struct {
	S        string
	Lang     string // language of S
	From     string // of a translation: the language of the original
	Original bool   // S is the original
	Missing  bool   // the reader's language is not there: S is the original as fallback
	Stale    bool   // the original changed after this translation
	By       string
	At       int64
}

// In gives the text for a reader of tag: the translation, marked stale when
// the original moved on, else the original, marked missing.
func (t Text) In(tag string) Rendering {
	orig := t.V[t.Orig]
	if tag == t.Orig {
		return Rendering{S: orig.S, Lang: tag, Original: true}
	}
	if v, ok := t.V[tag]; ok && v.S != "" {
		return Rendering{S: v.S, Lang: tag, From: t.Orig, Stale: v.R < orig.R, By: v.By, At: v.At}
	}
	return Rendering{S: orig.S, Lang: t.Orig, Original: true, Missing: orig.S != ""}
}

// Languages lists the languages there are, sorted.
func (t Text) Languages() []string {
	tags := make([]string, 0, len(t.V))
	for tag, v := range t.V {
		if v.S != "" {
			tags = append(tags, tag)
		}
	}
	sort.Strings(tags)
	return tags
}

// Rewrite changes the original at revision r: translations stay and turn stale.
// The same words change nothing.
func (t Text) Rewrite(s string, r int) Text {
	if t.V[t.Orig].S == s {
		return t
	}
	c := t.clone()
	c.V[c.Orig] = Version{S: s, R: r}
	return c
}

// Translate adds or replaces a translation of the original as it stands.
func (t Text) Translate(tag, s, by string, at int64) Text {
	c := t.clone()
	if s == "" {
		delete(c.V, tag)
	} else {
		c.V[tag] = Version{S: s, R: t.V[t.Orig].R, By: by, At: at}
	}
	return c
}

func (t Text) clone() Text {
	c := Text{Orig: t.Orig, V: make(map[string]Version, len(t.V)+1)}
	for tag, v := range t.V {
		c.V[tag] = v
	}
	return c
}

// JSON is the form kept in the database: "" for an empty text.
func (t Text) JSON() string {
	if len(t.V) == 0 {
		return ""
	}
	b, err := json.Marshal(t) // map keys are sorted: same text, same bytes
	if err != nil {
		panic(err) // strings and ints only
	}
	return string(b)
}

// Parse reads what JSON wrote.
func Parse(s string) (Text, error) {
	var t Text
	if s == "" {
		return t, nil
	}
	if err := json.Unmarshal([]byte(s), &t); err != nil {
		return t, fmt.Errorf("lang: text: %w", err)
	}
	return t, nil
}

// Tag cleans a BCP 47 tag a person chose ("PT-br" → "pt-BR"); ok is false for
// what is not a language.
func Tag(s string) (tag string, ok bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 35 {
		return "", false
	}
	parsed, err := language.Parse(s)
	if err != nil || parsed == language.Und {
		return "", false
	}
	return parsed.String(), true
}

// Dir is the writing direction of a language: "rtl" or "ltr".
func Dir(tag string) string {
	parsed, err := language.Parse(tag)
	if err != nil {
		return "ltr"
	}
	switch script, _ := parsed.Script(); script.String() {
	case "Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg":
		return "rtl"
	}
	return "ltr"
}
