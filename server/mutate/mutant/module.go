package mutant

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// Module is a Go module, read with its types.
type Module struct {
	dir   string
	files []*file
}

// file is one of the module's source files.
type file struct {
	*source
	pkg    *pkg
	syntax *ast.File
}

// pkg is a package whose types are known.
type pkg struct {
	*packages.Package
	importer importer
	files    []*file
}

// importer finds the packages that a package imports, as they were loaded.
type importer map[string]*packages.Package

func (i importer) Import(path string) (*types.Package, error) {
	if p := i[path]; p != nil && p.Types != nil {
		return p.Types, nil
	}
	return nil, fmt.Errorf("no package %s", path)
}

const wanted = packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
	packages.NeedExportFile | packages.NeedTypes | packages.NeedSyntax | packages.NeedTypesInfo

// Load reads the module in the folder. An error means that it does not compile.
func Load(ctx context.Context, dir string) (*Module, error) {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return nil, err
	}
	found, err := packages.Load(&packages.Config{Context: ctx, Mode: wanted, Dir: dir, Fset: token.NewFileSet()}, "./...")
	if err != nil {
		return nil, fmt.Errorf("read module: %w", err)
	}
	m := &Module{dir: dir}
	for _, p := range found {
		if len(p.Errors) > 0 {
			return nil, fmt.Errorf("read module: %w", errors.New(p.Errors[0].Error()))
		}
		if err := m.add(&pkg{Package: p, importer: p.Imports}); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *Module) add(p *pkg) error {
	for _, syntax := range p.Syntax {
		path := p.Fset.Position(syntax.Package).Filename
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		below, err := filepath.Rel(m.dir, path)
		if err != nil {
			return err
		}
		p.files = append(p.files, &file{&source{filepath.ToSlash(below), string(text)}, p, syntax})
	}
	m.files = append(m.files, p.files...)
	return nil
}

// offset is where a position is in its file, in bytes.
func (f *file) offset(at token.Pos) int { return f.pkg.Fset.Position(at).Offset }

// source is the text of a node.
func (f *file) textOf(n ast.Node) string { return f.text[f.offset(n.Pos()):f.offset(n.End())] }

// compiles reports whether the package still does with another text of the
// file, and which of the file's imports nothing uses then: whoever made such a
// mistake would have taken them out.
func (f *file) compiles(text string) (unused []string, ok bool) {
	fset := token.NewFileSet()
	var all []*ast.File
	for _, other := range f.pkg.files {
		source := other.text
		if other == f {
			source = text
		}
		parsed, err := parser.ParseFile(fset, other.name, source, parser.SkipObjectResolution)
		if err != nil {
			return nil, false
		}
		all = append(all, parsed)
	}
	helper, err := parser.ParseFile(fset, helperFile, "package "+f.pkg.Name+helperDeclared, parser.SkipObjectResolution)
	if err != nil {
		return nil, false
	}
	ok = true
	config := types.Config{Importer: f.pkg.importer, Error: func(err error) {
		path, isImport := strings.CutSuffix(err.(types.Error).Msg, " imported and not used")
		if isImport {
			unused = append(unused, path)
			return
		}
		ok = false
	}}
	config.Check(f.pkg.PkgPath, fset, append(all, helper), nil)
	return unused, ok
}

// unimport are edits that keep a file compiling whose imports of those paths,
// in quotes, nothing uses any more.
func (f *file) unimport(paths []string) (edits []edit) {
	for _, spec := range f.syntax.Imports {
		if slices.Contains(paths, spec.Path.Value) && spec.Name == nil {
			at := f.offset(spec.Path.Pos())
			edits = append(edits, edit{at, at, "_ "})
		}
	}
	return edits
}
