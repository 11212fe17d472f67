package check

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// use is one place that says a phrase.
type use struct {
	where   string
	key     string
	plural  bool
	english [2]string // a text; or one and other
	args    []string  // names of the values given, as far as they are literals
}

// shape tells where a function has its phrase among its parameters.
type shape struct {
	key, english int
	other        int // 0 for one text
}

// The functions that say phrases. collect adds to them every function, method,
// parameter and field of a function type that has adjacent parameters key,
// english (or one, other): faults and whatever wrapper a package has.
func builtin() map[string][]shape {
	return map[string][]shape{
		"T": {{key: 0, english: 1}},
		"N": {{key: 0, english: 2, other: 3}},
		// Package fault, for a check of one package only.
		"Invalid": {{key: 1, english: 2}}, "NotFound": {{key: 0, english: 1}}, "Forbidden": {{key: 0, english: 1}},
		"Conflict": {{key: 0, english: 1}}, "TooMany": {{key: 0, english: 1}}, "TooLarge": {{key: 0, english: 1}},
	}
}

// source is one file: the syntax of all its Go, with what gives positions.
type source struct {
	path  string
	nodes []ast.Node
	line  func(token.Pos, int) int // position within node number n → line
}

// collect reads all sources twice: for functions that carry phrases, then for
// what is handed to them.
func collect(root string) ([]use, []Problem, error) {
	var sources []source
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() {
			if name == "testdata" || name == "node_modules" || len(name) > 1 && strings.HasPrefix(name, ".") && name != ".." {
				return filepath.SkipDir
			}
			return nil
		}
		var read func(string, []byte) (source, error)
		switch {
		case strings.HasSuffix(name, "_test.go"), strings.HasSuffix(name, "_templ.go"):
			return nil
		case strings.HasSuffix(name, ".go"):
			read = readGo
		case strings.HasSuffix(name, ".templ"):
			read = readTempl
		default:
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		s, err := read(path, b)
		sources = append(sources, s)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	w := walker{shapes: builtin(), seen: map[string]bool{}}
	for _, learn := range []func(ast.Node) bool{w.learn, w.learnNamed} {
		for _, s := range sources {
			w.folder = filepath.Dir(s.path)
			for _, n := range s.nodes {
				ast.Inspect(n, learn)
			}
		}
	}
	for _, s := range sources {
		w.folder = filepath.Dir(s.path)
		for i, n := range s.nodes {
			w.where = func(p token.Pos) string { return fmt.Sprintf("%s:%d", s.path, s.line(p, i)) }
			w.walk(n)
		}
	}
	return w.uses, w.problems, nil
}

func readGo(path string, b []byte) (source, error) {
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, path, b, parser.SkipObjectResolution)
	if err != nil {
		return source{}, err
	}
	return source{path, []ast.Node{f}, func(p token.Pos, _ int) int { return set.Position(p).Line }}, nil
}

type walker struct {
	shapes   map[string][]shape // by scope of the function's name
	folder   string             // of the file being read
	uses     []use
	problems []Problem
	where    func(token.Pos) string
	seen     map[string]bool // positions, as the templ scanner meets nested calls twice
}

// scope makes a name that is not exported one of its package only.
func (w *walker) scope(name string) string {
	if ast.IsExported(name) {
		return name
	}
	return w.folder + ":" + name
}

// learn remembers what is declared with a phrase among its parameters:
// functions, methods of interfaces, types of functions.
func (w *walker) learn(n ast.Node) bool {
	switch f := n.(type) {
	case *ast.FuncDecl:
		w.learnAs(f.Name.Name, f.Type)
	case *ast.TypeSpec:
		if kind, ok := f.Type.(*ast.FuncType); ok {
			w.learnAs(f.Name.Name, kind)
		}
	case *ast.Field:
		if kind, ok := f.Type.(*ast.FuncType); ok {
			for _, name := range f.Names {
				w.learnAs(name.Name, kind)
			}
		}
	case *ast.AssignStmt: // say := func(key, english string) …
		for i, value := range f.Rhs {
			if lit, ok := value.(*ast.FuncLit); ok && i < len(f.Lhs) {
				if name, ok := f.Lhs[i].(*ast.Ident); ok {
					w.learnAs(name.Name, lit.Type)
				}
			}
		}
	}
	return true
}

// learnNamed gives parameters and fields the shapes of their type: say Say.
func (w *walker) learnNamed(n ast.Node) bool {
	f, ok := n.(*ast.Field)
	if !ok {
		return true
	}
	shapes := w.shapes[w.scope(lastName(f.Type))]
	for _, name := range f.Names {
		if _, known := w.shapes[w.scope(name.Name)]; !known && len(shapes) > 0 {
			w.shapes[w.scope(name.Name)] = shapes
		}
	}
	return true
}

func (w *walker) learnAs(name string, f *ast.FuncType) {
	if name == "T" || name == "N" {
		return
	}
	var params []string
	for _, field := range f.Params.List {
		if len(field.Names) == 0 {
			params = append(params, "")
		}
		for _, n := range field.Names {
			params = append(params, n.Name)
		}
	}
	for i, p := range params {
		var s shape
		switch {
		case !isKey(p):
			continue
		case i+1 < len(params) && params[i+1] == "english":
			s = shape{key: i, english: i + 1}
		case i+2 < len(params) && params[i+1] == "one" && params[i+2] == "other":
			s = shape{key: i, english: i + 1, other: i + 2}
		case i+3 < len(params) && params[i+2] == "one" && params[i+3] == "other":
			s = shape{key: i, english: i + 2, other: i + 3}
		default:
			continue
		}
		scope := w.scope(name)
		if !slices.Contains(w.shapes[scope], s) {
			w.shapes[scope] = append(w.shapes[scope], s)
		}
	}
}

func isKey(param string) bool { return param == "key" || strings.HasSuffix(param, "Key") }

// walk finds all phrases below n.
func (w *walker) walk(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			w.call(n)
		case *ast.CompositeLit:
			w.literal(n)
		case *ast.AssignStmt:
			w.assigned(n)
		}
		return true
	})
}

func (w *walker) call(c *ast.CallExpr) {
	name := lastName(c.Fun)
	for _, s := range w.shapes[w.scope(name)] {
		if max(s.key, s.english, s.other) >= len(c.Args) {
			continue
		}
		key, isLiteral := stringOf(c.Args[s.key])
		english, hasText := stringOf(c.Args[s.english])
		if !isLiteral || !hasText {
			// A phrase that is handed on is found where it comes from; words
			// beside a key that is computed are found nowhere.
			_, composed := c.Args[s.key].(*ast.BinaryExpr)
			if (hasText || composed && !isLiteral) && (name == "T" || name == "N") {
				w.problem(c.Pos(), "the key of a phrase is computed: use a table of locale.Phrase")
			} else if isLiteral && (name == "T" || name == "N") && strings.Contains(key, ".") {
				w.problem(c.Pos(), "the English words of "+key+" are computed")
			}
			continue
		}
		u := use{key: key, english: [2]string{english}}
		last := s.english
		if s.other > 0 {
			other, ok := stringOf(c.Args[s.other])
			if !ok {
				w.problem(c.Pos(), "the English words of "+key+" are computed")
				continue
			}
			u.plural, u.english[1], last = true, other, s.other
		}
		if name == "T" || name == "N" {
			for i := last + 1; i < len(c.Args); i += 2 {
				if arg, ok := stringOf(c.Args[i]); ok {
					u.args = append(u.args, arg)
				}
			}
		}
		w.add(c.Pos(), u)
		return
	}
}

// literal finds {Key: "…", English: "…"} of any type, and those of type Phrase
// without field names, in tables too.
func (w *walker) literal(lit *ast.CompositeLit) {
	var key, english string
	var hasKey, hasEnglish bool
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		switch field, _ := kv.Key.(*ast.Ident); {
		case field == nil:
		case field.Name == "Key":
			key, hasKey = stringOf(kv.Value)
		case field.Name == "English":
			english, hasEnglish = stringOf(kv.Value)
		}
	}
	if hasKey && hasEnglish {
		w.add(lit.Pos(), use{key: key, english: [2]string{english}})
	}
	if isPhrase(lit.Type) {
		w.positional(lit)
	}
	w.table(lit, lit.Type)
}

// assigned finds x.Key, x.English = "…", "…".
func (w *walker) assigned(a *ast.AssignStmt) {
	if len(a.Lhs) != len(a.Rhs) {
		return
	}
	var key, english string
	var hasKey, hasEnglish bool
	for i, to := range a.Lhs {
		switch field, _ := to.(*ast.SelectorExpr); {
		case field == nil:
		case field.Sel.Name == "Key":
			key, hasKey = stringOf(a.Rhs[i])
		case field.Sel.Name == "English":
			english, hasEnglish = stringOf(a.Rhs[i])
		}
	}
	if hasKey && hasEnglish {
		w.add(a.Pos(), use{key: key, english: [2]string{english}})
	}
}

// table descends into the elided literals of a slice, array or map.
func (w *walker) table(lit *ast.CompositeLit, kind ast.Expr) {
	var element ast.Expr
	switch t := kind.(type) {
	case *ast.ArrayType:
		element = t.Elt
	case *ast.MapType:
		element = t.Value
	default:
		return
	}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			e = kv.Value
		}
		inner, ok := e.(*ast.CompositeLit)
		if !ok || inner.Type != nil {
			continue
		}
		if isPhrase(element) {
			w.positional(inner)
		}
		w.table(inner, element)
	}
}

func (w *walker) positional(lit *ast.CompositeLit) {
	if len(lit.Elts) != 2 {
		return
	}
	key, ok := stringOf(lit.Elts[0])
	english, also := stringOf(lit.Elts[1])
	if ok && also {
		w.add(lit.Pos(), use{key: key, english: [2]string{english}})
	}
}

func isPhrase(t ast.Expr) bool {
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	return t != nil && strings.EqualFold(lastName(t), "phrase")
}

func (w *walker) add(at token.Pos, u use) {
	u.where = w.where(at)
	if id := u.where + u.key; !w.seen[id] {
		w.seen[id] = true
		w.uses = append(w.uses, u)
	}
}

func (w *walker) problem(at token.Pos, what string) {
	p := Problem{Where: w.where(at), What: what}
	if id := p.Where + what; !w.seen[id] {
		w.seen[id] = true
		w.problems = append(w.problems, p)
	}
}

func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// stringOf gives the value of a string literal, or of several put together by +.
func stringOf(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			s, err := strconv.Unquote(e.Value)
			return s, err == nil
		}
	case *ast.ParenExpr:
		return stringOf(e.X)
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			a, ok := stringOf(e.X)
			b, also := stringOf(e.Y)
			return a + b, ok && also
		}
	}
	return "", false
}
