package search

import (
	"context"
	"encoding/json"
	"sort"
	"strconv"

	"alliance/internal/platform/db"
)

// Mistyped words. Cut a word into k+1 pieces: whoever makes k mistakes in it
// leaves one piece whole, at most k places away. So a new word costs two or
// three rows, and looking up a mistyped one some dozen keys (Pass-Join, Li et
// al. 2011). Two letters exchanged count as one mistake.

const (
	candidates = 5000 // words compared for one mistyped word
	offers     = 3    // words equally near that are tried
)

// mistakes is how many are forgiven in a word of n letters.
func mistakes(n int) int {
	if n >= 7 {
		return 2
	}
	return 1
}

// learn adds new words to the vocabulary.
func learn(ctx context.Context, tx *db.Tx, lists ...[]token) error {
	var words []string
	seen := map[string]bool{}
	for _, list := range lists {
		for _, t := range list {
			if t.word && !seen[t.s] {
				seen[t.s] = true
				words = append(words, t.s)
			}
		}
	}
	if len(words) == 0 {
		return nil
	}
	sort.Strings(words) // two writers take the same words in the same order
	from := listIn(tx, "$1")
	fresh, err := db.All(ctx, tx, db.Value[string], `SELECT v.value FROM `+from+` v
		WHERE NOT EXISTS (SELECT 1 FROM search_word w WHERE w.word = v.value)`, jsonOf(words))
	if err != nil || len(fresh) == 0 {
		return err
	}
	sort.Strings(fresh)
	if _, err := tx.Exec(ctx, `INSERT INTO search_word (word) SELECT v.value FROM `+from+` v WHERE 1 = 1 ON CONFLICT DO NOTHING`, jsonOf(fresh)); err != nil {
		return err
	}
	var cuts []string // "9.1.rat" and then its word after a blank, which no word holds
	for _, w := range fresh {
		for _, p := range pieces(w) {
			cuts = append(cuts, p+" "+w)
		}
	}
	split := `substr(v.value, 1, instr(v.value, ' ') - 1), substr(v.value, instr(v.value, ' ') + 1)`
	if db.EngineOf(tx) == db.PostgreSQL {
		split = `split_part(v.value, ' ', 1), split_part(v.value, ' ', 2)`
	}
	_, err = tx.Exec(ctx, `INSERT INTO search_piece (piece, word) SELECT `+split+` FROM `+from+` v WHERE 1 = 1 ON CONFLICT DO NOTHING`, jsonOf(cuts))
	return err
}

// nearest gives the words of the vocabulary that are nearest to a word, at most
// three and all equally near.
func nearest(ctx context.Context, q db.Q, word string) ([]string, error) {
	found, err := db.All(ctx, q, db.Value[string], `SELECT word FROM search_piece WHERE piece `+inList(q, "$1")+`
		UNION SELECT word FROM search_word WHERE word `+inList(q, "$2")+` LIMIT `+strconv.Itoa(candidates),
		jsonOf(probes(word)), jsonOf(exchanges(word)))
	if err != nil {
		return nil, err
	}
	typed := []rune(word)
	type near struct {
		word  string
		cost  int
		first bool
	}
	var list []near
	for _, w := range found {
		meant := []rune(w)
		most := mistakes(len(meant))
		if c := distance(typed, meant, most); c > 0 && c <= most {
			list = append(list, near{w, c, meant[0] == typed[0]})
		}
	}
	sort.Slice(list, func(i, j int) bool {
		a, b := list[i], list[j]
		if a.cost != b.cost {
			return a.cost < b.cost
		}
		if a.first != b.first { // few people mistype the first letter
			return a.first
		}
		return a.word < b.word
	})
	var words []string
	for _, n := range list {
		if n.cost != list[0].cost || n.first != list[0].first || len(words) == offers {
			break
		}
		words = append(words, n.word)
	}
	return words, nil
}

// pieces cuts a word of the vocabulary.
func pieces(word string) []string {
	r := []rune(word)
	k := mistakes(len(r)) + 1
	list := make([]string, k)
	for i := range k {
		from, to := pieceAt(len(r), k, i)
		list[i] = pieceKey(len(r), i, r[from:to])
	}
	return list
}

func pieceAt(n, k, i int) (from, to int) { return i * n / k, (i + 1) * n / k }

func pieceKey(n, i int, r []rune) string {
	return strconv.Itoa(n) + "." + strconv.Itoa(i) + "." + string(r)
}

// probes lists every piece that a word near this one may share with it.
func probes(word string) []string {
	r := []rune(word)
	var list []string
	for n := max(4, len(r)-2); n <= min(24, len(r)+2); n++ {
		k := mistakes(n)
		if n < len(r)-k || n > len(r)+k {
			continue
		}
		for i := range k + 1 {
			from, to := pieceAt(n, k+1, i)
			for at := max(0, from-k); at <= from+k && at+to-from <= len(r); at++ {
				list = append(list, pieceKey(n, i, r[at:at+to-from]))
			}
		}
	}
	return list
}

// exchanges lists the words with two neighbouring letters exchanged: in a short
// word that may break both pieces.
func exchanges(word string) []string {
	r := []rune(word)
	list := make([]string, 0, len(r))
	for i := 0; i+1 < len(r); i++ {
		if r[i] != r[i+1] {
			r[i], r[i+1] = r[i+1], r[i]
			list = append(list, string(r))
			r[i], r[i+1] = r[i+1], r[i]
		}
	}
	return list
}

// distance counts insertions, deletions, replacements and exchanges of
// neighbours; what exceeds most is most+1.
func distance(a, b []rune, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	var older []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next := make([]int, len(b)+1)
		next[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], older[j-2]+1)
			}
			best = min(best, next[j])
		}
		if best > most {
			return most + 1
		}
		older, row = row, next
	}
	return min(row[len(b)], most+1)
}

// listIn reads a JSON list as rows with one column, value: one plan for any
// number of words.
func listIn(q db.Q, arg string) string {
	if db.EngineOf(q) == db.PostgreSQL {
		return `(SELECT jsonb_array_elements_text(CAST(CAST(` + arg + ` AS text) AS jsonb)) COLLATE "C" AS value)`
	}
	return `json_each(` + arg + `)`
}

// inList is the condition to be in a JSON list. As an array PostgreSQL looks
// each word up; as rows it may read the whole table instead.
func inList(q db.Q, arg string) string {
	if db.EngineOf(q) == db.PostgreSQL {
		return `= ANY (ARRAY` + listIn(q, arg) + `)`
	}
	return `IN (SELECT value FROM ` + listIn(q, arg) + `)`
}

func jsonOf(list []string) string {
	b, err := json.Marshal(list)
	if err != nil {
		panic(err) // strings only
	}
	return string(b)
}
