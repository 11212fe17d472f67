package search_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"alliance/internal/platform/db"
	"alliance/internal/platform/search"
)

// BenchmarkSearch asks 5,000 documents of 80 words, as a list page does.
func BenchmarkSearch(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.PostgreSQL} {
		d := open(b, engine)
		rnd := rand.New(rand.NewPCG(1, 2))
		zipf := rand.NewZipf(rnd, 1.1, 5, 20000)
		var words []string
		for range 20001 {
			w := make([]byte, 4+rnd.IntN(8))
			for j := range w {
				w[j] = "eaitnrsoludcmpvgbfh"[rnd.IntN(19)]
			}
			words = append(words, string(w))
		}
		var docs []search.Doc
		for i := range 5000 {
			text := make([]string, 80)
			for j := range text {
				text[j] = words[zipf.Uint64()]
			}
			docs = append(docs, search.Doc{ID: fmt.Sprint(i), Kind: "k", Strong: text[:6:6], Weak: []string{strings.Join(text[6:], " ")}, Marks: []string{fmt.Sprint("country=c", i%6)}})
		}
		put(b, d, docs...)
		run := func(name string, f func(i int)) {
			b.Run(string(engine)+"/"+name, func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					f(i)
				}
			})
		}
		run("rare", func(int) { found(b, d, words[3000]) })
		run("common", func(int) { found(b, d, words[0]) })
		run("mistyped", func(int) { found(b, d, "q"+words[1000][1:]) })
		run("ranked", func(int) { _, _ = search.Ranked(b.Context(), d, words[200], nil, 20) })
		run("rankedCommon", func(int) { _, _ = search.Ranked(b.Context(), d, words[0], nil, 20) })
		run("filtered", func(int) {
			_, _, _ = search.Find(b.Context(), d, words[0], search.Narrow{Marks: [][]string{{"country=c1"}}}, 300)
		})
		run("putSame", func(int) { put(b, d, docs[0]) })
		run("putChanged", func(i int) {
			put(b, d, docs[i%5000], search.Doc{ID: "x", Kind: "k", Weak: []string{fmt.Sprint(i), docs[i%5000].Weak[0]}})
		})
	}
}
