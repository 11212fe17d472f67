package follow

import (
	"net/url"

	"alliance/internal/platform/design"
	"alliance/internal/platform/place"
)

// stopPath is where a button to stop one thing posts to.
func (p followingPage) stopPath() string {
	if p.Token != "" {
		return "/following/" + p.Token
	}
	return "/me/following/stop"
}

func (p followingPage) settingsPath() string {
	if p.Token != "" {
		return "/following/" + p.Token
	}
	return "/me/following"
}

// signInThen leads back to the question after a sign-in.
func signInThen(w Wanted) string {
	if w.Entry != "" {
		return url.QueryEscape("/follow?entry=" + w.Entry)
	}
	return url.QueryEscape("/follow?" + w.Query)
}

func paceOptions(v design.View) (list []design.Option) {
	for _, p := range Paces {
		list = append(list, design.Option{Value: string(p), Label: v.Say(paces[p])})
	}
	return list
}

// countries are all of them by name, after none.
func countries(v design.View) []design.Option {
	list := []design.Option{{Value: "", Label: v.T("follow.search.anywhere", "Anywhere")}}
	for _, c := range v.Countries() {
		list = append(list, design.Option{Value: c.Code, Label: c.Name})
	}
	return list
}

// towns of one name, told apart by their country and place.
func towns(v design.View, list []place.Town) (options []design.Option) {
	for _, t := range list {
		label := t.In(v.Lang()) + ", " + v.Country(t.Country)
		if t.Population > 0 {
			label += " (" + v.T("follow.place.people", "population {n}", "n", v.Number(t.Population)) + ")"
		}
		options = append(options, design.Option{Value: areaOf(t).point(), Label: label})
	}
	return options
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

func within(s Search) int {
	if s.Near.Within == 0 {
		return usualWithin
	}
	return s.Near.Within
}
