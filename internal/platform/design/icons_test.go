package design

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every icon that a page names is in the sheet; else its place stays empty.
func TestEveryIconIsThere(t *testing.T) {
	sheet, err := os.ReadFile("static/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`\bIcon(?:: *|\()"([a-z0-9-]+)"`)
	found := 0
	err = filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".templ") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, m := range named.FindAllStringSubmatch(string(source), -1) {
			found++
			if !strings.Contains(string(sheet), `id="`+m[1]+`"`) {
				t.Errorf("%s: no icon %q", path, m[1])
			}
		}
		return err
	})
	if err != nil || found < 30 {
		t.Error(found, err)
	}
}
