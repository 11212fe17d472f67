// Command labels writes docs/help/labels.json: the English words of the labels
// that the help pages name, as the code says them. English has no phrase file,
// and the code is not at hand where the program runs. `go generate` runs it.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"alliance/internal/platform/locale/check"
)

func main() {
	if err := run("../../../docs/help", "../../../internal"); err != nil {
		fmt.Fprintln(os.Stderr, "labels:", err)
		os.Exit(1)
	}
}

var label = regexp.MustCompile(`\{([a-z0-9._-]+)\}`)

func run(texts, code string) error {
	words, err := check.Words(code)
	if err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(texts, "*", "*.md"))
	if err != nil {
		return err
	}
	named := map[string]string{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		for _, m := range label.FindAllStringSubmatch(string(b), -1) {
			said, ok := words[m[1]]
			if !ok {
				return fmt.Errorf("%s names %s: no page says a phrase of that name, or it depends on a number", file, m[1])
			}
			named[m[1]] = said
		}
	}
	b, err := json.MarshalIndent(named, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(texts, "labels.json"), append(b, '\n'), 0o644)
}
