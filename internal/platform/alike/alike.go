package alike

// Words gives the folded words of a text.
func Words(s string) []string { return nil }

// Sketch is a small digest of a text whose overlap estimates likeness.
type Sketch struct{ mins []uint64 }

func NewSketch(s string) Sketch { return Sketch{} }

// Similarity is 0 (nothing shared) to 1 (the same).
func (a Sketch) Similarity(b Sketch) float64 { return 0 }

// Item is one thing with its text in all languages.
type Item struct {
	ID    string
	Texts []string
}

// Pair is two items that say nearly the same.
type Pair struct {
	A, B   string
	Score  float64
	Shared []string
}

// Pairs finds the pairs that score at least atLeast.
func Pairs(items []Item, atLeast float64) []Pair { return nil }

// Names compares names of organisations, 0 to 1.
func Names(a, b string) float64 { return 0 }

// What a part of a Diff is.
const (
	Same = iota
	Insert
	Delete
)

// Edit is one part of a Diff.
type Edit struct {
	Op   int // Same, Insert, Delete
	Text string
}

// Diff tells what changed, word by word.
func Diff(before, after string) []Edit { return nil }
