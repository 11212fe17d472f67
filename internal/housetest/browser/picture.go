package browser

import (
	"context"
	"net/http"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Frame is what a picture of a page shows, in CSS px: a phone's width, from the
// top of what a selector finds.
type Frame struct {
	From          string
	Width, Height float64
	Sharp         float64 // pixels of the picture for each CSS px; at 1 Chromium cuts right-to-left pages short
	Quality       int64   // of the WebP, up to 100
}

// Picture takes a picture of a part of a page, as a WebP.
func Picture(address, lang string, cookies []*http.Cookie, f Frame) ([]byte, error) {
	if err := onLoopback(address); err != nil {
		return nil, err
	}
	v, err := open(lang, true)
	if err != nil {
		return nil, err
	}
	defer v.cancel()
	err = first(v.size(int(f.Width), int(f.Height)), v.media(""), v.cookies(address, cookies))
	if err == nil {
		_, err = v.load(address)
	}
	if err != nil {
		return nil, err
	}
	top, err := eval[float64](v, `document.querySelector(`+quote(f.From)+`).getBoundingClientRect().top + scrollY`)
	if err != nil {
		return nil, err
	}
	err = call(v, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: int64(f.Width), Height: int64(f.Height), DeviceScaleFactor: f.Sharp})
	if err != nil {
		return nil, err
	}
	beyond := true
	ctx, cancel := context.WithTimeout(v.ctx, 30*time.Second)
	defer cancel()
	got, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{
		Format: page.CaptureScreenshotFormatWebp, Quality: &f.Quality, CaptureBeyondViewport: &beyond,
		Clip: &page.Viewport{Y: top, Width: f.Width, Height: f.Height, Scale: 1},
	})
	if err != nil {
		return nil, err
	}
	return got.Data, nil
}
