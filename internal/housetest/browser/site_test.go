package browser

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const css = `:root{color-scheme:light dark}body{margin:0;font:1.0625rem/1.5 system-ui,sans-serif;color:#1e1a2b;background:#fbf7f0;overflow-wrap:break-word}
header,main,footer{padding:1rem}a{color:#2c2f7c;display:inline-block;padding-block:.5rem}.skip{position:absolute;inset-block-start:-6rem;inset-inline-start:0;background:#f2b134;color:#1e1a2b;padding:.75rem}
.skip:focus{inset-block-start:0}:focus-visible{outline:3px solid #1e1a2b;outline-offset:2px}label{display:block;font-weight:700}
.exit{min-block-size:3rem;box-sizing:border-box}input{font:inherit;border:2px solid #7a6f66;background:#fff;color:#1e1a2b;padding:.6rem;min-block-size:3rem;max-inline-size:100%;box-sizing:border-box}
.button{font:inherit;min-block-size:3rem;border:2px solid #2c2f7c;background:#2c2f7c;color:#fbf7f0;padding:.6rem 1rem}
@media print{nav,.skip,.exit,.button{display:none!important}}
@media screen and (prefers-color-scheme:dark){body{color:#f4efe6;background:#17141f}a{color:#b9bbf2}.skip{color:#1e1a2b}:focus-visible{outline-color:#f4efe6}}`

type words struct{ title, skip, langs, name, send, text, other, otherName, exit string }

var texts = map[string]words{
	"fr": {"Proposer une idée", "Aller au contenu", "Langues", "Votre prénom", "Envoyer", "Écrivez ce que vous voulez changer dans la ville. Une personne lit votre texte.", "ar", "العربية", "Quitter cette page"},
	"ar": {"اقتراح فكرة", "انتقل إلى المحتوى", "اللغات", "اسمك الأول", "إرسال", "اكتب ما تريد تغييره في المدينة. يقرأ شخص ما نصّك.", "fr", "Français", "غادر هذه الصفحة"},
}

func sound(lang, base string) string {
	w, dir := texts[lang], "ltr"
	if lang == "ar" {
		dir = "rtl"
	}
	return fmt.Sprintf(`<!DOCTYPE html>
<html lang="%[1]s" dir="%[2]s"><head><meta charset="utf-8"><title>%[3]s – Essai</title><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><style>%[4]s</style>
<link rel="alternate" hreflang="fr" href="%[5]s/fr/"><link rel="alternate" hreflang="ar" href="%[5]s/ar/"></head><body>
<a class="skip" href="#main">%[6]s</a><header><a href="/%[1]s/"><span translate="no">Essai</span></a><nav aria-label="%[7]s"><a href="/%[8]s/" lang="%[8]s" hreflang="%[8]s">%[9]s</a></nav><a class="exit" data-exit href="/%[1]s/exit" rel="noreferrer nofollow">%[13]s</a></header>
<main id="main" tabindex="-1"><h1>%[3]s</h1><p>%[10]s</p><form action="/%[1]s/done" method="post" novalidate><label for="n">%[11]s</label><input type="text" id="n" name="n" autocomplete="given-name"> <button class="button">%[12]s</button></form></main>
<footer><p>2019</p></footer></body></html>`, lang, dir, w.title, css, base, w.skip, w.langs, w.other, w.otherName, w.text, w.name, w.send, w.exit)
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func protect(h http.Header, lang string) {
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; img-src data:; form-action 'self'; style-src "+hash(css))
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Permissions-Policy", "geolocation=()")
	h.Set("Content-Language", lang)
	h.Set("Cache-Control", "no-store")
}

// send writes a page compressed.
func send(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Encoding", "gzip")
	w.WriteHeader(status)
	z := gzip.NewWriter(w)
	_, _ = z.Write([]byte(body))
	_ = z.Close()
}

// site serves the sound page in two languages, one group of planted defects per
// address /bad/N and an answer to the form.
func site(t *testing.T) *httptest.Server {
	t.Helper()
	var s *httptest.Server
	s = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch lang := strings.Split(r.URL.Path, "/")[1]; {
		case strings.HasSuffix(r.URL.Path, "/done"):
			protect(w.Header(), lang)
			send(w, 200, strings.Replace(sound(lang, s.URL), "<h1>", "<h1>"+r.PostFormValue("n")+" ", 1))
		case r.URL.Path == "/fr/" || r.URL.Path == "/ar/" || strings.HasSuffix(r.URL.Path, "/exit"):
			protect(w.Header(), lang)
			send(w, 200, sound(lang, s.URL))
		case lang == "bad":
			bad(w, r, s.URL)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s
}
