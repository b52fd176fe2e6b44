package mutant

import (
	"go/ast"
	"go/token"
	"strings"
)

// statements are faults of what is done, and in which order.
var statements = []operator{dropped, guardDropped, swapped, jump, beside, once}

// dropped leaves a statement out.
func dropped(s *scene, n ast.Node) {
	kind := "statement dropped"
	switch n := n.(type) {
	case *ast.ExprStmt, *ast.IncDecStmt, *ast.SendStmt, *ast.GoStmt:
	case *ast.DeferStmt:
		kind = "defer dropped"
	case *ast.AssignStmt:
		if n.Tok == token.DEFINE {
			return
		}
	default:
		return
	}
	if !s.inList(n) || s.logs(n) {
		return
	}
	s.replace(kind, n, "")
}

// inList reports whether the node is a statement of its own, not part of an if
// or for.
func (s *scene) inList(n ast.Node) bool {
	switch list := s.parent(1).(type) {
	case *ast.BlockStmt:
		return true
	case *ast.CaseClause:
		return true
	case *ast.CommClause:
		return list.Comm != n
	}
	return false
}

// guardDropped leaves an if out, and with it what it would have refused; what
// it works out on the way stays.
func guardDropped(s *scene, n ast.Node) {
	guard, ok := n.(*ast.IfStmt)
	if !ok || guard.Else != nil || !s.inList(n) {
		return
	}
	kind, after := "guard dropped", ""
	if isError(s, guard.Cond) {
		kind = "error ignored"
	}
	if guard.Init != nil {
		after = s.source(guard.Init)
		if assign, ok := guard.Init.(*ast.AssignStmt); ok && assign.Tok == token.DEFINE {
			after = blank(s, assign)
		}
	} else if name := compared(guard.Cond); name != "" {
		after = "_ = " + name
	}
	s.replace(kind, guard, after)
}

// blank is the assignment without its names.
func blank(s *scene, assign *ast.AssignStmt) string {
	names := ""
	for i := range assign.Lhs {
		if i > 0 {
			names += ", "
		}
		names += "_"
	}
	text := names + " = "
	for i, value := range assign.Rhs {
		if i > 0 {
			text += ", "
		}
		text += s.source(value)
	}
	return text
}

// compared is the name that a condition compares, where it compares one.
func compared(e ast.Expr) string {
	if binary, ok := e.(*ast.BinaryExpr); ok {
		if name, ok := binary.X.(*ast.Ident); ok {
			return name.Name
		}
	}
	return ""
}

// isError reports whether the condition is that there is an error.
func isError(s *scene, e ast.Expr) bool {
	binary, ok := e.(*ast.BinaryExpr)
	return ok && binary.Op == token.NEQ && s.typeOf(binary.X) != nil && s.typeOf(binary.X).String() == "error"
}

// swapped has two statements that follow each other change places.
func swapped(s *scene, n ast.Node) {
	var list []ast.Stmt
	switch n := n.(type) {
	case *ast.BlockStmt:
		list = n.List
	case *ast.CaseClause:
		list = n.Body
	case *ast.CommClause:
		list = n.Body
	}
	for i := 1; i < len(list); i++ {
		first, second := list[i-1], list[i]
		if !acts(first) || !acts(second) || s.indifferent(first, second) {
			continue
		}
		a, b := s.source(first), s.source(second)
		s.propose("order swapped", first, b+" before "+a,
			edit{s.file.offset(first.Pos()), s.file.offset(first.End()), b}, edit{s.file.offset(second.Pos()), s.file.offset(second.End()), a})
	}
}

// acts reports whether a statement has an effect that could come too early or
// too late.
func acts(statement ast.Stmt) bool {
	switch statement := statement.(type) {
	case *ast.ExprStmt, *ast.IncDecStmt, *ast.SendStmt, *ast.IfStmt, *ast.DeferStmt, *ast.ForStmt, *ast.RangeStmt:
		return true
	case *ast.AssignStmt:
		for _, value := range statement.Rhs {
			if _, call := value.(*ast.CallExpr); call {
				return true
			}
		}
		return statement.Tok != token.DEFINE
	}
	return false
}

// indifferent reports whether nobody could tell which of the two came first:
// two refusals, of which only one is told; and a refusal beside what only this
// call would have seen; a line of a log, and two flags of which each is defined.
func (s *scene) indifferent(first, second ast.Stmt) bool {
	if s.logs(first) || s.logs(second) || s.definesFlag(first) && s.definesFlag(second) {
		return true
	}
	a, b := refusal(first), refusal(second)
	switch {
	case a != nil && b != nil:
		return !strings.Contains(s.source(a.Cond), "nil") || isError(s, a.Cond)
	case a != nil:
		return s.local(second)
	case b != nil:
		return s.local(first)
	}
	return s.local(first) && s.local(second)
}

// refusal is a statement that does nothing but return where a condition holds.
func refusal(statement ast.Stmt) *ast.IfStmt {
	guard, ok := statement.(*ast.IfStmt)
	if !ok || guard.Else != nil || guard.Init != nil || len(guard.Body.List) != 1 {
		return nil
	}
	if _, returns := guard.Body.List[0].(*ast.ReturnStmt); !returns {
		return nil
	}
	return guard
}

// local reports whether a statement changes variables of the function alone,
// and calls nobody.
func (s *scene) local(statement ast.Stmt) bool {
	assign, ok := statement.(*ast.AssignStmt)
	if !ok {
		return false
	}
	for _, target := range assign.Lhs {
		if _, name := target.(*ast.Ident); !name {
			return false
		}
	}
	quiet := true
	ast.Inspect(assign, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && s.source(call.Fun) != "append" && s.source(call.Fun) != "len" {
			quiet = false
		}
		return quiet
	})
	return quiet
}

// logs reports whether a statement does nothing but tell people what happens.
func (s *scene) logs(n ast.Node) bool {
	name := s.called(n)
	return strings.HasPrefix(name, "slog.") || strings.HasPrefix(name, "log.Print")
}

// definesFlag reports whether a statement defines a flag of the command line.
func (s *scene) definesFlag(n ast.Node) bool {
	name := s.called(n)
	return strings.HasPrefix(name, "flag.") && strings.HasSuffix(name, "Var")
}

// called is the function that a statement calls, where it does nothing else.
func (s *scene) called(n ast.Node) string {
	if statement, ok := n.(*ast.ExprStmt); ok {
		if call, ok := statement.X.(*ast.CallExpr); ok {
			return s.source(call.Fun)
		}
	}
	return ""
}

// jump leaves a loop where it should go on, and the other way round.
func jump(s *scene, n ast.Node) {
	if branch, ok := n.(*ast.BranchStmt); ok && branch.Label == nil {
		switch branch.Tok {
		case token.BREAK:
			s.replace("break and continue", branch, "continue")
		case token.CONTINUE:
			s.replace("break and continue", branch, "break")
		}
	}
}

// beside starts a goroutine where a call should be waited for. It comes to its
// work later than whoever does not wait, each time: else a check would notice it
// now and then.
func beside(s *scene, n ast.Node) {
	if statement, ok := n.(*ast.ExprStmt); ok && s.inList(n) && !s.logs(n) {
		if _, call := statement.X.(*ast.CallExpr); call {
			call := s.source(statement)
			s.propose("goroutine in place of a call", statement, "go "+call,
				edit{s.file.offset(n.Pos()), s.file.offset(n.End()), laterName + "(func() { " + call + " })"})
		}
	}
}

// once ends a loop that tries again after its first round.
func once(s *scene, n ast.Node) {
	loop, ok := n.(*ast.ForStmt)
	if !ok {
		return
	}
	at := s.file.offset(loop.Body.Rbrace)
	s.propose("loop made once", loop, "a loop that ends after one round", edit{at, at, "; break "})
}
