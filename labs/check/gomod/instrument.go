package gomod

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"

	"cnalab/labs/check/gomod/child"
)

// Called lists the functions of the instrumented packages that were called since
// it was asked last: "order.Place", "order.Order.Ship".
func (c *Child) Called() []string {
	c.Helper()
	return c.ask(child.Ask{Do: "called"}).Called
}

// instrumented are the files of the packages below a folder as the compiler sees
// them for a child: each function begins by telling that it was called. No line
// moves, so that a trace names the learner's own.
func (m *Module) instrumented(folder string) map[string]string {
	m.c.Helper()
	sources := map[string]string{}
	for _, p := range m.Below(folder) {
		for _, file := range p.Files {
			text, err := os.ReadFile(filepath.Join(m.dir, filepath.FromSlash(file)))
			m.c.Must(err, "The check cannot read "+file+".")
			sources["../"+file] = instrument(path.Base(folder), string(text))
		}
		sources["../"+p.Path+"/check_called.go"] = "package " + p.Name + "\n\nimport child \"" + childImport + "\"\n\nfunc check_called(name string) { child.Called(name) }\n"
	}
	return sources
}

// instrument returns the text with a call at the beginning of each function.
func instrument(folder, text string) string {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if err != nil {
		return text
	}
	for _, declared := range slices.Backward(file.Decls) {
		function, ok := declared.(*ast.FuncDecl)
		if !ok || function.Body == nil {
			continue
		}
		at := fset.Position(function.Body.Lbrace).Offset + 1
		text = text[:at] + " check_called(" + strconv.Quote(folder+"."+receiver(function)+function.Name.Name) + "); " + text[at:]
	}
	return text
}

// receiver is the type that a method is of, and a dot.
func receiver(function *ast.FuncDecl) string {
	if function.Recv == nil || len(function.Recv.List) == 0 {
		return ""
	}
	of := function.Recv.List[0].Type
	if pointer, ok := of.(*ast.StarExpr); ok {
		of = pointer.X
	}
	if name, ok := of.(*ast.Ident); ok {
		return name.Name + "."
	}
	return ""
}
