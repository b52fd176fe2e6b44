package labs

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// checkName is the form of a check's name; the number is its step.
var checkName = regexp.MustCompile(`^TestStep(\d{2})_(\w+)$`)

// checkFile is one Go file below a lab's checks folder.
type checkFile struct {
	name   string // with the lab's folder in front: "040-event-driven/checks/checks_test.go"
	source string
	syntax *ast.File
	set    *token.FileSet
}

// readCheckFiles parses dir's checks/*_test.go in the order of their names,
// which is the order in which Go runs their tests.
func readCheckFiles(dir string) ([]checkFile, []Violation) {
	paths, _ := filepath.Glob(filepath.Join(dir, "checks", "*_test.go"))
	var files []checkFile
	var found []Violation
	for _, p := range paths {
		name := path.Join(filepath.Base(dir), "checks", filepath.Base(p))
		source, err := os.ReadFile(p)
		if err != nil {
			found = append(found, Violation{File: name, Rule: "checks are readable", Fix: err.Error()})
			continue
		}
		set := token.NewFileSet()
		syntax, err := parser.ParseFile(set, name, source, parser.ParseComments)
		if err != nil {
			found = append(found, Violation{File: name, Rule: "checks are Go", Fix: capital(err.Error()) + "."})
			continue
		}
		files = append(files, checkFile{name, string(source), syntax, set})
	}
	return files, found
}

// foundCheck is a check and where it stands.
type foundCheck struct {
	Check
	step int
	file string
	line int
}

// checks returns the file's tests that belong to a step.
func (f checkFile) checks() []foundCheck {
	var all []foundCheck
	for _, test := range f.tests() {
		parts := checkName.FindStringSubmatch(test.Name.Name)
		if parts == nil {
			continue
		}
		step, _ := strconv.Atoi(parts[1])
		check := Check{Name: test.Name.Name, Title: titleOf(test, parts[2])}
		all = append(all, foundCheck{check, step, f.name, f.line(test.Pos())})
	}
	return all
}

// tests returns the functions that go test would run.
func (f checkFile) tests() []*ast.FuncDecl {
	var tests []*ast.FuncDecl
	for _, d := range f.syntax.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if ok && fn.Recv == nil && strings.HasPrefix(fn.Name.Name, "Test") && fn.Name.Name != "TestMain" {
			tests = append(tests, fn)
		}
	}
	return tests
}

func (f checkFile) line(at token.Pos) int { return f.set.Position(at).Line }

// titleOf is the first sentence of the test's comment, or its name as words.
func titleOf(test *ast.FuncDecl, name string) string {
	sentence := new(doc.Package).Synopsis(test.Doc.Text())
	if sentence == "" || strings.HasPrefix(sentence, test.Name.Name) {
		return asWords(name)
	}
	return strings.TrimSuffix(sentence, ".")
}

// asWords turns OrderPlacedIsPublished into "Order placed is published".
func asWords(name string) string {
	var b strings.Builder
	for i, r := range name {
		switch {
		case r == '_':
			b.WriteByte(' ')
		case i > 0 && unicode.IsUpper(r):
			b.WriteByte(' ')
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
