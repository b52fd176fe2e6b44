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

// named are edits that give every parameter a name, so that it can be handed on.
func (f *function) named() []edit {
	var edits []edit
	n := 0
	fresh := func() string { n++; return fmt.Sprintf("mutantArg%d", n) }
	lists := []*ast.FieldList{f.decl.Type.Params}
	if f.decl.Recv != nil {
		lists = append(lists, f.decl.Recv)
	}
	for _, list := range lists {
		for _, field := range list.List {
			if len(field.Names) == 0 {
				at := f.file.offset(field.Type.Pos())
				edits = append(edits, edit{at, at, fresh() + " "})
			}
			for _, name := range field.Names {
				if name.Name == "_" {
					edits = append(edits, edit{f.file.offset(name.Pos()), f.file.offset(name.End()), fresh()})
				}
			}
		}
	}
	return edits
}

// call is a call of another function with this one's parameters.
func (f *function) call(other string) string {
	n := 0
	fresh := func() string { n++; return fmt.Sprintf("mutantArg%d", n) }
	names := func(list *ast.FieldList) (all []string) {
		for _, field := range list.List {
			given := []string{}
			for _, name := range field.Names {
				if name.Name == "_" {
					given = append(given, fresh())
				} else {
					given = append(given, name.Name)
				}
			}
			if len(field.Names) == 0 {
				given = append(given, fresh())
			}
			if _, variadic := field.Type.(*ast.Ellipsis); variadic {
				given[len(given)-1] += "..."
			}
			all = append(all, given...)
		}
		return all
	}
	arguments := names(f.decl.Type.Params)
	if f.decl.Recv != nil {
		other = names(f.decl.Recv)[0] + "." + other
	} else if f.decl.Type.TypeParams != nil {
		other += "[" + strings.Join(names(f.decl.Type.TypeParams), ", ") + "]"
	}
	return other + "(" + strings.Join(arguments, ", ") + ")"
}
