package translate

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
)

// Said is what Go files say to a reader at one place.
type Said struct {
	Text string // a format, or a sentence without arguments
	Pos  token.Pos
	// Glued tells that the text is put together by +, each other part a %s here, or
	// by Sprintf of package fmt. So nobody knows its format when it is shown.
	Glued bool
}

// Source is the Go files of one package, or of one folder of checks.
type Source struct {
	constants  map[string]ast.Expr // by name, wherever they are declared
	parameters map[string][]string // of functions and methods, by name
	fields     map[string][]string // of structs, by name
	said       []Said
	texts      map[string]bool
}

// Read reads what the files say. Whatever is called say, next, got or want, be it a
// field, a parameter or a variable, is for a reader, and so are Sprintf of package
// check or labs and the sentence of Must. What is got or wanted may be data: one
// word is, and a text is that Sprintf of package fmt makes.
func Read(files []*ast.File) *Source {
	s := &Source{constants: map[string]ast.Expr{}, parameters: map[string][]string{"Must": {"err", "say"}},
		fields: map[string][]string{}, texts: map[string]bool{}}
	for _, f := range files {
		ast.Inspect(f, s.declared)
	}
	for _, f := range files {
		ast.Inspect(f, s.used)
	}
	return s
}

// Said are the sentences that need a translation, as they come.
func (s *Source) Said() []Said { return s.said }

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

// used notes what is said.
func (s *Source) used(n ast.Node) bool {
	switch n := n.(type) {
	case ast.Expr:
		if text, ok := s.constant(n); ok {
			s.texts[text] = true
		}
		s.expression(n)
	case *ast.ValueSpec:
		for i := range min(len(n.Names), len(n.Values)) {
			s.named(n.Names[i].Name, n.Values[i])
		}
	case *ast.AssignStmt:
		for i := range n.Lhs {
			if len(n.Lhs) == len(n.Rhs) && (n.Tok == token.ASSIGN || n.Tok == token.DEFINE) {
				s.assigned(n.Lhs[i], n.Rhs[i])
			}
		}
	}
	return true
}

func (s *Source) expression(n ast.Expr) {
	switch n := n.(type) {
	case *ast.KeyValueExpr:
		s.named(nameOf(n.Key), n.Value)
	case *ast.CompositeLit:
		s.literal(n)
	case *ast.CallExpr:
		if isSprintf(n.Fun) && len(n.Args) > 0 {
			s.add("say", n.Args[0])
			return
		}
		for i, name := range s.parameters[nameOf(n.Fun)] {
			if i < len(n.Args) {
				s.named(name, n.Args[i])
			}
		}
	}
}

// literal notes the values of a struct without keys, or of each row of a table.
func (s *Source) literal(n *ast.CompositeLit) {
	row := s.fieldsOf(n.Type)
	s.values(row, n)
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
			s.values(row, values)
		}
	}
}

func (s *Source) values(fields []string, of *ast.CompositeLit) {
	for i := range min(len(fields), len(of.Elts)) {
		s.named(fields[i], of.Elts[i])
	}
}

// nameOf is the last name of an expression, empty where it has none.
func nameOf(n ast.Expr) string {
	switch n := n.(type) {
	case *ast.Ident:
		return n.Name
	case *ast.SelectorExpr:
		return n.Sel.Name
	}
	return ""
}

func isSprintf(fun ast.Expr) bool {
	selector, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return nameOf(fun) == "Sprintf"
	}
	of := nameOf(selector.X)
	return selector.Sel.Name == "Sprintf" && (of == "check" || of == "labs")
}

// assigned notes the value of a variable or of a field. A variable called got or
// want is often compared, so that what is put together for it is data.
func (s *Source) assigned(to, value ast.Expr) {
	_, variable := to.(*ast.Ident)
	_, glued, _ := s.format(value)
	if name := nameOf(to); !variable || !glued || name != "got" && name != "want" {
		s.named(name, value)
	}
}

// isFmt reports whether a function makes a text of which nobody knows how.
func isFmt(fun ast.Expr) bool {
	selector, ok := fun.(*ast.SelectorExpr)
	return ok && nameOf(selector.X) == "fmt" && selector.Sel.Name == "Sprintf"
}

// named notes a value where its name says that it is for a reader.
func (s *Source) named(name string, value ast.Expr) {
	switch name = strings.ToLower(name); name {
	case "say", "next", "got", "want":
		s.add(name, value)
	}
}

func (s *Source) add(name string, value ast.Expr) {
	text, glued, ok := s.format(value)
	if call, is := value.(*ast.CallExpr); is && (name == "say" || name == "next") && isFmt(call.Fun) {
		text, _, ok = s.format(call.Args[0])
		glued = true
	}
	if !ok || (name == "got" || name == "want") && !phrase.MatchString(text) || !letters.MatchString(text) {
		return
	}
	s.said = append(s.said, Said{text, value.Pos(), glued})
}

var (
	letters = regexp.MustCompile(`\pL`)
	phrase  = regexp.MustCompile(`\pL{2,},? (\pL{2,}|%s)|%s \pL{2,}`) // words, and not code or a number
)

// constant is the value of a constant text.
func (s *Source) constant(n ast.Expr) (string, bool) {
	text, glued, ok := s.format(n)
	return text, ok && !glued
}

// format is a text as far as it is known: %s stands for what is not.
func (s *Source) format(n ast.Expr) (text string, glued, ok bool) {
	switch n := n.(type) {
	case *ast.ParenExpr:
		return s.format(n.X)
	case *ast.BasicLit:
		text, err := strconv.Unquote(n.Value)
		return text, false, n.Kind == token.STRING && err == nil
	case *ast.Ident:
		if value := s.constants[n.Name]; value != nil && value != n {
			return s.format(value)
		}
	case *ast.BinaryExpr:
		left, gluedLeft, okLeft := s.format(n.X)
		right, gluedRight, okRight := s.format(n.Y)
		if n.Op != token.ADD || !okLeft && !okRight {
			return "", false, false
		}
		glued = gluedLeft || gluedRight || !okLeft || !okRight
		return or(left, okLeft) + or(right, okRight), glued, true
	}
	return "", false, false
}

func or(text string, known bool) string {
	if known {
		return text
	}
	return "%s"
}
