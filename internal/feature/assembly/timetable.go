package assembly

import (
	"context"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/web"
)

// day is one day of a programme; Date is zero for what has no date at all.
type day struct {
	Date  time.Time
	Items []Item
}

// days cuts a programme into its days; what has no time stays with the day of
// what it follows.
func days(items []Item, zone *time.Location) (list []day) {
	for _, i := range items {
		var date time.Time
		if i.Starts != 0 {
			t := i.Starts.Time().In(zone)
			date = time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, zone)
		}
		if n := len(list); n == 0 || !date.IsZero() && !list[n-1].Date.Equal(date) {
			list = append(list, day{Date: date})
		}
		list[len(list)-1].Items = append(list[len(list)-1].Items, i)
	}
	return list
}

// programmeView is the programme, read or written.
type programmeView struct {
	Entry     entry.Entry
	Assembly  Assembly
	Items     []Item
	Days      []day
	Workshops []workshopRow
	Editing   string // the point whose form stands in its place, "" = the form for a new one
	MayRun    bool
	Typed     map[string]string
	Key       string
}

func (f *Feature) programmeView(c *web.Ctx) (v programmeView, err error) {
	if v.Entry, v.Assembly, err = see(c.Context(), c.DB, c.Actor, c.Path("id")); err != nil {
		return v, err
	}
	v.MayRun, v.Key = MayRun(c.Actor, v.Entry.ID), web.NewKey()
	if v.Items, err = programmeOf(c.Context(), c.DB, v.Entry.ID); err != nil {
		return v, err
	}
	v.Days = days(v.Items, zoneOf(v.Assembly.Timezone))
	v.Workshops, err = f.workshopRows(c.Context(), c.Actor, v.Entry.ID)
	v.Typed = map[string]string{"kind": "plenary", "lang": c.Lang()}
	return v, err
}

func (v *programmeView) item(id string) (Item, bool) {
	for _, i := range v.Items {
		if i.ID == id {
			return i, true
		}
	}
	return Item{}, false
}

func (f *Feature) programme(c *web.Ctx) error {
	v, err := f.programmeView(c)
	if err != nil {
		return err
	}
	if c.Query("as") == "ics" {
		return c.Download("programme.ics", "text/calendar; charset=utf-8", calendar(c, v))
	}
	return c.Page(programmePage(c.View, v))
}

func (f *Feature) programmeForm(c *web.Ctx) error {
	if _, _, err := f.mine(c, c.Path("id")); err != nil {
		return err
	}
	v, err := f.programmeView(c)
	if err != nil {
		return err
	}
	if i, ok := v.item(c.Query("item")); ok {
		v.fill(i)
	}
	return c.Page(programmeEditPage(c.View, v))
}

// fill puts a point into the form.
func (v *programmeView) fill(i Item) {
	zone := zoneOf(v.Assembly.Timezone)
	v.Editing = i.ID
	v.Typed = map[string]string{"title": i.Title.Original(), "lang": i.Title.Orig, "kind": i.Kind, "place": i.Place, "workshop": i.Workshop,
		"starts": clockTyped(i.Starts, zone), "revision": strconv.Itoa(i.Revision)}
	if i.Ends != 0 {
		v.Typed["ends"] = i.Ends.Time().In(zone).Format("15:04")
	}
}

// read makes a point of what was typed.
func (v *programmeView) read(c *web.Ctx) (Item, error) {
	v.Key, v.Editing = c.Form(design.KeyField), c.Form("item")
	i, there := v.item(v.Editing)
	if v.Editing != "" && !there {
		return i, fault.Conflict("entry.changed", "Somebody else changed this meanwhile. Compare with the present version, then save again.")
	}
	for _, name := range []string{"title", "kind", "place", "workshop", "after", "ends", "revision"} {
		v.Typed[name] = c.Form(name)
	}
	v.Typed["starts"], v.Typed["lang"] = design.DateTimeValue(c.Form, "starts"), c.Form("title-lang")
	if there {
		v.Typed["lang"] = i.Title.Orig
	} else if _, ok := lang.Tag(v.Typed["lang"]); !ok {
		v.Typed["lang"] = c.Lang()
	}
	seen, _ := strconv.Atoi(v.Typed["revision"])
	i.Assembly, i.Kind, i.Place, i.Workshop = v.Entry.ID, v.Typed["kind"], v.Typed["place"], v.Typed["workshop"]
	switch {
	case there:
		i.Title = i.Title.Rewrite(v.Typed["title"], i.Revision+1)
		v.Typed["revision"] = strconv.Itoa(i.Revision) // saving again after a conflict is deliberate
		i.Revision = seen
	case v.Typed["title"] != "":
		i.Title = lang.New(v.Typed["lang"], v.Typed["title"])
	}
	return i, v.readTimes(&i)
}

func (v *programmeView) readTimes(i *Item) error {
	var list fault.List
	zone := zoneOf(v.Assembly.Timezone)
	i.Starts, i.Ends = 0, 0
	if s := v.Typed["starts"]; s != "" {
		if len(s) == len(time.DateOnly) {
			s += " 00:00" // only the day is known
		}
		t, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
		if err != nil || t.Year() < 1900 || t.Year() > 2200 {
			list.Add(fault.Invalid("starts", "assembly.datetime", "Write a day and a time, such as 14:30."))
		}
		i.Starts = db.At(t)
	}
	if s := v.Typed["ends"]; s != "" {
		t, err := time.Parse("15:04", s)
		from := i.Starts.Time().In(zone)
		if err != nil || i.Starts == 0 {
			list.Add(fault.Invalid("ends", "assembly.datetime", "Write a day and a time, such as 14:30."))
		} else {
			end := time.Date(from.Year(), from.Month(), from.Day(), t.Hour(), t.Minute(), 0, 0, zone)
			if end.Before(from) { // it goes on past midnight
				end = end.AddDate(0, 0, 1)
			}
			i.Ends = db.At(end)
		}
	}
	return list.Err()
}

func (f *Feature) putItem(c *web.Ctx) error {
	if _, _, err := f.mine(c, c.Path("id")); err != nil {
		return err
	}
	v, err := f.programmeView(c)
	if err != nil {
		return err
	}
	i, err := v.read(c)
	if err == nil {
		err = c.Write(c.View.T("assembly.saved", "Saved."), func(ctx context.Context, tx *db.Tx) (string, error) {
			_, err := PutItem(ctx, tx, c.Actor, i, v.Typed["after"])
			return "/assemblies/" + v.Entry.ID + "/programme/edit", err
		})
	}
	if err != nil {
		return c.Retry(err, func(view design.View) templ.Component { return programmeEditPage(view, v) })
	}
	return nil
}

func (f *Feature) dropItem(c *web.Ctx) error {
	return c.Write(c.View.T("assembly.item.dropped", "Taken off the programme."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/assemblies/" + c.Path("id") + "/programme/edit", DropItem(ctx, tx, c.Actor, c.Path("id"), c.Form("item"))
	})
}
