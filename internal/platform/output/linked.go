package output

import (
	"strings"

	"alliance/internal/platform/entry"
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
	m := node{"@id": s.Link(r), "@type": s.Spec.SchemaType(r), "name": title.S, "url": s.Link(r)}
	creative := s.Spec.Creative()
	if creative {
		m["inLanguage"], m["dateCreated"], m["dateModified"] = title.Lang, stamp(r.Created), stamp(r.Changed)
		if by, ok := s.Names[r.Organisation]; ok {
			m["author"] = s.named(by)
		}
	}
	if sum := s.text(r.Text(entry.Summary)); sum.S != "" {
		m["description"] = sum.S
	}
	if where := located(r); where != nil {
		switch m["@type"] {
		case "Event":
			m["location"] = where
		default:
			if creative {
				m["spatialCoverage"] = where
			} else {
				m["address"] = where["address"]
			}
		}
	}
	for _, ask := range s.Spec.Questions() {
		if values := s.values(ask, r.Answers[ask.Name]); ask.Schema != "" && len(values) > 0 {
			put(m, ask.Schema, values)
		}
	}
	return m
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

// named is another entry, as far as its name goes.
func (s Set) named(e entry.Entry) node {
	kind := map[string]string{"organisation": "Organization", "event": "Event"}[e.Kind]
	if kind == "" {
		kind = "CreativeWork"
	}
	return node{"@type": kind, "name": e.Title().In(s.View.Lang()).S}
}

// put sets a property, or one of a thing inside ("location.address.streetAddress")
// where that thing is there; a value beside one that is there already joins it.
func put(m node, property string, values []any) {
	first, rest, inside := strings.Cut(property, ".")
	if inside {
		if thing, ok := m[first].(node); ok {
			put(thing, rest, values)
		}
		return
	}
	if was, ok := m[first]; ok && first == "location" {
		values = append([]any{was}, values...)
	}
	if len(values) == 1 {
		m[first] = values[0]
	} else {
		m[first] = values
	}
}
