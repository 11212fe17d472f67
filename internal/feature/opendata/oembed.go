package opendata

import (
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/web"
)

// oembedJSON is an answer as oembed.com describes it.
type oembedJSON struct {
	Version  string `json:"version"`
	Type     string `json:"type"`
	Title    string `json:"title"`
	Provider string `json:"provider_name"`
	Home     string `json:"provider_url"`
	HTML     string `json:"html,omitempty"`
	Width    int    `json:"width,omitempty"`
	Height   int    `json:"height,omitempty"`
}

// Size of a list within another page, where that page names no bounds.
const (
	embedWidth  = 600
	embedHeight = 480
)

// oembed tells a program that was given the address of a page here how to show
// it elsewhere: a list with its filters as a frame, one record as a link.
func (d *Data) oembed(c *web.Ctx) error {
	if f := c.Query("format"); f != "" && f != "json" {
		return fault.Missing() // the one other format is XML; this is JSON alone
	}
	u, err := url.Parse(c.Query("url"))
	if err != nil || u.Host != "" && u.Scheme+"://"+u.Host != c.View.Origin {
		return fault.Missing()
	}
	tag, path, ok := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	if !ok || !slices.Contains(c.View.Langs, tag) {
		return fault.Missing()
	}
	path = "/" + path
	answer := oembedJSON{Version: "1.0", Provider: c.View.Alliance, Home: c.View.Origin + "/" + tag + "/"}
	if path == "/map" {
		address := c.View.Origin + "/" + tag + "/embed/map"
		if u.RawQuery != "" {
			address += "?" + u.Query().Encode()
		}
		answer.frame(c, locale.Phrase{Key: "atlas.title", English: "Map"}, address)
		return oembedded(c, answer)
	}
	for _, k := range d.given() {
		if k.List == path {
			answer.frame(c, k.Many, c.View.Origin+"/"+tag+k.Spec.ReadQuery(u.Query()).Href("/embed/"+k.Name))
			return oembedded(c, answer)
		}
		id := path[strings.LastIndexByte(path, '/')+1:]
		if k.Path == nil || k.Path(id) != path {
			continue
		}
		e, err := entry.See(c.Context(), d.DB, c.Actor, k.Name, id)
		if err != nil {
			continue // of another kind, or not to be known of
		}
		answer.Type, answer.Title = "link", e.Title().In(tag).S
		return oembedded(c, answer)
	}
	return fault.Missing()
}

// frame makes the answer a list in a frame, within the bounds that were asked for.
func (o *oembedJSON) frame(c *web.Ctx, title locale.Phrase, address string) {
	o.Type, o.Title = "rich", c.View.Say(title)
	o.Width, o.Height = bounded(c.Query("maxwidth"), embedWidth), bounded(c.Query("maxheight"), embedHeight)
	o.HTML = `<iframe src="` + html.EscapeString(address) + `" width="` + strconv.Itoa(o.Width) + `" height="` + strconv.Itoa(o.Height) + `" title="` + html.EscapeString(o.Title) + `" loading="lazy"></iframe>`
}

func bounded(most string, usual int) int {
	if n, err := strconv.Atoi(most); err == nil && n > 0 && n < usual {
		return n
	}
	return usual
}

func oembedded(c *web.Ctx, o oembedJSON) error {
	body, err := json.Marshal(o)
	if err != nil {
		return err
	}
	c.W.Header().Set("Access-Control-Allow-Origin", "*")
	c.W.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	return c.Bytes("application/json; charset=utf-8", body)
}
