package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Names people use, where CLDR's first choice is an administrative one.
var short = []string{"PS", "HK", "MO"}

// displayNames reads languages, scripts or territories of one folder, without
// the variants CLDR marks with "-alt-" or "-menu-".
func displayNames(l, kind string) (map[string]string, error) {
	var all map[string]string
	err := read("cldr-localenames-full/main/"+l+"/"+kind+".json", &all, "main", l, "localeDisplayNames", kind)
	if err != nil {
		return nil, err
	}
	if kind == "territories" {
		for _, code := range short {
			if s := all[code+"-alt-short"]; s != "" {
				all[code] = s
			}
		}
	}
	for code := range all {
		if strings.Contains(code, "-alt-") || strings.Contains(code, "-menu-") {
			delete(all, code)
		}
	}
	return all, nil
}

// writeNames writes names.tsv: code, then the name in each language of the
// interface. Codes of the three kinds cannot be confused: fr, Latn, FR.
func writeNames() error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Unicode CLDR 48, see NOTICE. Written by go generate.\t%s\n", strings.Join(languages, "\t"))
	var patterns, separators []string
	for _, lang := range languages {
		var p struct{ LocalePattern, LocaleSeparator string }
		l := folder(lang)
		if err := read("cldr-localenames-full/main/"+l+"/localeDisplayNames.json", &p, "main", l, "localeDisplayNames", "localeDisplayPattern"); err != nil {
			return err
		}
		patterns = append(patterns, p.LocalePattern)
		separators = append(separators, p.LocaleSeparator)
	}
	fmt.Fprintf(&b, "pattern\t%s\nseparator\t%s\n", strings.Join(patterns, "\t"), strings.Join(separators, "\t"))
	for _, kind := range []string{"languages", "scripts", "territories"} {
		table := map[string]map[string]string{}
		for _, lang := range languages {
			names, err := displayNames(folder(lang), kind)
			if err != nil {
				return err
			}
			table[lang] = names
		}
		codes := make([]string, 0, len(table["en"]))
		for code := range table["en"] {
			codes = append(codes, code)
		}
		sort.Strings(codes)
		for _, code := range codes {
			b.WriteString(code)
			for _, lang := range languages {
				name := table[lang][code]
				if name == code {
					name = ""
				}
				b.WriteString("\t" + name)
			}
			b.WriteString("\n")
		}
	}
	return os.WriteFile("names.tsv", b.Bytes(), 0o644)
}

// writeNatives writes how each language of CLDR calls itself.
func writeNatives(b *bytes.Buffer) error {
	folders, err := os.ReadDir(filepath.Join(modules, "cldr-localenames-full/main"))
	if err != nil {
		return err
	}
	b.WriteString("// natives is sorted by tag.\nvar natives = [...]struct{ tag, name string }{\n")
	for _, f := range folders {
		tag := f.Name()
		names, err := displayNames(tag, "languages")
		if errors.Is(err, fs.ErrNotExist) {
			continue // a variant that names no languages
		}
		if err != nil {
			return err
		}
		name := names[tag]
		if name == "" || name == tag {
			continue
		}
		upper, err := titled(tag)
		if err != nil {
			return err
		}
		if first, size := utf8.DecodeRuneInString(name); upper {
			name = string(unicode.ToTitle(first)) + name[size:] // ToTitle: Georgian keeps its letters
		}
		fmt.Fprintf(b, "{%q, %q},\n", tag, name)
	}
	b.WriteString("}\n\n")
	return nil
}

// titled tells whether the name of a language starts with a capital in a menu:
// for the switcher's own languages always.
func titled(tag string) (bool, error) {
	if slices.Contains(languages, tag) {
		return true, nil
	}
	path := "cldr-misc-full/main/" + tag + "/contextTransforms.json"
	if _, err := os.Stat(filepath.Join(modules, path)); err != nil {
		return false, nil
	}
	var c map[string]map[string]string
	if err := read(path, &c, "main", tag, "contextTransforms"); err != nil {
		return false, err
	}
	return c["languages"]["uiListOrMenu"] == "titlecase-firstword", nil
}

// writeRelated writes which language of the interface a reader of another one
// is served best by, as far as CLDR says so (distance up to 30 of 100).
func writeRelated(b *bytes.Buffer) error {
	var raw []struct {
		Desired   string `json:"_desired"`
		Supported string `json:"_supported"`
		Distance  any    `json:"_distance"` // sometimes a number, sometimes in quotes
	}
	if err := read("cldr-core/supplemental/languageMatching.json", &raw, "supplemental", "languageMatching", "written-new", "languageMatch"); err != nil {
		return err
	}
	related := map[string]string{}
	var tags []string
	for _, m := range raw {
		tag, to := m.Desired, m.Supported
		distance, err := strconv.Atoi(fmt.Sprint(m.Distance))
		if err != nil {
			return fmt.Errorf("distance from %s to %s: %w", tag, to, err)
		}
		if distance > 30 || !slices.Contains(languages, to) || slices.Contains(languages, tag) || strings.Contains(tag, "_") {
			continue
		}
		if related[tag] == "" {
			related[tag] = to
			tags = append(tags, tag)
		}
	}
	sort.Strings(tags)
	b.WriteString("// related: reader's language → language of the interface nearest to it.\nvar related = map[string]string{\n")
	for _, tag := range tags {
		fmt.Fprintf(b, "%q: %q,\n", tag, related[tag])
	}
	b.WriteString("}\n")
	return nil
}
