package browser

import (
	"net/url"
	"regexp"
	"time"
)

// left is where the way out leads: another site, or a page of ours that says nothing.
var left = regexp.MustCompile(`^(/[a-z]{2,3})?/exit$`)

// exit checks the way out of a sensitive page, with scripts and without: a plain
// link, large, on the first screen, that leaves and gives no address away.
func (a *audit) exit(l *look) {
	for _, scripts := range []bool{true, false} {
		if !a.leaves(l, scripts) {
			return
		}
	}
}

func (a *audit) leaves(l *look, scripts bool) bool {
	v, err := l.desk.visit(l.Page, scripts)
	if l.broke(err) {
		return false
	}
	wrong, err := ask[[]string](v, "exit", exitHeight)
	if l.broke(err) || len(wrong) > 0 {
		l.each("way out of a sensitive page", wrong, "a plain link [data-exit] with rel=noreferrer, in the same window, 44 px high, on the first screen")
		return false
	}
	if _, err := eval[bool](v, `(document.querySelector('[data-exit]').click(), true)`); l.broke(err) {
		return false
	}
	here, _ := url.Parse(l.URL)
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		at, err := eval[string](v, `location.href`)
		if err != nil {
			continue // between two pages
		}
		if now, err := url.Parse(at); err == nil && (now.Host != here.Host || left.MatchString(now.Path)) {
			return true
		}
	}
	l.say("way out of a sensitive page", "[data-exit]", "to leave (scripts: %v)", scripts)
	return false
}
