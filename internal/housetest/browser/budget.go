package browser

import (
	"maps"
	"slices"
)

// Budget is what a kind of page may weigh and how plainly it must read.
// KB are 1,000 bytes on the wire: compressed bodies and headers.
type Budget struct {
	KBWithout float64 // first view, JavaScript off
	KBWith    float64 // first view, JavaScript on
	KBScript  float64 // of which scripts
	KBRepeat  float64 // second view, with what the cache kept
	Requests  int
	Mean, P95 float64 // words a sentence
	LIX       float64 // readability, Latin script only: words a sentence plus per cent of words over six letters
	TextShare float64 // of the main text, without JavaScript
	FCP, LCP  float64 // ms until something, and until the main thing, is painted on a slow mobile network
}

// usual holds for pages of no special kind; the others are named for what they are for.
var usual = Budget{KBWithout: 45, KBWith: 55, KBScript: 10, KBRepeat: 20, Requests: 8, Mean: 18, P95: 32, LIX: 50, TextShare: 0.95, FCP: 3000, LCP: 3200}

var budgets = map[string]Budget{
	"":          usual,
	"home":      usual,
	"text":      usual.weighs(40, 50, 10, 20),
	"form":      usual.weighs(32, 40, 8, 12).reads(14, 25, 45),
	"sensitive": usual.weighs(28, 32, 4, 12).reads(12, 22, 42).paints(2800, 3000),
	"vault":     Budget{Requests: 8, TextShare: 0.5}.weighs(28, 95, 62, 12).reads(12, 22, 42).paints(3000, 3200),
	"map":       usual.weighs(60, 80, 20, 30).paints(3000, 5500),
	"board":     usual.weighs(60, 80, 20, 35),
	"live":      usual.weighs(40, 55, 12, 20),
	"dashboard": usual.weighs(50, 65, 12, 20),
	"desk":      usual.weighs(90, 140, 45, 60).asks(12).paints(3000, 6000),
}

func (b Budget) weighs(without, with, script, repeat float64) Budget {
	b.KBWithout, b.KBWith, b.KBScript, b.KBRepeat = without, with, script, repeat
	return b
}

func (b Budget) reads(mean, p95, lix float64) Budget {
	b.Mean, b.P95, b.LIX = mean, p95, lix
	return b
}

func (b Budget) asks(requests int) Budget {
	b.Requests = requests
	return b
}

func (b Budget) paints(first, largest float64) Budget {
	b.FCP, b.LCP = first, largest
	return b
}

// What holds for every page.
const (
	stickyShare   = 0.34 // of a 256 px high screen, under fixed and sticky parts
	mirrorWithin  = 24   // px between a right-to-left page and the mirror image of its left-to-right one
	fewWords      = 60   // below this, reading figures mean nothing
	firstByteP50  = 30   // ms on loopback, warm
	focusContrast = 3.0  // of the focus ring against what is around it
	kept          = 86400
	shift         = 0.02 // cumulative layout shift
	blocked       = 200  // ms that scripts and layout hold the page up, on a slow phone
	exitHeight    = 44   // px of the way out of a sensitive page, and it stands on the first screen
)

// Types names the kinds of page that have a budget.
func Types() []string { return slices.Sorted(maps.Keys(budgets)) }
