// Package intake brings in lists: spreadsheets, files of maps, what others
// give out. It knows no kind of entry; each kind says what it knows of its
// rows (platform/intake).
//
// The one idea: nothing of a list is in the house until somebody applied it,
// and all of it can be taken back. What comes a second time changes nothing:
// a row is known again by what it says.
package intake

import (
	"embed"
	"slices"
	"strings"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/intake"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

//go:embed schema
var schema embed.FS

// Intake is the feature.
type Intake struct{ *feature.House }

// New puts it together.
func New(h *feature.House) feature.Feature {
	x := &Intake{h}
	return feature.Feature{Name: "intake", Schema: schema, Phrases: phrases, Pages: x.pages, API: x.api, Work: x.work}
}

var steers = access.Role(people.Coordinator)

func (x *Intake) pages(r *web.Router) {
	r.Get("/import", steers, x.index)
	r.Get("/import/{kind}", steers, x.importForm)
	r.Post("/import/{kind}", steers, x.importFile)
	r.Get("/import/{kind}/lists/{id}", steers, x.batch)
	r.Post("/import/{kind}/lists/{id}", steers, x.decideRows)
	r.Get("/import/{kind}/lists/{id}/columns", steers, x.columnsForm)
	r.Post("/import/{kind}/lists/{id}/columns", steers, x.setColumns)
	r.Get("/import/{kind}/lists/{id}/log", steers, x.log)
	r.Post("/import/{kind}/lists/{id}/apply", steers, x.applyBatch)
	r.Post("/import/{kind}/lists/{id}/drop", steers, x.dropBatch)
	r.Post("/import/{kind}/lists/{id}/stop", steers, x.stopBatch)
	r.Get("/import/{kind}/lists/{id}/undo", steers, x.undoForm)
	r.Post("/import/{kind}/lists/{id}/undo", steers, x.undoBatch)
}

// kind is one whose lists can be brought in, with the pages it has.
type kind struct {
	*intake.Kind
	of feature.Kind
}

func (x *Intake) kind(name string) (kind, error) {
	k, ok := x.Kinds[name]
	switch {
	case !ok:
	case k.Intake != nil:
		return kind{k.Intake, k}, nil
	case k.Records != nil && k.Records.Belongs == nil && !k.Records.Formless: // what belongs to people unnamed comes from themselves
		return kind{intake.Of(k.Records, x.Catalog), k}, nil
	}
	return kind{}, fault.Missing()
}

// taken lists the kinds that can be brought in, by name.
func (x *Intake) taken() (list []kind) {
	for name := range x.Kinds {
		if k, err := x.kind(name); err == nil {
			list = append(list, k)
		}
	}
	slices.SortFunc(list, func(a, b kind) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func (k kind) path() string { return "/import/" + k.Name }

func (k kind) at(batch string) string { return k.path() + "/lists/" + batch }
