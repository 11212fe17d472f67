package app_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/housetest/browser"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
)

// TestReadWithoutNetwork: nothing stays in the browser before the reader asks;
// then public pages do, and nothing of who is signed in; asked again, all of it
// is gone.
func TestReadWithoutNetwork(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	// The worker of a browser is not part of the tab: the network is cut before the house.
	house, _ := url.Parse(h.Server.URL)
	to := httputil.NewSingleHostReverseProxy(house)
	var cut atomic.Bool
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if cut.Load() {
			panic(http.ErrAbortHandler)
		}
		to.ServeHTTP(w, r)
	}))
	defer front.Close()
	at := front.URL
	for _, lang := range []string{"fr", "ar"} {
		tab := browser.New(t, lang)
		kept := func() string {
			return browser.Eval[string](tab, `caches.keys().then(n => Promise.all(n.map(x => caches.open(x).then(c => c.keys())))).then(a => a.flat().map(r => new URL(r.url).pathname + new URL(r.url).search).join(" ") + " ")`)
		}
		registered := func() int {
			return browser.Eval[int](tab, `navigator.serviceWorker.getRegistrations().then(r => r.length)`)
		}
		tab.Open(at + "/" + lang + "/agenda")
		if kept() != " " || registered() != 0 || len(tab.Cookies()) != 0 || browser.Eval[int](tab, "localStorage.length + sessionStorage.length") != 0 {
			t.Fatalf("%s: a visit leaves %q, %d workers, %v", lang, kept(), registered(), tab.Cookies())
		}

		tab.Open(at + "/" + lang + "/offline")
		tab.Click("[data-start]")
		tab.WaitText("[data-kept]", map[string]string{"fr": "Organisations", "ar": "المنظمات"}[lang])
		tab.Open(at + "/" + lang + "/practices") // opened, and so kept
		tab.Open(at + "/" + lang + "/search?q=carte")
		tab.Open(at + "/" + lang + "/sign-in")
		for _, p := range demo.People()[:1] {
			tab.SetCookies(at, h.As(demo.PersonID(p.ID), "").Cookies()...)
		}
		tab.Open(at + "/" + lang + "/competences") // signed in: not kept
		tab.Open(at + "/" + lang + "/me")
		list := kept()
		for _, path := range []string{"/practices ", "/agenda ", "/calendar ", "/organisations "} {
			if !strings.Contains(list, "/"+lang+path) {
				t.Errorf("%s%s is not kept: %s", lang, path, list)
			}
		}
		for _, path := range []string{"/search", "/sign-in", "/competences", "/me "} {
			if strings.Contains(list, "/"+lang+path) {
				t.Errorf("%s%s is kept", lang, path)
			}
		}

		cut.Store(true)
		tab.Offline(true)
		said := map[string]string{"fr": "Vous lisez une copie du", "ar": "تقرؤون نسخة من"}[lang]
		for _, path := range []string{"/practices", "/agenda", "/calendar"} {
			tab.Open(at + "/" + lang + path)
			if !strings.Contains(tab.Text("main .note"), said) {
				t.Errorf("%s%s without network: %q", lang, path, tab.Text("main"))
			}
		}
		tab.Open(at + "/" + lang + "/competences") // no copy: what there is
		if tab.Count("[data-offline]") != 1 {
			t.Errorf("%s: without a copy one is not led to what is kept: %q", lang, tab.Text("main"))
		}
		tab.Offline(false)
		cut.Store(false)
		tab.Open(at + "/" + lang + "/practices")
		if strings.Contains(tab.Text("main"), said) {
			t.Errorf("%s: with a network it is still a copy", lang)
		}

		tab.Open(at + "/" + lang + "/offline")
		tab.Click("[data-stop]")
		tab.WaitText("[data-off]", map[string]string{"fr": "Lire sans réseau", "ar": "القراءة بلا شبكة"}[lang])
		if kept() != " " || registered() != 0 {
			t.Errorf("%s: after switching it off there is %q, %d workers", lang, kept(), registered())
		}
		for _, e := range tab.Errors() {
			if !strings.Contains(e, "net::ERR_") { // what there was without a network
				t.Errorf("%s: %s", lang, e)
			}
		}
	}
}
