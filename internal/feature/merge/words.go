package merge

import (
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/record"
)

// label is what a field is called.
func (f Field) label(v design.View) string {
	if f.Part.Name != "" {
		return v.Say(f.Part.Label)
	}
	if f.Ask.Name != "" {
		return v.Say(f.Ask.Label)
	}
	switch f.Name {
	case placeField:
		return v.T("merge.field.place", "Place")
	case axisField, record.Axes:
		return v.T("merge.field.axis", "Line of work")
	case themesField:
		return v.T("merge.field.themes", "Themes")
	case licenceField:
		return v.T("merge.field.licence", "Reuse")
	}
	return v.T("merge.field.audience", "Who may read it")
}

// first and second are what the two records say of a field, in words.
func (c compareView) first(v design.View, f Field) lang.Rendering {
	return c.cell(v, f, c.kept, c.parts[0])
}
func (c compareView) second(v design.View, f Field) lang.Rendering {
	return c.cell(v, f, c.given, c.parts[1])
}

func (c compareView) cell(v design.View, f Field, r record.Record, parts Parts) lang.Rendering {
	if f.Part.Name != "" {
		return lang.Rendering{S: c.kind.Parts.Say(v, f.Name, parts[f.Name], c.Names), Lang: v.Lang()}
	}
	return f.cell(v, c.alliance, r, c.Names)
}

// cell is what one record says of a field, in words.
func (f Field) cell(v design.View, of alliance.Alliance, r record.Record, names map[string]entry.Entry) lang.Rendering {
	plain := func(s string) lang.Rendering { return lang.Rendering{S: s, Lang: v.Lang()} }
	switch {
	case f.Ask.Name != "" && f.Ask.Text():
		return r.Text(f.Name).In(v.Lang())
	case f.Ask.Name != "":
		return plain(v.And(f.Ask.Say(v, r.Answers[f.Name], names)))
	case f.Name == placeField:
		where := design.Where(v, r.Place)
		if street := r.Answers.One(record.Address); street != "" {
			where = street + " · " + where
		}
		return plain(where)
	case f.Name == axisField:
		return plain(topics(v, of.Axes, []string{r.Axis}))
	case f.Name == record.Axes:
		return plain(topics(v, of.Axes, r.Answers[record.Axes]))
	case f.Name == themesField:
		return plain(topics(v, of.Themes, r.Themes))
	case f.Name == licenceField:
		return plain(r.Licence)
	}
	switch r.Audience {
	case entry.Members:
		return plain(v.T("record.audience.members", "Members of the alliance"))
	case entry.Committee:
		return plain(v.T("record.audience.committee", "Its authors and the committee"))
	}
	return plain(v.T("record.audience.public", "Everybody"))
}

func topics(v design.View, all []alliance.Topic, codes []string) string {
	var names []string
	for _, code := range codes {
		for _, t := range all {
			if t.ID == code {
				names = append(names, t.Name.In(v.Lang()).S)
			}
		}
	}
	return v.And(names)
}

// options are what may stay of a field.
func (f Field) options(v design.View) []design.Option {
	list := []design.Option{{Value: string(Kept), Label: v.T("merge.take.kept", "The first")}, {Value: string(Given), Label: v.T("merge.take.given", "The second")}}
	if f.Many {
		list = append(list, design.Option{Value: string(Both), Label: v.T("merge.take.both", "Both")})
	}
	return list
}

// choice is what was chosen, or what stays where nobody chose.
func (c compareView) choice(f Field) string {
	if side, ok := c.Choices[f.Name]; ok {
		return string(side)
	}
	return string(f.Default())
}

// differing and same cut the fields in two: only the first ask for a choice.
func (c compareView) differing() (list []Field) {
	for _, f := range c.fields {
		if !f.Same {
			list = append(list, f)
		}
	}
	return list
}

func (c compareView) same() (list []Field) {
	for _, f := range c.fields {
		if f.Same {
			list = append(list, f)
		}
	}
	return list
}

func (i indexView) tabs(v design.View) (list []design.Link) {
	for _, k := range i.Kinds {
		list = append(list, design.Link{Href: v.Href("/merges?kind=" + k.Name), Label: v.Say(k.Many), Current: k.Name == i.Kind.Name})
	}
	return list
}
