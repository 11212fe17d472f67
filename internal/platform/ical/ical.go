// Package ical writes and reads calendars as iCalendar files (RFC 5545): the
// one place of the house that knows the format.
//
// The one idea: an Event here is what a reader of a calendar sees, with its
// times in its own zone. Writing brings the rules of each zone along
// (VTIMEZONE), so that an hour stays the same hour on both sides of a change of
// clocks. Reading is lenient, as files from outside are: what cannot be read of
// one event is told with its line and leaves the others alone.
package ical

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	ics "github.com/arran4/golang-ical"
)

// ContentType of a calendar file.
const ContentType = "text/calendar; charset=utf-8"

// Text is words with their language, "" = not known.
type Text struct{ S, Lang string }

// Event is one event, or one changed occurrence of a repeated one.
type Event struct {
	UID              string
	Sequence         int
	Stamp            time.Time // last change
	Starts, Ends     time.Time // in the zone of the event; Ends excluded, zero = not told
	AllDay           bool
	Rule             string      // "FREQ=WEEKLY;BYDAY=TU", "" = once
	Except           []time.Time // occurrences that do not take place
	Extra            []time.Time // read only: further occurrences
	Instance         time.Time   // the occurrence this one stands in for; zero = the event itself
	Summary          Text
	Description      Text
	Location         Text
	URL              string
	Lat, Lon         float64 // both zero = not told
	Contact          string  // who organises, in words
	Categories       []string
	Cancelled        bool
	Line             int    // read only: where it begins in the file
	Zone             string // read only: the zone's name as the file has it
	ZoneGuessed      bool   // read only: the name was unknown and the zone is one that behaves alike, or the fallback
	EndsBeforeStarts bool   // read only: the file said so; Ends is zero then
}

// Calendar is a file.
type Calendar struct {
	Name   string
	Lang   string
	Events []Event
}

// Bytes writes the file: lines end in CRLF and are folded within 75 bytes,
// never inside a letter.
func (c Calendar) Bytes() []byte {
	cal := ics.NewCalendarFor("Alliance")
	cal.SetProductId("-//Alliance//Calendar//" + strings.ToUpper(c.Lang))
	cal.SetCalscale("GREGORIAN")
	cal.SetMethod(ics.MethodPublish)
	if c.Name != "" {
		cal.SetName(c.Name)
		cal.SetXWRCalName(c.Name)
	}
	cal.SetXPublishedTTL("PT6H")
	for _, z := range zonesOf(c.Events) {
		cal.AddVTimezone(z.component())
	}
	cal.Components = append(cal.Components, written(c.Events)...)
	var b bytes.Buffer
	_ = cal.SerializeTo(&b, lines) // a Buffer never fails
	return b.Bytes()
}

// lines are folded and ended as RFC 5545 wants them.
var lines = &ics.SerializationConfiguration{MaxLength: 75, PropertyMaxLength: 75, NewLine: string(ics.WithNewLineWindows)}

// stretch is some events of a file, written.
type stretch struct {
	ics.ComponentBase
	text bytes.Buffer
}

func (s *stretch) SerializeTo(w io.Writer, _ *ics.SerializationConfiguration) error {
	_, err := s.text.WriteTo(w)
	return err
}

// written writes the events in stretches, side by side: long files come in half
// the time where there are two processors.
func written(events []Event) []ics.Component {
	var list []ics.Component
	var all sync.WaitGroup
	for some := range slices.Chunk(events, 250) {
		s := &stretch{}
		list = append(list, s)
		all.Go(func() {
			for _, e := range some {
				_ = e.component().SerializeTo(&s.text, lines)
			}
		})
	}
	all.Wait()
	return list
}

func (e Event) component() *ics.VEvent {
	v := ics.NewEvent(clean(e.UID))
	v.SetDtStampTime(e.Stamp)
	v.SetModifiedAt(e.Stamp)
	v.SetSequence(e.Sequence)
	if !e.Instance.IsZero() {
		e.at(v, ics.ComponentProperty(ics.PropertyRecurrenceId), e.Instance)
	}
	e.at(v, ics.ComponentPropertyDtStart, e.Starts)
	if e.Ends.After(e.Starts) {
		e.at(v, ics.ComponentPropertyDtEnd, e.Ends)
	}
	if e.Rule != "" && e.Instance.IsZero() {
		v.AddRrule(e.Rule)
		for _, x := range e.Except {
			e.at(v, ics.ComponentPropertyExdate, x)
		}
	}
	text := func(p ics.ComponentProperty, t Text) {
		if t.S == "" {
			return
		}
		if t.Lang == "" {
			v.AddProperty(p, clean(t.S))
			return
		}
		v.AddProperty(p, clean(t.S), &ics.KeyValues{Key: "LANGUAGE", Value: []string{t.Lang}})
	}
	text(ics.ComponentPropertySummary, e.Summary)
	text(ics.ComponentPropertyDescription, e.Description)
	text(ics.ComponentPropertyLocation, e.Location)
	text(ics.ComponentProperty(ics.PropertyContact), Text{S: e.Contact})
	if e.Lat != 0 || e.Lon != 0 {
		v.SetGeo(e.Lat, e.Lon)
	}
	for _, c := range e.Categories {
		v.AddCategory(clean(c))
	}
	if e.URL != "" {
		v.SetURL(e.URL)
	}
	if e.Cancelled {
		v.SetStatus(ics.ObjectStatusCancelled)
	} else {
		v.SetStatus(ics.ObjectStatusConfirmed)
	}
	if e.AllDay {
		v.SetTimeTransparency(ics.TransparencyTransparent)
	}
	return v
}

const (
	dateForm  = "20060102"
	localForm = "20060102T150405"
	utcForm   = "20060102T150405Z"
)

// at adds a time in the form the event asks for: a day, a time in its zone, or UTC.
func (e Event) at(v *ics.VEvent, p ics.ComponentProperty, t time.Time) {
	switch {
	case e.AllDay:
		v.AddProperty(p, t.Format(dateForm), ics.WithValue("DATE"))
	case named(t.Location()):
		v.AddProperty(p, t.Format(localForm), ics.WithTZID(t.Location().String()))
	default:
		v.AddProperty(p, t.UTC().Format(utcForm))
	}
}

func named(l *time.Location) bool { return l != time.UTC && l != time.Local && l.String() != "UTC" }

// clean takes out what would end a line or turn the direction of all that
// follows; line ends stay, the library writes them as \n.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case r < ' ', r == 0x7f, r == '\u2028', r == '\u2029', r >= '\u202A' && r <= '\u202E':
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
}
