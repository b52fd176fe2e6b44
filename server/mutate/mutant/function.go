package mutant

import (
	"fmt"
	"go/ast"
	"strings"
)

// function is a function of the module, and where it is.
type function struct {
	file *file
	decl *ast.FuncDecl
}

// name is the function's name, after that of its receiver.
func (f *function) name() string {
	if f.decl.Recv == nil {
		return f.decl.Name.Name
	}
	return receiver(f.decl.Recv.List[0].Type) + "." + f.decl.Name.Name
}

func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.IndexListExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// text is the function as it is written, and where it starts.
func (f *function) text() (text string, base int) {
	return f.file.textOf(f.decl), f.file.offset(f.decl.Pos())
}

// parameter is one of a list, and the edit that gives it a name, where it has
// none, so that it can be handed on.
type parameter struct {
	name  string
	named []edit
}

// parameters are those of a list; prefix begins the names of those without.
func (f *function) parameters(list *ast.FieldList, prefix string) (all []parameter) {
	if list == nil {
		return nil
	}
	for _, field := range list.List {
		for _, name := range field.Names {
			p := parameter{name: name.Name}
			if name.Name == "_" {
				p.name = fmt.Sprint(prefix, len(all))
				p.named = []edit{{f.file.offset(name.Pos()), f.file.offset(name.End()), p.name}}
			}
			all = append(all, p)
		}
		if len(field.Names) == 0 {
			name, at := fmt.Sprint(prefix, len(all)), f.file.offset(field.Type.Pos())
			all = append(all, parameter{name, []edit{{at, at, name + " "}}})
		}
	}
	return all
}

func (f *function) receivers() []parameter { return f.parameters(f.decl.Recv, "mutantReceiver") }
func (f *function) arguments() []parameter { return f.parameters(f.decl.Type.Params, "mutantArgument") }

// named are edits that give every parameter a name.
func (f *function) named() (edits []edit) {
	for _, p := range append(f.receivers(), f.arguments()...) {
		edits = append(edits, p.named...)
	}
	return edits
}

// call is a call of another function with this one's parameters.
func (f *function) call(other string) string {
	if receiver := f.receivers(); receiver != nil {
		other = receiver[0].name + "." + other
	} else if types := f.parameters(f.decl.Type.TypeParams, ""); types != nil {
		other += "[" + joined(types) + "]"
	}
	arguments := joined(f.arguments())
	if fields := f.decl.Type.Params.List; len(fields) > 0 {
		if _, variadic := fields[len(fields)-1].Type.(*ast.Ellipsis); variadic {
			arguments += "..."
		}
	}
	return other + "(" + arguments + ")"
}

func joined(all []parameter) string {
	var names []string
	for _, p := range all {
		names = append(names, p.name)
	}
	return strings.Join(names, ", ")
}
