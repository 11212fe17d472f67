package record

import (
	"slices"
	"strings"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
)

// Topics are what the alliance works on: its axes and themes with their names.
type Topics = alliance.Alliance

// Form is the questions of a kind with what somebody typed.
type Form struct {
	*Spec
	Typed    Typed
	Alliance alliance.Alliance
}

func (f formView) title(v design.View) string {
	if f.ID == "" {
		return v.Say(f.New)
	}
	return v.T("record.edit.title", "Edit: {name}", "name", f.Title)
}

func (f formView) path() string {
	if f.ID == "" {
		return f.Path + "/new"
	}
	return f.Kind.Page(f.ID) + "/edit"
}

func (f formView) formCrumbs(v design.View) []design.Link {
	list := []design.Link{{Href: v.Href(f.Path), Label: v.Say(f.Many)}}
	if f.ID != "" {
		list = append(list, design.Link{Href: v.Href(f.Kind.Page(f.ID)), Label: f.Title, Lang: f.TitleLang})
	}
	return list
}

// save is what the main button does, for this actor.
func (f formView) save(v design.View) string {
	switch {
	case f.Published:
		return v.T("record.save", "Save")
	case f.MayPublish:
		return v.T("record.publish", "Publish")
	}
	return v.T("record.propose", "Propose it")
}

// country is what was typed, a code as the reader's word for it.
func (f Form) country(v design.View) string {
	typed := f.Typed.One(Country)
	if len(typed) == 2 && typed == strings.ToUpper(typed) {
		return v.Country(typed)
	}
	return typed
}

func (f Form) licences(v design.View) (list []design.Option) {
	for _, code := range f.Licences {
		list = append(list, design.Option{Value: code, Label: LicenceName(v, code)})
	}
	return list
}

// precision is how closely the place is to be told, by its town unless said.
func (f Form) precision() string {
	if said := f.Typed.One(Precision); said != "" {
		return said
	}
	return "town"
}

// opened tells that a section has something in it, or something to correct.
func (f Form) opened(v design.View, s Section) bool {
	return slices.ContainsFunc(s.Questions, func(q Question) bool {
		return q.Required || strings.TrimSpace(strings.Join(f.Typed[q.Name], "")) != "" || v.Error(q.Name) != ""
	})
}

// texts is how many questions of a section are answered in words.
func (s Section) texts() (n int) {
	for _, q := range s.Questions {
		if q.Text() {
			n++
		}
	}
	return n
}

// Shown are the texts that the page of a record shows, as a reader of a
// language gets to see them.
func (s *Spec) Shown(r Record, tag string) []lang.Rendering {
	list := []lang.Rendering{r.Title().In(tag), r.Text(entry.Summary).In(tag)}
	for _, section := range s.Sections {
		for _, q := range section.Questions {
			if q.Text() {
				list = append(list, r.Text(q.Name).In(tag))
			}
		}
	}
	return list
}

// told tells that a record has words for the section.
func (s Section) told(r Record) bool {
	return slices.ContainsFunc(s.Questions, func(q Question) bool { return q.Text() && !r.Text(q.Name).Empty() })
}

// askedSection is a section as the page of questions shows it.
type askedSection struct {
	Title     string
	Questions []Question
}

func (k *Kind) asked(v design.View) []askedSection {
	list := []askedSection{{v.T("record.questions.first", "First of all"), []Question{k.Title, k.Summary}}}
	for _, s := range k.Sections {
		list = append(list, askedSection{v.Say(s.Title), slices.DeleteFunc(slices.Clone(s.Questions), func(q Question) bool { return q.Until != 0 && q.Until < k.Version })})
	}
	return list
}

// form says in which form a question is answered.
func (q Question) form(v design.View) string {
	switch q.Type {
	case Line:
		return v.T("record.type.line", "Words, at most {n} characters", "n", q.limit())
	case Prose:
		return v.T("record.type.prose", "Text, at most {n} characters", "n", q.limit())
	case Choice, Choices:
		var words []string
		for _, o := range q.Options {
			words = append(words, v.Say(o.Label))
		}
		if q.Type == Choice {
			return v.T("record.type.choice", "One of: {list}", "list", v.Or(words))
		}
		return v.T("record.type.choices", "Any of: {list}", "list", v.And(words))
	case YesNo:
		return v.T("record.type.yes-no", "Yes or no")
	case Day:
		return v.T("record.type.day", "A day, a month or a year")
	case Number:
		return v.T("record.type.number", "A whole number")
	case Money:
		return v.T("record.type.money", "An amount with its currency")
	case Web:
		return v.T("record.type.web", "The address of a page")
	case Languages:
		return v.T("record.type.languages", "Languages")
	case Countries:
		return v.T("record.type.countries", "Countries")
	case Opening:
		return v.T("record.type.hours", "Opening hours")
	case Zone:
		return v.T("record.type.zone", "A time zone")
	case Moment:
		return v.T("record.type.moment", "A day and an hour")
	case Word:
		return v.T("record.type.word", "A name or a number on one line")
	case Mail:
		return v.T("record.type.mail", "An e-mail address")
	case Phone:
		return v.T("record.type.phone", "A telephone number")
	case Entries:
		return v.T("record.type.entries", "Things that have a page here")
	}
	return string(q.Type)
}

// pageOf is the page of an entry of any kind: /entries/{id} leads on to it.
func pageOf(e entry.Entry) string {
	if e.Kind == "organisation" {
		return "/organisations/" + e.ID
	}
	return "/entries/" + e.ID
}
