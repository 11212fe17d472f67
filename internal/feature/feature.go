// Package feature says what a feature is: one thing people can do here, in one
// folder, registered in one list (internal/app/features.go).
//
// Features never import each other. Three verbs serve: ask (the asker declares
// a small interface, app fills it, the transaction travels along), tell (the
// journal) and point (the identifier of an entry).
package feature

import (
	"context"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"slices"

	"github.com/a-h/templ"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/file"
	"alliance/internal/platform/intake"
	"alliance/internal/platform/job"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/output"
	"alliance/internal/platform/outside"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/register"
	"alliance/internal/platform/seal"
	"alliance/internal/platform/web"
)

// House is what every feature stands on.
type House struct {
	DB      *db.DB
	Catalog *locale.Catalog
	Files   *file.Store
	Jobs    *job.Runner
	Log     *slog.Logger
	Outside *outside.Client
	Key     *seal.Key // seals what must not be read in the database
	Origin  string    // "https://alliance.example.org", for links in mails
	Contact string    // address mails come from, and replies go to; "" when none was given
	Demo    bool      // this is the demonstration
	Console io.Writer

	Kinds map[string]Kind // every kind of entry, filled by app from the features
	// Outputs links a list to its other forms: files, feeds, a guide. Filled by app.
	Outputs func(v design.View, kind string, q record.Query) templ.Component
	// Given links one entry of a kind to its other forms. Filled by app.
	Given func(v design.View, kind, id string) templ.Component
	// Documents writes what stands beside a record, for its page. Filled by app.
	Documents func(c *web.Ctx, r record.Record) (templ.Component, error)
	// Beside names the documents and pictures that stand beside records, by record.
	// The caller asks whether the records may be seen. Filled by app.
	Beside func(ctx context.Context, q db.Q, records []string) (map[string][]output.Beside, error)
	// Register answers lists, the counts beside their filters and the map.
	Register *register.Register
	// Points are the columns of all features in which entries stand: what a merge
	// of two records leads to the one that is kept. Filled by app.
	Points []entry.Point
	// Offered sends what somebody without a mandate proposes to the right
	// validators, and tells them when it changed. Filled by app.
	Offered func(ctx context.Context, tx *db.Tx, a people.Actor, r record.Record) error
	// Handed passes on what somebody was responsible for, when another took over
	// their mandate. Filled by app.
	Handed func(ctx context.Context, tx *db.Tx, old, successor people.Mandate) error
	// Tasks lists what waits for an actor in all features, the most urgent first.
	Tasks func(ctx context.Context, q db.Q, a people.Actor) ([]Task, error)
	// Tabs lists what all features show beside an assembly or a workshop, in order.
	Tabs func(ctx context.Context, q db.Q, a people.Actor, of entry.Entry) ([]Tab, error)
	// Erase calls every feature's Erase.
	Erase func(ctx context.Context, tx *db.Tx, person string) error
}

// Fresh tells whether somebody has shown lately who they are. In the
// demonstration, where anybody steps into any role, everybody has.
func (h *House) Fresh(a people.Actor) bool { return h.Demo || a.Fresh() }

// Proven is Fresh; whoever is not is sent to show it, and comes back to then.
func (h *House) Proven(c *web.Ctx, then string) bool {
	if h.Fresh(c.Actor) {
		return true
	}
	c.See(web.AskAgain(then))
	return false
}

// Asked is a question of this name as the first kind that asks it has it; one
// without options where none does.
func (h *House) Asked(name string) record.Question {
	for _, kind := range slices.Sorted(maps.Keys(h.Kinds)) {
		if k := h.Kinds[kind]; k.Spec != nil {
			if q, asks := k.Spec.Question(name); asks {
				return q
			}
		}
	}
	return record.Question{Name: name}
}

// Kind is a kind of entry.
type Kind struct {
	Name   string
	One    locale.Phrase // "Organisation"
	Many   locale.Phrase // "Organisations"
	Icon   string
	Fields []Field // texts of the entry in the order pages show them
	// Path is the page of one, without the language.
	Path func(id string) string
	// Owed: whoever wrote one is owed an answer, what came of it or why nothing.
	Owed bool
	// Spec is what one asks of it; nil for what is only a part of something
	// else. Lists, exports, imports and working lists are written over it.
	Spec *record.Spec
	// Records serves its pages; nil where the feature has pages of its own.
	Records *record.Kind
	// Intake is what the importer must know of it; nil where its questions tell
	// all there is to know (Records), or nothing is brought in.
	Intake *intake.Kind
	// Keep adds a record, or changes the one whose identifier it has, where the
	// kind keeps more than package record does; nil = it does not.
	Keep func(ctx context.Context, tx *db.Tx, a people.Actor, r record.Record) (record.Record, error)
	// Parts are what the kind keeps in tables of its own and a merge of two records
	// chooses from; nil = its answers are all there is.
	Parts *Parts
	// List is the page that lists them, without the language; "" = none.
	List string
	// Moved keeps what hangs on the state of one beyond its entry, after a working
	// list changed it; nil = its own pages alone change it, unless Records is there.
	Moved func(ctx context.Context, tx *db.Tx, e entry.Entry) error
	// Kept says what the register keeps of it; nil keeps what Spec says, and
	// nothing of a kind without one.
	Kept *register.Kind
	// Mine gives one as the actor may see it, and whether they may change what
	// stands beside it, where the kind has pages of its own; nil = Records says so.
	Mine func(ctx context.Context, q db.Q, a people.Actor, id string) (entry.Entry, bool, error)
	// Read gives the answers of entries of this kind, in the same order;
	// record.Fill where the kind keeps no table of its own.
	Read func(ctx context.Context, q db.Q, entries []entry.Entry) ([]record.Record, error)
}

// Parts are the own tables of a kind, cut into pieces that are taken whole when
// two records become one. Of each the values stand in one canonical form, from
// which Keep restores exactly what Read found.
type Parts struct {
	List []Part
	// Read gives the values by name of the part, for entries in the same order.
	Read func(ctx context.Context, q db.Q, entries []entry.Entry) ([]map[string][]string, error)
	// Says tells that values say something of a part.
	Says func(part string, values []string) bool
	// Say puts values into words, with the entries they name.
	Say func(v design.View, part string, values []string, names map[string]entry.Entry) string
	// Keep writes a new version of a record with all its parts.
	Keep func(ctx context.Context, tx *db.Tx, a people.Actor, r record.Record, parts map[string][]string) (record.Record, error)
}

// Part is one piece of Parts.
type Part struct {
	Name    string
	Label   locale.Phrase
	Covers  []string // answers and fields beside them that it speaks for, with the one of its own name
	Many    bool     // may hold the values of both
	Entries bool     // its values begin with the identifier of an entry
}

// Record is the kind of entry that record.Kind serves.
func Record(k *record.Kind) Kind {
	kind := Kind{Name: k.Kind, One: k.One, Many: k.Many, Icon: k.Icon, Path: k.Page, Spec: k.Spec, Records: k, List: k.Path, Read: record.Fill}
	for _, q := range k.Questions() {
		if q.Text() {
			kind.Fields = append(kind.Fields, Field{Name: q.Name, Label: q.Label, Long: q.Type == record.Prose})
		}
	}
	return kind
}

// Field is one text of a kind.
type Field struct {
	Name  string
	Label locale.Phrase
	Long  bool
}

// Feature is one thing people can do here. Zero fields are allowed where a
// feature has nothing of the sort.
type Feature struct {
	Name    string
	Schema  fs.FS // schema/*.sql
	Phrases fs.FS // phrases/*.json
	Kinds   []Kind
	Menu    []web.Menu
	Pages   func(*web.Router)
	API     func(*web.API)
	Work    func(*job.Runner) // registers jobs
	// Begin says on the console what there is to say when the server starts to
	// answer at an address.
	Begin func(ctx context.Context, address string) error
	// Demo fills the demonstration, in the order of features.
	Demo func(ctx context.Context, tx *db.Tx) error
	// Erase takes out what is personal about a person and need not stay.
	Erase func(ctx context.Context, tx *db.Tx, person string) error
	// Points are the columns of its tables in which entries of others stand.
	Points []entry.Point
	// ToDo lists what waits for the actor, for their own page.
	ToDo func(ctx context.Context, q db.Q, a people.Actor) ([]Task, error)
	// Onward adds ways on from every entry: links and buttons below its page.
	Onward func(ctx context.Context, q db.Q, v design.View, a people.Actor, entry string) ([]design.Onward, error)
	// Board adds a section to an assembly's or workshop's page.
	Board func(ctx context.Context, q db.Q, a people.Actor, of entry.Entry) ([]Tab, error)
}

// Task is one thing that waits for somebody.
type Task struct {
	Kind  locale.Phrase // "To vote", "To answer", "To read"
	Title string
	Lang  string // of the title
	Path  string
	Until db.Instant // 0 = open
	Zone  string     // IANA name in which Until is told to the minute; "" = a day is enough
}

// Tab is a link from an assembly's page to what another feature shows of it.
type Tab struct {
	Label locale.Phrase
	Path  string
	Count int // 0 shows none
	Order int
}
