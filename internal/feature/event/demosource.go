package event

import (
	"context"
	"fmt"
	"strings"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/ical"
	"alliance/internal/platform/outside"
	"alliance/internal/platform/people"
)

// demoSource shows a calendar of others with its log: an invented network's,
// read from a file made here. Nothing is asked of anybody (see visit).
func demoSource(ctx context.Context, tx *db.Tx) error {
	now := tx.Now()
	ours, err := entry.Get(ctx, tx, DemoID("aide-juridique"))
	if err != nil {
		return err
	}
	s := Source{ID: DemoID("source"), URL: "https://agenda.example.org/quais-ouverts.ics", Title: "Agenda du Réseau Quais Ouverts (inventé)", Lang: "fr", Zone: "Europe/Brussels",
		Added: now.Add(-9 * 24 * time.Hour), By: demo.PersonID("ferrandiz")}
	if err := putSource(ctx, tx, s); err != nil {
		return err
	}
	file, err := ical.Read(strings.NewReader(demoFile(now.Time(), ours)), zoneOf(s.Zone), mostRead)
	if err != nil {
		return err
	}
	r := reader{source: s.ID, lang: s.Lang, now: now}
	found, err := r.look(ctx, tx, file)
	if err != nil {
		return err
	}
	for i := range found {
		found[i].event.ID, found[i].event.Invented = DemoID("source/"+found[i].event.UID), true
	}
	read := Run{Outcome: wasRead, Took: 412 * time.Millisecond, Said: said(file, found)}
	if read.Counts, err = r.keep(ctx, tx, people.Actor{}, found, nil); err != nil {
		return err
	}
	silent := Run{Outcome: string(outside.Slow), Took: 30 * time.Second, Said: []Said{{What: "at", Of: "agenda.example.org"}}}
	for i, run := range []Run{read, silent, {Outcome: wasSame, Took: 88 * time.Millisecond}} {
		run.ID, run.Source, run.At = DemoID(fmt.Sprintf("source/run/%d", i)), s.ID, now.Add(time.Duration(-8+3*i)*24*time.Hour)
		if err := putRun(ctx, tx, run); err != nil {
			return err
		}
	}
	return askedSource(ctx, tx, s)
}

// demoFile is that calendar as its program would write it: two events to come,
// one that repeats, one that we have already, one that nobody can place.
func demoFile(now time.Time, ours entry.Entry) string {
	day := func(n int, clock string) string { return now.AddDate(0, 0, n).Format("20060102") + "T" + clock }
	event := func(uid, title, more string) string {
		return "BEGIN:VEVENT\r\nUID:" + uid + "@agenda.example.org\r\nDTSTAMP:" + day(-9, "080000Z") + "\r\nSUMMARY:" + title + "\r\n" + more + "END:VEVENT\r\n"
	}
	at := func(n int, from, until string) string {
		return "DTSTART;TZID=Europe/Brussels:" + day(n, from) + "\r\nDTEND;TZID=Europe/Brussels:" + day(n, until) + "\r\n"
	}
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example.org//Agenda//FR\r\n" +
		event("permanence", "Permanence des Quais\\, ouverte à tout le monde (inventée)", at(6, "170000", "190000")+"RRULE:FREQ=WEEKLY;COUNT=8\r\nDESCRIPTION:Venir comme on est.\\nUn café\\, une adresse\\, un rendez-vous.\r\n") +
		event("rencontre", "Rencontre des réseaux de villes (inventée)", at(34, "093000", "170000")+"LOCATION:Bruxelles\r\n") +
		event("atelier", "Atelier : compter les nuits dehors (inventé)", at(18, "140000", "163000")) +
		event("aide", ours.Title().Original(), "DTSTART:"+ours.Starts.Time().UTC().Format("20060102T150405Z")+"\r\nDTEND:"+ours.Ends.Time().UTC().Format("20060102T150405Z")+"\r\n") +
		event("sans-date", "Fête des quais (inventée)", "") +
		"END:VCALENDAR\r\n"
}
