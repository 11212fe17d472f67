package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
)

var categories = []string{"zero", "one", "two", "few", "many", "other"}

// writePlurals turns CLDR's rules into Go for whole numbers that are never
// written in compact form: then v (visible decimals) and e (exponent) are 0,
// i and n are the number.
func writePlurals(b *bytes.Buffer) error {
	var rules map[string]map[string]string
	if err := read("cldr-core/supplemental/plurals.json", &rules, "supplemental", "plurals-type-cardinal"); err != nil {
		return err
	}
	samples := map[string]map[string]string{}
	b.WriteString("// category gives the CLDR plural category of n, which is not negative.\nfunc category(lang string, n int) int {\n\tswitch lang {\n")
	has := map[string][]string{}
	for _, lang := range languages {
		fmt.Fprintf(b, "\tcase %q:\n", lang)
		samples[lang] = map[string]string{}
		for _, c := range categories {
			rule, ok := rules[lang]["pluralRule-count-"+c]
			if !ok {
				continue
			}
			has[lang] = append(has[lang], c)
			condition, sample, _ := strings.Cut(rule, "@")
			samples[lang][c] = "@" + sample
			if condition = strings.TrimSpace(condition); condition == "" {
				continue
			}
			expr, err := compile(condition)
			if err != nil {
				return fmt.Errorf("plural %s of %s: %w", c, lang, err)
			}
			fmt.Fprintf(b, "\t\tif %s { // %s\n\t\t\treturn %s\n\t\t}\n", expr, condition, c)
		}
	}
	b.WriteString("\t}\n\treturn other\n}\n\n// categories are the plural categories of each language, in CLDR's order.\nvar categories = map[string][]string{\n")
	for _, lang := range languages {
		fmt.Fprintf(b, "\t%q: {\"%s\"},\n", lang, strings.Join(has[lang], `", "`))
	}
	b.WriteString("}\n\n")
	out, err := json.MarshalIndent(samples, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile("testdata/plurals.json", append(out, '\n'), 0o644)
}

var relation = regexp.MustCompile(`^([inve])(?: % (\d+))? (=|!=) ([\d.,]+)$`)

func compile(condition string) (string, error) {
	var alternatives []string
	for _, or := range strings.Split(condition, " or ") {
		var parts []string
		possible := true
		for _, and := range strings.Split(or, " and ") {
			m := relation.FindStringSubmatch(strings.TrimSpace(and))
			if m == nil {
				return "", fmt.Errorf("cannot read %q", and)
			}
			expr, constant := compare(m[1], m[2], m[3] == "!=", m[4])
			switch {
			case !constant:
				parts = append(parts, expr)
			case expr == "false":
				possible = false
			}
		}
		if possible {
			alternatives = append(alternatives, strings.Join(parts, " && "))
		}
	}
	return strings.Join(alternatives, " || "), nil
}

// compare gives a Go expression, or "true"/"false" when the operand is always 0.
func compare(operand, modulo string, not bool, list string) (expr string, constant bool) {
	left := "n"
	if modulo != "" {
		left = "n%" + modulo
	}
	var parts []string
	zero := false
	for _, span := range strings.Split(list, ",") {
		from, to, ok := strings.Cut(span, "..")
		if from == "0" {
			zero = true
		}
		switch {
		case ok && not:
			parts = append(parts, fmt.Sprintf("(%s < %s || %s > %s)", left, from, left, to))
		case ok:
			parts = append(parts, fmt.Sprintf("%s >= %s && %s <= %s", left, from, left, to))
		case not:
			parts = append(parts, fmt.Sprintf("%s != %s", left, from))
		default:
			parts = append(parts, fmt.Sprintf("%s == %s", left, from))
		}
	}
	if operand == "v" || operand == "e" {
		return fmt.Sprint(zero != not), true
	}
	if not {
		return strings.Join(parts, " && "), false
	}
	if len(parts) == 1 {
		return parts[0], false
	}
	return "(" + strings.Join(parts, " || ") + ")", false
}
