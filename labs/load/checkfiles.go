package load

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"cnalab/labs"
	"cnalab/labs/textfile"
)

// checkName is the form of a check's name; the number is its step.
var checkName = regexp.MustCompile(`^TestStep(\d{2})_(\w+)$`)

// IsCheckName reports whether a test has a name that says its step.
func IsCheckName(name string) bool { return checkName.MatchString(name) }

// CheckFile is one Go file below a lab's checks folder.
type CheckFile struct {
	Name   string // with the lab's folder in front: "040-event-driven/checks/checks_test.go"
	Source string
	Syntax *ast.File
	set    *token.FileSet
}

// CheckFiles parses dir's checks/*_test.go in the order of their names,
// which is the order in which Go runs their tests.
func CheckFiles(dir string) ([]CheckFile, []labs.Violation) {
	paths, _ := filepath.Glob(filepath.Join(dir, "checks", "*_test.go"))
	set := token.NewFileSet()
	var files []CheckFile
	var found []labs.Violation
	for _, p := range paths {
		name := path.Join(filepath.Base(dir), "checks", filepath.Base(p))
		source, err := textfile.Read(p, textfile.MaxFile)
		if err != nil {
			found = append(found, textfile.Violation(name, err))
			continue
		}
		syntax, err := parser.ParseFile(set, name, source, parser.ParseComments)
		if err != nil {
			found = append(found, labs.Violation{File: name, Rule: "checks are Go", Fix: labs.Sentence(err.Error())})
			continue
		}
		files = append(files, CheckFile{name, string(source), syntax, set})
	}
	return files, found
}

// FoundCheck is a check and where it stands.
type FoundCheck struct {
	labs.Check
	Step int
	File string
	Line int
}

// Checks returns the file's tests that belong to a step.
func (f CheckFile) Checks() []FoundCheck {
	var all []FoundCheck
	for _, test := range f.Tests() {
		parts := checkName.FindStringSubmatch(test.Name.Name)
		if parts == nil {
			continue
		}
		step, _ := strconv.Atoi(parts[1])
		check := labs.Check{Name: test.Name.Name, Title: titleOf(test, parts[2])}
		all = append(all, FoundCheck{check, step, f.Name, f.Line(test.Pos())})
	}
	return all
}

// Tests returns the functions that go test would run.
func (f CheckFile) Tests() []*ast.FuncDecl {
	var tests []*ast.FuncDecl
	for _, d := range f.Syntax.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if ok && fn.Recv == nil && strings.HasPrefix(fn.Name.Name, "Test") && fn.Name.Name != "TestMain" {
			tests = append(tests, fn)
		}
	}
	return tests
}

// Line is the number of the line that holds a place in the file.
func (f CheckFile) Line(at token.Pos) int { return f.set.Position(at).Line }

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
