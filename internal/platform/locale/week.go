package locale

import (
	"strings"
	"time"

	"golang.org/x/text/language"
)

// FirstDay is the day a week begins with for a reader who asks for languages
// as in Accept-Language: by the region they name, else by that of most who
// read the page's language. Weeks follow the region, not the language.
func FirstDay(accept, page string) time.Weekday {
	region := ""
	for one := range strings.SplitSeq(accept, ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(one), ";")
		if t, err := language.Parse(tag); err == nil {
			if r, sure := t.Region(); sure == language.Exact && r.IsCountry() {
				region = r.String()
				break
			}
		}
	}
	if region == "" && page != "en" { // the English of these pages is European
		r, _ := language.Make(page).Region()
		region = r.String()
	}
	switch firstDays[region] {
	case "fri":
		return time.Friday
	case "sat":
		return time.Saturday
	case "sun":
		return time.Sunday
	}
	return time.Monday
}
