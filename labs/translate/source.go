package translate

import (
	"go/ast"
	"go/token"
	"strings"
)

// Source is the Go files of one package, or of one folder of checks. It knows values
// by the names that they are given, be it a variable's, a parameter's, a field's or a
// function's, and so needs no types.
type Source struct {
	constants  map[string]ast.Expr
	parameters map[string][]string // of functions and methods, by name
	fields     map[string][]string // of structs, by name
	values     map[string][]ast.Expr
	texts      map[string]bool // every text of the files
}

// Read reads the files.
func Read(files []*ast.File) *Source {
	s := &Source{constants: map[string]ast.Expr{}, parameters: map[string][]string{"Must": {"err", "say"}, "Trouble": {"doing"}},
		fields: map[string][]string{}, values: map[string][]ast.Expr{}, texts: map[string]bool{}}
	for _, f := range files {
		ast.Inspect(f, s.declared)
	}
	for _, f := range files {
		ast.Inspect(f, s.used)
	}
	return s
}

// Has reports whether any text of the files is this one.
func (s *Source) Has(text string) bool { return s.texts[text] }

// declared notes constants, parameters and fields.
func (s *Source) declared(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GenDecl:
		for _, spec := range n.Specs {
			values, ok := spec.(*ast.ValueSpec)
			for i := 0; ok && n.Tok == token.CONST && i < len(values.Values); i++ {
				s.constants[values.Names[i].Name] = values.Values[i]
			}
		}
	case *ast.FuncDecl:
		s.parameters[n.Name.Name] = names(n.Type.Params)
	case *ast.TypeSpec:
		s.fields[n.Name.Name] = s.fieldsOf(n.Type)
	}
	return true
}

// fieldsOf are the names of a struct's fields, none where it is none or not known.
func (s *Source) fieldsOf(of ast.Expr) []string {
	switch of := of.(type) {
	case *ast.StructType:
		return names(of.Fields)
	case *ast.Ident:
		return s.fields[of.Name]
	}
	return nil
}

func names(fields *ast.FieldList) (all []string) {
	for _, field := range fields.List {
		for _, name := range field.Names {
			all = append(all, name.Name)
		}
	}
	return all
}

// used notes texts, and which values a name is given.
func (s *Source) used(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncDecl:
		s.returns(n)
		s.local(n)
	case *ast.RangeStmt:
		for _, name := range []ast.Expr{n.Key, n.Value} {
			if name != nil {
				s.give(nameOf(name), n.X)
			}
		}
	case *ast.ValueSpec:
		for i := range min(len(n.Names), len(n.Values)) {
			s.give(n.Names[i].Name, n.Values[i])
		}
	case *ast.AssignStmt:
		for i := range n.Lhs {
			if len(n.Lhs) == len(n.Rhs) {
				s.give(nameOf(n.Lhs[i]), n.Rhs[i])
			}
		}
		if call, ok := n.Rhs[0].(*ast.CallExpr); ok && len(n.Lhs) > 1 {
			s.give(nameOf(n.Lhs[0]), call) // what it returns besides is mostly an error
		}
	case *ast.KeyValueExpr:
		s.give(nameOf(n.Key), n.Value)
	case *ast.CompositeLit:
		s.literal(n)
	case *ast.CallExpr:
		s.given(s.parameters[nameOf(n.Fun)], n)
	}
	if n, ok := n.(ast.Expr); ok {
		if text, _, ok := s.format(n); ok {
			s.texts[text] = true
		}
	}
	return true
}

// local notes what is given to the functions that a function has for itself, as
// variables or parameters: elsewhere their names may mean others.
func (s *Source) local(f *ast.FuncDecl) {
	own := map[string][]string{}
	takes := func(name string, is ast.Expr) {
		if literal, ok := is.(*ast.FuncLit); ok {
			is = literal.Type
		}
		if of, ok := is.(*ast.FuncType); ok {
			own[name] = names(of.Params)
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			for _, name := range n.Names {
				takes(name.Name, n.Type)
			}
		case *ast.AssignStmt:
			for i := range min(len(n.Lhs), len(n.Rhs)) {
				takes(nameOf(n.Lhs[i]), n.Rhs[i])
			}
		}
		return true
	})
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if name, ok := call.Fun.(*ast.Ident); ok {
			s.given(own[name.Name], call)
		}
		return true
	})
}

// given notes what a call gives to parameters of these names.
func (s *Source) given(parameters []string, call *ast.CallExpr) {
	for i := range min(len(parameters), len(call.Args)) {
		s.give(parameters[i], call.Args[i])
	}
}

// give notes a value by a name that is the same for Say and say.
func (s *Source) give(name string, value ast.Expr) {
	if name != "" && name != "_" {
		s.values[strings.ToLower(name)] = append(s.values[strings.ToLower(name)], value)
	}
}

// returns notes what a function or method returns by its name.
func (s *Source) returns(f *ast.FuncDecl) {
	if f.Body == nil {
		return
	}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if n, ok := n.(*ast.ReturnStmt); ok {
			for _, value := range n.Results {
				s.give(f.Name.Name+"()", value)
			}
		}
		_, inner := n.(*ast.FuncLit)
		return !inner
	})
}

// literal notes the values of a struct without keys, or of each row of a table.
func (s *Source) literal(n *ast.CompositeLit) {
	row := s.fieldsOf(n.Type)
	s.row(row, n)
	switch of := n.Type.(type) {
	case *ast.ArrayType:
		row = s.fieldsOf(of.Elt)
	case *ast.MapType:
		row = s.fieldsOf(of.Value)
	}
	for _, element := range n.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			element = pair.Value
		}
		if values, ok := element.(*ast.CompositeLit); ok && values.Type == nil {
			s.row(row, values)
		}
	}
}

func (s *Source) row(fields []string, of *ast.CompositeLit) {
	for i := range min(len(fields), len(of.Elts)) {
		if _, keyed := of.Elts[i].(*ast.KeyValueExpr); !keyed {
			s.give(fields[i], of.Elts[i])
		}
	}
}

// nameOf is the last name of an expression, empty where it has none.
func nameOf(n ast.Expr) string {
	switch n := n.(type) {
	case *ast.Ident:
		return n.Name
	case *ast.SelectorExpr:
		return n.Sel.Name
	case *ast.IndexExpr:
		return nameOf(n.X)
	}
	return ""
}
