// Package merge makes one record of two that are about the same thing.
//
// The one idea: nothing is thrown away. Of two records one is kept; field by
// field somebody says what stays. The other is withdrawn and stands for the
// kept one from then on: its address leads there, in pages, files and the API,
// and a list that names it means the kept one. What pointed at it points at the
// kept one, and each row that was led there is written down, so that taking the
// merge back restores both.
package merge

import (
	"slices"
	"strings"

	"alliance/internal/feature"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/place"
	"alliance/internal/platform/record"
)

// Side of two records: which of them a field is taken from.
type Side string

const (
	Kept  Side = "kept"
	Given Side = "given"
	Both  Side = "both" // of a field that holds several values
)

// Fields beside the questions of a kind.
const (
	placeField    = record.Country
	axisField     = record.Axis
	themesField   = record.Themes
	licenceField  = record.Licence
	audienceField = record.Audience
)

// Choices say of each field, by name, what stays.
type Choices map[string]Side

// Field is one thing both records say, or one of them.
type Field struct {
	Name            string
	Ask             record.Question // zero for what is beside the questions
	Same            bool
	Many            bool // may hold the values of both
	Fixed           bool // the kind keeps it itself: it stays as the kept one has it
	InKept, InGiven bool
	Part            feature.Part // where the kind keeps it in a table of its own
}

// Default is what stays where nobody says otherwise: nothing is lost that only
// one of them says.
func (f Field) Default() Side {
	switch {
	case f.Fixed || f.Same:
		return Kept
	case f.InGiven && !f.InKept:
		return Given
	case f.Many && f.InGiven && f.InKept:
		return Both
	}
	return Kept
}

// Fields compares two records of a kind. writes tells that answers can be
// written: some kinds keep theirs in tables of their own.
func Fields(s *record.Spec, kept, given record.Record, writes bool) (list []Field) {
	for _, q := range s.Questions() {
		if s.Street && q.Name == record.Address {
			continue // it goes with its town
		}
		f := Field{Name: q.Name, Ask: q}
		if q.Text() {
			a, b := kept.Text(q.Name), given.Text(q.Name)
			f.InKept, f.InGiven, f.Same = !a.Empty(), !b.Empty(), sameText(a, b)
		} else {
			a, b := kept.Answers[q.Name], given.Answers[q.Name]
			f.InKept, f.InGiven, f.Same = len(a) > 0, len(b) > 0, slices.Equal(a, b)
			f.Many = q.Type == record.Choices || q.Type == record.Languages || q.Type == record.Countries || q.Type == record.Entries
			f.Fixed = !writes
		}
		list = append(list, f)
	}
	beside := func(there bool, name string, a, b bool, same, many bool) {
		if there {
			list = append(list, Field{Name: name, InKept: a, InGiven: b, Same: same, Many: many})
		}
	}
	beside(s.Place || kept.Place.Precision != place.None || given.Place.Precision != place.None, placeField, kept.Place.Precision != place.None, given.Place.Precision != place.None, kept.Place == given.Place && slices.Equal(kept.Answers[record.Address], given.Answers[record.Address]), false)
	beside(s.Axis, axisField, kept.Axis != "", given.Axis != "", kept.Axis == given.Axis, false)
	a, b := kept.Answers[record.Axes], given.Answers[record.Axes]
	beside(s.Axes, record.Axes, len(a) > 0, len(b) > 0, sameSet(a, b), true)
	beside(s.Themes, themesField, len(kept.Themes) > 0, len(given.Themes) > 0, sameSet(kept.Themes, given.Themes), true)
	beside(s.Licences != nil, licenceField, kept.Licence != "", given.Licence != "", kept.Licence == given.Licence, false)
	beside(true, audienceField, true, true, kept.Audience == given.Audience, false)
	return slices.DeleteFunc(list, func(f Field) bool { return !f.InKept && !f.InGiven })
}

func sameText(a, b lang.Text) bool {
	if a.Orig != b.Orig && !(a.Empty() && b.Empty()) || len(a.V) != len(b.V) {
		return false
	}
	for tag, v := range a.V {
		if b.V[tag].S != v.S {
			return false
		}
	}
	return true
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// Join is the kept record with what stays of both. It reads neither of them.
func Join(fields []Field, kept, given record.Record, choices Choices) record.Record {
	out := kept
	out.Fields = map[string]lang.Text{}
	for name, t := range kept.Fields {
		out.Fields[name] = t
	}
	out.Answers = record.Answers{}
	for name, values := range kept.Answers {
		out.Answers[name] = slices.Clone(values)
	}
	out.Themes = slices.Clone(kept.Themes)
	for _, f := range fields {
		side := f.chosen(choices)
		if side == Kept || f.Same || f.Fixed || f.Part.Name != "" {
			continue
		}
		take(&out, f, given, side)
	}
	for name, values := range out.Answers { // neither names itself
		if q := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name && f.Ask.Type == record.Entries }); q >= 0 {
			out.Answers[name] = slices.DeleteFunc(values, func(v string) bool { return v == kept.ID || v == given.ID })
		}
	}
	return out
}

// chosen is the side somebody chose for a field, or the one that stays where
// nobody did.
func (f Field) chosen(choices Choices) Side {
	side := choices[f.Name]
	if side != Kept && side != Given && (side != Both || !f.Many) {
		return f.Default()
	}
	return side
}

func union(a, b []string) []string {
	for _, v := range b {
		if !slices.Contains(a, v) {
			a = append(a, v)
		}
	}
	return a
}

// take takes one field from the record that is given up.
func take(out *record.Record, f Field, given record.Record, side Side) {
	switch {
	case f.Name == placeField && f.Ask.Name == "":
		out.Place = given.Place
		if street := given.Answers[record.Address]; len(street)+len(out.Answers[record.Address]) > 0 {
			out.Answers[record.Address] = slices.Clone(street)
		}
	case f.Name == axisField && f.Ask.Name == "":
		out.Axis = given.Axis
	case f.Name == licenceField && f.Ask.Name == "":
		out.Licence = given.Licence
	case f.Name == audienceField && f.Ask.Name == "":
		out.Audience = given.Audience
	case f.Name == themesField && f.Ask.Name == "":
		if side == Both {
			out.Themes = union(out.Themes, given.Themes)
		} else {
			out.Themes = slices.Clone(given.Themes)
		}
	case f.Ask.Text():
		out.Fields[f.Name] = again(given.Text(f.Name), out.Revision+1)
	case side == Both:
		out.Answers[f.Name] = union(out.Answers[f.Name], given.Answers[f.Name])
		if f.Ask.Type == record.Languages || f.Ask.Type == record.Countries {
			slices.Sort(out.Answers[f.Name])
		}
	default:
		out.Answers[f.Name] = slices.Clone(given.Answers[f.Name])
	}
}

// again numbers the versions of a text anew, as of one revision of another
// entry: what was out of date stays so.
func again(t lang.Text, revision int) lang.Text {
	out := lang.Text{Orig: t.Orig, V: map[string]lang.Version{}}
	orig := t.V[t.Orig].R
	for tag, v := range t.V {
		if v.R >= orig {
			v.R = revision
		} else {
			v.R = revision - 1
		}
		out.V[tag] = v
	}
	return out
}

// Parts are the own tables of a record, piece by piece: see feature.Parts.
type Parts map[string][]string

// WithParts puts the pieces of the kind's own tables in the place of the fields
// that only tell of them.
func WithParts(fields []Field, of *feature.Parts, kept, given Parts) []Field {
	if of == nil {
		return fields
	}
	for _, p := range of.List {
		fields = slices.DeleteFunc(fields, func(f Field) bool {
			return f.Part.Name == "" && (f.Name == p.Name || slices.Contains(p.Covers, f.Name))
		})
		f := Field{Name: p.Name, Part: p, Many: p.Many, InKept: of.Says(p.Name, kept[p.Name]), InGiven: of.Says(p.Name, given[p.Name]), Same: slices.Equal(kept[p.Name], given[p.Name])}
		if f.InKept || f.InGiven {
			fields = append(fields, f)
		}
	}
	return fields
}

// JoinParts is what stays of the pieces of both. Neither names itself.
func JoinParts(fields []Field, kept, given Parts, choices Choices, ids ...string) Parts {
	out := Parts{}
	for name, values := range kept {
		out[name] = slices.Clone(values)
	}
	for _, f := range fields {
		if f.Part.Name == "" || f.Same {
			continue
		}
		switch f.chosen(choices) {
		case Given:
			out[f.Name] = slices.Clone(given[f.Name])
		case Both:
			out[f.Name] = union(out[f.Name], given[f.Name])
		}
		if f.Part.Entries {
			out[f.Name] = slices.DeleteFunc(out[f.Name], func(v string) bool { return slices.Contains(ids, firstWord(v)) })
		}
	}
	return out
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}

// Before is the kept record as it was, to be put back.
type Before struct {
	Entry   entry.Entry
	Answers record.Answers
	Parts   Parts `json:",omitempty"`
}
