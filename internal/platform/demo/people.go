package demo

import (
	"fmt"
	"slices"
	"sync"

	"alliance/internal/platform/lang"
)

// Person is somebody of the role bar. All are invented.
type Person struct {
	ID, Name, Email, Lang string
	Organisation          string    // slug of the one they act for
	Post                  string    // key of Label: delegate_authority … operator
	Label                 lang.Text // what the bar calls them, without the name
	Mandate               []string  // scopes: speak, vote, sign, edit
	Roles                 []Role
}

// Role is a task; Scope is "" (everywhere), "assembly" (the second meeting) or
// the id of one of its workshops.
type Role struct{ Role, Scope string }

// People gives those whom a visitor may step into, in the order of the bar.
func People() []Person { return slices.Clone(people()) }

// Visitor is what the bar calls somebody without a role.
func Visitor() lang.Text { return visitor() }

// The bar stands on every page: its words are read once.
var (
	people = sync.OnceValue(func() []Person {
		var all []Person
		mustRead("second/people.json", &all)
		b := openBook("common")
		for i := range all {
			all[i].Email = all[i].ID + "@example.org"
			all[i].Label = b.must("post." + all[i].Post)
		}
		return all
	})
	visitor = sync.OnceValue(func() lang.Text { return openBook("common").must("post.visitor") })
)

// Invented gives the 27 organisations of the second meeting: 8 authorities, 9
// of civil society, 7 migrant-led, 2 networks and a university. Those that
// vote have a delegate, who may be one of People (then the address is theirs).
func Invented() []Organisation { return slices.Clone(invented()) }

var invented = sync.OnceValue(func() []Organisation {
	var all []Organisation
	mustRead("second/organisations.json", &all)
	b := openBook("second")
	address := map[string]string{}
	for _, p := range People() {
		address[p.Name] = p.Email
	}
	for i := range all {
		o := &all[i]
		o.Invented, o.Story = true, b.must("org."+o.Slug)
		if o.Delegate == "" {
			continue
		}
		if o.Email = address[o.Delegate]; o.Email == "" {
			o.Email = fmt.Sprintf("%s@example.org", o.Slug)
		}
	}
	return all
})
