package translate

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What reaches a reader is found whatever way it goes, and what only has the same
// name is not.
func TestSaid(t *testing.T) {
	const source = `package checks

func refuse(say string) { c.NotYet(Finding{Say: say}) }

func rules(fail func(say string)) {
	refuse("Given to a function.")
	fail("Given to a parameter.")
	stop := func(got int, next string) { c.NotYet(Finding{Say: "Said by itself.", Next: next}) }
	stop(1, "Given to a variable.")
	for _, row := range []struct{ say string }{{"A row of a table."}} {
		refuse(row.say)
	}
}

func other() { s.fail("A method of the same name."); stop := func(name string) {}; stop("Not said.") }
`
	file, err := parser.ParseFile(token.NewFileSet(), "checks.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, said := range Read([]*ast.File{file}).Said() {
		got = append(got, said.Text)
	}
	want := []string{"Given to a function.", "Given to a parameter.", "Said by itself.", "Given to a variable.", "A row of a table."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("said (-want +got):\n%s", diff)
	}
}
