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
	"strings"

	"cnalab/labs/check/gomod/child"
)

// Calls are those of the functions of the instrumented packages since it was
// asked last.
type Calls struct {
	Names   []string // "order.Place", "order.Order.Ship"
	Outside []Use    // of exported ones by packages of other folders, also through an interface
	Changes int      // how often what is watched was another one when one was called, or is now
}

// Calls tells of the calls since it was asked last.
func (c *Child) Calls() Calls {
	c.Helper()
	told := c.ask(child.Ask{Do: "called"}).Calls
	if told == nil {
		c.forged()
	}
	calls := Calls{Names: told.Names, Changes: told.Changes}
	for _, entry := range told.Outside {
		calls.Outside = append(calls.Outside, Use(entry))
	}
	return calls
}

// Watch has Calls count the changes of a value, as far as it is made of what the
// packages below an instrumented folder hold: it is looked at each time that
// others call one of their functions.
func (c *Child) Watch(v Value, folder string) {
	c.Helper()
	c.ask(child.Ask{Do: "watch", On: v.result.On, Name: folder})
}

// instrumented are the files of the packages below a folder as the compiler sees
// them for a child: each function begins by telling that it was called. No line
// moves, so that a trace names the learner's own.
func (m *Module) instrumented(folder string) map[string]string {
	m.c.Helper()
	sources := map[string]string{}
	for _, p := range m.Below(folder) {
		wrapped := m.wrapped(p)
		for _, file := range p.Files {
			text, err := os.ReadFile(filepath.Join(m.dir, filepath.FromSlash(file)))
			m.c.Must(err, "The check cannot read "+file+".")
			sources["../"+file] = instrument(path.Base(folder), string(text), wrapped)
		}
		sources["../"+p.Path+"/check_called.go"] = "package " + p.Name + "\n\nimport child \"" + childImport + "\"\n\nfunc check_called(name string) { child.Called(name) }\n"
		for _, name := range wrapped {
			_, text, _ := strings.Cut(m.Wrap[p.Path+"."+name], "\n")
			sources["../"+p.Path+"/check_"+name+".go"] = "package " + p.Name + "\n" + text
		}
	}
	return sources
}

// wrapped are the package's functions that another one stands before.
func (m *Module) wrapped(p Package) []string {
	var names []string
	for _, e := range p.Exports {
		if _, ok := m.Wrap[p.Path+"."+e.Name]; ok && e.Kind == "func" {
			names = append(names, e.Name)
		}
	}
	return names
}

// instrument returns the text with a call at the beginning of each function, and
// those that are wrapped under another name.
func instrument(folder, text string, wrapped []string) string {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if err != nil {
		return text
	}
	insert := func(before token.Pos, more string) {
		at := fset.Position(before).Offset
		text = text[:at] + more + text[at:]
	}
	for _, declared := range slices.Backward(file.Decls) {
		function, ok := declared.(*ast.FuncDecl)
		if !ok || function.Body == nil {
			continue
		}
		insert(function.Body.Lbrace+1, " check_called("+strconv.Quote(folder+"."+receiver(function)+function.Name.Name)+"); ")
		if function.Recv == nil && slices.Contains(wrapped, function.Name.Name) {
			insert(function.Name.Pos(), "check_")
		}
	}
	return text
}

// receiver is the type that a method is of, and a dot.
func receiver(function *ast.FuncDecl) string {
	if function.Recv == nil || len(function.Recv.List) == 0 {
		return ""
	}
	of := ast.Unparen(function.Recv.List[0].Type)
	if pointer, ok := of.(*ast.StarExpr); ok {
		of = ast.Unparen(pointer.X)
	}
	switch generic := of.(type) {
	case *ast.IndexExpr:
		of = generic.X
	case *ast.IndexListExpr:
		of = generic.X
	}
	if name, ok := of.(*ast.Ident); ok {
		return name.Name + "."
	}
	return ""
}
