package event

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/ical"
	"alliance/internal/platform/id"
	"alliance/internal/platform/job"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// outcomeNames say in a line what came of a visit.
var outcomeNames = map[string]locale.Phrase{
	wasRead:       {Key: "event.run.read", English: "Read"},
	wasSame:       {Key: "event.run.same", English: "Nothing new since the last visit"},
	notCalendar:   {Key: "event.run.not-calendar", English: "What came is not a calendar"},
	tooLong:       {Key: "event.run.too-long", English: "Working out its dates took too long. Nothing was changed"},
	"bad-address": {Key: "event.run.bad-address", English: "It leads to an address that is not read"},
	"not-public":  {Key: "event.run.not-public", English: "It leads into a private network. Nothing was asked there"},
	"not-found":   {Key: "event.run.not-found", English: "There is no such server"},
	"redirects":   {Key: "event.run.redirects", English: "It sends from one address to the next without end"},
	"slow":        {Key: "event.run.slow", English: "No end came within the time allowed"},
	"too-large":   {Key: "event.run.too-large", English: "It is too large: at most {n} MB are read"},
	"refused":     {Key: "event.run.refused", English: "The server did not give it"},
	"broken":      {Key: "event.run.broken", English: "No connection, or it broke"},
}

// whatNames say what became of an event.
var whatNames = map[string]locale.Phrase{
	taken:   {Key: "event.what.added", English: "new"},
	changed: {Key: "event.what.changed", English: "changed"},
	same:    {Key: "event.what.unchanged", English: "unchanged"},
	double:  {Key: "event.what.double", English: "in our calendar already"},
	gone:    {Key: "event.what.gone", English: "gone"},
	refused: {Key: "event.what.refused", English: "not understood"},
}

var whats = []string{taken, changed, same, double, gone, refused}

// saidNames say why something was not read as it stands.
var saidNames = map[string]locale.Phrase{
	"at":                  {Key: "event.said.at", English: "At {of}"},
	"zone":                {Key: "event.said.zone", English: "Time zone “{of}” is not known. One that behaves alike was taken."},
	double:                {Key: "event.said.double", English: "“{of}” is very likely in our calendar already."},
	refused:               {Key: "event.said.refused", English: "“{of}” was not understood."},
	string(ical.NoStart):  {Key: "event.said.no-start", English: "“{of}” has no beginning that can be read."},
	string(ical.NoTitle):  {Key: "event.said.no-title", English: "An event without a title."},
	string(ical.BadLine):  {Key: "event.said.bad-line", English: "A line that cannot be read."},
	string(ical.TooMany):  {Key: "event.said.too-many", English: "More events than are read. The rest was left."},
	string(ical.CutShort): {Key: "event.said.cut-short", English: "It ends in the middle."},
}

// refusals are phrases of rules an event of others may break.
func saidWords(v design.View, s Said) string {
	words := v.Say(saidNames[s.What], "of", s.Of)
	if s.What == "at" && s.Line != 0 {
		return words + " (" + strconv.Itoa(s.Line) + ")"
	}
	if s.What != "at" && s.Line != 0 {
		words += " " + v.T("event.said.line", "Line {n}.", "n", s.Line)
	}
	return words
}

func countWords(v design.View, counts map[string]int) string {
	var parts []string
	for _, w := range whats {
		if n := counts[w]; n > 0 {
			parts = append(parts, v.Number(n)+" "+v.Say(whatNames[w]))
		}
	}
	return strings.Join(parts, " · ")
}

func outcomeWords(v design.View, r Run) string {
	return v.Say(outcomeNames[r.Outcome], "n", mostBytes>>20)
}

type sourcesView struct {
	List []Source
	New  Source
}

func (f *Feature) sourcesView(c *web.Ctx) (v sourcesView, err error) {
	v.New = Source{Lang: c.Lang(), Zone: "Europe/Paris"}
	if v.List, err = sources(c.Context(), f.DB); err != nil {
		return v, err
	}
	for i, s := range v.List {
		runs, err := runsOf(c.Context(), f.DB, s.ID, 1)
		if err != nil {
			return v, err
		}
		if len(runs) > 0 {
			v.List[i].Last = &runs[0]
		}
		if v.List[i].Events, err = countFrom(c.Context(), f.DB, s.ID); err != nil {
			return v, err
		}
	}
	return v, nil
}

func (f *Feature) sources(c *web.Ctx) error {
	v, err := f.sourcesView(c)
	if err != nil {
		return err
	}
	return c.Page(sourcesPage(c.View, v))
}

func (f *Feature) addSource(c *web.Ctx) error {
	s := Source{URL: c.Form("url"), Title: c.Form("title"), Lang: c.Form("lang"), Zone: c.Form("zone")}
	err := c.Write(c.View.T("event.source.added", "The calendar is read in the next minute."), func(ctx context.Context, tx *db.Tx) (string, error) {
		made, err := f.AddSource(ctx, tx, c.Actor, s)
		return "/calendar/sources/of/" + made.ID, err
	})
	if err != nil {
		v, listErr := f.sourcesView(c)
		if listErr != nil {
			return listErr
		}
		v.New = s
		return c.Retry(err, func(dv design.View) templ.Component { return sourcesPage(dv, v) })
	}
	return nil
}

func (f *Feature) source(c *web.Ctx) error {
	s, err := sourceByID(c.Context(), f.DB, c.Path("id"))
	if err != nil {
		return err
	}
	runs, err := runsOf(c.Context(), f.DB, s.ID, 50)
	if err != nil {
		return err
	}
	return c.Page(sourcePage(c.View, s, runs))
}

func (f *Feature) readNow(c *web.Ctx) error {
	return c.Write(c.View.T("event.source.added", "The calendar is read in the next minute."), func(ctx context.Context, tx *db.Tx) (string, error) {
		s, err := sourceByID(ctx, tx, c.Path("id"))
		if err != nil {
			return "", err
		}
		return "/calendar/sources/of/" + s.ID, job.Add(ctx, tx, job.New{Kind: jobSource, Data: s.ID, Key: s.ID})
	})
}

func (f *Feature) stopSource(c *web.Ctx) error {
	return c.Write(c.View.T("event.saved", "Saved."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/calendar/sources/of/" + c.Path("id"), stopSource(ctx, tx, c.Path("id"), c.Form("stop") == "yes")
	})
}

// uploadView is a file on its way in.
type uploadView struct {
	ID, Name, Lang, Zone string
	Applied              db.Instant
	Found                []Found
	Said                 []Said
	Counts               map[string]int
}

func (f *Feature) uploadForm(c *web.Ctx) error {
	return c.Page(uploadPage(c.View, uploadView{Lang: c.Lang(), Zone: "Europe/Paris"}))
}

// upload keeps a file and shows what would become of it; nothing is in the
// calendar yet.
func (f *Feature) upload(c *web.Ctx) error {
	v := uploadView{Lang: c.Form("lang"), Zone: c.Form("zone")}
	body, name, err := fileOf(c)
	if err == nil {
		err = c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
			kept, err := keepUpload(ctx, tx, c.Actor, name, v.Lang, v.Zone, body)
			return "/calendar/import/of/" + kept, err
		})
	}
	if err != nil {
		return c.Retry(err, func(dv design.View) templ.Component { return uploadPage(dv, v) })
	}
	return nil
}

func fileOf(c *web.Ctx) (body []byte, name string, err error) {
	file, head, err := c.R.FormFile("file")
	if err != nil {
		return nil, "", fault.Invalid("file", "event.upload.none", "Choose a calendar file (.ics).")
	}
	defer file.Close()
	body, err = io.ReadAll(io.LimitReader(file, mostBytes+1))
	return body, head.Filename, err
}

// keepUpload checks a file and keeps it until somebody applies it.
func keepUpload(ctx context.Context, tx *db.Tx, a people.Actor, name, tag, zone string, body []byte) (string, error) {
	var list fault.List
	if len(body) > mostBytes {
		return "", fault.TooLarge("event.upload.large", "This file is too large: at most {n} MB.", "n", mostBytes>>20)
	}
	if _, err := ical.Read(bytes.NewReader(body), zoneOf(zone), 1); errors.Is(err, ical.ErrNotCalendar) {
		list.Add(fault.Invalid("file", "event.upload.not", "This is not a calendar file. Export the calendar as iCalendar (.ics)."))
	} else if err != nil {
		return "", err
	}
	tag, ok := lang.Tag(tag)
	if !ok {
		list.Add(fault.Invalid("lang", "entry.lang.unknown", "Choose the language you write in."))
	}
	if _, err := time.LoadLocation(zone); err != nil || zone == "" {
		list.Add(fault.Invalid("zone", "event.zone.unknown", "Choose the time zone of the place."))
	}
	if err := list.Err(); err != nil {
		return "", err
	}
	made := id.New()
	_, err := tx.Exec(ctx, `INSERT INTO event_upload (id, at, person, organisation, name, lang, zone, body) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		made, tx.Now(), a.Person, a.For(), lang.Fit(name, 200), tag, zone, ical.Valid(body))
	return made, err
}

// uploaded gives a file of the actor with what would become of it.
func (f *Feature) uploaded(ctx context.Context, q db.Q, a people.Actor, upload string) (v uploadView, r reader, err error) {
	type row struct {
		uploadView
		organisation, body string
	}
	x, err := db.One(ctx, q, func(s db.Row) (x row, err error) {
		return x, s.Scan(&x.ID, &x.organisation, &x.Name, &x.Lang, &x.Zone, &x.body, &x.Applied)
	}, `SELECT id, organisation, name, lang, zone, body, applied FROM event_upload WHERE id = $1 AND person = $2`, upload, a.Person)
	if isNone(err) {
		return v, r, fault.Missing()
	}
	if err != nil {
		return v, r, err
	}
	v = x.uploadView
	file, err := ical.Read(strings.NewReader(x.body), zoneOf(x.Zone), mostRead)
	if err != nil {
		return v, r, err
	}
	r = reader{lang: v.Lang, now: f.DB.Now(), owner: x.organisation}
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	if v.Found, err = r.look(ctx, q, file); err != nil {
		return v, r, err
	}
	v.Said, v.Counts = said(file, v.Found), map[string]int{}
	for _, x := range v.Found {
		v.Counts[x.What]++
	}
	return v, r, nil
}

func (f *Feature) uploadShow(c *web.Ctx) error {
	v, _, err := f.uploaded(c.Context(), f.DB, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	return c.Page(uploadShowPage(c.View, v))
}

func (f *Feature) uploadApply(c *web.Ctx) error {
	chosen := c.Forms("take")
	return c.Write(c.View.T("event.upload.done", "The chosen events are in the calendar."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/calendar/import/of/" + c.Path("id"), f.apply(ctx, tx, c.Actor, c.Path("id"), func(i int, x Found) bool { return slices.Contains(chosen, strconv.Itoa(i)) })
	})
}

// apply brings what was chosen of a file into the calendar.
func (f *Feature) apply(ctx context.Context, tx *db.Tx, a people.Actor, upload string, chosen func(int, Found) bool) error {
	v, r, err := f.uploaded(ctx, tx, a, upload)
	if err != nil {
		return err
	}
	if v.Applied != 0 {
		return fault.Conflict("event.upload.twice", "This file was brought in already.")
	}
	for i, x := range v.Found { // who chooses a likely double says that it is none
		if x.What == double && chosen(i, x) {
			v.Found[i].What = taken
		}
	}
	if _, err := r.keep(ctx, tx, a, v.Found, func(i int) bool { return chosen(i, v.Found[i]) }); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE event_upload SET applied = $2 WHERE id = $1`, upload, tx.Now())
	return err
}
