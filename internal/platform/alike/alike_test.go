package alike

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Each row says one thing, then says it again with ever less in common.
var paraphrases = map[string][]string{
	"fr": {
		"Créer un réseau de villes accueillantes pour mettre en commun les bonnes pratiques de l’accueil des personnes migrantes.",
		"Creer un reseau de villes accueillantes pour mettre en commun les bonnes pratiques de l'accueil des personnes migrantes",
		"Créer un réseau des villes accueillantes afin de partager les bonnes pratiques de l’accueil des personnes migrantes.",
		"Partager les bonnes pratiques d’accueil entre villes, au sein d’un réseau de communes accueillantes.",
		"Ouvrir des cours de langue gratuits dans chaque quartier.",
	},
	"en": {
		"Set up a legal helpline with volunteer lawyers in several languages, free of charge.",
		"Set up a free legal helpline, with volunteer lawyers, in several languages.",
		"A helpline where lawyers volunteer to answer legal questions in many languages.",
		"Turn empty municipal buildings into housing for families.",
	},
	"es": {
		"Abrir las viviendas vacías a las personas migrantes con el apoyo de los municipios.",
		"Abrir viviendas vacías para las personas migrantes, con apoyo de los municipios.",
		"Que los municipios apoyen la apertura de viviendas que están vacías.",
		"Formar a las funcionarias en derecho de asilo.",
	},
	"ar": {
		"إنشاء شبكة من المدن المرحِّبة لتبادل الممارسات الجيدة في استقبال المهاجرين",
		"إنشاء شبكة من المدن المرحبة من أجل تبادل الممارسات الجيدة لاستقبال المهاجرين",
		"تبادل الممارسات بين المدن المرحبة بالمهاجرين",
		"فتح دروس لغة مجانية في كل حي",
	},
	"zh": {"保护移民的水资源和住房权利", "保护移民的住房权利", "学校开设语言课程"},
}

func TestParaphrasesFallInOrder(t *testing.T) {
	for tag, row := range paraphrases {
		first := NewSketch(row[0])
		before := 1.01
		for i, s := range row {
			score := first.Similarity(NewSketch(s))
			t.Logf("%s %d %.2f", tag, i, score)
			if score >= before && !(score == 1 && i == 1) {
				t.Errorf("%s: %q scores %.2f, not below %.2f", tag, s, score, before)
			}
			before = score
		}
		if before > 0.15 {
			t.Errorf("%s: %q has nothing to do with it and scores %.2f", tag, row[len(row)-1], before)
		}
	}
}

func anyText() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("abc é\nم水ก्ह.,  1"))))
}

func TestSketchProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, u := anyText().Draw(t, "a"), anyText().Draw(t, "b")
		a, b := NewSketch(s), NewSketch(u)
		if a.Similarity(a) != 1 {
			t.Fatal("not like itself")
		}
		x, y := a.Similarity(b), b.Similarity(a)
		if x != y || !(x >= 0 && x <= 1) {
			t.Fatal(x, y)
		}
		m, n := Names(s, u), Names(u, s)
		if d := m - n; d > 1e-9 || d < -1e-9 || !(m >= 0 && m <= 1) {
			t.Fatal("names", m, n)
		}
		if got := Names(s, s); got < 0.999 {
			t.Fatal("a name is not itself", got)
		}
	})
}

// The estimate of long texts stays near the truth.
func TestSketchOfLongTexts(t *testing.T) {
	words := func(from, to int) string {
		var b strings.Builder
		for i := from; i < to; i++ {
			fmt.Fprintf(&b, "%08x ", uint32(i)*2654435761)
		}
		return b.String()
	}
	got := NewSketch(words(0, 3000)).Similarity(NewSketch(words(1000, 4000))) // 2000 of 4000
	if got < 0.4 || got > 0.6 {
		t.Errorf("%.2f, want about 0.5", got)
	}
}

func corpus(n int) []Item {
	rnd := rand.New(rand.NewPCG(1, 2))
	vocabulary := make([]string, 3000)
	for i := range vocabulary {
		w := make([]byte, 3+rnd.IntN(9))
		for j := range w {
			w[j] = "eaitnrsoludcmpvgbfh"[min(rnd.IntN(19), rnd.IntN(19))]
		}
		vocabulary[i] = string(w)
	}
	items := make([]Item, n)
	for i := range items {
		words := make([]string, 60)
		for j := range words {
			words[j] = vocabulary[min(rnd.IntN(3000), rnd.IntN(3000), rnd.IntN(3000))]
		}
		if i%20 == 19 { // nearly the one before
			words = strings.Fields(items[i-1].Texts[0])
			for range 6 {
				words[rnd.IntN(60)] = vocabulary[rnd.IntN(3000)]
			}
		}
		items[i] = Item{ID: fmt.Sprintf("i%04d", i), Texts: []string{strings.Join(words, " ")}}
	}
	return items
}

func TestPairsFindsWhatComparingAllFinds(t *testing.T) {
	items := corpus(400)
	for _, atLeast := range []float64{0.3, 0.5} {
		start := time.Now()
		list := Pairs(items, atLeast)
		took := time.Since(start)
		t.Logf("%.1f: %d pairs in %v", atLeast, len(list), took)
		if took > 2*time.Second { // 200 ms on a quiet machine; see the benchmark
			t.Error("too slow:", took)
		}
		sketches := make([]Sketch, len(items))
		for i := range items {
			sketches[i] = NewSketch(items[i].Texts[0])
		}
		want := 0
		for i := range items {
			for j := range i {
				if sketches[i].Similarity(sketches[j]) >= atLeast {
					want++
				}
			}
		}
		if len(list) > want || float64(len(list)) < 0.97*float64(want) || want < 15 {
			t.Errorf("%d pairs of %d", len(list), want)
		}
		if !slices.IsSortedFunc(list, func(a, b Pair) int { return int(1e9 * (b.Score - a.Score)) }) {
			t.Error("not sorted")
		}
	}
}

func TestPairsSpeaksAllLanguages(t *testing.T) {
	fr, en := paraphrases["fr"], paraphrases["en"]
	items := []Item{
		{"c", []string{fr[2], "Something else altogether"}},
		{"a", []string{"Nothing like it", fr[0]}},
		{"b", []string{en[0]}},
		{"d", []string{fr[4]}},
		{"e", nil}, {"f", []string{"", "…"}},
	}
	list := Pairs(items, 0.4)
	if len(list) != 1 || list[0].A != "a" || list[0].B != "c" || list[0].Score < 0.6 {
		t.Fatal(list)
	}
	for _, w := range []string{"accueillantes", "réseau"} {
		if !slices.Contains(list[0].Shared, w) {
			t.Errorf("%q is not among the shared words %q", w, list[0].Shared)
		}
	}
}

func TestNames(t *testing.T) {
	same := [][2]string{
		{"Association Beni Zassen pour la Culture, le Développement et la Solidarité (ABCDS)", "Association BENI ZASSEN pour la culture, le developpement et la solidarite"},
		{"Association Beni Zassen pour la Culture, le Développement et la Solidarité (ABCDS)", "ABCDS"},
		{"Association Nationale des Villes et Territoires Accueillants (ANVITA)", "ANVITA"},
		{"Association Nationale des Villes et Territoires Accueillants", "ANVITA"},
		{"Asociación Rumiñahui", "Asociacion Ruminahui"},
		{"Ville de Grenoble", "Grenoble"}, {"Grenoble, Ville de", "Ville de Grenoble"},
		{"Pro Asyl e.V.", "PRO ASYL"}, {"Associazione ARCI", "Association Arci"},
		{"Emmaüs International", "Emmaus Internationale"},
		{"ATTAC", "Attac"}, {"Ajuntament de Barcelona", "Ayuntamiento de Barcelona"},
		{"جمعية المرأة", "جمعيّة المرأة"},
		{"Carrefour des Solidarités du Littoral Dunkerquois", "Carrefour des solidarités du littoral dunkerquoise"},
	}
	for _, p := range same {
		if got := Names(p[0], p[1]); got < 0.8 {
			t.Errorf("%q and %q score %.2f", p[0], p[1], got)
		}
	}
	differ := [][2]string{
		{"Ville de Grenoble", "Ville de Lyon"}, {"Association Arci", "Association You.me"},
		{"Casa do Brasil de Lisboa", "Câmara Municipal de Lisboa"}, {"Fondation de France", "Fondation Seligmann"},
		{"CCAS Metz", "CCAS Lyon"}, {"EGM 73", "EGM 38"}, {"Maison des associations", "Maison des femmes"},
		{"Grenoble", "Grenade"}, {"ANVITA", "Association Tunisienne des Habitants pour le Logement Décent"},
		{"", "Lyon"}, {"Secours Catholique", "Secours Populaire"},
	}
	for _, p := range differ {
		if got := Names(p[0], p[1]); got >= 0.8 {
			t.Errorf("%q and %q score %.2f", p[0], p[1], got)
		}
	}
}

func TestWords(t *testing.T) {
	if got := strings.Join(Words("L’Été à Łódź, 水资源 2019"), " "); got != "l ete a lodz 水资 资源 2019" {
		t.Error(got)
	}
}

func BenchmarkPairs(b *testing.B) {
	items := corpus(1000)
	for b.Loop() {
		Pairs(items, 0.4)
	}
}
