package output

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/place"
	"alliance/internal/platform/record"
)

// JSONLD writes the records in the words of schema.org.
func (s Set) JSONLD() ([]byte, error) {
	graph := []node{}
	for _, r := range s.Records {
		graph = append(graph, s.linked(r))
	}
	return pretty(node{"@context": "https://schema.org", "@graph": graph})
}

// node is one thing in linked data.
type node = map[string]any

func (s Set) linked(r record.Record) node {
	title := s.text(r.Title())
	m := node{"@id": s.Link(r), "@type": s.Spec.SchemaType(r), "name": s.said(title), "url": s.Link(r)}
	creative := s.Spec.Creative()
	if creative {
		m["inLanguage"], m["dateCreated"], m["dateModified"] = one(s.languages(r)), stamp(r.Created), stamp(r.Changed)
	}
	if by, ok := s.Names[r.Organisation]; ok && creative {
		m["author"] = s.named(by)
	} else if ok && m["@type"] == "Service" {
		m["provider"] = s.named(by)
	}
	if sum := s.text(r.Text(entry.Summary)); sum.S != "" {
		m["description"] = s.said(sum)
	}
	if where := located(r); where != nil {
		switch m["@type"] {
		case "Event":
			m["location"] = where
		case "Service":
			m["areaServed"] = where
		default:
			if creative {
				m["spatialCoverage"] = where
			} else {
				m["address"] = where["address"]
			}
		}
	}
	if beside := s.Beside[r.ID]; len(beside) > 0 {
		property := "subjectOf" // of whatever is no work
		if creative {
			property = "associatedMedia"
		}
		var media []any
		for _, d := range beside {
			media = append(media, s.media(d))
		}
		m[property] = one(media)
	}
	for _, ask := range s.Spec.Questions() {
		if words := s.text(r.Text(ask.Name)); ask.Text() && ask.Schema == "text" && words.S != "" {
			m["text"] = s.said(words)
		}
		if values := s.values(ask, r.Answers[ask.Name]); ask.Schema != "" && len(values) > 0 {
			property := ask.Schema
			if other := elsewhere[s.Spec.Schema][property]; other != "" {
				property = other
			}
			put(m, property, values)
		}
	}
	return m
}

// said is a text as linked data has it: one in another language than the reader
// asked for says in which.
func (s Set) said(r lang.Rendering) any {
	if r.Lang == s.View.Lang() {
		return r.S
	}
	return node{"@value": r.S, "@language": r.Lang}
}

// languages are those in which a record's words are really given here, that of
// its title first.
func (s Set) languages(r record.Record) (tags []any) {
	for _, ask := range s.Spec.Questions() {
		if text := s.text(r.Text(ask.Name)); ask.Text() && text.S != "" && !slices.Contains(tags, any(text.Lang)) {
			tags = append(tags, text.Lang)
		}
	}
	return tags
}

// media is a document or a picture, in the words of schema.org.
func (s Set) media(d Beside) node {
	m := node{"@type": "MediaObject", "name": s.said(lang.Rendering{S: d.Words, Lang: d.Lang}), "contentUrl": s.Address(d), "encodingFormat": d.Type, "contentSize": fmt.Sprint(d.Size)}
	if d.Picture {
		m["@type"] = "ImageObject"
	}
	if d.Holds != "" {
		m["inLanguage"] = d.Holds
	}
	if d.Credit != "" {
		m["creditText"] = d.Credit
	}
	return m
}

// one is the only value by itself.
func one(values []any) any {
	if len(values) == 1 {
		return values[0]
	}
	return values
}

// located is where a record is, as closely as it may be told.
func located(r record.Record) node {
	at := r.Entry.Place.Public()
	if at.Country == "" {
		return nil
	}
	address := node{"@type": "PostalAddress", "addressCountry": at.Country}
	if at.Name != "" {
		address["addressLocality"] = at.Name
	}
	where := node{"@type": "Place", "address": address}
	if at.Precision >= place.InTown && at.Located() {
		where["geo"] = node{"@type": "GeoCoordinates", "latitude": at.Lat, "longitude": at.Lon}
	}
	return where
}

// values are the answers to a question as schema.org has them: a known value
// by its own word there, an entry as a thing with a name, an amount as one.
func (s Set) values(ask record.Question, values []string) (list []any) {
	for _, v := range values {
		switch ask.Type {
		case record.Entries:
			if e, ok := s.Names[v]; ok {
				list = append(list, s.named(e))
			}
		case record.Languages, record.Countries:
			list = append(list, v)
		case record.Opening:
			list = append(list, hours(v)...)
		case record.Money:
			amount, code, _ := strings.Cut(v, " ")
			list = append(list, node{"@type": "MonetaryAmount", "value": amount, "currency": code})
		case record.Web:
			if ask.Schema == "location" {
				list = append(list, node{"@type": "VirtualLocation", "url": v})
			} else {
				list = append(list, v)
			}
		default:
			o, _ := ask.Option(v)
			if code := o.Codes[record.SchemaOrg]; code != "" {
				list = append(list, code)
			} else if ask.Counted() {
				list = append(list, strings.Join(ask.Say(s.View, []string{v}, nil), ""))
			} else {
				list = append(list, v)
			}
		}
	}
	return list
}

// hours are opening hours of one day or span, a thing for each time it opens.
func hours(line string) (list []any) {
	l, ok := record.ParseHoursLine(line)
	if !ok {
		return nil
	}
	when := node{"@type": "OpeningHoursSpecification"}
	if i := slices.Index(record.Weekdays, l.Weekday); i >= 0 {
		when["dayOfWeek"] = "https://schema.org/" + time.Weekday((i+1)%7).String()
	} else {
		when["validFrom"], when["validThrough"] = l.From, l.Until
	}
	if len(l.Spans) == 0 { // as schema.org says a closed day
		l.Spans = []record.Span{{}}
	}
	for _, s := range l.Spans {
		one := maps.Clone(when)
		one["opens"], one["closes"] = clock(s.Start), clock(s.End)
		list = append(list, one)
	}
	return list
}

func clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60%24, minutes%60) }

// named is another entry, as far as its name goes.
func (s Set) named(e entry.Entry) node {
	kind := map[string]string{"organisation": "Organization", "event": "Event"}[e.Kind]
	if kind == "" {
		kind = "CreativeWork"
	}
	return node{"@type": kind, "name": s.said(s.text(e.Title()))}
}

// made are things inside that exist only for what is said of them.
var made = map[string]string{"hasCourseInstance": "CourseInstance", "availableChannel": "ServiceChannel"}

// elsewhere are properties that a type has under another name than works have.
var elsewhere = map[string]map[string]string{"Service": {"inLanguage": "availableChannel.availableLanguage", "contributor": "provider"}}

// put sets a property, or one of a thing inside ("location.address.streetAddress")
// where that thing is there; a value beside one that is there already joins it.
func put(m node, property string, values []any) {
	first, rest, inside := strings.Cut(property, ".")
	if inside {
		if kind := made[first]; kind != "" && m[first] == nil {
			m[first] = node{"@type": kind}
		}
		if thing, ok := m[first].(node); ok {
			put(thing, rest, values)
		}
		return
	}
	if was, ok := m[first]; ok && (first == "location" || first == "provider") {
		values = append([]any{was}, values...)
	}
	m[first] = one(values)
}
