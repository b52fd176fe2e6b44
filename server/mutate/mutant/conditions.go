package mutant

import (
	"go/ast"
	"go/token"
	"go/types"
)

// conditions are faults of what decides.
var conditions = []operator{negated, boundary, termDropped, flag}

// opposite is the comparison that is true where the other is not.
var opposite = map[token.Token]string{token.EQL: "!=", token.NEQ: "==", token.LSS: ">=", token.LEQ: ">", token.GTR: "<=", token.GEQ: "<"}

// neighbour is the comparison that differs in the boundary alone.
var neighbour = map[token.Token]string{token.LSS: "<=", token.LEQ: "<", token.GTR: ">=", token.GEQ: ">"}

func negated(s *scene, n ast.Node) {
	if binary, ok := n.(*ast.BinaryExpr); ok && opposite[binary.Op] != "" {
		s.operator("condition negated", binary, opposite[binary.Op])
		return
	}
	for _, condition := range decides(n) {
		if binary, ok := condition.(*ast.BinaryExpr); !ok || opposite[binary.Op] == "" {
			s.replace("condition negated", condition, "!("+s.source(condition)+")")
		}
	}
}

// decides are the conditions of a statement.
func decides(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.IfStmt:
		return []ast.Expr{n.Cond}
	case *ast.ForStmt:
		if n.Cond != nil {
			return []ast.Expr{n.Cond}
		}
	}
	return nil
}

func boundary(s *scene, n ast.Node) {
	if binary, ok := n.(*ast.BinaryExpr); ok && neighbour[binary.Op] != "" {
		s.operator("boundary moved", binary, neighbour[binary.Op])
	}
}

// termDropped leaves one side of an "and" or an "or" out.
func termDropped(s *scene, n ast.Node) {
	if binary, ok := n.(*ast.BinaryExpr); ok && (binary.Op == token.LAND || binary.Op == token.LOR) {
		s.replace("term dropped", binary, s.source(binary.X))
		s.replace("term dropped", binary, s.source(binary.Y))
	}
}

// flag changes true and false.
func flag(s *scene, n ast.Node) {
	name, ok := n.(*ast.Ident)
	if !ok || s.file.pkg.TypesInfo.Uses[name] == nil || s.file.pkg.TypesInfo.Uses[name].Parent() != types.Universe {
		return
	}
	switch name.Name {
	case "true":
		s.replace("constant changed", name, "false")
	case "false":
		s.replace("constant changed", name, "true")
	}
}

// operator proposes another operator between two operands.
func (s *scene) operator(kind string, binary *ast.BinaryExpr, other string) {
	at := s.file.offset(binary.OpPos)
	e := edit{at, at + len(binary.Op.String()), other}
	s.propose(kind, binary, s.source(binary.X)+" "+other+" "+s.source(binary.Y), e)
}
