package ical

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"golang.org/x/text/encoding/charmap"
)

// File is what was read.
type File struct {
	Name     string
	Events   []Event
	Problems []Problem
}

// What is wrong with a part of a file.
type What string

const (
	NoStart  What = "no-start"  // an event without a beginning that can be read
	NoTitle  What = "no-title"  // an event without a title
	BadLine  What = "bad-line"  // a line that is no property
	TooMany  What = "too-many"  // the rest was not read
	CutShort What = "cut-short" // the file ends in the middle
)

// Problem is one thing that could not be read.
type Problem struct {
	Line int
	What What
	Of   string // title or identifier of the event
}

// ErrNotCalendar says that something else was sent: a web page, a picture.
var ErrNotCalendar = errors.New("ical: not a calendar")

const mostProblems = 50

// Read reads a file: at most so many events. Times without a zone are in
// fallback. The caller bounds the length of r.
func Read(r io.Reader, fallback *time.Location, most int) (File, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return File{}, err
	}
	p := &parser{fallback: fallback, most: most, zones: map[string]*rules{}}
	p.lines(decoded(raw))
	if !p.begun {
		return File{}, ErrNotCalendar
	}
	p.events()
	return p.File, nil
}

// decoded gives the text without a mark of byte order; what is not UTF-8 is
// taken for the encoding of Western Windows.
func decoded(raw []byte) []byte {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if utf8.Valid(raw) {
		return raw
	}
	if text, err := charmap.Windows1252.NewDecoder().Bytes(raw); err == nil {
		return text
	}
	return bytes.ToValidUTF8(raw, []byte("?"))
}

// Valid gives a file as text that a database takes.
func Valid(raw []byte) string { return strings.ReplaceAll(string(decoded(raw)), "\x00", "") }

// property is a line in parts, and where it stands.
type property struct {
	*ics.BaseProperty
	line int
}

func (p property) parameter(name string) string {
	for k, v := range p.ICalParameters {
		if strings.EqualFold(k, name) && len(v) > 0 {
			return v[0]
		}
	}
	return ""
}

// component is a VEVENT as it stands in the file.
type component struct {
	line  int
	props []property
}

func (c component) get(name string) (property, bool) {
	for _, p := range c.props {
		if p.IANAToken == name {
			return p, true
		}
	}
	return property{}, false
}

func (c component) text(name string) Text {
	p, ok := c.get(name)
	if !ok {
		return Text{}
	}
	// The library has undone the escapes where it knows the property as text.
	return Text{S: strings.TrimSpace(strings.ReplaceAll(clean(p.Value), "\u0000", "")), Lang: p.parameter("LANGUAGE")}
}

type parser struct {
	File
	fallback *time.Location
	most     int
	begun    bool
	raw      []component
	zones    map[string]*rules
}

func (p *parser) problem(line int, what What, of string) {
	if len(p.Problems) < mostProblems {
		p.Problems = append(p.Problems, Problem{line, what, of})
	}
}

// lines walks over the file and gathers events and zones.
func (p *parser) lines(text []byte) {
	stream := ics.NewCalendarStream(bytes.NewReader(text))
	var stack []string
	var now *component
	var tz *rules
	var watch *observance
	for n, done := 1, false; !done; n++ {
		l, err := stream.ReadLine()
		done = err != nil
		if l == nil || strings.TrimSpace(string(*l)) == "" {
			continue
		}
		prop, err := ics.ParseProperty(*l)
		if err != nil || prop == nil {
			if p.begun {
				p.problem(n, BadLine, "")
			}
			continue
		}
		prop.IANAToken = strings.ToUpper(prop.IANAToken)
		value := strings.ToUpper(strings.TrimSpace(prop.Value))
		switch {
		case prop.IANAToken == "BEGIN":
			p.begun = p.begun || value == "VCALENDAR"
			stack = append(stack, value)
			switch value {
			case "VEVENT":
				if len(p.raw) >= p.most {
					p.problem(n, TooMany, "")
					return
				}
				now = &component{line: n}
			case "VTIMEZONE":
				tz = &rules{}
			case "STANDARD", "DAYLIGHT":
				watch = &observance{}
			}
		case prop.IANAToken == "END":
			switch {
			case value == "VEVENT" && now != nil:
				p.raw, now = append(p.raw, *now), nil
			case value == "VTIMEZONE" && tz != nil:
				p.zones[tz.id], tz = tz, nil
			case (value == "STANDARD" || value == "DAYLIGHT") && watch != nil && tz != nil:
				tz.list, watch = append(tz.list, *watch), nil
			}
			if len(stack) > 0 {
				stack = stack[:len(stack)-1]
			}
		case len(stack) == 0:
		case stack[len(stack)-1] == "VEVENT" && now != nil:
			if len(now.props) < 500 {
				now.props = append(now.props, property{prop, n})
			}
		case watch != nil:
			watch.take(prop)
		case tz != nil:
			tz.take(prop)
		case stack[len(stack)-1] == "VCALENDAR":
			p.head(prop)
		}
	}
	if len(stack) > 0 && p.begun {
		p.problem(0, CutShort, "")
	}
}

// head takes what a file says of itself.
func (p *parser) head(prop *ics.BaseProperty) {
	switch prop.IANAToken {
	case "NAME", "X-WR-CALNAME":
		p.Name = clean(prop.Value)
	case "X-WR-TIMEZONE":
		if z, ok := zoneNamed(prop.Value); ok {
			p.fallback = z
		}
	}
}

func (p *parser) events() {
	for _, c := range p.raw {
		title := c.text("SUMMARY")
		e := Event{Line: c.line, UID: clean(c.text("UID").S), Summary: title, Description: c.text("DESCRIPTION"), Location: c.text("LOCATION"), URL: c.text("URL").S,
			Cancelled: strings.EqualFold(c.text("STATUS").S, "CANCELLED"), Contact: c.text("CONTACT").S}
		of := title.S
		if of == "" {
			of = e.UID
		}
		start, ok := c.get("DTSTART")
		if ok {
			e.Starts, e.AllDay, ok = p.time(start, &e)
		}
		if !ok {
			p.problem(c.line, NoStart, of)
			continue
		}
		if title.S == "" && !e.Cancelled {
			p.problem(c.line, NoTitle, e.UID)
			continue
		}
		p.ends(c, &e)
		p.repeats(c, &e)
		if s, ok := c.get("SEQUENCE"); ok {
			e.Sequence, _ = strconv.Atoi(strings.TrimSpace(s.Value))
		}
		if s, ok := c.get("LAST-MODIFIED"); ok {
			e.Stamp, _, _ = p.time(s, nil)
		}
		if g, ok := c.get("GEO"); ok {
			lat, lon, _ := strings.Cut(g.Value, ";")
			e.Lat, _ = strconv.ParseFloat(strings.TrimSpace(lat), 64)
			e.Lon, _ = strconv.ParseFloat(strings.TrimSpace(lon), 64)
		}
		if e.URL == "" {
			e.URL = c.text("X-ALT-URL").S
		}
		p.Events = append(p.Events, e)
	}
}

// ends reads when an event ends: DTEND, DURATION, or neither, which for whole
// days means one day.
func (p *parser) ends(c component, e *Event) {
	if end, ok := c.get("DTEND"); ok {
		if t, _, ok := p.time(end, nil); ok {
			e.Ends = t.In(e.Starts.Location())
		}
	} else if d, ok := c.get("DURATION"); ok {
		if span, ok := duration(d.Value); ok {
			e.Ends = e.Starts.Add(span)
		}
	}
	if e.AllDay && !e.Ends.After(e.Starts) {
		e.Ends = e.Starts.AddDate(0, 0, 1)
	}
	if e.Ends.Before(e.Starts) && !e.Ends.IsZero() {
		e.EndsBeforeStarts, e.Ends = true, time.Time{}
	}
}

func (p *parser) repeats(c component, e *Event) {
	for _, prop := range c.props {
		switch prop.IANAToken {
		case "RRULE":
			e.Rule = strings.ToUpper(strings.TrimSpace(prop.Value))
		case "EXDATE", "RDATE":
			for one := range strings.SplitSeq(prop.Value, ",") {
				part := property{&ics.BaseProperty{IANAToken: prop.IANAToken, ICalParameters: prop.ICalParameters, Value: one}, prop.line}
				if t, _, ok := p.time(part, nil); ok && len(e.Except)+len(e.Extra) < 1000 {
					if t = t.In(e.Starts.Location()); prop.IANAToken == "EXDATE" {
						e.Except = append(e.Except, t)
					} else {
						e.Extra = append(e.Extra, t)
					}
				}
			}
		case "RECURRENCE-ID":
			if t, _, ok := p.time(prop, nil); ok {
				e.Instance = t.In(e.Starts.Location())
			}
		}
	}
}

// time reads a value: a day, a time in UTC, in a zone, or without one.
func (p *parser) time(prop property, e *Event) (t time.Time, day, ok bool) {
	value := strings.ToUpper(strings.TrimSpace(prop.Value))
	value, _, _ = strings.Cut(value, "/") // a period: when it begins
	if t, err := time.Parse(utcForm, value); err == nil {
		return t, false, inReach(t)
	}
	at, guessed := p.fallback, false
	name := strings.Trim(prop.parameter("TZID"), `"`)
	if name != "" {
		at, guessed = p.zone(name, value)
	}
	if e != nil {
		e.Zone, e.ZoneGuessed = name, guessed
	}
	for _, form := range []string{localForm, "20060102T1504"} {
		if t, err := time.ParseInLocation(form, value, at); err == nil {
			return t, false, inReach(t)
		}
	}
	if t, err := time.ParseInLocation(dateForm, value, at); err == nil {
		return t, true, inReach(t)
	}
	return time.Time{}, false, false
}

// inReach refuses years nobody plans in.
func inReach(t time.Time) bool { return t.Year() >= 1900 && t.Year() <= 2200 }

// duration reads "P1DT2H", "PT90M", "P2W".
func duration(s string) (time.Duration, bool) {
	s = strings.ToUpper(strings.TrimSpace(s))
	rest, ok := strings.CutPrefix(strings.TrimPrefix(s, "+"), "P")
	if !ok {
		return 0, false
	}
	units := map[byte]time.Duration{'W': 7 * 24 * time.Hour, 'D': 24 * time.Hour, 'H': time.Hour, 'M': time.Minute, 'S': time.Second}
	var sum time.Duration
	n := -1
	for i := 0; i < len(rest); i++ {
		switch ch := rest[i]; {
		case ch == 'T' && n < 0:
		case ch >= '0' && ch <= '9':
			if n = max(n, 0)*10 + int(ch-'0'); n > 100_000 {
				return 0, false
			}
		default:
			unit := units[ch]
			if unit == 0 || n < 0 {
				return 0, false
			}
			if sum += time.Duration(n) * unit; sum > 366*24*time.Hour {
				return 0, false
			}
			n = -1
		}
	}
	return sum, n < 0
}
