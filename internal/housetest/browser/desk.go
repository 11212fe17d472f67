package browser

import (
	"net/url"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/storage"
)

// desk keeps one view for each way of looking, by language and with scripts or
// without: opening one takes as long as most checks together.
type desk map[string]*view

// visit opens a page as a phone sees it that was never here before, but for the cookies given.
func (d desk) visit(p Page, scripts bool) (*view, error) {
	key := p.Lang
	if scripts {
		key += " with scripts"
	}
	v := d[key]
	if v == nil || v.ctx.Err() != nil {
		var err error
		if v, err = open(p.Lang, scripts); err != nil {
			return nil, err
		}
		d[key] = v
	}
	err := first(v.forget(p.URL), v.cookies(p.URL, p.Cookies), v.size(360, 740), v.media(""))
	if err == nil {
		_, err = v.load(p.URL)
	}
	if err != nil { // what broke once is not used again
		v.cancel()
		delete(d, key)
	}
	return v, err
}

func (d desk) clear() {
	for _, v := range d {
		v.cancel()
	}
	clear(d)
}

// forget drops what a site left in this view: cookies, cache, storage.
func (v *view) forget(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	return first(
		call(v, network.ClearBrowserCookies, cdp.Empty{}),
		call(v, network.ClearBrowserCache, cdp.Empty{}),
		call(v, storage.ClearDataForOrigin, storage.ClearDataForOriginParams{Origin: u.Scheme + "://" + u.Host, StorageTypes: "all"}),
	)
}
