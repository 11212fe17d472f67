package browser

import (
	"fmt"
	"net/http"
	"strings"
)

// defect is something wrong that Inspect must find: a change to the sound page
// and what the finding says.
type defect struct {
	from, to   string // a change to the page; "" appends to the main part
	rule, says string
}

// group is defects planted together in one page, chosen not to hide each other.
type group struct {
	lang, kind string
	sensitive  bool
	bare       bool // without the protecting headers, so that styles and scripts run
	defects    []defect
}

func (g group) path(i int) string { return fmt.Sprintf("/bad/%d", i) }

var groups = []group{
	{lang: "fr", bare: true, defects: []defect{
		{"", `<p style="color:#aaa">Un contraste trop faible</p>`, "axe color-contrast", ""},
		{"", "", "inline style", "main"},
		{"", `<img src="/missing.png">`, "axe image-alt", "img"},
		{"", "", "image sizes", "img"},
		{"", "", "failed requests", "/missing.png"},
		{"", "", "HTML validity", "alt"},
		{`content="width=device-width, initial-scale=1"`, `content="width=device-width, maximum-scale=1"`, "axe meta-viewport", ""},
		{"</head>", `<link rel="stylesheet" href="https://fonts.example.com/x.css"></head>`, "other hosts", "fonts.example.com"},
		{"", `<script>localStorage.setItem("uid","1");document.cookie="seen=1"</script>`, "an anonymous visit leaves", "localStorage uid"},
		{"", "", "an anonymous visit leaves", "cookie seen"},
		{"", `<script>undefinedFunction()</script>`, "script errors", "undefinedFunction"},
		{"", "", "headers", "Content-Security-Policy"},
		{"", "", "headers", "Permissions-Policy"},
		{"", "", "headers", "Content-Language"},
		{"", `<script>document.querySelector("main").append("Un texte qui n’est là qu’avec des scripts. ".repeat(30))</script>`, "text without JavaScript", "main"},
		{"", `<button type="button" onclick="x()">Agir</button>`, "dead without JavaScript", "button"},
		{"", `<a href="#">Nulle part</a>`, "dead without JavaScript", "leads somewhere"},
		{"", `<script>setTimeout(() => document.querySelector("h1").before("Un texte tardif. ".repeat(40)), 500)</script>`, "layout shift", "at most 0.02"},
	}},
	{lang: "fr", bare: true, defects: []defect{
		{"<h1>", "<h1>Encore</h1><h1>", "one h1", "2"},
		{"", `<h4>Trop bas</h4>`, "heading levels", "h4"},
		{"<header>", `<div>Un texte hors des repères</div><header>`, "content in landmarks", "div"},
		{"<footer>", `<nav>un</nav><nav>deux</nav><footer>`, "names of nav", "nav"},
		{"<footer>", `<main><p>Un second contenu</p></main><footer>`, "landmarks", "main"},
		{`<html lang="fr"`, `<html lang="en"`, "language of the page", "en"},
		{"", `<p lang="fr">The people of the city and the towns that are on the way to this country have the same rights as all of us.</p>`, "language of parts", `lang="en"`},
		{"", `<p>هذا نص عربي طويل داخل صفحة فرنسية دون وسم لغة مناسب</p>`, "language of parts", "Arabic letters"},
		{`<link rel="alternate" hreflang="ar"`, `<link rel="alternate" hreflang="de"`, "alternates", `"ar"`},
		{` lang="ar" hreflang="ar"`, ``, "language switcher", `"ar"`},
		{"", `<form action="/x"><input aria-label="Nom" name="fullname" required></form>`, "forms", "form"},
		{"", "", "required", "fullname"},
		{"", "", "autocomplete", "fullname"},
		{"", `<p><label for="e">Nom *</label><input id="e" autocomplete="off"></p>`, "asterisks", "label"},
		{"", `<p><time>hier</time></p>`, "times", "time"},
		{"", `<p><b></b><a href="/fr/"></a></p>`, "HTML_CodeSniffer", ""},
		{"", `<table><tr><td>1</td></tr></table><button class="button" onclick>x</button>`, "HTML practice", ""},
		{"", `<p id="twice">a</p><p id="twice">b</p>`, "duplicate id", "twice"},
	}},
	{lang: "fr", bare: true, defects: []defect{
		{`:focus-visible{outline:3px solid #1e1a2b;outline-offset:2px}`, `:focus{outline:none}`, "focus not visible", "a"},
		{"", `<p><button id="trap" class="button">Piège</button><button class="button">Après</button></p><script>addEventListener("keydown",(e)=>{if(e.key==="Tab"&&document.activeElement.id==="trap")e.preventDefault()})</script>`, "keyboard trap", "#trap"},
		{"", "", "not reached by Tab", "button"},
		{`<a class="skip" href="#main">Aller au contenu</a>`, ``, "skip link", "first stop"},
		{"", `<div class="over"><p>Bandeau</p></div>`, "sticky parts", "at most 34"},
		{"</style>", `.over{position:fixed;inset-block-end:0;inset-inline:0;block-size:400px;background:#fff}</style>`, "focus covered", "div.over"},
		{"", `<p class="wide">Large</p>`, "sideways scroll at 320", "p.wide"},
		{"</style>", `.wide{inline-size:700px;margin-left:20px;font-size:14px}</style>`, "physical CSS", "margin-left"},
		{"", "", "text in px", "14px"},
		{"", `<p class="cut">Un texte très long qui est coupé quand on écarte les lettres</p>`, "text cut", "p.cut"},
		{"</style>", `.cut{overflow:hidden;block-size:24px;white-space:nowrap;inline-size:200px}</style>`, "text cut", "p.cut"},
		{`border:2px solid #7a6f66`, `appearance:none;border:1px solid #ddd`, "edges of fields (light)", "#n"},
		{`border:2px solid #2c2f7c`, `border:0`, "forced colours", "button"},
		{`nav,.skip,.exit,.button{display:none!important}`, `.x{color:red}`, "print", "button"},
		{"</style>", `@keyframes s{from{opacity:.5}}footer{animation:s 2s infinite}</style>`, "reduced motion", "footer"},
		{"", `<p><a href="/fr/" tabindex="3">Avant tous</a></p>`, "positive tabindex", "a"},
	}},
	{lang: "ar", bare: true, defects: []defect{
		{"</style>", `header{padding-inline-start:120px;text-align:left}h1{text-align:left;letter-spacing:2px}</style>`, "mirrored", "brand"},
		{"", "", "Arabic script", "h1"},
		{"", "", "physical CSS", "text-align"},
		{`<html lang="ar" dir="rtl">`, `<html lang="ar" dir="ltr">`, "direction of the page", "ltr"},
	}},
	{lang: "fr", kind: "sensitive", sensitive: true, defects: []defect{ // sound headers but for the cache; heavy and hard to read
		{"", strings.Repeat("<p>Nonobstant les considérations précédemment énoncées concernant l’établissement progressif de dispositifs institutionnels territorialisés, les collectivités signataires s’engageraient solidairement à mutualiser leurs ressources opérationnelles respectives afin d’accompagner durablement les populations concernées par ces problématiques complexes.</p>", 3), "reading: words a sentence", "mean"},
		{"", "", "reading: LIX", "at most 42"},
		{"", "", "reading: long sentences", "at most 22"},
		{"", noise(60_000), "weight without JavaScript", "at most 28"},
		{"", "", "weight with JavaScript", "at most 32"},
		{"", "", "weight of a repeat view", "at most 12"},
		{` rel="noreferrer nofollow"`, ``, "way out of a sensitive page", "rel"},
		{"", `<p style="color:red">Un style que la politique refuse</p>`, "script errors", "inline style"},
		{"", "", "headers", "no-store"},
		{"", "", "compression", "/bad/4"},
	}},
	{lang: "fr", defects: []defect{{"", "", "unique titles", "/bad/0"}, {"", "", "status", "it is 500"}}},
}

// noise does not compress.
func noise(n int) string {
	var b strings.Builder
	x := uint32(1)
	b.WriteString("<!--")
	for range n {
		x = x*1664525 + 1013904223
		b.WriteByte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/"[x>>26])
	}
	b.WriteString("-->")
	return b.String()
}

func bad(w http.ResponseWriter, r *http.Request, base string) {
	var i int
	if _, err := fmt.Sscanf(r.URL.Path, "/bad/%d", &i); err != nil || i >= len(groups) {
		http.NotFound(w, r)
		return
	}
	g := groups[i]
	html := sound(g.lang, base)
	for _, d := range g.defects {
		switch {
		case d.from != "" && !strings.Contains(html, d.from):
			panic("the sound page has no " + d.from)
		case d.from != "":
			html = strings.Replace(html, d.from, d.to, 1)
		default:
			html = strings.Replace(html, "</main>", d.to+"</main>", 1)
		}
	}
	if g.bare {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
	} else {
		protect(w.Header(), g.lang)
	}
	if g.sensitive {
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write([]byte(html)) // plain
		return
	}
	status := http.StatusOK
	if i == len(groups)-1 {
		status = http.StatusInternalServerError
	}
	send(w, status, html)
}
