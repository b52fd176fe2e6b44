package mutant

import (
	"go/ast"
	"go/types"
	"slices"
)

// operator proposes faults at a node.
type operator func(s *scene, n ast.Node)

// operators are all the ways in which code is broken.
var operators = slices.Concat(conditions, statements, values, calls, queries, transactions, messages)

// scene is where a node is.
type scene struct {
	file     *file
	function *function  // nil outside of functions
	stack    []ast.Node // the nodes around it, outermost first
	found    []Mutant
}

// parent is the node around, n levels up.
func (s *scene) parent(n int) ast.Node {
	if n > len(s.stack) {
		return nil
	}
	return s.stack[len(s.stack)-n]
}

func (s *scene) typeOf(e ast.Expr) types.Type { return s.file.pkg.TypesInfo.TypeOf(e) }

// source is the text of a node.
func (s *scene) source(n ast.Node) string { return s.file.textOf(n) }

// replace proposes the fault that a node reads otherwise.
func (s *scene) replace(kind string, n ast.Node, after string) {
	s.propose(kind, n, after, edit{s.file.offset(n.Pos()), s.file.offset(n.End()), after})
}

// propose proposes a fault that is shown as that of a node.
func (s *scene) propose(kind string, n ast.Node, after string, edits ...edit) {
	name := ""
	if s.function != nil {
		name = s.function.name()
	}
	s.found = append(s.found, Mutant{
		File: s.file.name, Func: name, Line: s.file.pkg.Fset.Position(n.Pos()).Line, Kind: kind,
		Before: s.source(n), After: after, edits: edits, function: s.function,
		source: s.file.source, pkg: s.file.pkg.Name,
	})
}

// Mutants lists the faults of those lines that the files have, and had not
// before, in the order of the files. Each compiles, and no two are the same
// text.
func (m *Module) Mutants(before func(file string) string) []Mutant {
	var all []Mutant
	for _, f := range m.files {
		old := before(f.name)
		if old == f.text {
			continue
		}
		for _, declaration := range f.syntax.Decls {
			s := &scene{file: f}
			if decl, ok := declaration.(*ast.FuncDecl); ok {
				if decl.Body == nil {
					continue
				}
				s.function = &function{f, decl}
			}
			all = append(all, s.mutants(declaration, old)...)
		}
	}
	return numbered(all)
}

// mutants are the faults of one declaration, in a file that was another before.
func (s *scene) mutants(declaration ast.Node, before string) []Mutant {
	ast.PreorderStack(declaration, nil, func(n ast.Node, stack []ast.Node) bool {
		s.stack = stack
		for _, propose := range operators {
			propose(s, n)
		}
		return true
	})
	var good []Mutant
	for _, mutant := range Fresh(unique(s.found, func(string) bool { return true }), before) {
		if unused, ok := s.file.compiles(apply(s.file.text, 0, mutant.edits)); ok {
			mutant.imports = s.file.unimport(unused)
			good = append(good, mutant)
		}
	}
	return good
}
