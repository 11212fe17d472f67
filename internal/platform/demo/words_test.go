package demo

import (
	"bytes"
	"encoding/binary"
	"flag"
	"hash/fnv"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"alliance/internal/platform/lang"
)

// -report FILE -update makes testdata/report-8grams.bin again from the text of the report.
var (
	report = flag.String("report", "", "text of the report of 2019")
	update = flag.Bool("update", false, "write testdata again")
)

func books() []*book {
	return []*book{openBook("common"), openBook("launch"), openBook("second")}
}

// read asks each book for everything that is shown.
func read(t *testing.T) []*book {
	b := books()
	for _, x := range b[1:] {
		var m Meeting
		mustRead(x.folder+"/meeting.json", &m)
		m.word(x)
	}
	for _, o := range Organisations() {
		b[1].maybe("note." + o.Slug)
	}
	for _, o := range Invented() {
		b[2].must("org." + o.Slug)
	}
	return b
}

func TestNoWordsWithoutAPlace(t *testing.T) {
	for _, b := range read(t)[1:] {
		if keys := b.unread(); len(keys) > 0 {
			t.Errorf("%s: nothing shows %v", b.folder, keys)
		}
	}
}

// Words of the seven files are in all seven; what people wrote in the second
// meeting is at least in its original.
func TestWordsInAllLanguages(t *testing.T) {
	for _, b := range books() {
		var written map[string]word
		if b.folder == "second" {
			mustRead("second/words.json", &written)
		}
		for key, text := range b.texts {
			if _, ok := written[key]; ok {
				continue
			}
			for _, tag := range Languages {
				if v := text.V[tag]; strings.TrimSpace(v.S) == "" || v.S != strings.TrimSpace(v.S) {
					t.Errorf("%s/%s.json: %s is %q", b.folder, tag, key, v.S)
				}
			}
		}
	}
	originals := map[string]bool{}
	for _, p := range proposals(Second()) {
		originals[p.Plain.Orig] = true
	}
	for _, tag := range []string{"fr", "en", "es", "pt", "it", "de", "ar"} {
		if !originals[tag] {
			t.Errorf("no proposal was written in %s", tag)
		}
	}
}

func TestTitlesAreShort(t *testing.T) {
	for _, b := range books() {
		for key, text := range b.texts {
			if !strings.HasSuffix(key, ".title") {
				continue
			}
			for tag, v := range text.V {
				if n := len(strings.Fields(v.S)); n > 11 { // « : » counts as one
					t.Errorf("%s %s: %d words", key, tag, n)
				}
			}
		}
	}
}

func TestTypography(t *testing.T) {
	for _, b := range books() {
		for key, text := range b.texts {
			if s := text.V["fr"].S; strings.ContainsAny(s, "'\"") || strings.Contains(s, " :") || strings.Contains(s, " ?") || strings.Contains(s, " ;") || strings.Contains(s, " !") {
				t.Errorf("fr %s: %q", key, s)
			}
			for _, r := range text.V["ar"].S {
				if strings.ContainsRune(",;?", r) {
					t.Errorf("ar %s: %q instead of the Arabic sign", key, r)
				}
			}
		}
	}
}

// A plain text is read by everyone: at most 12 words a sentence on average and
// LIX 42, each one from 18 words on (below that one long word decides), and
// the short ones of a language together. LIX = words a sentence + % of words
// over six letters; for Latin script only. Arabic is held to the sentences.
func TestPlainTextsArePlain(t *testing.T) {
	for _, b := range books() {
		together := map[string]string{}
		for key, text := range b.texts {
			if !strings.HasSuffix(key, ".plain") && !strings.HasSuffix(key, ".lead") {
				continue
			}
			for tag, v := range text.V {
				together[tag] += v.S + " "
				words, mean, lix := reading(v.S)
				if words >= 18 && (mean > 12 || tag != "ar" && lix > 42) {
					t.Errorf("%s %s: %.1f words a sentence, LIX %.0f: %s", key, tag, mean, lix, v.S)
				}
			}
		}
		for tag, s := range together {
			if _, mean, lix := reading(s); b.folder != "common" && (mean > 12 || tag != "ar" && lix > 42) {
				t.Errorf("%s %s: %.1f words a sentence, LIX %.0f", b.folder, tag, mean, lix)
			}
		}
	}
}

func reading(s string) (words int, mean, lix float64) {
	sentences, long := 0, 0
	for _, sentence := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(".!?؟…:", r) }) {
		n := 0
		for _, w := range strings.FieldsFunc(sentence, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }) {
			n++
			if len([]rune(w)) > 6 {
				long++
			}
		}
		if n > 0 {
			sentences++
			words += n
		}
	}
	if words == 0 {
		return 0, 0, 0
	}
	mean = float64(words) / float64(sentences)
	return words, mean, mean + 100*float64(long)/float64(words)
}

const grams = "testdata/report-8grams.bin"

// Facts are taken from the report, sentences are not: no eight words in a row
// of it, folded, stand in ours. testdata holds 40 bits of FNV-1a of each, so
// that the test needs no report and nobody can read it there.
func TestNothingCopiedFromTheReport(t *testing.T) {
	if *update && *report != "" {
		text, err := os.ReadFile(*report)
		if err != nil {
			t.Fatal(err)
		}
		all := eights(string(text))
		slices.Sort(all)
		all = slices.Compact(all)
		var out bytes.Buffer
		for _, h := range all {
			var raw [8]byte
			binary.BigEndian.PutUint64(raw[:], h)
			out.Write(raw[3:])
		}
		if err := os.WriteFile(grams, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(grams)
	if err != nil {
		t.Fatal(err)
	}
	known := map[uint64]bool{}
	for i := 0; i+5 <= len(raw); i += 5 {
		known[binary.BigEndian.Uint64(append([]byte{0, 0, 0}, raw[i:i+5]...))] = true
	}
	if len(known) < 10000 {
		t.Fatalf("%d hashes only", len(known))
	}
	// A sentence of the report that is public knowledge proves that the net holds.
	if canary := eights("toute personne a le droit de circuler librement et de choisir sa résidence"); !known[canary[0]] {
		t.Fatal("the hashes do not know the report")
	}
	for _, b := range books() {
		for key, text := range b.texts {
			for tag, v := range text.V {
				for _, h := range eights(v.S) {
					if known[h] {
						t.Errorf("%s/%s %s: eight words in a row of the report: %s", b.folder, tag, key, v.S)
						break
					}
				}
			}
		}
	}
}

// eights hashes each run of eight folded words to 40 bits.
func eights(s string) []uint64 {
	words := strings.FieldsFunc(lang.Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	var all []uint64
	for i := 0; i+8 <= len(words); i++ {
		h := fnv.New64a()
		h.Write([]byte(strings.Join(words[i:i+8], " ")))
		all = append(all, h.Sum64()>>24)
	}
	return all
}
