package part

import (
	"alliance/internal/platform/fault"
	"alliance/internal/platform/locale"
)

type speaker interface {
	T(key, english string, args ...any) string
	N(key string, n int, one, other string, args ...any) string
	Say(locale.Phrase, ...any) string
}

type Tell func(key, english string, args ...any) string

var table = map[string]locale.Phrase{
	"keyed":      {Key: "part.keyed", English: "Keyed"},
	"positional": {"part.positional", "Positional"},
}

var lists = [][]locale.Phrase{{{"part.deep", "Deep"}}}

type tab struct{ Label locale.Phrase }

var tabs = []tab{{Label: locale.Phrase{Key: "part.tab", English: "Tab"}}}

func good(v speaker, tell Tell, n int) []string {
	refuse := func(field, key, english string) string { return v.T(key, english) }
	return []string{
		v.T("part.title", "Title of "+"{name}", "name", "x"),
		v.N("part.count", n, "{n} part", "{n} parts"),
		v.Say(table["keyed"]),
		tell("part.told", "Told"),
		refuse("field", "part.refused", "Refused"),
	}
}

func faults() []error {
	return []error{
		fault.Invalid("name", "part.invalid", "Give a name."),
		fault.NotFound("part.missing", `This "part" is not here.`),
		&fault.Fault{Kind: fault.KindConflict, Key: "part.conflict", English: "Too late."},
	}
}

func bad(v speaker, n int, kind string) []string {
	return []string{
		v.T("part.nowhere", "Nobody translated this"),
		v.T("part.two", "One text"),
		v.T("part.two", "Another text"),
		v.T("part.holes", "{one} and {two}", "one", 1, "three", 3),
		v.T("part.html", "Bold"),
		v.T("part.english", "This is long enough to translate"),
		v.T("part.latin", "Word"),
		v.T("part.brace", "{Not a placeholder}"),
		v.T("part.single", "Not plural"),
		v.N("part.forms", n, "{n} form", "{n} forms"),
		v.N("part.plain", n, "{n} plain", "{n} plains"),
		v.T("part."+kind, "Computed"),
	}
}

func late(n *told) { n.Key, n.English, n.Link = "part.late", "Told late", "/late" }

type told struct{ Key, English, Link string }
