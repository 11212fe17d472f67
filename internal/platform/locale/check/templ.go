package check

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"regexp"
)

// Where Go that may hold a phrase starts in a templ file: the name of a call,
// or the type of a literal, or the head of a component. All that follows up to
// the closing bracket is Go, so Go's scanner finds it and Go's parser reads it;
// what is prose ("see (above)") fails to parse or says nothing.
var (
	call    = regexp.MustCompile(`[\pL_][\pL\pN_]*\(`)
	literal = regexp.MustCompile(`[\pL\pN_.\[\]*]*[Pp]hrase\{`)
	keyed   = regexp.MustCompile(`[\pL_][\pL\pN_.]*\{\s*Key:`)
	head    = regexp.MustCompile(`(?m)^templ\s+(?:\([^)]*\)\s*)?([\pL_][\pL\pN_]*\()`)
)

func readTempl(path string, b []byte) (source, error) {
	s := source{path: path}
	var starts []int
	add := func(from int, n ast.Node) {
		s.nodes = append(s.nodes, n)
		starts = append(starts, from)
	}
	for _, m := range head.FindAllSubmatchIndex(b, -1) {
		if end := closing(b[m[2]:]); end > 0 {
			text := "package p\nfunc " + string(b[m[2]:m[2]+end]) + "{}"
			if f, err := parser.ParseFile(token.NewFileSet(), "", text, 0); err == nil {
				add(m[2], f.Decls[0])
			}
		}
	}
	for _, pattern := range []*regexp.Regexp{call, literal, keyed} {
		for _, m := range pattern.FindAllIndex(b, -1) {
			end := closing(b[m[0]:])
			if end <= 0 {
				continue
			}
			if e, err := parser.ParseExpr(string(b[m[0] : m[0]+end])); err == nil {
				add(m[0], e)
			}
		}
	}
	s.line = func(p token.Pos, n int) int {
		// An expression's positions count from 1 within it.
		return 1 + bytes.Count(b[:min(starts[n]+int(p)-1, len(b))], []byte("\n"))
	}
	return s, nil
}

// closing gives the length of the Go at the start of b, up to the bracket that
// closes its first one; 0 when there is none.
func closing(b []byte) int {
	set := token.NewFileSet()
	file := set.AddFile("", -1, len(b))
	var s scanner.Scanner
	s.Init(file, b, func(token.Position, string) {}, 0)
	depth := 0
	for {
		at, t, _ := s.Scan()
		switch t {
		case token.EOF:
			return 0
		case token.LPAREN, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACE:
			if depth--; depth == 0 {
				return file.Offset(at) + 1
			}
			if depth < 0 {
				return 0
			}
		}
	}
}
