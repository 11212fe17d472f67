// Package browser drives a real Chromium for tests, and audits pages in it:
// accessibility, weight, headers, structure, keyboard, reflow, modes, no
// JavaScript, reading level.
//
// The one idea: a page is loaded as few times as possible (twice with scripts,
// once without) and looked at in many ways through the debugger, which stands
// outside the page, so that a strict Content-Security-Policy stays on.
//
// There is one Chromium per test process and one browser context (its own
// cookies and cache) per Tab. No host but loopback resolves in it. A missing
// Chromium fails the test; it is never skipped.
package browser

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/chromedp/chromedp"
)

// ErrMissing is what a test fails with where Chromium is not installed.
var ErrMissing = errors.New("no Chromium is installed here, and the tests need a real browser. " +
	"On Debian or Ubuntu: apt-get install chromium-headless-shell fonts-noto-core (or scripts/need --install as root). " +
	"Or set CHROMIUM to the path of a Chromium or Chrome")

func find() (string, error) {
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path, nil
	}
	// The one without a window is the same engine and opens a page in half the time.
	for _, name := range []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrMissing
}

var running struct {
	once sync.Once
	ctx  context.Context
	err  error
	// alive is held open while this process lives; see forgetProfile.
	alive io.Closer
}

// chromium gives the context of the one browser of this process, started at first need.
func chromium() (context.Context, error) {
	running.once.Do(func() { running.ctx, running.err = launch() })
	return running.ctx, running.err
}

func launch() (context.Context, error) {
	path, err := find()
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "alliance-chromium-")
	if err != nil {
		return nil, err
	}
	forgetProfile(profile)
	flag := chromedp.Flag
	alloc, _ := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		flag("disable-quic", true), flag("disable-background-networking", true), flag("disable-component-update", true),
		flag("disable-sync", true), flag("disable-default-apps", true), flag("disable-extensions", true),
		flag("disable-dev-shm-usage", true), flag("disable-backgrounding-occluded-windows", true),
		flag("disable-renderer-backgrounding", true), flag("disable-background-timer-throttling", true),
		flag("disable-breakpad", true), flag("disable-features", "Translate,MediaRouter,OptimizationHints,BackForwardCache,SpareRendererForSitePerProcess"),
		flag("password-store", "basic"), flag("mute-audio", true), flag("hide-scrollbars", true),
		// The same pixels everywhere.
		flag("font-render-hinting", "none"), flag("force-color-profile", "srgb"),
		// Nothing leaves this machine: a request to another host fails, and is found.
		flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost , EXCLUDE [::1]"),
	)
	ctx, _ := chromedp.NewContext(alloc, chromedp.WithErrorf(func(string, ...any) {})) // newer protocol than the library: it complains of events it does not know
	if err := chromedp.Do(ctx); err != nil {
		return nil, err
	}
	return ctx, nil
}

// forgetProfile removes the profile when this process has ended, however it
// ended (Chromium itself is killed with it). A test binary has no hook after
// its last test, so a shell waits for the end of a pipe only this process holds.
func forgetProfile(dir string) {
	r, w, err := os.Pipe()
	if err != nil {
		return
	}
	defer r.Close()
	watch := exec.Command("sh", "-c", `cat >/dev/null; for i in 1 2 3; do sleep 0.5; rm -rf "$1" && exit; done`, "sh", dir)
	watch.Stdin = r
	detach(watch)
	if watch.Start() == nil {
		running.alive = w
		go func() { _ = watch.Wait() }()
	}
}

// npm finds a file of a package in the project's npm/node_modules.
func npm(path string) (string, error) {
	dir, err := os.Getwd()
	for err == nil && dir != "/" {
		if mod, err := os.ReadFile(filepath.Join(dir, "go.mod")); err == nil && strings.HasPrefix(string(mod), "module alliance\n") {
			file := filepath.Join(dir, "npm", "node_modules", path)
			if _, err := os.Stat(file); err != nil {
				return "", fmt.Errorf("browser: %s is not there, and the checks need it: run `make packages`", file)
			}
			return file, nil
		}
		dir = filepath.Dir(dir)
	}
	return "", errors.New("browser: the checks must run inside the project, where npm/node_modules is")
}
