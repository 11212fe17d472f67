package locale

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
)

// Words of one phrase in one language, as a file has them: under "" when it
// is one text, else one for each plural category.
type Words map[string]string

// Plural categories of CLDR, in its order.
const (
	zero = iota
	one
	two
	few
	many
	other
)

var categoryNames = [...]string{"zero", "one", "two", "few", "many", "other"}

// forms is Words made for fast reading.
type forms struct {
	plain  string
	plural *[6]string // nil for one text
}

func pack(w Words) forms {
	if plain, ok := w[""]; ok {
		return forms{plain: plain}
	}
	f := forms{plural: new([6]string)}
	for i, name := range categoryNames {
		f.plural[i] = w[name]
	}
	return f
}

// Read merges phrase files as New does: language → key → words.
func Read(files ...fs.FS) (map[string]map[string]Words, error) {
	all := make(map[string]map[string]Words, len(Languages))
	for _, lang := range Languages {
		all[lang] = map[string]Words{}
		for _, fsys := range files {
			for _, name := range []string{lang + ".json", "phrases/" + lang + ".json"} {
				b, err := fs.ReadFile(fsys, name)
				if errors.Is(err, fs.ErrNotExist) {
					continue
				}
				if err == nil && lang == "en" {
					err = errors.New("phrases in English stand in the code, not in a file")
				}
				if err == nil {
					err = parse(b, all[lang])
				}
				if err != nil {
					return nil, fmt.Errorf("locale: %s: %w", name, err)
				}
			}
		}
	}
	return all, nil
}

// parse adds the phrases of one file: {"key": "text", "key": {"one": "…", …}}.
// It reads tokens because encoding/json would keep the last of two equal keys.
func parse(b []byte, into map[string]Words) error {
	d := json.NewDecoder(bytes.NewReader(b))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("not an object of phrases: %w", errors.Join(err))
	}
	for d.More() {
		key, err := text(d)
		if err != nil {
			return err
		}
		if _, twice := into[key]; twice {
			return fmt.Errorf("key %q is given twice", key)
		}
		if into[key], err = words(d); err != nil {
			return fmt.Errorf("key %q: %w", key, err)
		}
	}
	if _, err := d.Token(); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something follows the object of phrases")
	}
	return nil
}

func words(d *json.Decoder) (Words, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	if s, ok := t.(string); ok {
		return Words{"": s}, nil
	}
	if t != json.Delim('{') {
		return nil, fmt.Errorf("%v is neither a text nor plural forms", t)
	}
	w := Words{}
	for d.More() {
		category, err := text(d)
		if err != nil {
			return nil, err
		}
		if _, twice := w[category]; twice || !slices.Contains(categoryNames[:], category) {
			return nil, fmt.Errorf("plural category %q is given twice, or does not exist", category)
		}
		if w[category], err = text(d); err != nil {
			return nil, err
		}
	}
	_, err = d.Token()
	return w, err
}

func text(d *json.Decoder) (string, error) {
	t, err := d.Token()
	if err != nil {
		return "", err
	}
	s, ok := t.(string)
	if !ok {
		return "", fmt.Errorf("%v stands where a text is expected", t)
	}
	return s, nil
}
