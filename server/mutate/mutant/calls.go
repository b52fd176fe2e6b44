package mutant

import (
	"go/ast"
	"go/types"
	"strings"
)

// calls are faults of how others are asked.
var calls = []operator{uncopied, patient, unbound, drawnAnew}

// uncopied hands a slice or map out without a copy.
func uncopied(s *scene, n ast.Node) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return
	}
	switch name := s.source(call.Fun); {
	case (name == "slices.Clone" || name == "maps.Clone" || name == "bytes.Clone") && len(call.Args) == 1:
		s.replace("no copy made", call, s.source(call.Args[0]))
	case name == "append" && len(call.Args) == 2 && call.Ellipsis.IsValid() && isEmpty(s, call.Args[0]):
		s.replace("no copy made", call, s.source(call.Args[1]))
	}
}

// isEmpty reports whether the expression is a new, empty slice.
func isEmpty(s *scene, e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.CompositeLit:
		return len(e.Elts) == 0
	case *ast.CallExpr:
		return strings.HasSuffix(s.source(e), "(nil)")
	}
	return false
}

// patient takes the time limit of a context away.
func patient(s *scene, n ast.Node) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) != 2 {
		return
	}
	if name := s.source(call.Fun); name == "context.WithTimeout" || name == "context.WithDeadline" {
		s.replace("timeout dropped", call, "context.WithCancel("+s.source(call.Args[0])+")")
	}
}

// unbound gives a call a context that never ends and holds nothing.
func unbound(s *scene, n ast.Node) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return
	}
	if argument, named := call.Args[0].(*ast.Ident); named && isContext(s.typeOf(argument)) {
		s.replace("context dropped", argument, "context.Background()")
	}
}

func isContext(t types.Type) bool { return t != nil && t.String() == "context.Context" }

// drawn reports whether the value is another each time as it is.
func drawn(value ast.Expr) bool {
	call, ok := value.(*ast.CallExpr)
	if !ok {
		return false
	}
	of, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	from, named := of.X.(*ast.Ident)
	return named && from.Name == "rand" && of.Sel.Name == "Text"
}

// drawnAnew gives what has an identity another one.
func drawnAnew(s *scene, n ast.Node) {
	pair, ok := n.(*ast.KeyValueExpr)
	if !ok || drawn(pair.Value) {
		return
	}
	if key, named := pair.Key.(*ast.Ident); named && (key.Name == "ID" || strings.HasSuffix(key.Name, "ID") || key.Name == "Key") {
		switch t := s.typeOf(pair.Value); {
		case t == nil:
		case t.String() == "string":
			s.replace("drawn anew", pair.Value, freshName+"()")
		case t.String() == "[]byte":
			s.replace("drawn anew", pair.Value, "[]byte("+freshName+"())")
		}
	}
}
