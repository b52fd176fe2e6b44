package mutant

import (
	"go/ast"
	"go/types"
	"strings"
)

// transactions are faults of what should happen together or not at all.
var transactions = []operator{outside}

// outside has a statement of a transaction run on the pool instead.
func outside(s *scene, n ast.Node) {
	name, ok := n.(*ast.Ident)
	if !ok || !isTransaction(s.typeOf(name)) || s.file.pkg.TypesInfo.Defs[name] != nil {
		return
	}
	for _, pool := range s.pools() {
		s.replace("outside of the transaction", name, pool)
	}
}

func isTransaction(t types.Type) bool {
	return t != nil && (strings.HasSuffix(t.String(), "pgx/v5.Tx") || t.String() == "*database/sql.Tx")
}

func isPool(t types.Type) bool {
	if t == nil {
		return false
	}
	switch name := t.String(); {
	case name == "*database/sql.DB", strings.HasSuffix(name, "pgxpool.Pool"), strings.HasSuffix(name, "pgx/v5.Conn"):
		return true
	}
	return false
}

// pools are expressions for a pool that the function can reach: a parameter,
// or a field of its receiver.
func (s *scene) pools() []string {
	if s.function == nil {
		return nil
	}
	var found []string
	fields := s.function.decl.Type.Params.List
	if s.function.decl.Recv != nil {
		fields = append(s.function.decl.Recv.List[:1:1], fields...)
	}
	for _, field := range fields {
		for _, name := range field.Names {
			found = append(found, pool(name.Name, s.typeOf(field.Type))...)
		}
	}
	return found
}

// pool is the pool that a value is, or has as a field.
func pool(name string, t types.Type) []string {
	if isPool(t) {
		return []string{name}
	}
	if t == nil {
		return nil
	}
	if pointer, ok := t.Underlying().(*types.Pointer); ok {
		t = pointer.Elem()
	}
	structure, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	for field := range structure.Fields() {
		if isPool(field.Type()) {
			return []string{name + "." + field.Name()}
		}
	}
	return nil
}
