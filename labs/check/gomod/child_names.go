package gomod

import (
	"embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"path"
	"strconv"
	"strings"
)

// answering is package child, without its tests: they change no verdict.
//
//go:embed child/call.go child/called.go child/callers.go child/describe.go child/fit.go child/getter.go child/fuzz.go child/operations.go child/parts.go child/protocol.go child/read.go child/scribble.go child/serve.go child/steps.go child/story.go child/table.go child/text.go child/whole.go
var answering embed.FS

// childFolder is where the compiler sees the child's main package, below the
// workspace. Nothing is written there.
const childFolder = "check_child"

// childImport is where it sees what answers.
const childImport = modulePath + "/" + childFolder + "/child"

// sources are the files of the child by name: those with the names that a check
// asks for, what registers them, and what answers.
func (m *Module) sources(names []string) map[string]string {
	m.c.Helper()
	sources := map[string]string{}
	registered := map[string]string{} // "order.Place": its import path
	var gets []getter
	for i, text := range names {
		sources[fmt.Sprintf("names%d.go", i+1)] = text
		file, err := parser.ParseFile(token.NewFileSet(), "names.go", text, 0)
		m.c.Must(err, "The check's names cannot be read.")
		maps.Copy(registered, m.mentioned(file))
		gets = append(gets, getters(file)...)
	}
	sources["main.go"] = m.registers(registered, gets)
	for _, folder := range m.Instrument {
		maps.Copy(sources, m.instrumented(folder))
	}
	files, err := fs.Glob(answering, "child/*.go")
	m.c.Must(err, "The check's questions cannot be read.")
	for _, name := range files {
		text, err := fs.ReadFile(answering, name)
		m.c.Must(err, "The check's questions cannot be read.")
		sources[name] = string(text)
	}
	return sources
}

// mentioned are the names of other packages that a file uses, and the functions
// of those that are the learner's. It ends the check
// where a package of the module that the file imports is not there at all.
func (m *Module) mentioned(file *ast.File) map[string]string {
	m.c.Helper()
	imports := map[string]string{}
	for _, spec := range file.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		if below, own := strings.CutPrefix(imported, modulePath+"/"); own {
			m.Want(below)
		}
		name := path.Base(imported)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		imports[name] = imported
	}
	found := map[string]string{}
	for name, imported := range imports {
		for _, function := range m.Functions(strings.TrimPrefix(imported, modulePath+"/")) {
			found[name+"."+function] = imported
		}
	}
	ast.Inspect(file, func(node ast.Node) bool {
		if selector, ok := node.(*ast.SelectorExpr); ok {
			if of, ok := selector.X.(*ast.Ident); ok && imports[of.Name] != "" {
				found[of.Name+"."+selector.Sel.Name] = imports[of.Name]
			}
		}
		return true
	})
	return found
}

// getter is a method that only reads.
type getter struct{ Name, Method string }

// getters are the methods that the file names as functions of one value with
// one result.
func getters(file *ast.File) []getter {
	var found []getter
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		of, isFunc := spec.Type.(*ast.FuncType)
		method, named := spec.Values[0].(*ast.SelectorExpr)
		if isFunc && named && of.Params.NumFields() == 1 && of.Results.NumFields() == 1 {
			if _, function := method.X.(*ast.Ident); !function {
				found = append(found, getter{method.Sel.Name, types.ExprString(method)})
			}
		}
		return true
	})
	return found
}
