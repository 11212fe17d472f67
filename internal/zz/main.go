package main

import (
	"fmt"
	"io/fs"
	"os"

	"alliance/internal/platform/locale/check"
)

func main() {
	var files []fs.FS
	for _, d := range os.Args[2:] {
		files = append(files, os.DirFS(d))
	}
	ps, err := check.Phrases(os.Args[1], files...)
	fmt.Println(len(ps), err)
	seen := map[string]bool{}
	for _, p := range ps {
		if p.Lang == "" || p.Lang == "fr" || len(os.Args[2:]) > 1 || os.Getenv("ALL") != "" {
			if !seen[p.String()] {
				fmt.Println(p)
			}
			seen[p.String()] = true
		}
	}
}
