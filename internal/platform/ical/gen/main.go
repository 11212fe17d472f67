// Command gen writes windows.tsv for package ical: the names Windows gives time
// zones, from the CLDR package of npm. The same package gives the same bytes.
// Run by go generate in package ical.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"sort"
	"strings"
)

const source = "../../../npm/node_modules/cldr-core/supplemental/windowsZones.json"

func main() {
	log.SetFlags(0)
	raw, err := os.ReadFile(source)
	if err != nil {
		log.Fatal("gen: ", err)
	}
	var file struct {
		Supplemental struct {
			WindowsZones struct {
				MapTimezones []struct {
					MapZone struct {
						Other     string `json:"_other"`
						Type      string `json:"_type"`
						Territory string `json:"_territory"`
					} `json:"mapZone"`
				} `json:"mapTimezones"`
			} `json:"windowsZones"`
		} `json:"supplemental"`
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		log.Fatal("gen: ", err)
	}
	var lines []string
	for _, m := range file.Supplemental.WindowsZones.MapTimezones {
		if m.MapZone.Territory == "001" {
			lines = append(lines, m.MapZone.Other+"\t"+m.MapZone.Type)
		}
	}
	if len(lines) < 100 {
		log.Fatalf("gen: only %d zones", len(lines))
	}
	sort.Strings(lines)
	text := "# Written by gen from Unicode CLDR 48 (see ../locale/NOTICE): name in Windows, zone of IANA.\n" + strings.Join(lines, "\n") + "\n"
	if err := os.WriteFile("windows.tsv", []byte(text), 0o644); err != nil {
		log.Fatal(fmt.Errorf("gen: %w", err))
	}
}
