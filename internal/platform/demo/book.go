package demo

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"sort"

	"alliance/internal/platform/lang"
)

//go:embed launch second common
var files embed.FS

// book is the words of one folder: key → text. Original-only words (words.json)
// win over the files of the seven languages.
type book struct {
	folder string
	texts  map[string]lang.Text
	shared *book           // phases and sequences, the same in every meeting
	read   map[string]bool // keys that something asked for: a test finds words nobody shows
}

// word is how words.json writes a text: {"o":"es","es":"…","fr":"…","by":{"fr":"…"},"stale":["fr"]}.
type word struct {
	Orig  string
	V     map[string]string
	By    map[string]string
	Stale []string
}

func (w *word) UnmarshalJSON(b []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	w.V = map[string]string{}
	for key, value := range raw {
		var err error
		switch key {
		case "o":
			err = json.Unmarshal(value, &w.Orig)
		case "by":
			err = json.Unmarshal(value, &w.By)
		case "stale":
			err = json.Unmarshal(value, &w.Stale)
		default:
			var s string
			err = json.Unmarshal(value, &s)
			w.V[key] = s
		}
		if err != nil {
			return err
		}
	}
	if w.V[w.Orig] == "" {
		return fmt.Errorf("no text in its original language %q", w.Orig)
	}
	return nil
}

// text marks stale translations by giving them an older revision than the original.
func (w word) text() lang.Text {
	t := lang.Text{Orig: w.Orig, V: map[string]lang.Version{}}
	revision := 1
	if len(w.Stale) > 0 {
		revision = 2
	}
	for tag, s := range w.V {
		v := lang.Version{S: s, R: revision}
		if tag != w.Orig {
			v.By = w.By[tag]
		}
		t.V[tag] = v
	}
	for _, tag := range w.Stale {
		v := t.V[tag]
		v.R = 1
		t.V[tag] = v
	}
	return t
}

// openBook reads a folder, on top of what both meetings share; the content is embedded, so what is wrong with it
// is a mistake of ours and panics (the tests open every book).
func openBook(folder string) *book {
	b := &book{folder: folder, texts: map[string]lang.Text{}, read: map[string]bool{}}
	if folder != "common" {
		b.shared = openBook("common")
	}
	versions := map[string]map[string]string{}
	for _, tag := range Languages {
		var phrases map[string]string
		mustRead(path.Join(folder, tag+".json"), &phrases)
		for key, s := range phrases {
			if versions[key] == nil {
				versions[key] = map[string]string{}
			}
			versions[key][tag] = s
		}
	}
	for key, v := range versions {
		b.texts[key] = lang.Of(v, "fr")
	}
	if _, err := files.Open(path.Join(folder, "words.json")); err == nil {
		var words map[string]word
		mustRead(path.Join(folder, "words.json"), &words)
		for key, w := range words {
			b.texts[key] = w.text()
		}
	}
	return b
}

// must gives a text that has to be there.
func (b *book) must(key string) lang.Text {
	t := b.maybe(key)
	if t.Empty() {
		panic(fmt.Sprintf("demo: %s has no words for %q", b.folder, key))
	}
	return t
}

// maybe gives a text, or an empty one.
func (b *book) maybe(key string) lang.Text {
	b.read[key] = true
	if t, ok := b.texts[key]; ok || b.shared == nil {
		return t
	}
	return b.shared.maybe(key)
}

// list gives key.1, key.2 … while they are there.
func (b *book) list(key string) []lang.Text {
	var all []lang.Text
	for n := 1; ; n++ {
		t := b.maybe(fmt.Sprintf("%s.%d", key, n))
		if t.Empty() {
			return all
		}
		all = append(all, t)
	}
}

// unread lists the keys that nothing asked for.
func (b *book) unread() []string {
	var keys []string
	for key := range b.texts {
		if !b.read[key] {
			keys = append(keys, key)
		}
	}
	sort.Strings(keys)
	return keys
}

func mustRead(name string, to any) {
	raw, err := files.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(raw, to)
	}
	if err != nil {
		panic(fmt.Sprintf("demo: %s: %v", name, err))
	}
}
