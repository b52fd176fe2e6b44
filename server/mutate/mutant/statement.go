package mutant

import "go/ast"

// statement is one of those that follow each other in a function, and where it
// is. Those inside of it are statements of their own.
type statement struct{ from, to int }

// statements are all that the function does.
func (f *function) statements() (all []statement) {
	add := func(list []ast.Stmt) {
		for _, s := range list {
			switch s.(type) {
			case *ast.CaseClause, *ast.CommClause: // nothing can be put before these
			default:
				all = append(all, statement{f.file.offset(s.Pos()), f.file.offset(s.End())})
			}
		}
	}
	ast.Inspect(f.decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			add(n.List)
		case *ast.CaseClause:
			add(n.Body)
		case *ast.CommClause:
			add(n.Body)
		}
		return true
	})
	return all
}

// around is the number of the innermost statement that holds what an edit
// replaces; -1 where none does.
func around(all []statement, e edit) int {
	found := -1
	for i, s := range all {
		if s.from <= e.from && e.to <= s.to && (found < 0 || s.to-s.from < all[found].to-all[found].from) {
			found = i
		}
	}
	return found
}
