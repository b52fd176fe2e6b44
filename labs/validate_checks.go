package labs

import (
	"fmt"
	"go/ast"
	"go/build/constraint"
	"path"
	"strconv"
	"strings"
)

// checks looks at the check files, and that steps and checks belong together.
func (in *inspection) checks() {
	files, found := readCheckFiles(in.dir)
	in.found = append(in.found, found...)
	has := map[int]bool{}
	names := map[string]string{}
	for _, f := range files {
		in.checkFile(f)
		for _, c := range f.checks() {
			has[c.step] = true
			in.check(c, names)
		}
	}
	for _, t := range in.texts {
		if t.language == "en" && !has[t.step] {
			in.add("steps/"+path.Base(t.file), 0, "", "a step has a check",
				fmt.Sprintf("Write func TestStep%02d_WhatIsTrue(t *testing.T) in checks/checks_test.go.", t.step))
		}
	}
}

func (in *inspection) check(c foundCheck, names map[string]string) {
	file := "checks/" + path.Base(c.file)
	if in.count > 0 && (c.step < 1 || c.step > in.count) {
		in.add(file, c.line, c.Name, "a check belongs to a step",
			fmt.Sprintf("Write steps/%02d-NAME.md, or give the check the number of a step that is there.", c.step))
	}
	if other := names[c.Name]; other != "" {
		in.add(file, c.line, c.Name, "no two checks have the same name", "Rename this one; the other is in "+other+".")
	}
	names[c.Name] = c.file
}

func (in *inspection) checkFile(f checkFile) {
	file := "checks/" + path.Base(f.name)
	if !f.hasTag("lab") {
		in.add(file, 1, "", "checks are built only with the tag lab", "Write //go:build lab as the first line.")
	}
	if f.syntax.Name.Name != "checks" {
		in.add(file, f.line(f.syntax.Name.Pos()), f.syntax.Name.Name, "checks are package checks", "Write package checks.")
	}
	for _, test := range f.tests() {
		if !checkName.MatchString(test.Name.Name) {
			in.add(file, f.line(test.Pos()), test.Name.Name, "a check's name starts with its step",
				"Rename it in the form TestStep01_OrderPlacedIsPublished.")
		}
	}
	in.imports(file, f)
	in.calls(file, f)
}

// hasTag reports whether the file is left out of builds without the tag.
func (f checkFile) hasTag(tag string) bool {
	for line := range strings.Lines(f.source) {
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
func (in *inspection) imports(file string, f checkFile) {
	for _, spec := range f.syntax.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		if within(name, "cnalab") && name != "cnalab/labs" && !within(name, "cnalab/labs/check") {
			in.add(file, f.line(spec.Pos()), name, "checks know package check and the learner's work, nothing else of this program",
				"Ask the sandbox through cnalab/labs/check.")
		}
	}
}

// forbidden maps calls that a check must not make to what to do instead.
var forbidden = map[string]string{
	"Skip":    "Let the check end with NotYet or CouldNotCheck: a skipped check proves nothing.",
	"Skipf":   "Let the check end with NotYet or CouldNotCheck: a skipped check proves nothing.",
	"SkipNow": "Let the check end with NotYet or CouldNotCheck: a skipped check proves nothing.",
	"Sleep":   "Wait with check.Eventually, which has a deadline and ends as soon as it can.",
}

func (in *inspection) calls(file string, f checkFile) {
	ast.Inspect(f.syntax, func(n ast.Node) bool {
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
		in.add(file, f.line(call.Pos()), value, "a check neither skips nor sleeps", fix)
		return true
	})
}
