package help

import (
	"net/http"

	"alliance/internal/platform/access"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/web"
)

// PageJSON is one page of the help, in the language the request asks for.
type PageJSON struct {
	Name  string `json:"name"`
	For   string `json:"for" doc:"whom it is for, in words"`
	Title string `json:"title"`
	Lead  string `json:"lead"`
	HTML  string `json:"html,omitempty" doc:"what follows; of one page alone"`
}

func (x *Help) api(a *web.API) {
	said := func(c *web.Call, name string) (PageJSON, error) {
		all, err := x.texts()
		p, ok := all[c.Printer.Lang()][name]
		if err == nil && !ok {
			err = fault.Missing()
		}
		if err != nil {
			return PageJSON{}, err
		}
		return PageJSON{Name: name, For: c.Printer.Say(whose(name)), Title: p.Title, Lead: p.Lead, HTML: p.HTML}, nil
	}
	type listOut struct{ Body []PageJSON }
	web.Handle(a, web.Op{ID: "list-help", Method: http.MethodGet, Path: "/help", Tag: "help", Policy: access.Everyone,
		Summary: "The pages of the help, in the order of the overview"},
		func(c *web.Call, _ *struct{}) (*listOut, error) {
			out := &listOut{Body: []PageJSON{}}
			for _, name := range Pages() {
				p, err := said(c, name)
				if err != nil {
					return nil, err
				}
				p.HTML = ""
				out.Body = append(out.Body, p)
			}
			return out, nil
		})

	type pageIn struct {
		Name string `path:"name" maxLength:"40"`
	}
	type pageOut struct{ Body PageJSON }
	web.Handle(a, web.Op{ID: "get-help", Method: http.MethodGet, Path: "/help/{name}", Tag: "help", Policy: access.Everyone,
		Summary: "One page of the help: what to click, step by step"},
		func(c *web.Call, in *pageIn) (*pageOut, error) {
			p, err := said(c, in.Name)
			return &pageOut{p}, err
		})
}
