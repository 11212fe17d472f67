package main

import (
	"bytes"
	"fmt"
	"strings"
)

type object = map[string]any

// writeSpeech writes one literal of type speech for each language.
func writeSpeech(b *bytes.Buffer) error {
	b.WriteString("var speeches = [...]speech{\n")
	for _, lang := range languages {
		fmt.Fprintf(b, "{\nlang: %q,\n", lang)
		for _, write := range []func(*bytes.Buffer, string) error{numbers, dates, relatives, lists} {
			if err := write(b, folder(lang)); err != nil {
				return fmt.Errorf("%s: %w", lang, err)
			}
		}
		b.WriteString("},\n")
	}
	b.WriteString("}\n\n")
	return nil
}

func numbers(b *bytes.Buffer, l string) error {
	var n struct {
		System  string                    `json:"defaultNumberingSystem"`
		Minimum string                    `json:"minimumGroupingDigits"`
		Symbols map[string]string         `json:"symbols-numberSystem-latn"`
		Percent struct{ Standard string } `json:"percentFormats-numberSystem-latn"`
	}
	if err := read("cldr-numbers-full/main/"+l+"/numbers.json", &n, "main", l, "numbers"); err != nil {
		return err
	}
	if n.System != "latn" {
		return fmt.Errorf("digits are %s: this generator knows Latin ones", n.System)
	}
	before, after, ok := strings.Cut(n.Percent.Standard, "#,##0")
	if !ok {
		return fmt.Errorf("percent pattern %q", n.Percent.Standard)
	}
	sign := func(s string) string { return strings.ReplaceAll(s, "%", n.Symbols["percentSign"]) }
	fmt.Fprintf(b, "decimal: %+q, group: %+q, minus: %+q, grouped: %s, percent: [2]string{%+q, %+q},\n",
		n.Symbols["decimal"], n.Symbols["group"], n.Symbols["minusSign"], n.Minimum, sign(before), sign(after))
	return nil
}

func dates(b *bytes.Buffer, l string) error {
	var g struct {
		Months struct {
			Format struct{ Wide, Abbreviated map[string]string }
		}
		Days struct {
			Format struct{ Wide map[string]string }
		}
		Dates map[string]string `json:"dateFormats"`
		Join  struct {
			Available map[string]string `json:"availableFormats"`
			Intervals map[string]any    `json:"intervalFormats"`
		} `json:"dateTimeFormats"`
		At struct{ Standard map[string]string } `json:"dateTimeFormats-atTime"`
	}
	if err := read("cldr-dates-full/main/"+l+"/ca-gregorian.json", &g, "main", l, "dates", "calendars", "gregorian"); err != nil {
		return err
	}
	list := func(name string, m map[string]string, keys ...string) {
		fmt.Fprintf(b, "%s: [%d]string{", name, len(keys))
		for _, k := range keys {
			fmt.Fprintf(b, "%q, ", m[k])
		}
		b.WriteString("},\n")
	}
	months := strings.Fields("1 2 3 4 5 6 7 8 9 10 11 12")
	list("months", g.Months.Format.Wide, months...)
	list("shortMonths", g.Months.Format.Abbreviated, months...)
	list("days", g.Days.Format.Wide, strings.Fields("sun mon tue wed thu fri sat")...)
	at := g.At.Standard["long"]
	if l == "es" {
		at = g.At.Standard["full"] // the long one says "a las", wrong at one o'clock
	}
	if l == "fr" {
		b.WriteString("first: \"1er\", // French only says so of the first day; CLDR does not know\n")
	}
	fmt.Fprintf(b, "long: %q, short: %q, full: %q, month: %q,\nclock: %q, at: %q,\n",
		g.Dates["long"], g.Join.Available["yMMMd"], g.Dates["full"], g.Join.Available["yMMMM"], g.Join.Available["Hm"], at)
	// CLDR has ranges with abbreviated months; few languages have their own for
	// full ones. The day is written as in a single date: Italian would have "03–05".
	days, ok := g.Join.Intervals["yMMMMd"].(object)
	if !ok {
		days, _ = g.Join.Intervals["yMMMd"].(object)
	}
	b.WriteString("ranges: [3][2]string{")
	for _, k := range []string{"d", "M", "y"} {
		pattern, _ := days[k].(string)
		if !strings.Contains(pattern, "MMMM") {
			pattern = strings.ReplaceAll(pattern, "MMM", "MMMM")
		}
		first, second := split(strings.ReplaceAll(pattern, "dd", "d"))
		fmt.Fprintf(b, "{%q, %q}, ", first, second)
	}
	hours, _ := g.Join.Intervals["Hm"].(object)
	pattern, _ := hours["H"].(string)
	first, second := split(pattern)
	fmt.Fprintf(b, "},\nclocks: [2]string{%q, %q},\n", first, second)
	return nil
}

// split cuts a pattern of two dates where a field comes for the second time.
func split(pattern string) (string, string) {
	seen := map[rune]bool{}
	quoted := false
	var last rune
	for i, r := range pattern {
		if r == '\'' {
			quoted = !quoted
		}
		letter := !quoted && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
		if letter && r != last && seen[r] {
			return pattern[:i], pattern[i:]
		}
		if letter {
			seen[r] = true
		}
		last = r
	}
	return pattern, ""
}

func relatives(b *bytes.Buffer, l string) error {
	var f map[string]object
	if err := read("cldr-dates-full/main/"+l+"/dateFields.json", &f, "main", l, "dates", "fields"); err != nil {
		return err
	}
	fmt.Fprintf(b, "now: %q, yesterday: %q, today: %q, tomorrow: %q,\n",
		f["second"]["relative-type-0"], f["day"]["relative-type--1"], f["day"]["relative-type-0"], f["day"]["relative-type-1"])
	for _, side := range []string{"past", "future"} {
		fmt.Fprintf(b, "%s: [6][6]string{\n", side)
		for _, unit := range []string{"minute", "hour", "day", "week", "month", "year"} {
			forms, ok := f[unit]["relativeTime-type-"+side].(object)
			if !ok {
				return fmt.Errorf("no relative time of %s", unit)
			}
			b.WriteString("{")
			for _, c := range categories {
				form, ok := forms["relativeTimePattern-count-"+c]
				if !ok { // fr, es, it, pt have no words for a million days
					form = forms["relativeTimePattern-count-other"]
				}
				fmt.Fprintf(b, "%q, ", form)
			}
			b.WriteString("},\n")
		}
		b.WriteString("},\n")
	}
	return nil
}

func lists(b *bytes.Buffer, l string) error {
	var p map[string]map[string]string
	if err := read("cldr-misc-full/main/"+l+"/listPatterns.json", &p, "main", l, "listPatterns"); err != nil {
		return err
	}
	for _, kind := range [][2]string{{"and", "listPattern-type-standard"}, {"or", "listPattern-type-or"}} {
		m := p[kind[1]]
		fmt.Fprintf(b, "%s: listing{start: %q, middle: %q, end: %q, two: %q},\n", kind[0], m["start"], m["middle"], m["end"], m["2"])
	}
	return nil
}
