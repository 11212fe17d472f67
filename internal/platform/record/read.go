package record

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/currency"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
)

// Names of what every record is asked beside the questions of its kind.
const (
	InLang       = "lang"         // language of the words, BCP 47
	Country      = "country"      // code, or a name in any interface language
	Town         = "town"         // name
	Precision    = "precision"    // "exact" (with Spec.Street), "town" or "country": how closely the place may be told
	Address      = "address"      // question of kinds with Spec.Street: street and number, told to everybody
	Position     = "position"     // with Spec.Street: "48.8566, 2.3522", or a link of a map
	Axis         = "axis"         // code
	Axes         = "axes"         // codes, with Spec.Axes
	Themes       = "themes"       // codes
	Audience     = "audience"     // public, members, committee
	Licence      = "licence"      // one of Spec.Licences
	ByWhom       = "organisation" // identifier of the organisation it is by
	RevisionRead = "revision"     // version that was on the form
)

// Typed is what somebody wrote, by name: a form, a row of a table and the body
// of a call all come in as this.
type Typed map[string][]string

// One gives the only value as it was written, without white space around it.
func (t Typed) One(name string) string {
	if len(t[name]) == 0 {
		return ""
	}
	return strings.TrimSpace(strings.ReplaceAll(t[name][0], "\r\n", "\n"))
}

// Read writes what somebody typed onto a record, and gives every fault at
// once. Names of entries are looked up as the actor sees them.
func (s *Spec) Read(ctx context.Context, q db.Q, a people.Actor, of alliance.Alliance, t Typed, r *Record) error {
	var list fault.List
	tag, ok := lang.Tag(t.One(InLang))
	if !ok {
		list.Add(fault.Invalid(InLang, "entry.lang.unknown", "Choose the language you write in."))
		tag = "en"
	}
	if r.Lang == "" {
		r.Lang = tag
	}
	if r.Answers == nil {
		r.Answers = Answers{}
	}
	for _, ask := range s.Questions() {
		if ask.Kept {
			continue
		}
		if ask.Text() {
			r.write(ask.Name, tag, t.One(ask.Name))
			continue
		}
		values, err := ask.read(ctx, q, a, t[ask.Name], r.Answers[ask.Name])
		if err != nil {
			list = append(list, fault.Of(err)...)
			if fault.Of(err) == nil {
				return err
			}
			continue
		}
		r.Answers[ask.Name] = values
	}
	if s.Place {
		list = append(list, s.readPlace(t, r)...)
	}
	if s.Axis {
		r.Axis = oneOf(t.One(Axis), codes(of.Axes))
	}
	if s.Themes {
		r.Themes = only(t[Themes], codes(of.Themes))
	}
	if s.Licences != nil {
		r.Licence = oneOf(t.One(Licence), s.Licences)
	}
	if said := entry.Audience(t.One(Audience)); slices.Contains([]entry.Audience{entry.Public, entry.Members, entry.Committee}, said) {
		r.Audience = said
	}
	return list.Err()
}

// read turns what was typed into the canonical form.
// before is what was answered until now.
func (ask Question) read(ctx context.Context, q db.Q, a people.Actor, typed, before []string) ([]string, error) {
	typed = said(typed)
	if len(typed) == 0 {
		return nil, nil
	}
	switch ask.Type {
	case Choice, Choices:
		return ask.readChoice(typed)
	case YesNo:
		if typed[0] != "yes" && typed[0] != "no" {
			return nil, fault.Invalid(ask.Name, "record.choose", "Choose one of the answers.")
		}
		return typed[:1], nil
	case Day:
		return one(ask.Name, typed[0], ParseDay, "record.day", "Write a day such as 18/10/2019. Month and day may be left out.")
	case Number:
		return one(ask.Name, typed[0], parseNumber, "record.number", "Write a whole number, in digits.")
	case Money:
		return one(ask.Name, typed[0], ParseMoney, "record.money", "Write an amount and its currency, such as 12000 EUR.")
	case Web:
		return one(ask.Name, typed[0], ParseWeb, "record.web", "Write the address of a page, such as https://example.org.")
	case Languages:
		return each(ask.Name, typed, lang.Tag, "record.language", "We do not know this language: {name}.")
	case Countries:
		return each(ask.Name, typed, place.ParseCountry, "record.country", "We do not know this country: {name}.")
	case Entries:
		return ask.readEntries(ctx, q, a, typed, before)
	case Opening:
		return ask.readHours(typed)
	case Zone:
		return one(ask.Name, typed[0], place.ParseZone, "record.zone", "Write the name of a time zone, such as Europe/Paris.")
	case Word:
		return ask.word(typed[0])
	case Mail:
		return one(ask.Name, typed[0], parseMail, "record.mail", "Write an e-mail address, such as name@example.org.")
	case Phone:
		return one(ask.Name, typed[0], ParsePhone, "record.phone", "Write a telephone number with its country code, such as +33 1 23 45 67 89.")
	}
	return nil, nil
}

func (ask Question) readChoice(typed []string) ([]string, error) {
	var values []string
	for _, o := range ask.Options { // in the order of the spec
		if slices.Contains(typed, o.Value) {
			values = append(values, o.Value)
		}
	}
	if len(values) == 0 || ask.Type == Choice && len(values) > 1 {
		return nil, fault.Invalid(ask.Name, "record.choose", "Choose one of the answers.")
	}
	return values, nil
}

// readEntries takes one name, address or identifier a line. What was named
// before stays, also where the actor may not know of it, and is what a name
// means that several have.
func (ask Question) readEntries(ctx context.Context, q db.Q, a people.Actor, typed, before []string) ([]string, error) {
	var ids []string
	for _, line := range strings.Split(strings.Join(typed, "\n"), "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if slices.Contains(before, line) {
			if !slices.Contains(ids, line) {
				ids = append(ids, line)
			}
			continue
		}
		found, err := entry.Called(ctx, q, a, ask.Kinds, line)
		if err != nil {
			return nil, err
		}
		if known := slices.IndexFunc(found, func(e entry.Entry) bool { return slices.Contains(before, e.ID) }); known >= 0 && len(found) > 1 {
			found = found[known : known+1]
		}
		switch len(found) {
		case 0:
			return nil, fault.Invalid(ask.Name, "record.entry.none", "We find nothing called “{name}”. Write the name as it stands here, or the address of its page.", "name", cut(line, 80))
		case 1:
			if !slices.Contains(ids, found[0].ID) {
				ids = append(ids, found[0].ID)
			}
		default:
			return nil, fault.Invalid(ask.Name, "record.entry.many", "Several are called “{name}”. Write the address of the page of the one you mean.", "name", cut(line, 80))
		}
		if len(ids) > 200 {
			return nil, fault.Invalid(ask.Name, "record.entry.too-many", "These are too many: at most {n}.", "n", 200)
		}
	}
	return ids, nil
}

func one(name, typed string, parse func(string) (string, bool), key, english string, args ...any) ([]string, error) {
	v, ok := parse(typed)
	if !ok {
		return nil, fault.Invalid(name, key, english, args...)
	}
	return []string{v}, nil
}

func each(name string, typed []string, parse func(string) (string, bool), key, english string) ([]string, error) {
	var values []string
	for _, s := range typed {
		for _, s := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
			v, ok := parse(strings.TrimSpace(s))
			if !ok {
				return nil, fault.Invalid(name, key, english, "name", cut(s, 40))
			}
			values = append(values, v)
		}
	}
	slices.Sort(values)
	return slices.Compact(values), nil
}

// ParseDay reads "2019-10-18", "18/10/2019", "10/2019", "2019-10" or "2019".
func ParseDay(s string) (string, bool) {
	s = strings.TrimRight(strings.TrimSpace(s), "-")
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '-' || r == '/' || r == '.' })
	if len(parts) == 0 || len(parts) > 3 {
		return "", false
	}
	if len(parts[0]) != 4 {
		slices.Reverse(parts)
	}
	for i, p := range parts {
		if i > 0 && len(p) == 1 {
			parts[i] = "0" + p
		}
	}
	s = strings.Join(parts, "-")
	for _, layout := range []string{"2006", "2006-01", "2006-01-02"} {
		if _, err := time.Parse(layout, s); err == nil && len(layout) == len(s) && s > "1000" {
			return s, true
		}
	}
	return "", false
}

func parseNumber(s string) (string, bool) {
	s, cents, ok := amount(s)
	return s, ok && cents == ""
}

// ParseMoney reads "12 000 EUR", "12.000,00 €" and "€ 12000" as "12000 EUR":
// what stands behind the comma is left out.
func ParseMoney(s string) (string, bool) {
	s = strings.NewReplacer("€", "EUR", "$", "USD", "£", "GBP").Replace(strings.TrimSpace(s))
	letter := func(r rune) bool { return unicode.IsLetter(r) }
	code := strings.TrimFunc(s, func(r rune) bool { return !letter(r) })
	number := strings.TrimSpace(strings.TrimFunc(s, letter))
	unit, err := currency.ParseISO(strings.ToUpper(code))
	n, _, ok := amount(number)
	if err != nil || !ok || strings.ContainsFunc(number, letter) {
		return "", false
	}
	return n + " " + unit.String(), true
}

var (
	grouped  = regexp.MustCompile(`^\d{1,3}(?:[ .,'’\x{00a0}\x{202f}\x{066c}]\d{3})+`)
	decimals = regexp.MustCompile(`^[.,\x{066b}](\d{1,2})$`)
)

// amount reads a number as people write it, in European or Arabic digits, with
// or without groups of three: the whole part, and what stands behind the comma.
func amount(s string) (whole, cents string, ok bool) {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		}
		return r
	}, strings.TrimSpace(s))
	whole = grouped.FindString(s)
	if rest := strings.TrimPrefix(s, whole); whole == "" || rest != "" && rest[0] >= '0' && rest[0] <= '9' {
		whole = s[:len(s)-len(strings.TrimLeft(s, "0123456789"))]
	}
	if rest := s[len(whole):]; rest != "" {
		found := decimals.FindStringSubmatch(rest)
		if found == nil {
			return "", "", false
		}
		cents = found[1]
	}
	whole = strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, whole)
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n > 1e15 {
		return "", "", false
	}
	return strconv.FormatInt(n, 10), cents, true
}

// ParseWeb cleans the address of a page of the web; the scheme may be left out.
func ParseWeb(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if s != "" && !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || len(s) > 300 || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || !strings.Contains(u.Hostname(), ".") || strings.ContainsAny(s, "\"<>\\") || strings.ContainsFunc(s, unsafe) {
		return "", false
	}
	return s, true
}

// longestWord is how many characters a Word has at most.
const longestWord = 80

// parseWord takes one line without marks that turn the rest of a page around.
func parseWord(s string) (string, bool) {
	s = strings.Join(strings.Fields(s), " ")
	hostile := func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }
	return s, s != "" && len([]rune(s)) <= longestWord && !strings.ContainsFunc(s, hostile)
}

// ReadWord reads the answer to a Word that a form of its own asks for; "" for
// none.
func ReadWord(name, typed string) (string, error) {
	if strings.TrimSpace(typed) == "" {
		return "", nil
	}
	values, err := Question{Name: name, Type: Word}.word(typed)
	if err != nil {
		return "", err
	}
	return values[0], nil
}

func (ask Question) word(typed string) ([]string, error) {
	return one(ask.Name, typed, parseWord, "record.type.word.fault", "Write it on one line, with at most {n} characters.", "n", longestWord)
}

func parseMail(s string) (string, bool) {
	s = strings.TrimSpace(s)
	_, ok := people.EmailKey(s)
	return s, ok && mail.Address(s)
}

// ParsePhone keeps the digits of a number, Arabic ones too, in the groups in
// which it was written: "+33 1 23 45 67 89".
func ParsePhone(s string) (string, bool) {
	var b strings.Builder
	digits := 0
	for _, r := range strings.TrimSpace(s) {
		switch {
		case r >= '٠' && r <= '٩':
			r = r - '٠' + '0'
			fallthrough
		case r >= '0' && r <= '9':
			digits++
			b.WriteRune(r)
		case r == '+' && b.Len() == 0:
			b.WriteRune(r)
		case unicode.IsSpace(r) || strings.ContainsRune(".-/()", r):
			if b.Len() > 0 && !strings.HasSuffix(b.String(), " ") {
				b.WriteByte(' ')
			}
		default:
			return "", false
		}
	}
	return strings.TrimSpace(b.String()), digits >= 3 && digits <= 15
}

// unsafe tells signs that an address does not have: white space, and marks
// that would turn it around on the page.
func unsafe(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

func hoursFault(name, line string) error {
	return fault.Invalid(name, "record.hours", "We do not understand “{line}”. Write hours such as 09:00-12:00 14:00-18:00, or “closed”; each day once.", "line", cut(line, 60))
}

func (s *Spec) readPlace(t Typed, r *Record) (list fault.List) {
	typed, town := t.One(Country), t.One(Town)
	code, ok := place.ParseCountry(typed)
	if typed != "" && !ok {
		list.Add(fault.Invalid(Country, "record.country", "We do not know this country: {name}.", "name", cut(typed, 40)))
		return list
	}
	if town != "" && code == "" {
		list.Add(fault.Invalid(Country, "record.country.needed", "Write the country of the town."))
		return list
	}
	if s.Street {
		return ReadStreet(t, r, town, code)
	}
	vague := t.One(Precision) == "country" || t.One(Precision) == "1" // a checkbox
	if r.ID != "" && r.Place.Name == town && r.Place.Country == code && r.Place.Precision != place.None && vague == (r.Place.Precision == place.InCountry) {
		return nil // left as it is: an exact place stays exact
	}
	at := place.Of(town, code)
	if town != "" && at.Precision == place.InCountry {
		list.Add(fault.Invalid(Town, "record.town", "We know no town of that name in this country. Write the nearest one, or leave it empty."))
		return list
	}
	if vague && at.Precision > place.InCountry {
		at = place.Of("", code)
	}
	r.Place = at
	return nil
}

// ReadStreet reads a place that may be told exactly. An address is never kept
// out of sight: it is told, or it is not here.
func ReadStreet(t Typed, r *Record, town, code string) (list fault.List) {
	at := place.Of(town, code)
	if was := r.Place; was.Precision == place.Exact && was.Name == town && was.Country == code && at.Precision == place.InCountry && t.One(Precision) != "town" {
		at = was // a town that no list has is where it was told to be
	}
	if town != "" && at.Precision == place.InCountry {
		list.Add(fault.Invalid(Town, "record.town", "We know no town of that name in this country. Write the nearest one, or leave it empty."))
		return list
	}
	switch want := t.One(Precision); {
	case want == "exact" && town == "":
		list.Add(fault.Invalid(Town, "record.street.town", "Write the town and country of this address."))
	case want == "exact":
		return onPoint(t, r, at)
	case t.One(Address) != "":
		list.Add(fault.Invalid(Address, "record.street.told", "An address is shown to everybody. Take it away, or let the place be shown exactly."))
	case want == "country" && at.Precision > place.InCountry:
		at = place.Of("", code)
	}
	r.Place = at
	return list
}

// onPoint reads the point of an exact place; without one, it stays what it was,
// or the middle of the town.
func onPoint(t Typed, r *Record, town place.Place) (list fault.List) {
	at := town
	at.Precision = place.Exact
	if typed := t.One(Position); typed != "" {
		lat, lon, ok := place.ParsePoint(typed)
		switch {
		case !ok:
			list.Add(fault.Invalid(Position, "record.position", "We do not understand this point. Write latitude and longitude, such as 48.8566, 2.3522, or paste the link of a map."))
		case place.Kilometres(lat, lon, town.Lat, town.Lon) > fromTown:
			list.Add(fault.Invalid(Position, "record.position.far", "This point lies far from {town}.", "town", town.Name))
		default:
			at.Lat, at.Lon = lat, lon
		}
	} else if r.Place.Precision == place.Exact && r.Place.Name == town.Name && r.Place.Country == town.Country {
		at = r.Place
	}
	r.Place = at
	return list
}

// fromTown is how far from the middle of its town a point may lie.
const fromTown = 60.0 // kilometres

func said(typed []string) (list []string) {
	for _, s := range typed {
		if s = strings.TrimSpace(s); s != "" {
			list = append(list, s)
		}
	}
	return list
}

func oneOf(s string, allowed []string) string {
	if slices.Contains(allowed, s) {
		return s
	}
	return ""
}

func only(values, allowed []string) []string {
	return slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(values))), func(s string) bool { return !slices.Contains(allowed, s) })
}

func codes(topics []alliance.Topic) []string {
	list := make([]string, len(topics))
	for i, t := range topics {
		list[i] = t.ID
	}
	return list
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
