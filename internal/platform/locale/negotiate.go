package locale

import (
	"slices"
	"strconv"
	"strings"
)

// Negotiate picks the interface language for an Accept-Language header: the
// one wanted most; failing that, the one CLDR holds nearest to a wanted one
// (Arabic for Darija, Spanish for Catalan); failing that, otherwise, or English.
func Negotiate(acceptLanguage string, otherwise ...string) string {
	type wish struct {
		lang   string
		weight float64
	}
	var wishes []wish
	for part := range strings.SplitSeq(acceptLanguage, ",") {
		tag, parameter, _ := strings.Cut(part, ";")
		base, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.TrimSpace(parameter), "q="); ok {
			var err error
			if weight, err = strconv.ParseFloat(q, 64); err != nil || weight > 1 {
				continue
			}
		}
		if weight > 0 && len(wishes) < 50 {
			wishes = append(wishes, wish{base, weight})
		}
	}
	slices.SortStableFunc(wishes, func(a, b wish) int {
		switch {
		case a.weight > b.weight:
			return -1
		case a.weight < b.weight:
			return 1
		}
		return 0
	})
	for _, w := range wishes {
		if slices.Contains(Languages, w.lang) {
			return w.lang
		}
	}
	for _, w := range wishes {
		if near, ok := related[w.lang]; ok {
			return near
		}
	}
	if len(otherwise) > 0 {
		return otherwise[0]
	}
	return "en"
}
