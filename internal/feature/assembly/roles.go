package assembly

import (
	"context"
	"slices"
	"strings"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
)

// RolesOfAssembly and RolesOfWorkshop are what can be held there.
var (
	RolesOfAssembly = []people.Role{people.Committee, people.Chair}
	RolesOfWorkshop = []people.Role{people.Facilitator, people.Rapporteur}
)

// holder is somebody with a role in an assembly or one of its workshops.
type holder struct {
	Person people.Person
	people.Grant
}

// holdersIn lists who holds a role in any of the scopes.
func holdersIn(ctx context.Context, q db.Q, scopes []string) (list []holder, err error) {
	all, err := people.AllGrants(ctx, q)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, h := range all {
		if h.Scope != "" && slices.Contains(scopes, h.Scope) {
			list = append(list, holder{Person: people.Person{ID: h.Person}, Grant: h.Grant})
			ids = append(ids, h.Person)
		}
	}
	persons, err := people.PersonsByID(ctx, q, ids)
	for i := range list {
		for _, p := range persons {
			if p.ID == list[i].Person.ID {
				list[i].Person = p
			}
		}
	}
	slices.SortStableFunc(list, func(x, y holder) int { return strings.Compare(lang.Fold(x.Person.Name), lang.Fold(y.Person.Name)) })
	return list, err
}

// place of a role: the assembly it belongs to, for the right to give it.
func placeOf(ctx context.Context, q db.Q, g people.Grant) (assembly string, err error) {
	if slices.Contains(RolesOfAssembly, g.Role) {
		_, err = assemblyByID(ctx, q, g.Scope)
		return g.Scope, err
	}
	if !slices.Contains(RolesOfWorkshop, g.Role) {
		return "", fault.Invalid("role", "assembly.role.choose", "Choose a role.")
	}
	w, err := workshopByID(ctx, q, g.Scope)
	return w.Assembly, err
}

// Give gives a role in an assembly or a workshop.
func Give(ctx context.Context, tx *db.Tx, a people.Actor, person string, g people.Grant) error {
	assembly, err := placeOf(ctx, tx, g)
	if err != nil {
		return err
	}
	if !MayRun(a, assembly) {
		return access.Denied()
	}
	p, err := people.PersonByID(ctx, tx, person)
	if err != nil {
		return err
	}
	if p.Erased != 0 {
		return fault.Missing()
	}
	return give(ctx, tx, a, person, g)
}

func give(ctx context.Context, tx *db.Tx, a people.Actor, person string, g people.Grant) error {
	if err := people.GiveRole(ctx, tx, person, g, a.Person); err != nil {
		return err
	}
	return roleChanged(ctx, tx, a, person, "role.given", g)
}

// Take takes it back.
func Take(ctx context.Context, tx *db.Tx, a people.Actor, person string, g people.Grant) error {
	assembly, err := placeOf(ctx, tx, g)
	if err != nil {
		return err
	}
	if !MayRun(a, assembly) {
		return access.Denied()
	}
	if err := people.TakeRole(ctx, tx, person, g); err != nil {
		return err
	}
	return roleChanged(ctx, tx, a, person, "role.taken", g)
}

func roleChanged(ctx context.Context, tx *db.Tx, a people.Actor, person, verb string, g people.Grant) error {
	journal.Tell(tx, a, journal.Event{Verb: verb, Kind: "person", Subject: person, Scope: g.Scope, Data: map[string]string{"role": string(g.Role)}})
	if person == a.Person {
		return nil
	}
	link := "/workshops/" + g.Scope
	if slices.Contains(RolesOfAssembly, g.Role) {
		link = "/assemblies/" + g.Scope
	}
	return notice.Tell(ctx, tx, notice.New{Person: person, Key: "assembly.notice.roles", English: "Your roles in an assembly have changed.", Link: link, Mail: true})
}

// candidates finds persons by an address or a part of a name.
func candidates(ctx context.Context, q db.Q, typed string) ([]people.Person, error) {
	if p, err := people.PersonByEmail(ctx, q, typed); err == nil && p.Erased == 0 {
		return []people.Person{p}, nil
	} else if err != nil && !fault.Is(err, fault.KindNotFound) {
		return nil, err
	}
	words := lang.Fold(typed)
	if len([]rune(words)) < 2 {
		return nil, nil
	}
	all, err := people.Persons(ctx, q)
	var found []people.Person
	for _, p := range all {
		if strings.Contains(lang.Fold(p.Name), words) {
			found = append(found, p)
		}
	}
	return found[:min(len(found), 20)], err
}
