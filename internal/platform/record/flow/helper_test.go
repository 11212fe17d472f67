package flow_test

import (
	"regexp"
	"strings"

	"alliance/internal/housetest"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
)

func texts(title string) map[string]lang.Text {
	return map[string]lang.Text{entry.Title: lang.New("en", title)}
}

var anchor = regexp.MustCompile(`<a [^>]*href="([^"]*)"[^>]*>([^<]*)</a>`)

// follow gives where the link with these words leads, "" without one.
func follow(p *housetest.Page, words string) string {
	for _, m := range anchor.FindAllStringSubmatch(p.Body, -1) {
		if strings.Contains(m[2], words) {
			return strings.ReplaceAll(m[1], "&amp;", "&")
		}
	}
	return ""
}

func unique(list []string) map[string]bool {
	m := map[string]bool{}
	for _, s := range list {
		m[s] = true
	}
	return m
}
