package translate

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Said is what Go files say to a reader at one place.
type Said struct {
	Text string // a format, or a sentence without arguments
	Pos  token.Pos
}

// Said are the sentences that need a translation, in the order of the files.
// Whatever is called say, next, got or want, or by a name that is given, is for a
// reader, and so is what these are put together from. What is got or wanted, and what
// a sentence is put together from, may be data: one word is.
func (s *Source) Said(others ...string) []Said {
	r := &reader{source: s, seen: map[string]bool{}}
	for _, name := range append([]string{"say", "next"}, others...) {
		r.name(name, false)
	}
	for _, name := range []string{"got", "want"} {
		r.name(name, true)
	}
	slices.SortStableFunc(r.said, func(a, b Said) int { return int(a.Pos - b.Pos) })
	return slices.CompactFunc(r.said, func(a, b Said) bool { return a == b })
}

// reader follows the names that reach a reader.
type reader struct {
	source *Source
	seen   map[string]bool
	said   []Said
}

// name reads all values that a name is given; mayBeData tells that one word is no
// sentence.
func (r *reader) name(name string, mayBeData bool) {
	name = strings.ToLower(name)
	key := name + strconv.FormatBool(mayBeData)
	if r.seen[key] {
		return
	}
	r.seen[key] = true
	for _, value := range r.source.values[name] {
		r.value(value, mayBeData)
	}
}

func (r *reader) value(n ast.Expr, mayBeData bool) {
	if text, arguments, ok := r.source.format(n); ok {
		r.text(text, n.Pos(), mayBeData)
		for _, argument := range arguments {
			r.value(argument, true)
		}
		return
	}
	switch n := n.(type) {
	case *ast.ParenExpr:
		r.value(n.X, mayBeData)
	case *ast.Ident:
		r.name(n.Name, mayBeData)
	case *ast.SelectorExpr:
		r.name(n.Sel.Name, mayBeData)
	case *ast.IndexExpr:
		r.value(n.X, mayBeData)
	case *ast.CompositeLit:
		for _, element := range n.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok {
				r.value(pair.Key, true)
				element = pair.Value
			}
			r.value(element, mayBeData)
		}
	case *ast.CallExpr:
		r.call(n, mayBeData)
	}
}

// call reads what a function of these files returns, and what it is that one of
// another package makes a list of.
func (r *reader) call(n *ast.CallExpr, mayBeData bool) {
	name := nameOf(n.Fun)
	switch {
	case name == "append" || name == "Join" || name == "Or":
		for _, argument := range n.Args {
			r.value(argument, true)
		}
	default:
		r.name(name+"()", mayBeData)
	}
}

// text notes a text where it has words.
func (r *reader) text(text string, at token.Pos, mayBeData bool) {
	if sentence.MatchString(text) && !Vague(text) && !(mayBeData && isData(text)) {
		r.said = append(r.said, Said{text, at})
	}
}

var (
	sentence = regexp.MustCompile(`(?s)\pL.*[ .]`)
	phrase   = regexp.MustCompile(`\pL,? (\pL{2,}|%)|% \pL{2,}`)
	begins   = regexp.MustCompile(`^(\p{Ll}|%)`)
	code     = regexp.MustCompile(`^package |[{}<>=;]|[\pL\d]\(`)
)

// isData reports whether a text is rather a name, a number or code than words:
// neither a sentence, nor several words that begin small.
func isData(text string) bool {
	text = directive.ReplaceAllString(text, "%")
	return code.MatchString(text) || !phrase.MatchString(text) || !begins.MatchString(text) && !strings.HasSuffix(text, ".")
}

// format is a text as a format, and its arguments, as far as it is known: %s stands
// for what is not. It is not ok where nothing is known.
func (s *Source) format(n ast.Expr) (text string, arguments []ast.Expr, ok bool) {
	switch n := n.(type) {
	case *ast.ParenExpr:
		return s.format(n.X)
	case *ast.BasicLit:
		text, err := strconv.Unquote(n.Value)
		return text, nil, n.Kind == token.STRING && err == nil
	case *ast.Ident:
		if value := s.constants[n.Name]; value != nil && value != n {
			return s.format(value)
		}
	case *ast.CallExpr:
		if nameOf(n.Fun) == "Sprintf" && len(n.Args) > 0 {
			text, _, ok = s.format(n.Args[0])
			return text, n.Args[1:], ok
		}
	case *ast.BinaryExpr:
		return s.joined(n)
	}
	return "", nil, false
}

// joined is a text that is put together by +.
func (s *Source) joined(n *ast.BinaryExpr) (text string, arguments []ast.Expr, ok bool) {
	left, gaveLeft, okLeft := s.format(n.X)
	right, gaveRight, okRight := s.format(n.Y)
	if n.Op != token.ADD || !okLeft && !okRight {
		return "", nil, false
	}
	if okLeft && okRight && gaveLeft == nil && gaveRight == nil {
		return left + right, nil, true
	}
	for _, side := range []struct {
		of        ast.Expr
		text      string
		arguments []ast.Expr
		ok        bool
	}{{n.X, left, gaveLeft, okLeft}, {n.Y, right, gaveRight, okRight}} {
		switch {
		case !side.ok:
			side.text, side.arguments = "%s", []ast.Expr{side.of}
		case side.arguments == nil:
			side.text = strings.ReplaceAll(side.text, "%", "%%")
		}
		text += side.text
		arguments = append(arguments, side.arguments...)
	}
	return text, arguments, true
}
