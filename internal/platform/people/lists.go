package people

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
)

// MandatesOfPersons lists the mandates of several persons that hold now.
func MandatesOfPersons(ctx context.Context, q db.Q, persons []string, now db.Instant) (map[string][]Mandate, error) {
	held := map[string][]Mandate{}
	if len(persons) == 0 {
		return held, nil
	}
	var w db.Where
	w.In("m.person", persons)
	list, err := db.All(ctx, q, scanMandate, `SELECT `+mandateColumns+mandateFrom+w.SQL()+` ORDER BY o.name_key, m.id`, w.Args()...)
	for _, m := range list {
		if m.Holds(now) {
			held[m.Person] = append(held[m.Person], m)
		}
	}
	return held, err
}

// Held is a role as the list of roles shows it.
type Held struct {
	Person string
	Grant
	Given db.Instant
	By    string
}

// AllGrants lists who holds which role, everywhere and for every scope.
func AllGrants(ctx context.Context, q db.Q) ([]Held, error) {
	return db.All(ctx, q, func(r db.Row) (h Held, err error) {
		return h, r.Scan(&h.Person, &h.Role, &h.Scope, &h.Given, &h.By)
	}, `SELECT person, role, scope, granted, by_ FROM role ORDER BY granted, person`)
}

// Rename changes the name and the language of mails of a person.
func Rename(ctx context.Context, tx *db.Tx, person, name, tag string) error {
	if name == "" || len([]rune(name)) > 200 {
		return fault.Invalid("name", "people.name.empty", "Write a name.")
	}
	if _, ok := lang.Tag(tag); !ok {
		return fault.Invalid("lang", "people.lang.unknown", "Choose a language.")
	}
	_, err := tx.Exec(ctx, `UPDATE person SET name = $2, lang = $3 WHERE id = $1 AND erased = 0`, person, name, tag)
	return err
}

// LastHolder tells whether nobody else holds a role everywhere: taking it
// would leave the house without anyone who could give it back.
func LastHolder(ctx context.Context, tx *db.Tx, person string, role Role) (bool, error) {
	if err := tx.Lock(ctx, "role/"+string(role)); err != nil {
		return false, err
	}
	holders, err := Holders(ctx, tx, role, "")
	return len(holders) == 1 && holders[0].ID == person, err
}
