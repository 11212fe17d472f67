package locale

import (
	"testing"
	"time"
)

func TestWeekFollowsTheRegion(t *testing.T) {
	for _, c := range []struct {
		accept, page string
		want         time.Weekday
	}{
		{"fr-FR,fr;q=0.9", "fr", time.Monday}, {"ar-MA", "ar", time.Monday}, {"ar-DZ,ar;q=0.8", "ar", time.Saturday}, {"pt-BR", "pt", time.Sunday}, {"en-US,en;q=0.5", "en", time.Sunday},
		{"en-GB", "en", time.Monday}, {"", "en", time.Monday}, {"", "fr", time.Monday}, {"", "pt", time.Sunday}, {"", "ar", time.Saturday}, {"fr", "fr", time.Monday}, {"x;;,=", "de", time.Monday}, {"fr-CA", "fr", time.Sunday},
	} {
		if got := FirstDay(c.accept, c.page); got != c.want {
			t.Errorf("%q on %s: %s, want %s", c.accept, c.page, got, c.want)
		}
	}
}
