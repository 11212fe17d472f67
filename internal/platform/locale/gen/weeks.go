package main

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
)

// writeWeeks writes where a week begins with another day than Monday.
func writeWeeks(b *bytes.Buffer) error {
	var days map[string]string
	if err := read("cldr-core/supplemental/weekData.json", &days, "supplemental", "weekData", "firstDay"); err != nil {
		return err
	}
	b.WriteString("// firstDays are the countries where a week does not begin on Monday.\nvar firstDays = map[string]string{\n")
	for _, region := range slices.Sorted(maps.Keys(days)) {
		if len(region) == 2 && days[region] != "mon" {
			fmt.Fprintf(b, "\t%q: %q,\n", region, days[region])
		}
	}
	b.WriteString("}\n")
	return nil
}
