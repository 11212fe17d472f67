package contribution

import (
	"context"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

// unlessTheirs lets faults of what was typed pass: they are for others to mend.
func unlessTheirs(err error) error {
	if fault.Of(err) != nil {
		return nil
	}
	return err
}

// queueView is what waits for a validator, and what was decided.
type queueView struct {
	*Feature
	Waiting []Contribution
	Others  []Contribution // looked at by others: the coordination sees how it goes
	Past    []Decided
	Steers  bool
}

func (f *Feature) queue(c *web.Ctx) error {
	c.Private()
	v := queueView{Feature: f, Steers: c.Actor.Is(people.Coordinator)}
	var err error
	if v.Waiting, err = f.forActor(c.Context(), f.DB, c.Actor); err != nil {
		return err
	}
	if v.Steers {
		if v.Others, err = f.waiting(c.Context(), f.DB); err != nil {
			return err
		}
		if err = f.known(c.Context(), f.DB, v.Others); err != nil {
			return err
		}
		v.Others = slices.DeleteFunc(v.Others, func(o Contribution) bool {
			return slices.ContainsFunc(v.Waiting, func(w Contribution) bool { return w.ID == o.ID })
		})
	}
	if v.Past, err = f.decidedBy(c.Context(), f.DB, c.Actor, 30); err != nil {
		return err
	}
	return c.Page(queuePage(c.View, v))
}

// lookView is a contribution as a validator looks at it.
type lookView struct {
	Contribution
	kind
	Record   record.Record
	Names    map[string]entry.Entry
	Alliance alliance.Alliance
	Alike    []entry.Entry // what may be the same
	Said     []Said
	Orgs     map[string]people.Organisation
	Pairs    []Pair
	Seat     Seat // of the reader; "" = only reads
	Spoken   bool // the reader's seat has decided in this round
	Typed    Said // of the form
	Rows     []changeRow
	Newer    bool // somebody changed the record since, in the same places
}

func (f *Feature) lookView(c *web.Ctx) (v lookView, err error) {
	c.Private()
	ctx := c.Context()
	v.Alliance = c.Alliance
	if v.Contribution, err = f.byID(ctx, f.DB, c.Path("id")); err != nil {
		return v, err
	}
	filled := []Contribution{v.Contribution}
	if err := f.known(ctx, f.DB, filled); err != nil {
		return v, err
	}
	v.Contribution = filled[0]
	all, err := validators(ctx, f.DB)
	if err != nil {
		return v, err
	}
	var coordination bool
	v.Pairs, coordination = v.Looks(all)
	v.Seat = v.SeatFor(c.Actor, all)
	if v.State == Asked || v.Seat == "" && !c.Actor.Is(people.Coordinator) {
		return v, fault.Missing()
	}
	if coordination {
		v.Pairs = nil
	}
	if v.kind, err = f.looked(v.Contribution.Kind); err != nil {
		return v, err
	}
	if !v.State.Over() {
		if v.Record, v.Names, err = f.shown(ctx, f.DB, v.kind, c.Alliance, v.Contribution); err != nil {
			return v, err
		}
		if v.Changes != "" {
			rows, p, err := f.difference(c, v.kind, v.Contribution)
			if err != nil {
				return v, err
			}
			v.Rows, v.Newer = rows, len(p.Conflicts) > 0
		} else if v.Alike, err = entry.List(ctx, f.DB, entry.Filter{Kinds: []string{v.kind.Name}, Words: v.Contribution.Typed.One("title"), Actor: c.Actor, Limit: 4}); err != nil {
			return v, err
		}
	}
	said, err := saidOf(ctx, f.DB, v.Contribution.ID)
	if err != nil {
		return v, err
	}
	v.Said = said[v.Contribution.ID]
	v.Spoken = slices.ContainsFunc(v.Said, func(s Said) bool { return s.Round == v.Round && s.Seat == v.Seat })
	v.Orgs, err = f.organisations(ctx, f.DB, v.Said, v.Pairs...)
	v.Typed.Lang = c.Lang()
	return v, err
}

func (f *Feature) organisations(ctx context.Context, q db.Q, said []Said, pairs ...Pair) (map[string]people.Organisation, error) {
	var ids []string
	for _, s := range said {
		ids = append(ids, s.Organisation)
	}
	for _, p := range pairs {
		ids = append(append(ids, p.Authorities...), p.Associations...)
	}
	slices.Sort(ids)
	list, err := people.OrganisationsByID(ctx, q, slices.DeleteFunc(slices.Compact(ids), func(s string) bool { return s == "" }))
	found := map[string]people.Organisation{}
	for _, o := range list {
		found[o.ID] = o
	}
	return found, err
}

func (f *Feature) look(c *web.Ctx) error {
	v, err := f.lookView(c)
	if err != nil {
		return err
	}
	return c.Page(lookPage(c.View, v))
}

func (f *Feature) decide(c *web.Ctx) error {
	v, err := f.lookView(c)
	if err != nil {
		return err
	}
	v.Typed = Said{Contribution: v.Contribution.ID, Round: web.Whole(c.Form("round")), Act: Act(c.Form("act")), Reason: Reason(c.Form("reason")), Words: c.Form("words"), Lang: c.Form("words-lang")}
	err = c.Write(c.View.T("contribution.said", "Noted. Here is what still waits."), func(ctx context.Context, tx *db.Tx) (string, error) {
		_, err := f.Decide(ctx, tx, c.Actor, c.Alliance, v.Typed)
		return "/validate", err
	})
	if err != nil {
		typed := v.Typed
		if fault.Is(err, fault.KindConflict) { // the form comes back with what is there now
			if v, err2 := f.lookView(c); err2 == nil {
				v.Typed = typed
				return c.Retry(err, func(dv design.View) templ.Component { return lookPage(dv, v) })
			}
		}
		return c.Retry(err, func(dv design.View) templ.Component { return lookPage(dv, v) })
	}
	return nil
}

// validatorsView is who looks where, and the form that appoints.
type validatorsView struct {
	List     []Validator
	Alliance alliance.Alliance
	Typed    map[string]string
}

func (f *Feature) validatorsView(c *web.Ctx) (v validatorsView, err error) {
	c.Private()
	v.Alliance, v.Typed = c.Alliance, map[string]string{"km": strconv.Itoa(usualKm)}
	v.List, err = validators(c.Context(), f.DB)
	return v, err
}

func (f *Feature) validators(c *web.Ctx) error {
	v, err := f.validatorsView(c)
	if err != nil {
		return err
	}
	return c.Page(validatorsPage(c.View, v))
}

func (f *Feature) appoint(c *web.Ctx) error {
	v, err := f.validatorsView(c)
	if err != nil {
		return err
	}
	for _, name := range []string{"organisation", "country", "town", "km", "theme"} {
		v.Typed[name] = c.Form(name)
	}
	err = c.Write(c.View.T("contribution.appointed", "Appointed."), func(ctx context.Context, tx *db.Tx) (string, error) {
		x, err := readValidator(ctx, tx, c.Actor, v.Typed)
		if err != nil {
			return "", err
		}
		return "/validators", Appoint(ctx, tx, c.Actor, c.Alliance, x)
	})
	if err != nil {
		return c.Retry(err, func(dv design.View) templ.Component { return validatorsPage(dv, v) })
	}
	return nil
}

// readValidator reads what somebody typed of an appointment, and gives every
// fault at once.
func readValidator(ctx context.Context, q db.Q, a people.Actor, typed map[string]string) (Validator, error) {
	var list fault.List
	v := Validator{ID: id.New(), Theme: typed["theme"]}
	found, err := entry.Called(ctx, q, a, []string{"organisation"}, typed["organisation"])
	if err != nil {
		return v, err
	}
	switch len(found) {
	case 1:
		v.Organisation = found[0].ID
	case 0:
		list.Add(fault.Invalid("organisation", "contribution.validator.organisation", "Choose an organisation of the directory."))
	default:
		list.Add(fault.Invalid("organisation", "contribution.validator.several", "Several have this name. Write the address of the page of the one you mean."))
	}
	code, known := place.ParseCountry(typed["country"])
	if typed["country"] != "" && !known {
		list.Add(fault.Invalid("country", "record.country", "We do not know this country: {name}.", "name", typed["country"]))
	}
	v.Area.Country = code
	if town := typed["town"]; town != "" {
		at := place.Of(town, code)
		if code == "" || at.Precision < place.InTown {
			list.Add(fault.Invalid("town", "contribution.validator.town", "Write a town of this country: the region lies around it."))
		}
		v.Area.Town, v.Area.Lat, v.Area.Lon, v.Area.Km = at.Name, at.Lat, at.Lon, web.Whole(typed["km"])
		if err := v.Area.validate(); err != nil {
			list = append(list, fault.Of(err)...)
		}
	}
	return v, list.Err()
}

func (f *Feature) dismiss(c *web.Ctx) error {
	if !c.Actor.Is(people.Coordinator) {
		return access.Denied()
	}
	return c.Write(c.View.T("contribution.dismissed", "The appointment has ended."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/validators", Dismiss(ctx, tx, c.Actor, c.Path("id"))
	})
}

func itoa(n int) string { return strconv.Itoa(n) }
