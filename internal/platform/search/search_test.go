package search_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"alliance/internal/housetest/postgres"
	"alliance/internal/platform/db"
	"alliance/internal/platform/search"
)

// onBoth runs a test on each engine, with nothing but the search tables.
func onBoth(t *testing.T, run func(t *testing.T, d *db.DB)) {
	for _, engine := range []db.Engine{db.SQLite, db.PostgreSQL} {
		t.Run(string(engine), func(t *testing.T) {
			run(t, open(t, engine))
		})
	}
}

func open(tb testing.TB, engine db.Engine) *db.DB {
	tb.Helper()
	address := "sqlite:" + filepath.Join(tb.TempDir(), "test.db")
	if engine == db.PostgreSQL {
		address = postgres.URL(tb)
	}
	d, err := db.Open(tb.Context(), address)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { d.Close() })
	if err := d.Migrate(tb.Context(), search.Schema); err != nil {
		tb.Fatal(err)
	}
	return d
}

func put(tb testing.TB, d *db.DB, docs ...search.Doc) {
	tb.Helper()
	err := d.Do(tb.Context(), func(ctx context.Context, tx *db.Tx) error {
		for _, doc := range docs {
			if err := search.Put(ctx, tx, doc); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// found asks by Condition, as a list of a page does.
func found(tb testing.TB, d *db.DB, text string, kinds ...string) []string {
	tb.Helper()
	var w db.Where
	w.And("id <> ?", "nothing")
	ok, err := search.Condition(tb.Context(), d, &w, "id", text, kinds...)
	if err != nil {
		tb.Fatalf("%q: %v", text, err)
	}
	if !ok {
		return []string{"no condition"}
	}
	ids, err := db.All(tb.Context(), d, db.Value[string], `SELECT id FROM search_doc`+w.SQL()+` ORDER BY id`, w.Args()...)
	if err != nil {
		tb.Fatalf("%q: %v", text, err)
	}
	return ids
}

var library = []search.Doc{
	{ID: "muller", Kind: "organisation", Strong: []string{"Stiftung Müller"}, Weak: []string{"Berlin, Hauptstraße 7"}},
	{ID: "lodz", Kind: "organisation", Strong: []string{"Miasto Łódź"}},
	{ID: "school", Kind: "practice", Strong: []string{"المدرسة المفتوحة"}, Weak: []string{"بالعربية والفرنسية، سنة ٢٠١٩"}},
	{ID: "teacher", Kind: "practice", Strong: []string{"مُدَرِّسة للأطفال"}},
	{ID: "water", Kind: "resource", Strong: []string{"保护水资源"}},
	{ID: "hindi", Kind: "resource", Strong: []string{"हिन्दी में स्वागत"}},
	{ID: "greek", Kind: "resource", Strong: []string{"ΟΔΟΣ της ειρήνης"}},
	{ID: "thai", Kind: "resource", Strong: []string{"ยินดีต้อนรับผู้อพยพ"}},
	{ID: "kana", Kind: "resource", Strong: []string{"ガイドブック"}},
	{ID: "lisbon", Kind: "organisation", Strong: []string{"Lisboa", "Lisbonne", "Lisbon"}, Weak: []string{"Casa do Brasil"}},
	{ID: "housing", Kind: "practice", Strong: []string{"L’hébergement des exilé·es"}, Weak: []string{"Ouvrir les logements vides, à Lisbonne et ailleurs, avec les sans-papiers."}},
	{ID: "card", Kind: "practice", Strong: []string{"Carte de résident·e"}, Weak: []string{"Comme à New York : 700 000 cartes. O'Neil a dit \"oui\" -- c:\\temp"}},
	{ID: "soft", Kind: "event", Strong: []string{"Hos\u00adpi\u00adta\u00adlité, ﬁnancement"}},
}

func TestSameHitsOnBoth(t *testing.T) {
	cases := []struct {
		query string
		want  string
	}{
		{"muller", "muller"}, {"MÜLLER", "muller"}, {"Mu\u0308ller", "muller"},
		{"strasse", ""}, {"hauptstrasse", "muller"}, {"Hauptstraße", "muller"}, {"hauptstr", "muller"},
		{"lodz", "lodz"}, {"łódź", "lodz"}, {"LODZ", "lodz"},
		{"مدرسة", "school teacher"}, {"المدرسة", "school teacher"}, {"مدرسه", "school teacher"}, {"والمدرسة", "school teacher"},
		{"اطفال", "teacher"}, {"العربية", "school"}, {"2019", "school"}, {"۲۰۱۹", "school"},
		{"水资", "water"}, {"水资源", "water"}, {"源", "water"}, {"水", "water"}, {"资保", ""},
		{"ह", ""}, {"हिन्दी", "hindi"}, {"हिन्", "hindi"},
		{"οδος", "greek"}, {"οδοσ", "greek"}, {"ειρηνης", "greek"},
		{"ต้อนรับ", "thai"}, {"ガイド", "kana"}, {"がいど", ""},
		{"Lisbonne", "housing lisbon"}, {"lisb", "housing lisbon"}, {"l", ""}, {"lisb brasil", ""}, {"brasil lisb", "lisbon"},
		{"hebergement", "housing"}, {"l'hébergement", "housing"}, {"hebergement des exile", "housing"}, {"exilées", ""},
		{"sans papiers", "housing"}, {"des logements à Lisbonne", "housing"},
		{"resident", "card"}, {"700 000", "card"}, {"o'neil", "card"}, {"hospitalité", "soft"}, {"financement", "soft"},
		{"carte brasil", ""}, {"des", "housing"},
		{"", "no condition"}, {"  … !? ", "no condition"}, {"\u200f\u00ad", "no condition"}, {"👋🏽", "no condition"},
	}
	onBoth(t, func(t *testing.T, d *db.DB) {
		put(t, d, library...)
		for _, c := range cases {
			if c.query == "l" { // the only word is a stop word: asked all the same, as a whole word
				c.want = "housing"
			}
			if got := strings.Join(found(t, d, c.query), " "); got != c.want {
				t.Errorf("%q finds %q, want %q", c.query, got, c.want)
			}
		}
	})
}

func TestInjection(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		put(t, d, library...)
		for _, s := range []string{
			`'`, `''`, `"`, `\`, `a'b`, `a\'b`, `x' | 'y`, `x:*`, `'x':1A`, `!x`, `x & !y`, `(x`, `x)`, `x <-> y`, `"x" OR "y"`,
			`strong : x`, `{strong} : x`, `x NOT y`, `NEAR(x y)`, `x*`, `^x`, `-x`, `x AND`, `$1`, `?`, `%`, `_`, "x\x00y", "\xff\xfe", "a\xc3",
			`'); DROP TABLE search_doc; --`, strings.Repeat("a", 5000), strings.Repeat("a ", 3000), strings.Repeat("水", 3000),
			strings.Repeat("é\u0301", 500), strings.Repeat("ﷺ", 300), "\U0010FFFF", "ﬀ\u0345ß", "\u0301\u0301a",
		} {
			put(t, d, search.Doc{ID: "hostile", Kind: "x", Strong: []string{s}, Weak: []string{s + " " + s}})
			ids := found(t, d, s)
			if !slices.Contains(ids, "hostile") && !slices.Contains(ids, "no condition") {
				t.Errorf("%.40q does not find itself: %v", s, ids)
			}
			if _, err := search.Ranked(t.Context(), d, s, []string{s}, 5); err != nil && !strings.Contains(s, "\x00") && utf8.ValidString(s) {
				t.Errorf("%.40q: %v", s, err)
			}
		}
	})
}

func TestPutAndDrop(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		doc := search.Doc{ID: "a", Kind: "practice", Strong: []string{"Jardin partagé"}, Weak: []string{"Ensemble"}}
		put(t, d, doc, search.Doc{ID: "b", Kind: "event", Strong: []string{"Fête au jardin"}})
		if got := found(t, d, "jardin"); !slices.Equal(got, []string{"a", "b"}) {
			t.Fatal(got)
		}
		if got := found(t, d, "jardin", "event", "campaign"); !slices.Equal(got, []string{"b"}) {
			t.Fatal(got)
		}
		put(t, d, doc) // the same again
		doc.Strong = []string{"Verger partagé"}
		put(t, d, doc)
		if got := found(t, d, "jardin"); !slices.Equal(got, []string{"b"}) {
			t.Error("the earlier title still finds it:", got)
		}
		if got := found(t, d, "verger"); !slices.Equal(got, []string{"a"}) {
			t.Error(got)
		}
		drop := func(id string) {
			if err := d.Do(t.Context(), func(ctx context.Context, tx *db.Tx) error { return search.Drop(ctx, tx, id) }); err != nil {
				t.Fatal(err)
			}
		}
		drop("a")
		drop("never there")
		if got := found(t, d, "verger"); len(got) != 0 {
			t.Error(got)
		}
		put(t, d, doc)
		if got := found(t, d, "verger"); !slices.Equal(got, []string{"a"}) {
			t.Error("dropped and put again:", got)
		}
	})
}

func TestMistyped(t *testing.T) {
	docs := append(slices.Clone(library),
		search.Doc{ID: "migration", Kind: "event", Strong: []string{"Migrations et territoires accueillants"}},
		search.Doc{ID: "city", Kind: "event", Strong: []string{"La ville solidaire"}},
		search.Doc{ID: "secret", Kind: "event", Strong: []string{"Zanzibar"}, Quiet: true})
	cases := []struct{ query, want, meant string }{
		{"migratoins", "migration", "migrations"}, // exchanged
		{"migartoins", "migration", "migrations"}, // exchanged twice
		{"imgrations", "migration", "migrations"},
		{"migrrations", "migration", "migrations"},
		{"mgrtions", "migration", "migrations"}, // two lost
		{"teritoires acueillants", "migration", "territoires accueillants"},
		{"solidiare", "city", "solidaire"},
		{"vlile", "city", "ville"}, {"vile", "city", "ville"}, {"valle", "city", "ville"}, {"vvlle", "city", "ville"},
		{"vxxle", "", ""}, // two in a short word
		{"Lisbnne", "housing lisbon", "lisbonne"}, {"lisbon", "housing lisbon", ""},
		{"hopsitalite", "soft", "hospitalite"},
		{"المدرثة", "school teacher", "مدرسه"},
		{"zanzibra", "", ""},             // words of a quiet document are not given away
		{"zanzibar", "secret", ""},       // but found
		{"solidaire zzzzzz", "", ""},     // nothing is near
		{"ville territoires", "", ""},    // all known, none together: nothing is bent
		{"2091", "", ""}, {"水货", "", ""}, // numbers and signs are not guessed
		{strings.Repeat("z", 400), "", ""},         // too long
		{"solidaire migratoins", "", "migrations"}, // corrected, but not together
	}
	onBoth(t, func(t *testing.T, d *db.DB) {
		put(t, d, docs...)
		put(t, d, docs...)
		for _, c := range cases {
			if got := strings.Join(found(t, d, c.query), " "); got != c.want {
				t.Errorf("%.40q finds %q, want %q", c.query, got, c.want)
			}
			list, err := search.Corrections(t.Context(), d, c.query)
			if err != nil {
				t.Fatal(err)
			}
			var meant []string
			for _, l := range list {
				meant = append(meant, l.Meant...)
			}
			if got := strings.Join(meant, " "); got != c.meant {
				t.Errorf("%.40q is corrected to %q, want %q", c.query, got, c.meant)
			}
		}
	})
}

func TestTidyForgets(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		put(t, d, library...)
		put(t, d, search.Doc{ID: "erased", Kind: "event", Strong: []string{"Ouagadougou, Lisbonne"}})
		err := d.Do(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			if err := search.Drop(ctx, tx, "erased"); err != nil {
				return err
			}
			return search.Tidy(ctx, tx)
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"search_word", "search_piece"} {
			words, err := db.All(t.Context(), d, db.Value[string], `SELECT DISTINCT word FROM `+table)
			if err != nil {
				t.Fatal(err)
			}
			if slices.Contains(words, "ouagadougou") || !slices.Contains(words, "lisbonne") {
				t.Error(table, words)
			}
		}
		if got := found(t, d, "lisbonne"); !slices.Equal(got, []string{"housing", "lisbon"}) {
			t.Error(got)
		}
	})
}

func TestRanked(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		put(t, d,
			search.Doc{ID: "weak", Kind: "practice", Strong: []string{"Ouvrir"}, Weak: []string{"Un long texte sur la langue et le logement et d'autres choses"}},
			search.Doc{ID: "strong", Kind: "practice", Strong: []string{"Le logement"}, Weak: []string{"Autre chose"}},
			search.Doc{ID: "other", Kind: "event", Strong: []string{"Logement pour toutes et tous"}, Weak: []string{"logement logement"}},
			search.Doc{ID: "none", Kind: "event", Strong: []string{"Santé"}})
		order := func(text string, n int, kinds ...string) string {
			list, err := search.Ranked(t.Context(), d, text, kinds, n)
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, h := range list {
				ids = append(ids, h.Kind+":"+h.ID)
			}
			return strings.Join(ids, " ")
		}
		if got := order("logement", 9); !strings.HasSuffix(got, " practice:weak") || strings.Count(got, ":") != 3 {
			t.Error("a word in the text stands before one in a title:", got)
		}
		if got := order("logement", 9, "practice"); got != "practice:strong practice:weak" {
			t.Error(got)
		}
		if got := order("logement", 1, "practice"); got != "practice:strong" {
			t.Error(got)
		}
		if got := order("logemnet", 1, "practice"); got != "practice:strong" {
			t.Error(got)
		}
		if got := order("", 5) + order("zzz", 5) + order("logement", 0); got != "" {
			t.Error(got)
		}
	})
}

func TestLimit(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		docs := []search.Doc{{ID: "first", Kind: "event", Strong: []string{"Accueil"}}}
		for i := range search.Limit + 20 {
			docs = append(docs, search.Doc{ID: fmt.Sprintf("n%04d", i), Kind: "practice", Strong: []string{fmt.Sprint("Practice ", i)}, Weak: []string{"accueil"}})
		}
		put(t, d, docs...)
		ids := found(t, d, "accueil")
		if len(ids) != search.Limit || slices.Contains(ids, "first") || !slices.Contains(ids, "n1019") {
			t.Error("not the newest thousand:", len(ids))
		}
		if got := found(t, d, "accueil", "event"); !slices.Equal(got, []string{"first"}) {
			t.Error("the limit holds among the kinds asked for:", len(got))
		}
		list, err := search.Ranked(t.Context(), d, "accueil", nil, 5)
		if diff := cmp.Diff([]search.Hit{{ID: "first", Kind: "event"}}, list); err != nil || diff != "" {
			t.Error("too many hits are narrowed to titles:", err, diff)
		}
		list, err = search.Ranked(t.Context(), d, "accueil", []string{"practice"}, 2)
		if diff := cmp.Diff([]search.Hit{{ID: "n1019", Kind: "practice"}, {ID: "n1018", Kind: "practice"}}, list); err != nil || diff != "" {
			t.Error("too many hits, none in a title: the newest:", err, diff)
		}
	})
}

// In a transaction the words just put are found.
func TestInsideTransaction(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		err := d.Do(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			if err := search.Put(ctx, tx, library[0]); err != nil {
				return err
			}
			hits, err := search.Ranked(ctx, tx, "mullre", nil, 3)
			if len(hits) != 0 { // six letters: one exchange is forgiven
				return err
			}
			return fmt.Errorf("nothing found: %w", err)
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
