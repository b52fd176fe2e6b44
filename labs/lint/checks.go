package lint

import (
	"fmt"
	"go/ast"
	"go/build/constraint"
	"path"
	"strconv"
	"strings"

	"cnalab/labs/load"
)

// checks looks at the check files, and that steps and checks belong together.
func (in *inspection) checks() {
	files, found := load.CheckFiles(in.dir)
	in.found = append(in.found, found...)
	has := map[int]bool{}
	var all []load.FoundCheck
	names := map[string]string{}
	for _, f := range files {
		in.checkFile(f)
		for _, c := range f.Checks() {
			has[c.Step] = true
			in.check(c, names)
			all = append(all, c)
		}
	}
	for _, t := range in.texts {
		if t.Language == "en" && !has[t.Step] {
			in.add("steps/"+path.Base(t.File), 0, "", "a step has a check",
				fmt.Sprintf("Write func TestStep%02d_WhatIsTrue(t *testing.T) in checks/checks_test.go.", t.Step))
		}
	}
	in.table(all)
}

func (in *inspection) check(c load.FoundCheck, names map[string]string) {
	file := "checks/" + path.Base(c.File)
	if in.count > 0 && (c.Step < 1 || c.Step > in.count) {
		in.add(file, c.Line, c.Name, "a check belongs to a step",
			fmt.Sprintf("Write steps/%02d-NAME.md, or give the check the number of a step that is there.", c.Step))
	}
	if other := names[c.Name]; other != "" {
		in.add(file, c.Line, c.Name, "no two checks have the same name", "Rename this one; the other is in "+other+".")
	}
	names[c.Name] = c.File
}

func (in *inspection) checkFile(f load.CheckFile) {
	file := "checks/" + path.Base(f.Name)
	if !hasTag(f.Source, "lab") {
		in.add(file, 1, "", "checks are built only with the tag lab", "Write //go:build lab as the first line.")
	}
	if f.Syntax.Name.Name != "checks" {
		in.add(file, f.Line(f.Syntax.Name.Pos()), f.Syntax.Name.Name, "checks are package checks", "Write package checks.")
	}
	for _, test := range f.Tests() {
		if !load.IsCheckName(test.Name.Name) {
			in.add(file, f.Line(test.Pos()), test.Name.Name, "a check's name starts with its step",
				"Rename it in the form TestStep01_OrderPlacedIsPublished.")
		}
	}
	in.imports(file, f)
	in.calls(file, f)
	in.pointers(file, f)
}

// hasTag reports whether a file is left out of builds without the tag.
func hasTag(source, tag string) bool {
	for line := range strings.Lines(source) {
		if strings.HasPrefix(line, "package ") {
			return false
		}
		if expr, err := constraint.Parse(strings.TrimSpace(line)); err == nil {
			return !expr.Eval(func(t string) bool { return t != tag })
		}
	}
	return false
}

// imports tells of packages of this program that checks must not know.
func (in *inspection) imports(file string, f load.CheckFile) {
	for _, spec := range f.Syntax.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		if below(name, "cnalab") && name != "cnalab/labs" && !below(name, "cnalab/labs/check") {
			in.add(file, f.Line(spec.Pos()), name, "checks know package check and the learner's work, nothing else of this program",
				"Ask the sandbox through cnalab/labs/check.")
		}
	}
}

// below reports whether name is the package or lies below it.
func below(name, pkg string) bool { return strings.HasPrefix(name+"/", pkg+"/") }

// forbidden maps calls that a check must not make to what to do instead.
var forbidden = map[string]string{
	"Skip":    "Let the check end with NotYet or CouldNotCheck: a skipped check proves nothing.",
	"Skipf":   "Let the check end with NotYet or CouldNotCheck: a skipped check proves nothing.",
	"SkipNow": "Let the check end with NotYet or CouldNotCheck: a skipped check proves nothing.",
	"Sleep":   "Wait with check.Eventually, which has a deadline and ends as soon as it can.",
}

func (in *inspection) calls(file string, f load.CheckFile) {
	ast.Inspect(f.Syntax, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		selector, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		owner, isName := selector.X.(*ast.Ident)
		fix := forbidden[selector.Sel.Name]
		if fix == "" || selector.Sel.Name == "Sleep" && !(isName && owner.Name == "time") {
			return true
		}
		value := selector.Sel.Name
		if isName {
			value = owner.Name + "." + value
		}
		in.add(file, f.Line(call.Pos()), value, "a check neither skips nor sleeps", fix)
		return true
	})
}
