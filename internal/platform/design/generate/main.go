// Generate writes the pictures and the font of the look out of npm packages:
// static/icons.svg (Lucide), static/heading.woff2 (Atkinson Hyperlegible Next),
// static/land.svg and earth/coast.zst (Natural Earth). Run by go generate in package design.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

const modules = "../../../npm/node_modules/"

// icons are the pictures pages may use: plain acts and things, always beside a word.
// No flags, globes or joined hands.
var icons = []string{
	"arrow-right", "bell", "book-open", "calendar-days", "check", "circle-check", "circle-help", "clock", "copy",
	"download", "external-link", "eye", "file-text", "git-merge", "hand", "history", "hourglass", "house", "info",
	"key-round", "landmark", "languages", "link", "list", "lock", "log-in", "log-out", "mail", "map", "map-pin",
	"megaphone", "message-square", "network", "pen-line", "phone", "plus", "printer", "quote", "refresh-cw", "scale",
	"scroll-text", "search", "settings", "shield-check", "signature", "split", "sprout", "trash-2", "triangle-alert",
	"undo-2", "upload", "user", "users", "vote", "x",
}

var (
	inside = regexp.MustCompile(`(?s)<svg[^>]*>(.*)</svg>`)
	blank  = regexp.MustCompile(`\s*\n\s*`)
)

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal("design/generate: ", err)
	}
}

func run() error {
	if err := sprite("static/icons.svg"); err != nil {
		return err
	}
	font := modules + "@fontsource/atkinson-hyperlegible-next/"
	if err := carry(font+"files/atkinson-hyperlegible-next-latin-700-normal.woff2", "static/heading.woff2"); err != nil {
		return err
	}
	if err := carry(font+"LICENSE", "heading.LICENSE.txt"); err != nil {
		return err
	}
	atlas := modules + "world-atlas/land-"
	if err := coasts("earth/coast.zst", atlas+"110m.json", atlas+"50m.json"); err != nil {
		return err
	}
	return land(atlas+"110m.json", "static/land.svg")
}

func carry(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o644)
}

func sprite(to string) error {
	var b strings.Builder
	b.WriteString("<!-- Icons of Lucide (ISC License, Copyright (c) Lucide Icons and Contributors; those from Feather: MIT License, Copyright (c) 2013-2023 Cole Bemis) -->\n")
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg">`)
	for _, name := range icons {
		svg, err := os.ReadFile(filepath.Join(modules, "lucide-static/icons", name+".svg"))
		if err != nil {
			return err
		}
		m := inside.FindStringSubmatch(string(svg))
		if m == nil {
			return fmt.Errorf("%s: no drawing", name)
		}
		fmt.Fprintf(&b, `<symbol id="%s" viewBox="0 0 24 24">%s</symbol>`, name, strings.ReplaceAll(blank.ReplaceAllString(m[1], ""), " />", "/>"))
	}
	b.WriteString("</svg>\n")
	return os.WriteFile(to, []byte(b.String()), 0o644)
}
