package mutant

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Program is the module with many mutants in it, of which one file says which
// is chosen: so that a mutant costs a start, and no build.
type Program struct {
	Files     map[string]string // the changed files and the new ones, by path below the module
	functions map[*function]body
	points    int // how many statements there are in all
	mutants   []Mutant
}

// body is what a function does. Its statements are points of the program from
// the number first on; before them is the function's beginning.
type body struct {
	first      int
	statements []statement
}

// Program returns the module with those mutants in it that are inside of a
// function. The mutant i is chosen by writing i+1 to the file "chosen" in the
// control folder, an absolute path, before the program starts. While none is
// chosen, which statements it comes to is told there; see Reached.
func (m *Module) Program(mutants []Mutant, control string) *Program {
	p := &Program{Files: map[string]string{}, functions: map[*function]body{}, mutants: mutants}
	byFile := map[*file][]int{}
	for i, mutant := range mutants {
		if mutant.function == nil {
			continue
		}
		f := mutant.function.file
		byFile[f] = append(byFile[f], i)
		if _, known := p.functions[mutant.function]; !known {
			b := body{p.points, mutant.function.statements()}
			p.functions[mutant.function] = b
			p.points += 1 + len(b.statements)
		}
	}
	for f, numbers := range byFile {
		p.Files[f.name] = p.rewrite(f, numbers)
		p.Files[path.Join(path.Dir(f.name), helperFile)] = helperText(f.pkg.Name, control, p.points)
	}
	return p
}

// Reached are the names of files of which one appears in the control folder
// when the program comes to a statement that the mutant changes. There are none
// where it is in no function. A file is written again while the program comes
// there again.
func (p *Program) Reached(mutant Mutant) (names []string) {
	if mutant.function == nil {
		return nil
	}
	b := p.functions[mutant.function]
	for _, e := range mutant.edits {
		names = append(names, fmt.Sprint("reached-", b.first+1+around(b.statements, e)))
	}
	return names
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
		for i, s := range p.functions[function].statements {
			edits = append(edits, edit{s.from, s.from, fmt.Sprintf("mutantAt(%d); ", p.functions[function].first+1+i)})
		}
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
	return edit{at, at, fmt.Sprintf(" switch mutantChosen(%d) { %s};", p.functions[f].first, cases.String())}
}

// copy is the function under another name, with a fault.
func (f *function) copy(name string, fault []edit) string {
	text, base := f.text()
	rename := edit{f.file.offset(f.decl.Name.Pos()), f.file.offset(f.decl.Name.End()), name}
	return apply(text, base, append([]edit{rename}, fault...))
}

// Choice is what the file "chosen" says of the mutant i.
func Choice(i int) string { return strconv.Itoa(i + 1) }
