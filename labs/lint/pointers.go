package lint

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"strconv"

	"cnalab/labs/load"
)

// namedStep is a step that a sentence names by its number; stepFile is a file with
// the checks of one step.
var (
	namedStep = regexp.MustCompile(`\bstep (\d+)\b`)
	stepFile  = regexp.MustCompile(`^step(\d+)_`)
)

// pointers tells of sentences that may send learners to the step that they are on:
// those of the step's own checks, and those that checks of any step share.
func (in *inspection) pointers(file string, f load.CheckFile) {
	of := map[string]int{}
	for _, c := range f.Checks() {
		of[c.Name] = c.Step
	}
	inFile := 0
	if found := stepFile.FindStringSubmatch(path.Base(f.Name)); found != nil {
		inFile, _ = strconv.Atoi(found[1])
	}
	for _, declaration := range f.Syntax.Decls {
		step := inFile
		if check, ok := declaration.(*ast.FuncDecl); ok && of[check.Name.Name] > 0 {
			step = of[check.Name.Name]
		}
		ast.Inspect(declaration, func(n ast.Node) bool {
			text, ok := n.(*ast.BasicLit)
			if !ok || text.Kind != token.STRING {
				return true
			}
			for _, found := range namedStep.FindAllStringSubmatch(text.Value, -1) {
				if named, _ := strconv.Atoi(found[1]); step == 0 || named == step {
					in.add(file, f.Line(text.Pos()), found[0], "no check sends a learner to the step that they are on",
						"Say what to do instead, or say it in a check of another step.")
				}
			}
			return true
		})
	}
}
