package output

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/place"
	"alliance/internal/platform/record"
)

// Newest is how many records a feed holds.
const Newest = 50

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	GeoRSS  string      `xml:"xmlns:georss,attr"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Author  atomPerson  `xml:"author"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomPerson struct {
	Name string `xml:"name"`
}

type atomEntry struct {
	Lang      string     `xml:"xml:lang,attr,omitempty"`
	ID        string     `xml:"id"`
	Title     atomText   `xml:"title"`
	Link      atomLink   `xml:"link"`
	Published string     `xml:"published"`
	Updated   string     `xml:"updated"`
	Author    atomPerson `xml:"author"`
	Summary   *atomText  `xml:"summary,omitempty"`
	Rights    string     `xml:"rights,omitempty"`
	Point     string     `xml:"georss:point,omitempty"`
}

type atomText struct {
	Lang string `xml:"xml:lang,attr,omitempty"`
	Type string `xml:"type,attr"`
	S    string `xml:",chardata"`
}

// Atom writes the list as an Atom feed (RFC 4287) with GeoRSS points, except
// for places that are told less closely than a town.
func (s Set) Atom(self, page string) ([]byte, error) {
	f := feedOf(s.View, s.Title(), self, page)
	f.Updated = stamp(max(s.Changed, 1))
	for _, r := range s.Records {
		title := s.text(r.Title())
		e := atomEntry{ID: "urn:alliance:" + r.ID, Title: atomText{title.Lang, "text", clean(title.S)}, Link: atomLink{"alternate", "text/html", s.Link(r)},
			Published: stamp(r.Created), Updated: stamp(r.Changed), Author: atomPerson{clean(orName(s.by(r), s.View.Alliance))}, Rights: r.Licence}
		if sum := s.text(r.Text(entry.Summary)); sum.S != "" {
			e.Summary = &atomText{sum.Lang, "text", clean(sum.S)}
		}
		if at := r.Entry.Place.Public(); at.Located() && at.Precision >= place.InTown {
			e.Point = degrees(r, true) + " " + degrees(r, false)
		}
		f.Entries = append(f.Entries, e)
	}
	return f.write()
}

// Item is one thing that happened, for a feed of what is no record.
type Item struct {
	ID, Title string // Title in the reader's language
	Link      string // address of its page
	Text      string
	At        db.Instant
}

// Feed writes what happened as an Atom feed, the newest first; self is its
// address, page that of the page which says the same.
func Feed(v design.View, title, self, page string, items []Item) ([]byte, error) {
	f := feedOf(v, title, self, page)
	f.Updated = stamp(1)
	for i, item := range items {
		if i == 0 {
			f.Updated = stamp(item.At)
		}
		e := atomEntry{ID: "urn:alliance:" + item.ID, Title: atomText{"", "text", clean(item.Title)}, Link: atomLink{"alternate", "text/html", item.Link},
			Published: stamp(item.At), Updated: stamp(item.At), Author: atomPerson{clean(v.Alliance)}}
		if item.Text != "" {
			e.Summary = &atomText{"", "text", clean(item.Text)}
		}
		f.Entries = append(f.Entries, e)
	}
	return f.write()
}

func feedOf(v design.View, title, self, page string) atomFeed {
	return atomFeed{GeoRSS: "http://www.georss.org/georss", Lang: v.Lang(), ID: self, Title: clean(title), Author: atomPerson{v.Alliance},
		Links: []atomLink{{"self", "application/atom+xml", self}, {"alternate", "text/html", page}}}
}

func (f atomFeed) write() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", " ")
	err := enc.Encode(f)
	b.WriteByte('\n')
	return b.Bytes(), err
}

func orName(name, otherwise string) string {
	if name == "" {
		return otherwise
	}
	return name
}

// clean drops what XML cannot hold.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r != 0xFFFE && r != 0xFFFF {
			return r
		}
		return -1
	}, strings.ToValidUTF8(s, ""))
}

type jsonFeed struct {
	Version  string     `json:"version"`
	Title    string     `json:"title"`
	Home     string     `json:"home_page_url"`
	Self     string     `json:"feed_url"`
	Language string     `json:"language"`
	Items    []jsonItem `json:"items"`
}

type jsonItem struct {
	ID        string         `json:"id"`
	URL       string         `json:"url"`
	Title     string         `json:"title"`
	Text      string         `json:"content_text"`
	Summary   string         `json:"summary,omitempty"`
	Published string         `json:"date_published"`
	Modified  string         `json:"date_modified"`
	Language  string         `json:"language,omitempty"`
	Told      *told          `json:"_languages,omitempty"`
	Authors   []jsonFeedName `json:"authors,omitempty"`
	Tags      []string       `json:"tags,omitempty"`
}

// told are the languages of title and summary where they are not that of the
// item: an extension, as JSON Feed 1.1 allows them.
type told struct {
	Title   string `json:"title"`
	Summary string `json:"summary,omitempty"`
}

type jsonFeedName struct {
	Name string `json:"name"`
}

// JSONFeed writes the list as JSON Feed 1.1.
func (s Set) JSONFeed(self, page string) ([]byte, error) {
	f := jsonFeed{Version: "https://jsonfeed.org/version/1.1", Title: s.Title(), Home: page, Self: self, Language: s.View.Lang(), Items: []jsonItem{}}
	for _, r := range s.Records {
		title := s.text(r.Title())
		i := jsonItem{ID: "urn:alliance:" + r.ID, URL: s.Link(r), Title: title.S, Text: orName(s.plain(r), title.S), Summary: s.marked(r.Text(entry.Summary)), Published: stamp(r.Created), Modified: stamp(r.Changed), Language: s.mostly(r)}
		if sum := s.text(r.Text(entry.Summary)); title.Lang != i.Language || sum.S != "" && sum.Lang != i.Language {
			i.Told = &told{title.Lang, sum.Lang}
		}
		if by := s.by(r); by != "" {
			i.Authors = []jsonFeedName{{by}}
		}
		if t := s.topics(r.Entry.Themes); t != "" {
			i.Tags = strings.Split(t, "; ")
		}
		f.Items = append(f.Items, i)
	}
	return pretty(f)
}

// mostly is the language in which most of a record's words are given here.
func (s Set) mostly(r record.Record) string {
	n := map[string]int{}
	most := s.text(r.Title()).Lang
	for _, ask := range s.Spec.Questions()[1:] {
		if text := s.text(r.Text(ask.Name)); ask.Text() && text.S != "" {
			if n[text.Lang] += len(text.S); n[text.Lang] > n[most] {
				most = text.Lang
			}
		}
	}
	return most
}

// plain is all texts of a record, one after the other.
func (s Set) plain(r record.Record) string {
	var parts []string
	for _, ask := range s.Spec.Questions()[1:] {
		if ask.Text() {
			if words := s.marked(r.Text(ask.Name)); words != "" {
				parts = append(parts, words)
			}
		}
	}
	return strings.Join(parts, "\n\n")
}

func pretty(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(v)
	return b.Bytes(), err
}

// JSON writes the records as the API gives them.
func (s Set) JSON() ([]byte, error) {
	list := make([]record.JSON, len(s.Records))
	for i, r := range s.Records {
		list[i] = r.JSON()
	}
	return pretty(map[string]any{"records": list})
}

type feature struct {
	Type       string         `json:"type"`
	ID         string         `json:"id"`
	Geometry   any            `json:"geometry"`
	Properties map[string]any `json:"properties"`
}

// GeoJSON writes what has a place (RFC 7946), as closely as it may be told.
func (s Set) GeoJSON() ([]byte, error) {
	features := []feature{}
	for _, r := range s.Records {
		at := r.Entry.Place.Public()
		if !at.Located() {
			continue
		}
		title := s.text(r.Title())
		p := map[string]any{"name": title.S, "lang": title.Lang, "kind": r.Kind, "class": r.Class, "url": s.Link(r), "country": at.Country, "town": at.Name, "precision": record.Precisions[at.Precision]}
		if sum := s.text(r.Text(entry.Summary)); sum.S != "" {
			p["description"], p["descriptionLang"] = sum.S, sum.Lang
		}
		features = append(features, feature{"Feature", r.ID, map[string]any{"type": "Point", "coordinates": [2]float64{at.Lon, at.Lat}}, p})
	}
	return pretty(map[string]any{"type": "FeatureCollection", "features": features})
}
