package opendata

import (
	"net/http"

	"alliance/internal/platform/access"
	"alliance/internal/platform/web"
)

type kindJSON struct {
	Kind    string   `json:"kind"`
	Version int      `json:"version" doc:"Of the questions it asks"`
	List    string   `json:"list" doc:"Page of the list, without the language"`
	Files   []string `json:"files" doc:"Addresses of the files, without the language"`
}

type kindsOutput struct {
	Body struct {
		Kinds []kindJSON `json:"kinds"`
	}
}

func (d *Data) api(a *web.API) {
	web.Handle(a, web.Op{ID: "list-open-data", Method: http.MethodGet, Path: "/open", Summary: "Lists what can be had as files and feeds.", Tag: "open data", Policy: access.Everyone}, d.apiKinds)
	d.apiSend(a)
}

func (d *Data) apiKinds(*web.Call, *struct{}) (*kindsOutput, error) {
	out := &kindsOutput{}
	out.Body.Kinds = []kindJSON{}
	for _, k := range d.given() {
		one := kindJSON{Kind: k.Name, Version: k.Spec.Version, List: listOf(k)}
		for _, f := range formats {
			if !f.Placed || k.Spec.Place {
				one.Files = append(one.Files, "/open/"+k.Name+"."+f.Ext)
			}
		}
		out.Body.Kinds = append(out.Body.Kinds, one)
	}
	return out, nil
}
