// Package output gives records to other programs and to paper: tables, feeds,
// maps, linked data, a text document.
//
// The one idea: a Set is what one reader may see of one list, in one language,
// gathered once; every format is a function of it. So a record that is
// withdrawn, a place that is told by its country, a text that has no
// translation are the same everywhere, whatever the format.
package output

import (
	"context"
	"embed"
	"path/filepath"
	"strings"
	"time"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// Phrases are the words of this package in the other languages.
//
//go:embed phrases
var Phrases embed.FS

// Most is how many records one file holds.
const Most = 20000

// Source is a kind that can be given out.
type Source struct {
	Spec *record.Spec
	Many string // its name, in the reader's language
	Path func(id string) string
	Read func(context.Context, db.Q, []entry.Entry) ([]record.Record, error)
	// Documents names what stands beside records; nil = nothing does.
	Documents func(ctx context.Context, q db.Q, records []string) (map[string][]Beside, error)
}

// Beside is a document or a picture that stands beside a record.
type Beside struct {
	Words, Lang string // what it is
	Path        string // of the file, without the language
	Name, Type  string // of the file; its media type
	Size        int64  // octets
	Picture     bool
	Holds       string // language of the document itself, "" = not said
	Credit      string
}

// Set is a list as one reader may see it.
type Set struct {
	Source
	View     design.View // language of the reader
	Alliance alliance.Alliance
	Records  []record.Record
	Names    map[string]entry.Entry // entries that answers name
	Beside   map[string][]Beside    // by record
	Query    record.Query
	Changed  db.Instant // of the newest change
}

// Gather reads what the actor may see of a list.
func Gather(ctx context.Context, q db.Q, a people.Actor, v design.View, of alliance.Alliance, src Source, query record.Query, order entry.Order, most int) (s Set, err error) {
	s = Set{Source: src, View: v, Alliance: of, Query: query}
	f := src.Spec.Filter(a, query)
	f.Order = order
	for len(s.Records) < most {
		f.Limit = min(500, most-len(s.Records))
		list, err := entry.List(ctx, q, f)
		if err != nil {
			return s, err
		}
		records, err := src.Read(ctx, q, list)
		if err != nil {
			return s, err
		}
		for _, r := range records {
			if query.Box.Has(r.Place) {
				s.Records = append(s.Records, r)
			}
		}
		if len(list) < f.Limit {
			break
		}
		if order == entry.ByTitle {
			f.After = list[len(list)-1].Cursor()
		} else {
			f.Offset += len(list)
		}
	}
	return s, s.name(ctx, q, a)
}

// Single is a Set of one record.
func Single(ctx context.Context, q db.Q, a people.Actor, v design.View, of alliance.Alliance, src Source, e entry.Entry) (Set, error) {
	s := Set{Source: src, View: v, Alliance: of}
	var err error
	if s.Records, err = src.Read(ctx, q, []entry.Entry{e}); err != nil {
		return s, err
	}
	return s, s.name(ctx, q, a)
}

func (s *Set) name(ctx context.Context, q db.Q, a people.Actor) (err error) {
	if err = record.Themed(ctx, q, s.Records); err != nil {
		return err
	}
	for _, r := range s.Records {
		s.Changed = max(s.Changed, r.Changed)
	}
	if s.Names, err = s.Spec.Named(ctx, q, a, s.Records...); err != nil || s.Documents == nil {
		return err
	}
	ids := make([]string, len(s.Records))
	for i, r := range s.Records {
		ids[i] = r.ID
	}
	s.Beside, err = s.Documents(ctx, q, ids)
	return err
}

// Address of the file of a document.
func (s Set) Address(d Beside) string { return s.View.Origin + s.View.Href(d.Path) }

// About says what a file is, before somebody on a weak network fetches it. Who is
// credited is a name, and stands beside.
func (d Beside) About(v design.View) string {
	words := []string{strings.ToUpper(strings.TrimPrefix(filepath.Ext(d.Name), ".")), design.Weight(v, d.Size)}
	if d.Holds != "" {
		words = append(words, v.Language(d.Holds))
	}
	return strings.Join(words, " · ")
}

// Link is the address of a record's page.
func (s Set) Link(r record.Record) string { return s.View.Origin + s.View.Href(s.Path(r.ID)) }

// Title of the list.
func (s Set) Title() string { return s.Many + " – " + s.View.Alliance }

// text is what the reader gets of a text: words, and their language.
func (s Set) text(t lang.Text) lang.Rendering { return t.In(s.View.Lang()) }

// marked is a text as plain words; a language that is not the reader's is
// named before them.
func (s Set) marked(t lang.Text) string {
	r := s.text(t)
	if r.S == "" || !r.Missing {
		return r.S
	}
	return "[" + s.View.Language(r.Lang) + "] " + r.S
}

// answers are the answers to a question in words.
func (s Set) answers(ask record.Question, r record.Record) string {
	if ask.Type == record.Web {
		return r.Answers.One(ask.Name)
	}
	return strings.Join(ask.Say(s.View, r.Answers[ask.Name], s.Names), "; ")
}

func (s Set) by(r record.Record) string {
	if e, ok := s.Names[r.Organisation]; ok {
		return e.Title().In(s.View.Lang()).S
	}
	return r.Signed
}

func stamp(at db.Instant) string { return at.Time().UTC().Format(time.RFC3339) }
