package design_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"alliance/internal/platform/design"
	"alliance/internal/platform/lang"
)

func TestErrorsStandAboveTheHeadingAndBesideTheField(t *testing.T) {
	v := view(t, "en")
	v.Errors = []design.FieldError{{Field: "title", Message: "Write a title"}, {Message: "Too late"}}
	form := design.Input(v, design.Field{Name: "title", Label: "Title", Hint: "Short", Value: `a"<b>`})
	page := render(t, design.Layout(v, design.Page{Title: "New"}))
	if !strings.Contains(page, "<title>Error: New – Alliance</title>") {
		t.Error("the title does not say that there is an error")
	}
	if a, b := strings.Index(page, "data-error-summary"), strings.Index(page, "<h1"); a < 0 || a > b {
		t.Error("the summary is not above the h1")
	}
	field := render(t, form)
	for _, want := range []string{`href="#title"`} {
		if !strings.Contains(page, want) {
			t.Errorf("summary lacks %s", want)
		}
	}
	for _, want := range []string{`id="title"`, `aria-invalid="true"`, `aria-describedby="title-hint title-err"`, `id="title-err"`, `Write a title`, `value="a&#34;&lt;b&gt;"`, `dir="auto"`} {
		if !strings.Contains(field, want) {
			t.Errorf("field lacks %s: %s", want, field)
		}
	}
}

func TestPasswordIsNeverSentBack(t *testing.T) {
	got := render(t, design.Input(view(t, "en"), design.Field{Name: "p", Label: "P", Type: "password", Value: "secret"}))
	if strings.Contains(got, "secret") {
		t.Error("the password is in the page")
	}
}

func TestLanguageSwitcherKeepsPageAndQuery(t *testing.T) {
	v := view(t, "fr")
	v.Path, v.Query = "/list", "q=a&page=2"
	page := render(t, design.Layout(v, design.Page{Title: "List"}))
	for _, l := range v.Langs {
		if !strings.Contains(page, `hreflang="`+l+`" href="http://127.0.0.1/`+l+`/list?q=a&amp;page=2"`) {
			t.Errorf("no alternate for %s", l)
		}
	}
	if !strings.Contains(page, `<a href="/ar/list?q=a&amp;page=2" hreflang="ar" lang="ar" dir="rtl">`) {
		t.Error("no switch to Arabic")
	}
	if !strings.Contains(render(t, design.Layout(view(t, "ar"), design.Page{Title: "x"})), `<html lang="ar" dir="rtl"`) {
		t.Error("Arabic does not run from right to left")
	}
}

func TestTextsSayTheirLanguageAndState(t *testing.T) {
	v := view(t, "en")
	original := lang.New("es", "Hola <b>\n\n- uno\n- dos")
	got := render(t, design.Text(v, original.In("en")))
	for _, want := range []string{`dir="ltr" lang="es"`, "Not translated yet", "&lt;b&gt;", "<ul>", "<li>dos</li>"} {
		if !strings.Contains(got, want) {
			t.Errorf("fallback lacks %q: %s", want, got)
		}
	}
	translated := original.Translate("en", "Hello", "Ana", 1)
	if got := render(t, design.Text(v, translated.In("en"))); !strings.Contains(got, `Translated by <bdi translate="no">Ana</bdi>`) || strings.Contains(got, "lang=") {
		t.Errorf("translation: %s", got)
	}
	if got := render(t, design.Text(v, translated.Rewrite("Adiós", 2).In("en"))); !strings.Contains(got, "has changed since") {
		t.Errorf("stale translation: %s", got)
	}
	if got := render(t, design.Text(view(t, "es"), original.In("es"))); strings.Contains(got, `class="told"`) {
		t.Errorf("an original needs no remark: %s", got)
	}
	if got := render(t, design.Text(v, lang.New("ar", "مرحبا").In("en"))); !strings.Contains(got, `dir="rtl"`) {
		t.Errorf("Arabic has no direction: %s", got)
	}
}

// What all texts of an entry have in common is said once, above them; a text
// that differs says so itself, and one that is out of date always does.
func TestWhatTextsHaveInCommonIsSaidOnce(t *testing.T) {
	fr := func(s string) lang.Text { return lang.New("fr", s) }
	day := int64(1764000000000000)
	ana, other := fr("un").Translate("en", "one", "Ana", day), fr("deux").Translate("en", "two", "Ana", day+1)
	bob := fr("trois").Translate("en", "three", "Bob", day)
	stale := func(t lang.Text) lang.Text { return t.Rewrite("autre", 2) }
	for name, c := range map[string]struct {
		texts []lang.Text
		all   string // said above; "" = nothing
		own   []bool // which of them speak for themselves
	}{
		"nothing there":                {nil, "", nil},
		"one text":                     {[]lang.Text{ana}, "", []bool{true}},
		"originals":                    {[]lang.Text{lang.New("en", "a"), lang.New("en", "b")}, "", []bool{false, false}},
		"all alike":                    {[]lang.Text{ana, other, {}}, "Translated by", []bool{false, false, false}},
		"not one is translated":        {[]lang.Text{fr("un"), fr("deux")}, "Written in", []bool{false, false}},
		"another translator":           {[]lang.Text{ana, bob, other}, "Translated by", []bool{false, true, false}},
		"one is out of date":           {[]lang.Text{ana, stale(other), other}, "Translated by", []bool{false, true, false}},
		"most are out of date":         {[]lang.Text{ana, stale(other), stale(ana)}, "", []bool{true, true, true}},
		"all are out of date":          {[]lang.Text{stale(other), stale(ana)}, "has changed since", []bool{false, false}},
		"from two languages":           {[]lang.Text{ana, lang.New("es", "dos").Translate("en", "two", "Ana", day)}, "", []bool{true, true}},
		"beside an original":           {[]lang.Text{ana, other, lang.New("en", "three")}, "", []bool{true, true, false}},
		"each in a state of its own":   {[]lang.Text{ana, bob, fr("quatre")}, "", []bool{true, true, true}},
		"one is not translated":        {[]lang.Text{fr("un"), ana, other}, "Translated by", []bool{true, false, false}},
		"two written in two languages": {[]lang.Text{fr("un"), lang.New("es", "dos")}, "", []bool{true, true}},
	} {
		v := view(t, "en")
		var shown []lang.Rendering
		for _, x := range c.texts {
			shown = append(shown, x.In("en"))
		}
		each, all := v.Once(shown...)
		above := render(t, design.ToldOfAll(v, all))
		if (above != "") != (c.all != "") || c.all != "" && (!strings.Contains(above, c.all) || !strings.Contains(above, "This goes for all texts here")) {
			t.Errorf("%s: above stands %q, want %q", name, above, c.all)
		}
		for i, r := range shown {
			if got := strings.Contains(render(t, design.Text(each, r)), `class="told"`); got != c.own[i] {
				t.Errorf("%s: text %d speaks for itself: %v", name, i+1, got)
			}
		}
	}
}

func TestInline(t *testing.T) {
	for _, c := range []struct {
		phrase string
		parts  []design.Part
		want   string
	}{
		{"By {p}, for {o}.", []design.Part{{Name: "p", As: design.Name("A<b")}, design.Anchor("o", "/x", "Org")}, `By <bdi translate="no">A&lt;b</bdi>, for <a href="/x">Org</a>.`},
		{"{o} & {o}", []design.Part{design.Anchor("o", "/x", "O")}, `<a href="/x">O</a> &amp; <a href="/x">O</a>`},
		{"no <parts> {q}", nil, "no &lt;parts&gt; {q}"},
		{"", nil, ""},
	} {
		if got := render(t, design.Inline(c.phrase, c.parts...)); got != c.want {
			t.Errorf("%q: %q, want %q", c.phrase, got, c.want)
		}
	}
}

func TestDatesComeBackAsTyped(t *testing.T) {
	for _, c := range []struct{ d, m, y, clock, date, both string }{
		{"3", "11", "2026", "9:05", "2026-11-03", "2026-11-03 09:05"},
		{"", "", "", "", "", ""},
		{"40", "x", "2026", "", "2026-x-40", "2026-x-40"},
		{"", "11", "2026", "", "2026-11-", "2026-11-"},
	} {
		form := func(name string) string {
			return map[string]string{"on": c.d, "on-month": c.m, "on-year": c.y, "on-time": c.clock}[name]
		}
		if got := design.DateValue(form, "on"); got != c.date {
			t.Errorf("%+v: date %q", c, got)
		}
		got := design.DateTimeValue(form, "on")
		if got != c.both {
			t.Errorf("%+v: date and time %q", c, got)
		}
		field := render(t, design.DateTimeInput(view(t, "en"), design.Field{Name: "on", Label: "On", Value: got}))
		for name, typed := range map[string]string{"on": c.d, "on-month": c.m, "on-year": c.y} {
			tag := regexp.MustCompile(`<input[^>]* name="` + name + `"[^>]*>`).FindString(field)
			if !strings.Contains(tag, `value="`+typed+`"`) {
				t.Errorf("%s: typed %q, shown %s", name, typed, tag)
			}
		}
	}
}

func TestDangerousAddressesAreDropped(t *testing.T) {
	for _, c := range []templ.Component{design.Anchor("x", "javascript:alert(1)", "x").As, design.ButtonLink(design.Link{Href: "javascript:alert(1)", Label: "x"}, "")} {
		if got := render(t, c); strings.Contains(got, "javascript:") {
			t.Error(got)
		}
	}
}

func TestMapGathersWhatStandsTooClose(t *testing.T) {
	v := view(t, "en")
	m := design.Map{Title: "Map", List: "#list", Points: []design.Point{
		{Label: "Lyon", Lat: 45.76, Lon: 4.83, Href: "/lyon", Kind: "civil_society"},
		{Label: "Grenoble", Lat: 45.19, Lon: 5.72, Href: "/grenoble", Kind: "local_authority"},
		{Label: "Montevideo", Lat: -34.9, Lon: -56.16, Href: "/montevideo", Kind: "migrant_led"},
	}}
	world := render(t, design.WorldMap(v, m))
	if strings.Count(world, "<a ") != 2 || !strings.Contains(world, `href="#list"`) || !strings.Contains(world, ">2</text>") {
		t.Errorf("world: %s", world)
	}
	m.Crop = "centre"
	if centre := render(t, design.WorldMap(v, m)); strings.Contains(centre, "Montevideo") {
		t.Error("the centre shows what is not in it")
	}
}
