package locale

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDates(t *testing.T) {
	c := catalog(t)
	at := time.Date(2026, 11, 1, 9, 5, 0, 0, time.UTC)
	for lang, want := range map[string][4]string{
		"fr": {"1er novembre 2026 à 09:05", "dimanche 1er novembre 2026", "1er–3 novembre 2026", "09:05\u2009–\u200910:35"},
		"en": {"1 November 2026 at 09:05", "Sunday, 1 November 2026", "1\u2009–\u20093 November 2026", "09:05–10:35"},
		"es": {"1 de noviembre de 2026, 9:05", "domingo, 1 de noviembre de 2026", "1–3 de noviembre de 2026", "9:05–10:35"},
		"pt": {"1 de novembro de 2026 às 09:05", "domingo, 1 de novembro de 2026", "1\u2009–\u20093 de novembro de 2026", "09:05\u2009–\u200910:35"},
		"it": {"1 novembre 2026 alle ore 09:05", "domenica 1 novembre 2026", "1–3 novembre 2026", "09:05–10:35"},
		"de": {"1. November 2026 um 09:05", "Sonntag, 1. November 2026", "1.–3. November 2026", "09:05–10:35 Uhr"},
		"ar": {"1 نوفمبر 2026 في 09:05", "الأحد، 1 نوفمبر 2026", "1–3 نوفمبر 2026", "09:05–10:35"},
	} {
		p := c.For(lang)
		got := [4]string{p.DateTime(at), p.FullDate(at), p.DateRange(at, at.AddDate(0, 0, 2)), p.TimeRange(at, at.Add(90*time.Minute))}
		if got != want {
			t.Errorf("%s: %q\nwant %q", lang, got, want)
		}
		if p.DateRange(at, at.Add(time.Hour)) != p.Date(at) {
			t.Errorf("%s: a range of one day is that day", lang)
		}
	}
}

func TestRelative(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Skip("no time zones on this machine:", err)
	}
	now := time.Date(2026, 3, 28, 22, 0, 0, 0, paris) // the clock changes in the night
	c := catalog(t)
	for _, x := range []struct {
		d          time.Duration
		fr, en, ar string
	}{
		{30 * time.Second, "maintenant", "now", "الآن"},
		{-5 * time.Minute, "il y a 5 minutes", "5 minutes ago", "قبل 5 دقائق"},
		{-3 * time.Hour, "il y a 3 heures", "3 hours ago", "قبل 3 ساعات"},
		{23 * time.Hour, "dans 23 heures", "in 23 hours", "خلال 23 ساعة"},
		{24 * time.Hour, "demain", "tomorrow", "غدًا"},
		{25 * time.Hour, "dans 2 jours", "in 2 days", "خلال يومين"}, // midnight has passed twice
		{-45 * time.Hour, "hier", "yesterday", "أمس"},
		{48 * time.Hour, "dans 2 jours", "in 2 days", "خلال يومين"},
		{-13 * 24 * time.Hour, "il y a 13 jours", "13 days ago", "قبل 13 يومًا"},
		{15 * 24 * time.Hour, "dans 2 semaines", "in 2 weeks", "خلال أسبوعين"},
		{-100 * 24 * time.Hour, "il y a 3 mois", "3 months ago", "قبل 3 أشهر"},
		{3 * 366 * 24 * time.Hour, "dans 3 ans", "in 3 years", "خلال 3 سنوات"},
	} {
		at := now.Add(x.d).UTC() // whatever zone it comes in
		for lang, want := range map[string]string{"fr": x.fr, "en": x.en, "ar": x.ar} {
			if got := c.For(lang).Relative(at, now); got != want {
				t.Errorf("%s, %v: %q, want %q", lang, x.d, got, want)
			}
		}
	}
}

func TestNames(t *testing.T) {
	c := catalog(t)
	fr := c.For("fr")
	for _, x := range []struct{ got, want string }{
		{fr.Country("ma"), "Maroc"}, {fr.Country("PS"), "Palestine"}, {fr.Country("??"), "??"}, {fr.Country("155"), "Europe de l’Ouest"},
		{fr.Language("bm"), "bambara"}, {fr.Language("AR-ma"), "arabe (Maroc)"}, {fr.Language("zh-Hant-TW"), "chinois (traditionnel, Taïwan)"},
		{fr.Language("qaa"), "qaa"}, {fr.Language("not a tag"), "not a tag"}, {fr.Language(""), ""},
		{NativeName("ar"), "العربية"}, {NativeName("fr"), "Français"}, {NativeName("pt-BR"), "Português"}, {NativeName("qaa"), "qaa"}, {NativeName("ka"), "ქართული"},
	} {
		if x.got != x.want {
			t.Errorf("%q, want %q", x.got, x.want)
		}
	}
	for _, lang := range Languages {
		all := c.For(lang).Countries()
		if len(all) != 250 { // 249 of ISO 3166-1, and Kosovo
			t.Errorf("%s: %d countries", lang, len(all))
		}
		if !slices.IsSortedFunc(all, func(a, b Country) int { return c.For(lang).Compare(a.Name, b.Name) }) {
			t.Errorf("%s: countries are not sorted", lang)
		}
	}
}

func TestCompare(t *testing.T) {
	c := catalog(t)
	for lang, sorted := range map[string][]string{
		"fr": {"Assemblée 2", "assemblée 10", "cœur", "côte", "école", "zoo"},
		"es": {"nube", "ñandú", "oso"},
		"de": {"Ägypten", "Algerien", "Österreich", "Peru"},
		"ar": {"أحمد", "بيت", "جمعية", "مدينة", "يوم"},
	} {
		shuffled := slices.Clone(sorted)
		slices.Reverse(shuffled)
		slices.SortFunc(shuffled, c.For(lang).Compare)
		if !slices.Equal(shuffled, sorted) {
			t.Errorf("%s: %q", lang, shuffled)
		}
	}
}

func TestCompareServesManyAtOnce(t *testing.T) {
	p := catalog(t).For("fr")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				if p.Compare("école", "zoo") >= 0 || len(p.Countries()) == 0 {
					t.Error("wrong order")
				}
			}
		})
	}
	all.Wait()
}

func TestCompareIsAnOrder(t *testing.T) {
	c := catalog(t)
	rapid.Check(t, func(t *rapid.T) {
		p := c.For(rapid.SampledFrom(Languages).Draw(t, "lang"))
		word := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-eé0-9 ]{0,6}`), rapid.SampledFrom([]string{"007", "7", "٧", "a10", "a9"}))
		a, b, d := word.Draw(t, "a"), word.Draw(t, "b"), word.Draw(t, "d")
		ab, ba := p.Compare(a, b), p.Compare(b, a)
		if ab != -ba {
			t.Fatalf("%q %q: %d and %d", a, b, ab, ba)
		}
		if (ab == 0) != (a == b) {
			t.Fatalf("%q %q are equal", a, b)
		}
		if ab < 0 && p.Compare(b, d) < 0 && p.Compare(a, d) >= 0 {
			t.Fatalf("%q < %q < %q, but not the first below the last", a, b, d)
		}
	})
}

// A number loses nothing by its dress.
func TestNumbersKeepTheirDigits(t *testing.T) {
	c := catalog(t)
	rapid.Check(t, func(t *rapid.T) {
		p := c.For(rapid.SampledFrom(Languages).Draw(t, "lang"))
		n := rapid.Int().Draw(t, "n")
		bare := strings.NewReplacer(p.group, "", "\u200e", "").Replace(p.Number(n))
		if whole(bare) != n {
			t.Fatalf("%d became %q", n, p.Number(n))
		}
	})
	if got := c.For("en").Decimal(-0.001, 1); got != "0.0" {
		t.Errorf("nothing has no sign: %q", got)
	}
}

func TestNegotiate(t *testing.T) {
	for _, x := range []struct{ header, otherwise, want string }{
		{"", "", "en"}, {"", "fr", "fr"}, {"*", "fr", "fr"}, {"de", "fr", "de"},
		{"fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "en", "fr"},
		{"en;q=0.2, ar-MA;q=0.9", "fr", "ar"},
		{"da, pt-BR;q=0.8", "en", "pt"},
		{"ary", "en", "ar"}, {"ca,fr;q=0.1", "en", "fr"}, {"ca", "en", "es"}, {"gsw", "en", "de"},
		{"fr;q=0", "es", "es"}, {"fr;q=x, it", "es", "it"}, {"fr;q=NaN", "es", "es"}, {";;;,,,-", "es", "es"}, {"FR", "en", "fr"},
		{"xx, " + strings.Repeat("yy,", 10000) + "de", "it", "it"},
	} {
		var otherwise []string
		if x.otherwise != "" {
			otherwise = append(otherwise, x.otherwise)
		}
		if got := Negotiate(x.header, otherwise...); got != x.want {
			t.Errorf("%.40q: %s, want %s", x.header, got, x.want)
		}
	}
}
