package assembly

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"net/url"
	"slices"
	"strings"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// attendancePageSize is how many organisations one page lists.
const attendancePageSize = 120

// attendanceView is who takes part, filtered.
type attendanceView struct {
	Entry      entry.Entry
	Phase      Phase
	All        []Attendance // of the assembly
	Found      []Attendance // after the filter
	Shown      []Attendance // on this page
	Page, Last int
	Words      string
	Colleges   []string
	Countries  []string
	Strangers  []people.Organisation // not registered, whose name has the words
	MayRun     bool
	MayMark    bool
	Mine       bool
	MayCome    bool
	Key        string
	Query      string
}

func (f *Feature) attendanceView(c *web.Ctx) (v attendanceView, err error) {
	ctx := c.Context()
	var s Assembly
	if v.Entry, s, err = see(ctx, c.DB, c.Actor, c.Path("id")); err != nil {
		return v, err
	}
	v.Phase, v.Key, v.MayRun = s.Now(c.Actor.At), web.NewKey(), MayRun(c.Actor, v.Entry.ID)
	v.Words, v.Colleges, v.Countries = c.Query("q"), c.Queries("college"), c.Queries("country")
	v.Query = filterOf(v)
	if v.MayMark, err = mayMark(ctx, c.DB, c.Actor, v.Entry.ID); err != nil {
		return v, err
	}
	if v.All, err = attendanceOf(ctx, c.DB, v.Entry.ID); err != nil {
		return v, err
	}
	v.Mine = slices.ContainsFunc(v.All, func(a Attendance) bool { return a.Organisation.ID == c.Actor.For() && c.Actor.For() != "" })
	v.MayCome = c.Actor.May(people.Speak) && v.Phase.Allows(Register)
	v.Found = filtered(v, c.Alliance)
	v.Last = max(1, (len(v.Found)+attendancePageSize-1)/attendancePageSize)
	v.Page = min(max(1, number(c.Query("page"))), v.Last)
	v.Shown = v.Found[min(len(v.Found), (v.Page-1)*attendancePageSize):min(len(v.Found), v.Page*attendancePageSize)]
	if v.MayMark && len([]rune(v.Words)) > 1 {
		v.Strangers, err = strangers(ctx, c.DB, v.Entry.ID, v.Words, 20)
	}
	return v, err
}

// filterOf writes the filter as a query, to come back to it.
func filterOf(v attendanceView) string {
	q := url.Values{}
	if v.Words != "" {
		q.Set("q", v.Words)
	}
	for _, x := range v.Colleges {
		q.Add("college", x)
	}
	for _, x := range v.Countries {
		q.Add("country", x)
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

func filtered(v attendanceView, settings alliance.Alliance) (found []Attendance) {
	words := lang.Fold(v.Words)
	for _, a := range v.All {
		if strings.Contains(lang.Fold(a.Organisation.Name), words) &&
			(len(v.Colleges) == 0 || slices.Contains(v.Colleges, collegeCode(settings, a))) &&
			(len(v.Countries) == 0 || slices.Contains(v.Countries, a.Organisation.Country)) {
			found = append(found, a)
		}
	}
	return found
}

// collegeCode is "voice" for those who have a voice and no vote.
func collegeCode(settings alliance.Alliance, a Attendance) string {
	return cmp.Or(settings.CollegeOf(a.Organisation.Kind), "voice")
}

// tally is how many of a college or a country are registered, and present.
type tally struct {
	Code                string
	Registered, Present int
}

func tallies(all []Attendance, by func(Attendance) string) (list []tally) {
	for _, a := range all {
		code := by(a)
		i := slices.IndexFunc(list, func(t tally) bool { return t.Code == code })
		if i < 0 {
			i, list = len(list), append(list, tally{Code: code})
		}
		list[i].Registered++
		if a.Present {
			list[i].Present++
		}
	}
	slices.SortStableFunc(list, func(x, y tally) int { return cmp.Or(y.Registered-x.Registered, strings.Compare(x.Code, y.Code)) })
	return list
}

func number(s string) int {
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' || n > 100000 {
			return 0
		}
		n = n*10 + int(r-'0')
	}
	return n
}

func (f *Feature) attendance(c *web.Ctx) error {
	v, err := f.attendanceView(c)
	if err != nil {
		return err
	}
	if c.Query("as") == "csv" {
		return c.Download("attendance.csv", "text/csv; charset=utf-8", attendanceCSV(c.View, v.Found, c.Alliance))
	}
	return c.Page(attendancePage(c.View, v, c.Alliance))
}

func attendanceCSV(v design.View, all []Attendance, settings alliance.Alliance) []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff") // spreadsheets take it for another encoding otherwise
	w := csv.NewWriter(&b)
	_ = w.Write([]string{v.T("assembly.csv.organisation", "Organisation"), v.T("assembly.csv.kind", "Kind"), v.T("assembly.csv.college", "College"),
		v.T("assembly.csv.country", "Country"), v.T("assembly.csv.present", "Present")})
	for _, a := range all {
		present := ""
		if a.Present {
			present = "x"
		}
		_ = w.Write([]string{harmless(a.Organisation.Name), harmless(design.KindName(v, string(a.Organisation.Kind))), harmless(collegeName(v, settings, collegeCode(settings, a))),
			harmless(country(v, a.Organisation.Country)), present})
	}
	w.Flush() // into memory: nothing to fail
	return b.Bytes()
}

// harmless keeps a spreadsheet from taking a name for a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}

// note keeps who is there. The list says who was ticked when it was shown, so
// that only what this person changed is changed.
func (f *Feature) note(c *web.Ctx) error {
	was, here := c.Forms("was"), c.Forms("present")
	arrived := slices.DeleteFunc(slices.Clone(here), func(o string) bool { return slices.Contains(was, o) })
	absent := slices.DeleteFunc(slices.Clone(was), func(o string) bool { return slices.Contains(here, o) })
	back := "/assemblies/" + c.Path("id") + "/attendance"
	if to := web.Local(back + c.Form("filter")); to != "" {
		back = to
	}
	return c.Write(c.View.T("assembly.presence", "Who is present is kept."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return back, Note(ctx, tx, c.Actor, c.Path("id"), arrived, absent)
	})
}

func (f *Feature) come(c *web.Ctx) error {
	organisations, back := c.Forms("organisation"), "/attendance"
	if len(organisations) == 0 {
		organisations, back = []string{c.Actor.For()}, ""
	}
	return c.Write(c.View.T("assembly.registered", "Registered."), func(ctx context.Context, tx *db.Tx) (string, error) {
		for _, o := range organisations {
			if err := Come(ctx, tx, c.Actor, c.Path("id"), o); err != nil {
				return "", err
			}
		}
		return "/assemblies/" + c.Path("id") + back, nil
	})
}

func (f *Feature) stay(c *web.Ctx) error {
	organisation, back := c.Form("organisation"), "/attendance"
	if organisation == "" {
		organisation, back = c.Actor.For(), ""
	}
	return c.Write(c.View.T("assembly.unregistered", "No longer registered."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/assemblies/" + c.Path("id") + back, Stay(ctx, tx, c.Actor, c.Path("id"), organisation)
	})
}
