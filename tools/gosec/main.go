// Command gosec asks gosec's rules of security about the program: each package
// of ours that stands in cmd/alliance. `make secure` runs it. Generated files
// and tests are left out.
//
// It stands on gosec's library, not on its command, which brings the clients of
// three language models to be compiled, and loads each package with all it stands
// on anew.
//
// A place that is right as it is says why in its line: `// #nosec G404 -- why`.
// Without rule or reason that is a finding too.
package main

import (
	"cmp"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/securego/gosec/v2"
	"github.com/securego/gosec/v2/analyzers"
	"github.com/securego/gosec/v2/issue"
	"github.com/securego/gosec/v2/rules"
	"golang.org/x/sync/errgroup"
	"golang.org/x/tools/go/packages"
)

// no are rules that are not asked at all, and why.
var no = map[string]string{
	"G104": "errors not looked at: here always writes into hashes and buffers, which cannot fail, and closings after an error or a reading",
	"G115": "numbers that become narrower: here always counts of what lies in memory, or what was bounded lines before; it does not see bounds",
	"G304": "any path that is no constant: files are named by who runs the program; G703 follows where a path comes from",
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: gosec FOLDER")
	}
	found, err := ask(os.Args[1])
	for _, one := range found {
		fmt.Println(one)
	}
	if err != nil {
		log.Fatal("gosec: ", err)
	}
	if len(found) > 0 {
		os.Exit(1)
	}
}

// ask gives what the rules find in the project that stands in root.
func ask(root string) ([]string, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	ours, err := parts(root)
	if err != nil {
		return nil, err
	}
	all, err := packages.Load(&packages.Config{
		Dir: root,
		// What packages stand on comes from the build cache, not from its source.
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedExportFile | packages.NeedTypes | packages.NeedTypesSizes | packages.NeedTypesInfo | packages.NeedSyntax,
	}, ours...)
	if err != nil {
		return nil, err
	}
	of := make([][]string, len(all))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range all {
		if len(p.Errors) > 0 {
			return nil, p.Errors[0]
		}
		group.Go(func() error {
			of[i] = about(root, p)
			return nil
		})
	}
	return slices.Concat(of...), group.Wait()
}

// parts are the packages of ours that the program is made of.
func parts(root string) (ours []string, err error) {
	program, err := packages.Load(&packages.Config{Dir: root, Mode: packages.NeedName | packages.NeedImports | packages.NeedDeps | packages.NeedModule}, "./cmd/alliance")
	if err != nil {
		return nil, err
	}
	packages.Visit(program, nil, func(p *packages.Package) {
		if p.Module != nil && p.Module.Main {
			ours = append(ours, p.PkgPath)
		}
	})
	if len(ours) < 50 {
		return nil, fmt.Errorf("only %d packages found in %s", len(ours), root)
	}
	return ours, nil
}

// about gives what the rules find in one package.
func about(root string, p *packages.Package) (found []string) {
	words := gosec.NewConfig()
	words.SetGlobal(gosec.NoSecRequireRules, "true")
	words.SetGlobal(gosec.NoSecRequireJustification, "true")
	a := gosec.NewAnalyzer(words, false, true, false, 1, log.New(io.Discard, "", 0))
	leave := slices.Collect(maps.Keys(no))
	a.LoadRules(rules.Generate(false, rules.NewRuleFilter(true, leave...)).RulesInfo())
	a.LoadAnalyzers(analyzers.Generate(false, analyzers.NewAnalyzerFilter(true, leave...)).AnalyzersInfo())
	a.CheckRules(p)
	a.CheckAnalyzers(p)
	issues, _, wrong := a.Report()
	slices.SortFunc(issues, func(a, b *issue.Issue) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(len(a.Line), len(b.Line)), cmp.Compare(a.Line, b.Line))
	})
	for _, one := range issues {
		found = append(found, fmt.Sprintf("%s:%s: %s: %s", short(root, one.File), one.Line, one.RuleID, one.What))
	}
	for _, file := range slices.Sorted(maps.Keys(wrong)) {
		for _, w := range wrong[file] {
			found = append(found, fmt.Sprintf("%s:%d: %s", short(root, file), w.Line, w.Err))
		}
	}
	return found
}

// short is a file as seen from root.
func short(root, file string) string {
	if rel, err := filepath.Rel(root, file); err == nil {
		return rel
	}
	return file
}
