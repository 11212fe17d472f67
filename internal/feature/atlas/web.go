package atlas

import (
	"encoding/json"
	"strings"

	"alliance/internal/platform/web"
)

func (x *Atlas) page(c *web.Ctx) error {
	s, err := x.show(c.Context(), c.Actor, readQuery(c.R.URL.Query()), PageSize)
	if err != nil {
		return err
	}
	return c.Page(mapPage(c.View, x.view(c, s)))
}

func (x *Atlas) view(c *web.Ctx, s shown) mapView {
	return mapView{shown: s, Alliance: c.Alliance, Kinds: x.Kinds, Path: x.path}
}

// mostEmbedded is how many entries the list under a map on another site holds.
const mostEmbedded = 12

// embed is the map to set into a page of another site: no menu, no cookie, no
// script, links that open here.
func (x *Atlas) embed(c *web.Ctx) error {
	s, err := x.show(c.Context(), c.Actor, readQuery(c.R.URL.Query()), mostEmbedded)
	if err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "frame-ancestors 'none'", "frame-ancestors *", 1))
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Del("Cross-Origin-Opener-Policy")
	return c.Page(embedPage(c.View, x.view(c, s)))
}

// points gives the clusters of a part of the map; the same again is told so.
func (x *Atlas) points(c *web.Ctx) error {
	q := readQuery(c.R.URL.Query())
	d, err := x.Register.Draw(c.Context(), c.Actor, x.sought(q), q.parts(c.Query("zoom")))
	if err != nil {
		return err
	}
	return x.sendJSON(c, "application/json; charset=utf-8", drawingJSON(d))
}

func (x *Atlas) geojson(c *web.Ctx) error {
	out, err := x.features(c.Context(), c.Actor, readQuery(c.R.URL.Query()), c.View.Origin+"/"+c.Lang())
	if err != nil {
		return err
	}
	return x.sendJSON(c, "application/geo+json; charset=utf-8", out)
}

// sendJSON lets pages of other sites read it, too.
func (x *Atlas) sendJSON(c *web.Ctx, kind string, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.W.Header().Set("Access-Control-Allow-Origin", "*")
	c.W.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	return c.Bytes(kind, body)
}
