package browser

// modes looks at the page as it stands, mirrored, in light, dark and forced
// colours, with motion reduced, and on paper.
func (l *look) modes(v *view) {
	strings := func(rule, function, expected string) {
		got, err := ask[[]string](v, function)
		if !l.broke(err) {
			l.each(rule, got, expected)
		}
	}
	strings("reduced motion", "moving", "nothing that moves when the reader asked for less motion")
	starts, err := ask[map[string]edge](v, "starts")
	l.broke(err)
	l.starts = starts
	if l.rtl() {
		strings("Arabic script", "arabic", "no letter-spacing and no italics, they break the script")
	}
	for _, scheme := range []string{"light", "dark"} {
		if !l.broke(v.media("", "prefers-color-scheme", scheme)) {
			strings("edges of fields ("+scheme+")", "fieldEdges", "a border or ground of at least 3:1 (WCAG 1.4.11)")
		}
	}
	if !l.broke(v.media("", "forced-colors", "active")) {
		strings("forced colours", "lostEdges", "a border, outline or underline that stays in forced colours")
	}
	if !l.broke(first(v.size(1280, 900), v.media("print"))) {
		strings("print", "onPaper", "not printed: it is of no use on paper")
		dark, err := ask[bool](v, "darkPaper")
		if !l.broke(err) && dark {
			l.say("print", "main", "a light ground on paper")
		}
	}
	l.broke(first(v.media(""), v.size(360, 740)))
}

// reflow makes the page small, and its text large and loose.
func (l *look) reflow(v *view) {
	overflow := func(when string) {
		got, err := ask[[]string](v, "overflow")
		if !l.broke(err) {
			l.each("sideways scroll "+when, got, "everything within the width (WCAG 1.4.10)")
		}
	}
	wear := func(css string) bool {
		_, err := ask[bool](v, "wear", "reflow", css)
		return !l.broke(err)
	}
	if l.broke(v.size(320, 640)) {
		return
	}
	overflow("at 320 × 640")
	if wear(`*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-block-end:2em!important}`) {
		overflow("with wide text spacing")
		cut, err := ask[[]string](v, "cut")
		if !l.broke(err) {
			l.each("text cut with wide text spacing", cut, "the whole text (WCAG 1.4.12)")
		}
	}
	if !wear(``) || l.broke(v.size(320, 256)) {
		return
	}
	overflow("at 320 × 256 (400 %)")
	share, err := ask[float64](v, "cover")
	if !l.broke(err) && share > stickyShare {
		l.say("sticky parts", "page", "at most %.0f %% of a 256 px high screen, they take %.0f %%", stickyShare*100, share*100)
	}
	if l.broke(v.size(640, 740)) || !wear(`html{font-size:200%!important}`) {
		return
	}
	overflow("with 200 % text")
	fixed, err := ask[[]string](v, "fixedText")
	if !l.broke(err) {
		l.each("text in px", fixed, "a size that follows the reader's (rem, em or %)")
	}
	wear(``)
}
