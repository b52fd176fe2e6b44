package gomod

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// reader type-checks the learner's packages from their source, and takes what
// they import from the compiler's export data.
type reader struct {
	fset    *token.FileSet
	dir     string // the workspace
	own     map[string]*types.Package
	others  types.Importer
	members map[types.Object]string // exported member → "Order.Ship"
}

func (m *Module) read(list []listed) []Package {
	m.c.Helper()
	r := newReader(m.dir, list)
	var packages []Package
	for _, l := range list {
		if !l.own() {
			continue
		}
		p, err := r.read(l)
		m.c.Must(err, "The check cannot read package "+l.ImportPath+".")
		packages = append(packages, p)
	}
	slices.SortFunc(packages, func(a, b Package) int { return strings.Compare(a.Path, b.Path) })
	return packages
}

func newReader(dir string, list []listed) *reader {
	exports := map[string]string{}
	r := &reader{fset: token.NewFileSet(), dir: dir, own: map[string]*types.Package{}, members: map[types.Object]string{}}
	for _, l := range list {
		exports[l.ImportPath] = l.Export
	}
	r.others = importer.ForCompiler(r.fset, "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("no export data of %s", path)
		}
		return os.Open(exports[path])
	})
	return r
}

// Import makes reader a types.Importer.
func (r *reader) Import(path string) (*types.Package, error) {
	if p := r.own[path]; p != nil {
		return p, nil
	}
	return r.others.Import(path)
}

func (r *reader) read(l listed) (Package, error) {
	p := Package{Path: r.below(l.ImportPath), Name: l.Name}
	var syntax []*ast.File
	for _, name := range slices.Concat(l.GoFiles, l.CgoFiles) {
		file, err := parser.ParseFile(r.fset, filepath.Join(l.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return p, err
		}
		syntax = append(syntax, file)
		p.Files = append(p.Files, r.file(filepath.Join(l.Dir, name)))
	}
	p.Imports = r.imports(syntax)
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: r, FakeImportC: true}
	checked, err := config.Check(l.ImportPath, r.fset, syntax, info)
	if err != nil {
		return p, err
	}
	r.own[l.ImportPath] = checked
	p.Exports = r.exports(checked)
	p.Uses = r.uses(checked, info)
	return p, nil
}

// imports lists the edges to other packages of the module, one for each.
func (r *reader) imports(syntax []*ast.File) []Import {
	var imports []Import
	for _, file := range syntax {
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil || path != modulePath && !strings.HasPrefix(path, modulePath+"/") {
				continue
			}
			imports = append(imports, Import{r.below(path), r.at(spec.Pos())})
		}
	}
	slices.SortFunc(imports, func(a, b Import) int { return strings.Compare(a.Path+" "+a.At, b.Path+" "+b.At) })
	return slices.CompactFunc(imports, func(a, b Import) bool { return a.Path == b.Path })
}

// uses lists the exported names of other packages of the module.
func (r *reader) uses(self *types.Package, info *types.Info) []Use {
	var uses []Use
	for ident, object := range info.Uses {
		of := object.Pkg()
		if of == nil || of == self || r.own[of.Path()] == nil || !object.Exported() {
			continue
		}
		name, member := r.members[origin(object)]
		if !member {
			name = object.Name()
		}
		uses = append(uses, Use{Package: r.below(of.Path()), Name: name, At: r.at(ident.Pos())})
	}
	slices.SortFunc(uses, func(a, b Use) int {
		return strings.Compare(a.Package+"."+a.Name+" "+a.At, b.Package+"."+b.Name+" "+b.At)
	})
	return slices.Compact(uses)
}

func (r *reader) below(importPath string) string {
	if importPath == modulePath {
		return "."
	}
	return strings.TrimPrefix(importPath, modulePath+"/")
}

func (r *reader) file(name string) string {
	below, err := filepath.Rel(r.dir, name)
	if err != nil {
		return path.Base(filepath.ToSlash(name))
	}
	return filepath.ToSlash(below)
}

func (r *reader) at(pos token.Pos) string {
	position := r.fset.Position(pos)
	return fmt.Sprintf("%s:%d", r.file(position.Filename), position.Line)
}
