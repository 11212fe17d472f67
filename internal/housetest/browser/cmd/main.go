// Command cmd audits pages of a server that runs on this machine, as the tests
// do, and ends with status 1 when it finds something:
//
//	go run ./internal/housetest/browser/cmd -langs fr,ar http://127.0.0.1:8080/{lang}/organisations http://127.0.0.1:8080/{lang}/=home
//
// `=TYPE` after an address picks the row of the budgets; -cookie NAME=VALUE looks as someone signed in.
package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"alliance/internal/housetest/browser"
)

func main() {
	langs := flag.String("langs", "fr,ar", "languages, put in place of {lang}")
	cookie := flag.String("cookie", "", "NAME=VALUE of a cookie to carry")
	flag.Parse()
	var cookies []*http.Cookie
	if name, value, ok := strings.Cut(*cookie, "="); ok {
		cookies = []*http.Cookie{{Name: name, Value: value}}
	}
	var pages []browser.Page
	for _, address := range flag.Args() {
		kind := ""
		if i := strings.LastIndex(address, "="); i >= 0 && slices.Contains(browser.Types(), address[i+1:]) {
			address, kind = address[:i], address[i+1:]
		}
		for lang := range strings.SplitSeq(*langs, ",") {
			pages = append(pages, browser.Page{URL: strings.ReplaceAll(address, "{lang}", lang), Type: kind, Lang: lang, Cookies: cookies, Sensitive: kind == "sensitive"})
		}
	}
	start := time.Now()
	found, err := browser.Inspect(pages)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	for _, f := range found {
		fmt.Println(f)
	}
	fmt.Printf("%d findings on %d pages in %.0f s\n", len(found), len(pages), time.Since(start).Seconds())
	if len(found) > 0 {
		os.Exit(1)
	}
}
