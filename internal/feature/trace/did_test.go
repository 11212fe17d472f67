package trace

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// What follows where a verb is put together from parts: what stands before the
// part that varies, and all it can be.
var completions = map[string][]string{
	"motion.":       {"adopted", "rejected", "no_quorum", "tie", "void"},
	"amendment.":    {"accepted", "refused"},
	"contribution.": {"agree", "change", "refuse"},
	"claim.":        {"agree", "refuse", "object"},
	"discussion.":   {"hidden", "shown", "closed", "opened"},
	"lineage.":      {"answers", "raised", "brought_up", "merged", "split", "reworded", "set_aside", "put_to_vote", "amended", "adopted", "rejected", "carried_by", "evidenced", "repeats", "undone", "dropped", "not_carried"},
	"*.":            {"draft", "proposed", "published", "withdrawn"}, // states of an entry
}

// TestEveryVerbHasWords reads the sources for the verbs that the house writes
// into its journal: each is told in words, not as "did something else".
func TestEveryVerbHasWords(t *testing.T) {
	found := verbsIn(t, "../..")
	if len(found) < 50 {
		t.Fatalf("only %d verbs found: %v", len(found), found)
	}
	for verb, where := range found {
		all := []string{verb}
		if head, dynamic := strings.CutSuffix(verb, "*"); dynamic {
			all = nil
			for _, tail := range completions[head] {
				all = append(all, head+tail)
			}
			if all == nil {
				t.Errorf("%s: %q is put together from parts this test does not know", where, verb)
			}
		}
		for _, one := range all {
			if _, known := wordsOf(strings.Replace(one, "*", "anything", 1)); !known {
				t.Errorf("%s: %q has no words", where, one)
			}
		}
	}
}

// verbsIn finds what is given as Verb of an event, assigned to a variable
// called verb, or handed to a parameter called so.
func verbsIn(t *testing.T, root string) map[string]string {
	t.Helper()
	files := token.NewFileSet()
	var parsed []*ast.File
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") || strings.Contains(path, "testdata") {
			return err
		}
		f, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		parsed = append(parsed, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	takes := map[string]int{} // functions → place of their parameter
	for _, f := range parsed {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if i := parameter(n.Type); i >= 0 {
					takes[n.Name.Name] = i
				}
			case *ast.AssignStmt:
				if lit, ok := n.Rhs[0].(*ast.FuncLit); ok && parameter(lit.Type) >= 0 {
					takes[n.Lhs[0].(*ast.Ident).Name] = parameter(lit.Type)
				}
			}
			return true
		})
	}
	verbs := map[string]string{}
	note := func(e ast.Expr) {
		for _, verb := range written(e) {
			if strings.Contains(verb, ".") {
				verbs[verb] = files.Position(e.Pos()).String()
			}
		}
	}
	for _, f := range parsed {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Verb" {
					note(n.Value)
				}
			case *ast.AssignStmt:
				for i, l := range n.Lhs {
					if id, ok := l.(*ast.Ident); ok && id.Name == "verb" && i < len(n.Rhs) {
						note(n.Rhs[i])
					}
				}
			case *ast.CallExpr:
				name := ""
				switch fun := n.Fun.(type) {
				case *ast.Ident:
					name = fun.Name
				case *ast.SelectorExpr:
					name = fun.Sel.Name
				}
				if i, ok := takes[name]; ok && i < len(n.Args) {
					note(n.Args[i])
				}
			}
			return true
		})
	}
	return verbs
}

// parameter is the place of a parameter called verb; -1 = there is none.
func parameter(f *ast.FuncType) int {
	i := 0
	for _, field := range f.Params.List {
		for _, name := range field.Names {
			if name.Name == "verb" {
				return i
			}
			i++
		}
	}
	return -1
}

// written are the verbs of an expression: "*" stands for what varies in them.
func written(e ast.Expr) []string {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, _ := strconv.Unquote(e.Value)
		return []string{s}
	case *ast.BinaryExpr:
		var all []string
		for _, a := range or(written(e.X)) {
			for _, b := range or(written(e.Y)) {
				all = append(all, strings.ReplaceAll(a+b, "**", "*"))
			}
		}
		return all
	case *ast.IndexExpr: // map[bool]string{…}[yes]
		if lit, ok := e.X.(*ast.CompositeLit); ok {
			var all []string
			for _, el := range lit.Elts {
				if kv, ok := el.(*ast.KeyValueExpr); ok {
					all = append(all, written(kv.Value)...)
				}
			}
			return all
		}
	}
	return nil
}

func or(list []string) []string {
	if len(list) == 0 {
		return []string{"*"}
	}
	return list
}
