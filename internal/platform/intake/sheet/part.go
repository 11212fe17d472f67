package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"path"
	"strings"
)

// aside is what a worksheet says beside the words in its cells.
type aside struct {
	merged  []string // areas that are one cell: "B5:B6"
	unknown []string // cells with a formula whose result nobody kept
}

// Most merged areas that are looked at.
const mostMerged = 2000

// asideOf walks over the XML of a worksheet. The library that reads the cells
// can tell the same, but only with the whole sheet in memory.
func asideOf(file []byte, sheet string) (a aside) {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return a
	}
	part, err := z.Open(partOf(z, sheet))
	if err != nil {
		return a
	}
	defer part.Close()
	dec := xml.NewDecoder(io.LimitReader(part, maxUnpacked))
	cell, within, formula, value := "", "", false, false
	for {
		t, err := dec.RawToken()
		if err != nil {
			return a // to its end, or as far as it goes
		}
		switch e := t.(type) {
		case xml.StartElement:
			switch within = e.Name.Local; within {
			case "c":
				cell, formula, value = attribute(e, "r"), false, false
			case "f":
				formula = true
			case "mergeCell":
				if len(a.merged) < mostMerged {
					a.merged = append(a.merged, attribute(e, "ref"))
				}
			}
		case xml.CharData:
			value = value || within != "f" && len(bytes.TrimSpace(e)) > 0
		case xml.EndElement:
			if e.Name.Local == "c" && formula && !value {
				a.unknown = append(a.unknown, cell)
			}
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// partOf finds the file of a worksheet within the workbook.
func partOf(z *zip.Reader, sheet string) string {
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
			Old  string `xml:"http://purl.oclc.org/ooxml/officeDocument/relationships id,attr"` // the strict form
		} `xml:"sheets>sheet"`
	}
	var links struct {
		All []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	read := func(name string, into any) {
		if f, err := z.Open(name); err == nil {
			_ = xml.NewDecoder(io.LimitReader(f, 1<<20)).Decode(into)
			f.Close()
		}
	}
	read("xl/workbook.xml", &book)
	read("xl/_rels/workbook.xml.rels", &links)
	for _, s := range book.Sheets {
		for _, l := range links.All {
			if s.Name == sheet && (l.ID == s.ID || l.ID == s.Old) && l.ID != "" {
				if root, ok := strings.CutPrefix(l.Target, "/"); ok {
					return root
				}
				return path.Join("xl", l.Target)
			}
		}
	}
	return ""
}
