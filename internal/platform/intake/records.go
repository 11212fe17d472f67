package intake

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/record"
)

// Names of fields beside the questions of a kind.
const (
	fieldID  = "id"
	fieldLat = "lat"
	fieldLon = "lon"
)

// of is a kind that is mostly a form, as the importer sees it.
type of struct {
	*record.Kind
	words *words
}

// Of makes what the importer must know out of the questions a kind asks:
// columns are guessed from their labels in all languages, cells are read as
// its form reads what is typed.
func Of(k *record.Kind, catalog *locale.Catalog) *Kind {
	x := of{k, wordsOf(catalog)}
	return &Kind{
		Name: k.Kind, Title: entry.Title, Fields: x.fields(), Open: []string{entry.Title, record.Country, record.Town},
		Printed: x.printed, Check: x.check, Look: x.look, Key: x.key, There: x.there, Add: x.add, Show: x.show, Hide: x.hide, Say: x.say,
		Tidy: func(v Values) Values {
			for name, s := range v {
				v[name] = strings.TrimSpace(s)
			}
			return v
		},
	}
}

func (x of) fields() (list []Field) {
	add := func(name string, label locale.Phrase, joins bool, options []record.Option, more ...string) {
		list = append(list, Field{Name: name, Label: label, Words: append(x.words.all(label), more...), Options: options, Joins: joins})
	}
	web, tongues, hours := true, true, true
	for i, ask := range x.Questions() {
		if ask.Kept {
			continue
		}
		var more []string
		switch {
		case i == 0:
			more = Headings["name"]
		case i == 1:
			more = Headings["summary"]
		case ask.Name == x.Spec.Class && (ask.Type == record.Choice || ask.Type == record.Choices):
			more = Headings["kind"]
		case ask.Type == record.Web && web:
			more, web = Headings["website"], false
		case ask.Type == record.Languages && tongues:
			more, tongues = Headings["languages"], false
		case ask.Type == record.Opening && hours:
			more, hours = Headings["hours"], false
		case ask.Name == record.Address:
			more = Headings["address"]
		case ask.Name == "contact":
			more = Headings["contact"]
		}
		add(ask.Name, ask.Label, i > 0 && (ask.Text() || ask.Type == record.Choices), nil, more...)
	}
	if x.Place {
		add(record.Country, phrase("intake.field.country", "Country"), false, nil, Headings["country"]...)
		add(record.Town, phrase("intake.field.town", "Town"), false, nil, Headings["city"]...)
		add(fieldLat, phrase("intake.field.lat", "Latitude"), false, nil, Headings["lat"]...)
		add(fieldLon, phrase("intake.field.lon", "Longitude"), false, nil, Headings["lon"]...)
	}
	if x.Spec.Axis {
		add(record.Axis, phrase("intake.field.axis", "Line of work"), false, nil)
	}
	if x.Spec.Themes {
		add(record.Themes, phrase("intake.field.themes", "Themes"), false, nil, Headings["theme"]...)
	}
	if x.Licences != nil {
		add(record.Licence, phrase("intake.field.licence", "Reuse"), false, nil, Headings["licence"]...)
	}
	add(record.ByWhom, phrase("intake.field.by", "Organisation it is by"), false, nil, Headings["organisation"]...)
	add(record.InLang, phrase("intake.field.lang", "Language of the words"), false, nil, Headings["lang"]...)
	add(fieldID, phrase("intake.field.id", "Identifier here"), false, nil, Headings["id"]...)
	return list
}

// printed are the values one can correct beside a doubt.
func (x of) printed(r Row) Values {
	return Values{entry.Title: lang.Fit(firstOf(r.Values[entry.Title]), entry.Limit(entry.Title)), record.Country: firstOf(r.Values[record.Country]), record.Town: firstOf(r.Values[record.Town])}
}

func firstOf(s string) string { s, _, _ = strings.Cut(s, "\n"); return s }

func (x of) check(v Values) *fault.Fault {
	if v[entry.Title] == "" {
		return fault.Invalid(entry.Title, "intake.name.missing", "It needs a name.")
	}
	if len([]rune(v[entry.Title])) > entry.Limit(entry.Title) {
		return fault.Invalid(entry.Title, "entry.text.long", "This text is too long: at most {n} characters.", "n", entry.Limit(entry.Title))
	}
	if c := v[record.Country]; c != "" {
		if _, ok := place.ParseCountry(c); !ok {
			return fault.Invalid(record.Country, "intake.country.unknown", "Write the name of a country, or leave it empty.")
		}
	}
	return nil
}

// key is the name and where it is, as the list tells it.
func (x of) key(r Row) string {
	at := r.Values[record.Town]
	if code, ok := place.ParseCountry(r.Values[record.Country]); ok {
		at += " " + code
	}
	if at == "" {
		at = r.Values[fieldLat] + " " + r.Values[fieldLon]
	}
	if known := r.Values[fieldID]; id.Valid(known) {
		return "id|" + known
	}
	key := strings.Join(strings.FieldsFunc(lang.Fold(r.Values[entry.Title]), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ") + "|" + lang.Fold(strings.TrimSpace(at))
	if len(key) > 300 {
		key = strings.ToValidUTF8(key[:300], "")
	}
	return key
}

// there finds rows of our own exports, which bring the identifier along.
func (x of) there(ctx context.Context, q db.Q, keys []string) (map[string]There, error) {
	var ids []string
	for _, k := range keys {
		if one, ok := strings.CutPrefix(k, "id|"); ok {
			ids = append(ids, one)
		}
	}
	found, err := entry.Many(ctx, q, ids)
	list := map[string]There{}
	for one, e := range found {
		if e.Kind == x.Spec.Kind {
			list["id|"+one] = There{one, e.State}
		}
	}
	return list, err
}

// looking reads every row as the form would, and compares it with the others
// and with what is here.
type looking struct {
	*reading
	rows, here index
}

func (x of) look(ctx context.Context, q db.Q, a people.Actor, l List) (Looking, error) {
	house, err := alliance.Load(ctx, q)
	if err != nil {
		return nil, err
	}
	all := &looking{reading: x.reader(q, a, house, l)}
	return all, records(ctx, q, x.Spec.Kind, func(r record.Record) {
		if r.State != entry.Withdrawn {
			all.here.add(thingOf(r))
		}
	})
}

// Alone reads the next rows.
func (x *looking) Alone(ctx context.Context, rows []Row) ([][]Finding, error) {
	found := make([][]Finding, len(rows))
	for i, r := range rows {
		d, err := x.read(ctx, r.Values)
		if err != nil {
			return nil, err
		}
		t := thing{}
		if d.Title().Empty() {
			found[i] = []Finding{{Code: NameMissing, Set: Suggestion{Skip: true}}}
		} else {
			found[i] = append(Marked(r), d.doubts...)
			t = thingOf(d.Record)
		}
		t.line = int32(r.N)
		x.rows.add(t)
	}
	return found, nil
}

// Among compares a row with those before it and with what is here.
func (x *looking) Among(i int) ([]Finding, string) { return among(i, &x.rows, &x.here), "" }

// records walks over all of a kind that is in the house, whatever its state.
func records(ctx context.Context, q db.Q, kind string, do func(record.Record)) error {
	f := entry.Filter{Kinds: []string{kind}, Any: true, Limit: 1000}
	for {
		some, err := entry.List(ctx, q, f)
		if err != nil {
			return err
		}
		list, err := record.Fill(ctx, q, some)
		if err != nil {
			return err
		}
		for _, r := range list {
			do(r)
		}
		if len(some) < f.Limit {
			return nil
		}
		f.After = some[len(some)-1].Cursor()
	}
}

var mailed = regexp.MustCompile(`[\w.+-]{1,60}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,4}`)

// thingOf is a record as far as likeness goes.
func thingOf(r record.Record) thing {
	title := r.Title()
	names := []string{title.Original()}
	for _, tag := range title.Languages() {
		if name := title.V[tag].S; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for i, name := range names {
		names[i] = strings.ReplaceAll(name, "\n", " ")
	}
	t := thing{id: r.ID, names: strings.Join(names, "\n"), at: spotOf(r.Place)}
	for _, values := range r.Answers {
		for _, v := range values {
			if u, err := url.Parse(v); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
				t.keys = append(t.keys, strings.TrimPrefix(lang.Fold(u.Hostname()), "www.")+strings.TrimRight(u.EscapedPath(), "/"))
			}
		}
	}
	for _, text := range r.Fields {
		for _, mail := range mailed.FindAllString(text.Original(), 5) {
			t.keys = append(t.keys, strings.ToLower(mail))
		}
	}
	slices.Sort(t.keys)
	t.keys = slices.Compact(t.keys)
	return t
}

func (x of) add(ctx context.Context, tx *db.Tx, a people.Actor, l List, r Row, v Values, _ string, _ []string) (entry.Entry, error) {
	house, err := alliance.Load(ctx, tx)
	if err != nil {
		return entry.Entry{}, err
	}
	all := maps.Clone(r.Values)
	maps.Copy(all, v)
	d, err := x.reader(tx, a, house, l).read(ctx, all)
	if err != nil {
		return entry.Entry{}, err
	}
	d.Entry.Person = a.Person
	made, err := x.Add(ctx, tx, a, d.Record)
	if err == nil && x.Saved != nil {
		err = x.Saved(ctx, tx, a, made)
	}
	return made.Entry, err
}

func (x of) show(ctx context.Context, tx *db.Tx, a people.Actor, id string) (int, error) {
	r, err := x.Get(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	r.State = entry.Published
	if x.Validate(r) != nil {
		r.State = entry.Draft
	}
	return x.move(ctx, tx, a, id, r.State)
}

func (x of) hide(ctx context.Context, tx *db.Tx, a people.Actor, id string) (int, error) {
	return x.move(ctx, tx, a, id, entry.Withdrawn)
}

func (x of) move(ctx context.Context, tx *db.Tx, a people.Actor, id string, to entry.State) (int, error) {
	e, err := entry.SetState(ctx, tx, a, id, to)
	if err != nil {
		return 0, err
	}
	r, err := x.Get(ctx, tx, id)
	if err == nil && x.Saved != nil {
		err = x.Saved(ctx, tx, a, r)
	}
	return e.Revision, err
}

func (x of) say(v design.View, values Values, printed string) (words, tag string) {
	var parts []string
	if name := values[entry.Title]; name != printed && name != "" {
		parts = append(parts, name)
	}
	for _, name := range []string{record.Town, record.Country} {
		if s := values[name]; s != "" {
			if code, ok := place.ParseCountry(s); ok && name == record.Country {
				s = v.Country(code)
			}
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " · "), ""
}

// remembered is of how many names a list being read remembers what they are.
const remembered = 5000

// reading is one list being read.
type reading struct {
	of
	q       db.Q
	actor   people.Actor
	house   alliance.Alliance
	list    List
	entries map[string][]string // by kinds and name, so that each is asked for once
}

func (x of) reader(q db.Q, a people.Actor, house alliance.Alliance, l List) *reading {
	return &reading{of: x, q: q, actor: a, house: house, list: l, entries: map[string][]string{}}
}

// drafted is a record as a row says it, with what is not sure about it.
type drafted struct {
	record.Record
	doubts []Finding
}

func (d *drafted) unreadable(field, value string) {
	if r := []rune(value); len(r) > 80 {
		value = string(r[:80]) + "…"
	}
	d.doubts = append(d.doubts, Finding{Code: Unreadable, Args: map[string]string{"field": field, "value": value}}) // what else the cell says stays
}

// read makes a record of values. What cannot be read is left out, with a doubt.
func (x *reading) read(ctx context.Context, v Values) (d drafted, err error) {
	typed := record.Typed{record.InLang: {x.list.Lang}, record.Audience: {string(entry.Public)}}
	if said := v[record.InLang]; said != "" {
		if tag := x.words.language(said); tag != "" {
			typed[record.InLang] = []string{tag}
		} else {
			d.unreadable(record.InLang, said)
		}
	}
	for _, ask := range x.Questions() {
		if said := strings.TrimSpace(v[ask.Name]); said != "" && !ask.Kept {
			if err := x.answer(ctx, &d, typed, ask, said); err != nil {
				return d, err
			}
		}
	}
	x.topics(&d, typed, v)
	if err := x.by(ctx, &d, v[record.ByWhom]); err != nil {
		return d, err
	}
	if err := x.Spec.Read(ctx, x.q, x.actor, x.house, typed, &d.Record); err != nil {
		for _, f := range fault.Of(err) {
			d.unreadable(f.Field, v[f.Field])
			delete(d.Answers, f.Field)
		}
		if fault.Of(err) == nil {
			return d, err
		}
	}
	if x.Complete != nil {
		x.Complete(x.DB.Now(), &d.Record)
	}
	if x.Place {
		x.located(&d, v)
	}
	d.Entry.Kind, d.State = x.Spec.Kind, entry.Published
	var lacks []string
	for _, f := range fault.Of(x.Validate(d.Record)) {
		lacks = append(lacks, f.Field)
	}
	if len(lacks) > 0 {
		d.State = entry.Draft
		if !d.Title().Empty() {
			d.doubts = append(d.doubts, Finding{Code: Lacks, Args: map[string]string{"fields": strings.Join(lacks, ",")}})
		}
	}
	return d, nil
}

// answer brings a cell into the form in which a form is typed.
func (x *reading) answer(ctx context.Context, d *drafted, typed record.Typed, ask record.Question, said string) error {
	put := func(values ...string) { typed[ask.Name] = append(typed[ask.Name], values...) }
	switch ask.Type {
	case record.Line, record.Prose:
		limit := x.limit(ask)
		if ask.Type == record.Line {
			said = strings.ReplaceAll(said, "\n", ", ")
		}
		if whole := said; lang.Fit(said, limit) != whole {
			said = lang.Fit(said, limit)
			d.doubts = append(d.doubts, Finding{Code: LineCut})
		}
		put(said)
	case record.Choice, record.Choices:
		for _, one := range parts(said) {
			if value := x.words.option(ask, one); value == "" {
				d.unreadable(ask.Name, one)
			} else if ask.Type == record.Choices || len(typed[ask.Name]) == 0 {
				put(value)
			}
		}
	case record.YesNo:
		if value := x.words.yesNo(said); value != "" {
			put(value)
		} else {
			d.unreadable(ask.Name, said)
		}
	case record.Languages:
		for _, one := range parts(said) {
			if tag := x.words.language(one); tag != "" {
				put(tag)
			} else {
				d.unreadable(ask.Name, one)
			}
		}
	case record.Countries:
		for _, one := range parts(said) {
			if code, ok := place.ParseCountry(one); ok {
				put(code)
			} else {
				d.unreadable(ask.Name, one)
			}
		}
	case record.Day:
		if len(said) > 10 && said[4] == '-' { // with an hour behind
			said = said[:10]
		}
		put(said)
	case record.Opening:
		lines := openings(said)
		if len(lines) == 0 {
			d.unreadable(ask.Name, said)
		}
		put(lines...)
	case record.Entries:
		for _, one := range strings.FieldsFunc(said, func(r rune) bool { return r == ';' || r == '\n' || r == '|' }) {
			ids, err := x.called(ctx, ask.Kinds, strings.TrimSpace(one))
			if err != nil {
				return err
			}
			if len(ids) == 1 {
				put(ids...)
			} else {
				d.unreadable(ask.Name, one)
			}
		}
	default:
		put(firstOf(said))
	}
	return nil
}

// limit is how long a text may be: that of the question, and of any entry.
func (x *reading) limit(ask record.Question) int {
	limit := map[bool]int{true: 300, false: 8000}[ask.Type == record.Line]
	if ask.Max > 0 {
		limit = ask.Max
	}
	return min(limit, entry.Limit(ask.Name))
}

func parts(said string) (list []string) {
	for _, one := range strings.FieldsFunc(said, func(r rune) bool { return strings.ContainsRune(",;|\n،؛", r) }) {
		if one = strings.TrimSpace(one); one != "" {
			list = append(list, one)
		}
	}
	return list
}

func (x *reading) called(ctx context.Context, kinds []string, words string) ([]string, error) {
	key := strings.Join(kinds, ",") + "|" + words
	if ids, asked := x.entries[key]; asked {
		return ids, nil
	}
	if len(x.entries) == remembered {
		clear(x.entries)
	}
	found, err := entry.Called(ctx, x.q, x.actor, kinds, words)
	var ids []string
	for _, e := range found {
		ids = append(ids, e.ID)
	}
	x.entries[key] = ids
	return ids, err
}

// by finds the organisation a row is by.
func (x *reading) by(ctx context.Context, d *drafted, said string) error {
	if said == "" {
		return nil
	}
	ids, err := x.called(ctx, []string{"organisation"}, said)
	if len(ids) == 1 {
		d.Entry.Organisation = ids[0]
	} else {
		d.unreadable(record.ByWhom, said)
	}
	return err
}

func (x *reading) topics(d *drafted, typed record.Typed, v Values) {
	find := func(field string, topics []alliance.Topic) {
		for _, one := range parts(v[field]) {
			i := slices.IndexFunc(topics, func(t alliance.Topic) bool {
				if t.ID == one {
					return true
				}
				for _, tag := range t.Name.Languages() {
					if lang.Fold(t.Name.V[tag].S) == lang.Fold(one) {
						return true
					}
				}
				return false
			})
			if i < 0 {
				d.unreadable(field, one)
			} else {
				typed[field] = append(typed[field], topics[i].ID)
			}
		}
	}
	if x.Spec.Axis {
		find(record.Axis, x.house.Axes)
	}
	if x.Spec.Themes {
		find(record.Themes, x.house.Themes)
	}
	if said := v[record.Licence]; said != "" && x.Licences != nil {
		code := strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(said), " ", "-"))
		if i := slices.IndexFunc(x.Licences, func(l string) bool { return strings.ToUpper(l) == code }); i >= 0 {
			typed[record.Licence] = []string{x.Licences[i]}
		} else {
			d.unreadable(record.Licence, said)
		}
	}
}

// nearEnough is how far a town may be from a point that is told by it.
const nearEnough = 60.0 // kilometres

// located says where a row is: by its town, else by its coordinates.
func (x *reading) located(d *drafted, v Values) {
	town, said := firstOf(v[record.Town]), firstOf(v[record.Country])
	code, ok := place.ParseCountry(said)
	if said != "" && !ok {
		d.unreadable(record.Country, said)
	}
	lat, lon, point := degrees(v[fieldLat]), degrees(v[fieldLon]), v[fieldLat] != "" || v[fieldLon] != ""
	if !point {
		d.Place = place.Of(town, code)
		if x.list.Exact && d.Place.Precision == place.InTown && v[record.Address] != "" {
			d.Place.Precision = place.Exact // of its town we know the middle, of itself the address
		}
		if town != "" && d.Place.Precision < place.InTown {
			if code == "" && len(place.Lookup(town, "")) > 0 {
				d.Place = place.Of(town, place.Lookup(town, "")[0].Country) // the largest of that name
			} else {
				d.doubts = append(d.doubts, Finding{Code: Unreadable, Args: map[string]string{"field": record.Town, "value": town}, Set: Suggestion{Values: Values{record.Town: ""}}})
				d.Place = place.Of("", code)
			}
		}
		return
	}
	at := place.Place{Lat: lat, Lon: lon, Precision: place.Exact}
	near := place.Town{}
	if at.Located() {
		near = place.Nearest(lat, lon)
	}
	if near.ID == 0 || kilometres(spotOf(at), spotOf(near.Place())) > nearEnough {
		d.doubts = append(d.doubts, Finding{Code: Nowhere, Args: map[string]string{"value": v[fieldLat] + ", " + v[fieldLon]}, Set: Suggestion{Values: Values{fieldLat: "", fieldLon: ""}}})
		d.Place = place.Of(town, code)
		return
	}
	if code == "" {
		code = near.Country
	}
	if x.list.Exact {
		at.Name, at.Country = town, code
		if town == "" {
			at.Name = near.Name
		}
		d.Place = at
		return
	}
	if d.Place = place.Of(town, code); town == "" || d.Place.Precision < place.InTown || kilometres(spotOf(at), spotOf(d.Place)) > nearEnough {
		d.Place = near.Place()
	}
}

// degrees reads a coordinate, with a comma too; NaN, which is nowhere, for what is none.
func degrees(s string) float64 {
	f, err := strconv.ParseFloat(strings.TrimSpace(strings.ReplaceAll(s, ",", ".")), 64)
	if err != nil {
		return 1000 // beyond the Earth
	}
	return f
}

// openings reads hours as OpenStreetMap and GoGoCarto write them ("Mo-Fr
// 09:00-12:00,14:00-18:00; Sa 10:00-12:00"), and as we do.
func openings(said string) (lines []string) {
	for _, rule := range strings.FieldsFunc(said, func(r rune) bool { return r == ';' || r == '\n' }) {
		rule = strings.ToLower(strings.TrimSpace(rule))
		days, times, ok := strings.Cut(rule, " ")
		if !ok {
			return nil
		}
		times = strings.NewReplacer("off", "closed", ",", " ").Replace(times)
		for _, span := range strings.Split(days, ",") {
			first, last, several := strings.Cut(span, "-")
			from, to := slices.Index(record.Weekdays, first), slices.Index(record.Weekdays, last)
			if !several || from < 0 || to < 0 {
				if _, ok := record.ParseHoursLine(span + " " + times); !ok {
					return nil
				}
				lines = append(lines, span+" "+times)
				continue
			}
			for i := from; ; i = (i + 1) % 7 {
				line := fmt.Sprint(record.Weekdays[i], " ", times)
				if _, ok := record.ParseHoursLine(line); !ok {
					return nil
				}
				lines = append(lines, line)
				if i == to {
					break
				}
			}
		}
	}
	return lines
}
