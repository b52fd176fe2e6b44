package mutant

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// values are faults of what is handed on.
var values = []operator{number, unit, literal, returned, fieldDropped, arithmetic}

// number changes a whole number by one.
func number(s *scene, n ast.Node) {
	literal, ok := n.(*ast.BasicLit)
	if !ok || literal.Kind != token.INT || s.ignored(literal) || s.isDuration(s.parent(1)) {
		return
	}
	if value, err := strconv.ParseInt(literal.Value, 0, 64); err == nil {
		s.replace("constant changed", literal, strconv.FormatInt(value+1, 10))
	}
}

// units are those of a time, and what they are mistaken for. A time that is
// longer by one of them is one that nobody could tell.
var units = map[string]string{"time.Nanosecond": "time.Microsecond", "time.Microsecond": "time.Millisecond",
	"time.Millisecond": "time.Second", "time.Second": "time.Minute", "time.Minute": "time.Hour", "time.Hour": "time.Minute"}

// unit gives a time another unit.
func unit(s *scene, n ast.Node) {
	if selector, ok := n.(*ast.SelectorExpr); ok && units[s.source(selector)] != "" {
		s.replace("unit changed", selector, units[s.source(selector)])
	}
}

// isDuration reports whether the node is a number of a unit of time: 5 * time.Second.
func (s *scene) isDuration(n ast.Node) bool {
	product, ok := n.(*ast.BinaryExpr)
	if !ok || product.Op != token.MUL {
		return false
	}
	_, number := product.X.(*ast.BasicLit)
	return number && units[s.source(product.Y)] != ""
}

// literal changes a text that is not for people: a key, a topic, a path.
func literal(s *scene, n ast.Node) {
	word, ok := n.(*ast.BasicLit)
	if !ok || word.Kind != token.STRING || s.forPeople(word) || s.ignored(word) || isQuery(word.Value) {
		return
	}
	switch s.parent(1).(type) {
	case *ast.ImportSpec, *ast.Field: // a path, a tag
		return
	}
	end := len(word.Value) - 1
	s.replace("text changed", word, word.Value[:end]+"x"+word.Value[end:])
}

// forPeople reports whether the text is what an error or a log says, what a flag
// is for, or how something is laid out that is printed.
func (s *scene) forPeople(word ast.Expr) bool {
	for i := len(s.stack) - 1; i >= 0; i-- {
		call, ok := s.stack[i].(*ast.CallExpr)
		if !ok {
			continue
		}
		switch name := s.source(call.Fun); {
		case name == "errors.New", name == "panic", strings.HasPrefix(name, "log."), strings.HasPrefix(name, "slog."):
			return true
		case strings.HasPrefix(name, "flag."):
			return word == call.Args[len(call.Args)-1]
		case strings.HasPrefix(name, "fmt.") && strings.HasSuffix(name, "f"):
			return true
		}
	}
	return false
}

// returned has a function return what is nothing.
func returned(s *scene, n ast.Node) {
	back, ok := n.(*ast.ReturnStmt)
	if !ok {
		return
	}
	for _, result := range back.Results {
		kind, zero := "value returned changed", zeroOf(s.typeOf(result))
		if zero == "" || zero == s.source(result) || s.besideError(result, back) {
			continue
		}
		if isErrorType(s.typeOf(result)) {
			kind = "error returned as nil"
		}
		s.replace(kind, result, zero)
	}
}

// besideError reports whether the value is returned together with an error:
// then nobody looks at it.
func (s *scene) besideError(value ast.Node, back *ast.ReturnStmt) bool {
	last := back.Results[len(back.Results)-1]
	return value != last && isErrorType(s.typeOf(last)) && s.source(last) != "nil"
}

// ignored reports whether the literal is a value that nobody looks at.
func (s *scene) ignored(literal ast.Node) bool {
	back, ok := s.parent(1).(*ast.ReturnStmt)
	return ok && s.besideError(literal, back)
}

func isErrorType(t types.Type) bool {
	return t != nil && types.AssignableTo(t, types.Universe.Lookup("error").Type())
}

// zeroOf is the nothing of a type, as it is written; empty where it needs a name.
func zeroOf(t types.Type) string {
	if t == nil {
		return ""
	}
	if isErrorType(t) {
		return "nil"
	}
	switch under := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case under.Info()&types.IsBoolean != 0:
			return "false"
		case under.Info()&types.IsNumeric != 0:
			return "0"
		case under.Info()&types.IsString != 0:
			return `""`
		}
	case *types.Slice, *types.Map, *types.Pointer, *types.Interface, *types.Signature, *types.Chan:
		return "nil"
	}
	return ""
}

// fieldDropped leaves a field of a struct out: a key, a timeout, a header.
func fieldDropped(s *scene, n ast.Node) {
	literal, ok := n.(*ast.CompositeLit)
	if !ok {
		return
	}
	for i, element := range literal.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		end := s.file.offset(pair.End())
		if i+1 < len(literal.Elts) {
			end = s.file.offset(literal.Elts[i+1].Pos())
		} else if rest := s.file.text[end:s.file.offset(literal.Rbrace)]; strings.HasPrefix(rest, ",") {
			end++
		}
		s.propose("field left out", pair, "", edit{s.file.offset(pair.Pos()), end, ""})
	}
}

// other is the operator that a sum is mistaken for.
var other = map[token.Token]string{token.ADD: "-", token.SUB: "+", token.MUL: "+", token.QUO: "*", token.REM: "*",
	token.ADD_ASSIGN: "-=", token.SUB_ASSIGN: "+=", token.MUL_ASSIGN: "+=", token.QUO_ASSIGN: "*="}

func arithmetic(s *scene, n ast.Node) {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		if other[n.Op] != "" && !s.isDuration(n) {
			s.operator("sum changed", n, other[n.Op])
		}
	case *ast.AssignStmt:
		if other[n.Tok] != "" {
			at := s.file.offset(n.TokPos)
			s.propose("sum changed", n, s.source(n.Lhs[0])+" "+other[n.Tok]+" "+s.source(n.Rhs[0]), edit{at, at + len(n.Tok.String()), other[n.Tok]})
		}
	}
}
