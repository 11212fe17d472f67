package id

import (
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestNewSortsAndNeverRepeats(t *testing.T) {
	var (
		mu   sync.Mutex
		seen = map[string]bool{}
		all  sync.WaitGroup
	)
	for range 8 {
		all.Go(func() {
			own := make([]string, 5000)
			for i := range own {
				own[i] = New()
			}
			if !slices.IsSorted(own) {
				t.Error("identifiers made one after the other do not sort so")
			}
			mu.Lock()
			defer mu.Unlock()
			for _, s := range own {
				if seen[s] || !Valid(s) {
					t.Fatalf("%q: repeated or not valid", s)
				}
				seen[s] = true
			}
		})
	}
	all.Wait()
}

func TestNamed(t *testing.T) {
	first, again, other := Named("a"), Named("a"), Named("b")
	if first != again || first == other || !Valid(first) || first > New() {
		t.Error(first, again, other)
	}
}

func TestValid(t *testing.T) {
	for s, want := range map[string]bool{
		"06h0cz412wb4vze0": true, "": false, "06h0cz412wb4vze": false, "06h0cz412wb4vze00": false, "06H0CZ412WB4VZE0": false,
		"06h0cz412wb4vzei": false, "06h0cz412wb4vze/": false, "06h0cz412wb4vz\x00e": false, "../../etc/passwd": false,
	} {
		if Valid(s) != want {
			t.Errorf("Valid(%q) = %v", s, !want)
		}
	}
}

// Codes are read aloud in a room: every letter comes up, none that is mistaken
// for another, and no vowel makes a word of them.
func TestCode(t *testing.T) {
	count := map[rune]int{}
	for range 3000 {
		c := Code(6)
		if len(c) != 6 {
			t.Fatal(c)
		}
		for _, r := range c {
			count[r]++
		}
	}
	for r, n := range count {
		if strings.ContainsRune("01laeiouy", r) {
			t.Errorf("%c", r)
		}
		if n < 400 || n > 1000 { // 18,000 draws of 27 letters: 667 each, give or take
			t.Errorf("%c came %d times", r, n)
		}
	}
}

func TestSecret(t *testing.T) {
	if a, b := Secret(32), Secret(32); a == b || len(a) != 52 {
		t.Error(a, b)
	}
}
