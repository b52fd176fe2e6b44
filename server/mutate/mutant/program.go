package mutant

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
)

// helperFile is the name of a file beside each package's own, which holds what
// mutants need.
const helperFile = "mutant_helper.go"

// Functions of the helper: one draws an identity, the other calls a function when
// whoever asked for it has gone on.
const (
	freshName = "mutantFresh"
	laterName = "mutantLater"
)

// helperDeclared has what a mutant may call of the helper, for a look whether it
// compiles: the helper's own imports were not loaded.
const helperDeclared = "\n\nfunc " + freshName + "() string { return \"\" }\n\nfunc " + laterName + "(func()) {}\n"

// Program is the module with many mutants in it, of which one file says which
// is chosen: so that a mutant costs a start, and no build.
type Program struct {
	Files     map[string]string // the changed files and the new ones, by path below the module
	functions map[*function]int
	mutants   []Mutant
}

// Program returns the module with those mutants in it that are inside of a
// function. The mutant i is chosen by writing i+1 to the file "chosen" in the
// control folder, an absolute path, before the program starts; what functions
// it comes to is found there as files named by Reached.
func (m *Module) Program(mutants []Mutant, control string) *Program {
	p := &Program{Files: map[string]string{}, functions: map[*function]int{}, mutants: mutants}
	byFile := map[*file][]int{}
	for i, mutant := range mutants {
		if mutant.function == nil {
			continue
		}
		f := mutant.function.file
		byFile[f] = append(byFile[f], i)
		if _, known := p.functions[mutant.function]; !known {
			p.functions[mutant.function] = len(p.functions)
		}
	}
	for f, numbers := range byFile {
		p.Files[f.name] = p.rewrite(f, numbers)
		p.Files[path.Join(path.Dir(f.name), helperFile)] = helperText(f.pkg.Name, control)
	}
	return p
}

// Reached is the name of the file that appears in the control folder when the
// mutant's function is called; empty where it is in none.
func (p *Program) Reached(mutant Mutant) string {
	if mutant.function == nil {
		return ""
	}
	return fmt.Sprintf("reached-%d", p.functions[mutant.function])
}

// rewrite has each function of the file begin with a switch that leads to the
// chosen mutant, a whole function each, at the file's end.
func (p *Program) rewrite(f *file, numbers []int) string {
	byFunction := map[*function][]int{}
	for _, i := range numbers {
		byFunction[p.mutants[i].function] = append(byFunction[p.mutants[i].function], i)
	}
	functions := make([]*function, 0, len(byFunction))
	for function := range byFunction {
		functions = append(functions, function)
	}
	slices.SortFunc(functions, func(a, b *function) int { return cmp.Compare(a.decl.Pos(), b.decl.Pos()) })
	var edits []edit
	var copies strings.Builder
	for _, function := range functions {
		edits = append(edits, function.named()...)
		edits = append(edits, p.dispatch(function, byFunction[function]))
		for _, i := range byFunction[function] {
			copies.WriteString("\n" + function.copy(copyName(i), p.mutants[i].edits) + "\n")
		}
	}
	return apply(f.text, 0, edits) + copies.String()
}

func copyName(i int) string { return fmt.Sprintf("mutant%d", i+1) }

// dispatch is put behind the function's opening brace, on the same line, so
// that lines keep their numbers.
func (p *Program) dispatch(f *function, numbers []int) edit {
	var cases strings.Builder
	for _, i := range numbers {
		call := f.call(copyName(i))
		if f.decl.Type.Results.NumFields() > 0 {
			call = "return " + call
		} else {
			call += "; return"
		}
		fmt.Fprintf(&cases, "case %d: %s; ", i+1, call)
	}
	at := f.file.offset(f.decl.Body.Lbrace) + 1
	return edit{at, at, fmt.Sprintf(" switch mutantChosen(%d) { %s};", p.functions[f], cases.String())}
}

// copy is the function under another name, with a fault.
func (f *function) copy(name string, fault []edit) string {
	text, base := f.text()
	rename := edit{f.file.offset(f.decl.Name.Pos()), f.file.offset(f.decl.Name.End()), name}
	return apply(text, base, append([]edit{rename}, fault...))
}

// helperText is a file of a package that knows which mutant is chosen and
// tells which functions are come to.
func helperText(name, control string) string {
	return fmt.Sprintf(`package %s

import (
	"crypto/rand"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

const mutantControl = %q

var mutantNumber = sync.OnceValue(func() int {
	text, _ := os.ReadFile(mutantControl + "/chosen")
	number, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return number
})

var mutantReached sync.Map

func mutantChosen(function int) int {
	if _, before := mutantReached.LoadOrStore(function, true); !before {
		_ = os.WriteFile(mutantControl+"/reached-"+strconv.Itoa(function), nil, 0o666)
	}
	return mutantNumber()
}

func mutantFresh() string { return rand.Text() }

func mutantLater(call func()) {
	go func() {
		time.Sleep(20 * time.Millisecond)
		call()
	}()
}
`, name, control)
}

// Choice is what the file "chosen" says of the mutant i.
func Choice(i int) string { return strconv.Itoa(i + 1) }
