package assembly

import (
	"context"
	"slices"
	"time"

	"github.com/a-h/templ"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// phasesView is how far an assembly came, and how it is moved on.
type phasesView struct {
	Entry    entry.Entry
	Assembly Assembly
	Phase    Phase
	ByDates  Phase
	Zone     *time.Location
	Moves    []moveRow
	Names    map[string]string // of those who moved it
	MayRun   bool
	Typed    map[string]string
	Key      string
}

func (f *Feature) phasesView(c *web.Ctx) (v phasesView, err error) {
	ctx := c.Context()
	if v.Entry, v.Assembly, err = see(ctx, c.DB, c.Actor, c.Path("id")); err != nil {
		return v, err
	}
	v.Phase, v.ByDates, v.Zone = v.Assembly.Now(c.Actor.At), v.Assembly.ByDates(c.Actor.At), zoneOf(v.Assembly.Timezone)
	v.MayRun, v.Key = MayRun(c.Actor, v.Entry.ID), web.NewKey()
	v.Typed = map[string]string{"phase": string(v.following()), "lang": c.Lang()}
	if v.Moves, err = movesOf(ctx, c.DB, v.Entry.ID); err != nil {
		return v, err
	}
	var ids []string
	for _, m := range v.Moves {
		ids = append(ids, m.Person)
	}
	v.Names = map[string]string{}
	persons, err := people.PersonsByID(ctx, c.DB, ids)
	for _, p := range persons {
		v.Names[p.ID] = p.Name
	}
	return v, err
}

// following is the phase that is chosen first in the form: the next one.
func (v phasesView) following() Phase {
	return Phases[min(slices.Index(Phases, v.Phase)+1, len(Phases)-1)]
}

func (f *Feature) phases(c *web.Ctx) error {
	v, err := f.phasesView(c)
	if err != nil {
		return err
	}
	return c.Page(phasesPage(c.View, v))
}

// move changes the phase by hand: first it asks, then it does.
func (f *Feature) move(c *web.Ctx) error {
	v, err := f.phasesView(c)
	if err != nil {
		return err
	}
	if _, _, err := f.mine(c, v.Entry.ID); err != nil {
		return err
	}
	v.Key = c.Form(design.KeyField)
	v.Typed = map[string]string{"phase": c.Form("phase"), "reason": c.Form("reason"), "lang": c.Form("reason-lang")}
	if _, ok := lang.Tag(v.Typed["lang"]); !ok {
		v.Typed["lang"] = c.Lang()
	}
	from, to := Phase(c.Form("from")), Phase(v.Typed["phase"])
	if to == "dates" {
		to = ""
	} else if to == "" {
		to = "none" // nothing chosen
	}
	var reason lang.Text
	if v.Typed["reason"] != "" {
		reason = lang.New(v.Typed["lang"], v.Typed["reason"])
	}
	if err = checkMove(from, to, reason); err == nil && from != v.Phase && !c.Checked("sure") {
		err = moved() // before it is confirmed: nobody confirms what they have not seen
	}
	if err == nil {
		if !c.Checked("sure") {
			return c.Page(moveConfirmPage(c.View, v, to))
		}
		err = c.Write(c.View.T("assembly.phase.set", "The phase is changed."), func(ctx context.Context, tx *db.Tx) (string, error) {
			return "/assemblies/" + v.Entry.ID + "/phases", Move(ctx, tx, c.Actor, v.Entry.ID, from, to, reason)
		})
	}
	if err != nil {
		return c.Retry(err, func(view design.View) templ.Component { return phasesPage(view, v) })
	}
	return nil
}
