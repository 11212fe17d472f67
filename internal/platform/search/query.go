package search

import (
	"context"
	"errors"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/place"
)

// query asks for one term of every group.
type query [][]term

// parse cuts a query into words, each with what does as well: the names of a
// town or country in other languages, and marks. What narrows it comes after;
// without any word, that is the query.
func parse(text string, in Narrow) (x query) {
	for _, t := range terms(text) {
		group := []term{t}
		for _, mark := range in.Or[t.s] {
			group = append(group, term{s: markToken(mark)})
		}
		if t.word {
			for _, name := range place.OtherNames(t.s) {
				// Of several words the whole name stands in the index with each document there.
				if also := terms(name); len(also) == 1 && also[0].s != t.s {
					group = append(group, term{s: also[0].s})
				}
			}
		}
		x = append(x, group)
	}
	for _, marks := range in.Marks {
		var group []term
		for _, mark := range marks {
			group = append(group, term{s: markToken(mark)})
		}
		if len(group) > 0 {
			x = append(x, group)
		}
	}
	return x
}

// markToken is a mark as the index holds it: no word of a text has its dots, and
// both engines take it for one word.
func markToken(mark string) string {
	return "·" + strings.Map(func(r rune) rune {
		if r < 0x80 && !('a' <= r && r <= 'z' || '0' <= r && r <= '9') {
			return '·'
		}
		return r
	}, strings.ToLower(mark))
}

// whole is the query without beginnings of words.
func (x query) whole() (_ query, beginning bool) {
	out := make(query, len(x))
	for i, group := range x {
		for _, t := range group {
			beginning = beginning || t.prefix
			t.prefix = false
			out[i] = append(out[i], t)
		}
	}
	return out, beginning
}

// read cuts a query and forgives typing errors.
func read(ctx context.Context, q db.Q, text string) (query, []Correction, error) {
	x := parse(text, Narrow{})
	if len(x) == 0 {
		return nil, nil, nil
	}
	return forgive(ctx, q, x)
}

// forgive puts nearer words in the place of mistyped ones. Only a query without
// any hit is looked into: elsewhere every word is known.
func forgive(ctx context.Context, q db.Q, x query) (query, []Correction, error) {
	known, err := hasHit(ctx, q, x)
	if err != nil || known {
		return x, nil, err
	}
	var list []Correction
	for i, group := range x {
		t := group[0]
		if !t.word {
			continue
		}
		if known, err = hasHit(ctx, q, query{group}); err != nil {
			return nil, nil, err
		}
		if known {
			continue
		}
		meant, err := nearest(ctx, q, t.s)
		if err != nil {
			return nil, nil, err
		}
		if len(meant) == 0 {
			return x, nil, nil // this word has no hit, so the query has none
		}
		x[i] = nil
		for _, s := range meant {
			x[i] = append(x[i], term{s: s})
		}
		list = append(list, Correction{Typed: t.s, Meant: meant})
	}
	return x, list, nil
}

func hasHit(ctx context.Context, q db.Q, x query) (bool, error) {
	var err error
	if db.EngineOf(q) == db.PostgreSQL {
		_, err = db.One(ctx, q, db.Value[int64], `SELECT 1 FROM search_doc WHERE words @@ CAST(CAST($1 AS text) AS tsquery) LIMIT 1`, x.tsquery(false))
	} else {
		_, err = db.One(ctx, q, db.Value[int64], `SELECT 1 FROM search_text WHERE search_text MATCH $1 LIMIT 1`, x.match(false))
	}
	if errors.Is(err, db.ErrNone) {
		return false, nil
	}
	return err == nil, err
}

// match writes the query for FTS5: ("lisbonne" OR "lisboa") AND "accueil" *
func (x query) match(titles bool) string {
	s := x.write(" AND ", " OR ", func(t term) string {
		s := `"` + strings.ReplaceAll(t.s, `"`, `""`) + `"`
		if t.prefix {
			s += " *"
		}
		return s
	})
	if titles {
		return "{strong} : (" + s + ")"
	}
	return s
}

// tsquery writes the query for PostgreSQL: ('lisbonne' | 'lisboa') & 'accueil':*A
func (x query) tsquery(titles bool) string {
	return x.write(" & ", " | ", func(t term) string {
		mark := ""
		if t.prefix {
			mark = "*"
		}
		if titles {
			mark += "A"
		}
		if mark != "" {
			mark = ":" + mark
		}
		return quoted(t.s) + mark
	})
}

func (x query) write(and, or string, write func(term) string) string {
	groups := make([]string, len(x))
	for i, group := range x {
		words := make([]string, len(group))
		for j, t := range group {
			words[j] = write(t)
		}
		groups[i] = strings.Join(words, or)
		if len(words) > 1 {
			groups[i] = "(" + groups[i] + ")"
		}
	}
	return strings.Join(groups, and)
}
