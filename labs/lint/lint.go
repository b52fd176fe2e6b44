// Package lint tells every rule that a lab's folder breaks, each with its file
// and line, so that an author can mend it. It knows the rules and what load
// reads; it runs nothing, and opens no sandbox.
package lint

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"cnalab/labs"
	"cnalab/labs/load"
	"cnalab/labs/manifest"
)

// Lab tells every broken rule of one lab's folder at once. fixtures is
// the folder of services that stand in where a lab brings none; nil where
// there is none.
func Lab(dir string, fixtures fs.FS) []labs.Violation {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return []labs.Violation{{File: dir, Rule: "a lab's folder has a path", Fix: err.Error()}}
	}
	in := &inspection{dir: dir, folder: filepath.Base(dir), fixtures: fixtures}
	in.name()
	in.manifest()
	in.top()
	if !in.m.Planned {
		in.steps()
		in.commands()
		in.checks()
		in.korean()
		in.files("workspace")
		if in.count > 0 { // else everything there belongs to no step, which is told once
			in.layers()
			in.links()
		}
	}
	return labs.SortViolations(in.found)
}

// All looks at each lab below dir, and what they must not share.
func All(dir string, fixtures fs.FS) []labs.Violation {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return []labs.Violation{{File: dir, Rule: "the labs folder is readable", Fix: "Name it with --labs DIR."}}
	}
	var found []labs.Violation
	owners := map[string]string{}
	for _, entry := range entries {
		if !entry.IsDir() || !load.IsFolder(entry.Name()) {
			continue
		}
		found = append(found, Lab(filepath.Join(dir, entry.Name()), fixtures)...)
		found = append(found, load.Shared(entry.Name(), owners)...)
	}
	return labs.SortViolations(found)
}

// inspection is one lab's folder while it is looked through.
type inspection struct {
	dir      string
	folder   string
	fixtures fs.FS
	m        manifest.Manifest
	texts    []load.StepText
	count    int // how many steps the English texts make
	found    []labs.Violation
}

// add notes a violation; file is below the lab's folder.
func (in *inspection) add(file string, line int, value, rule, fix string) {
	in.found = append(in.found, labs.Violation{File: path.Join(in.folder, file), Line: line, Value: value, Rule: rule, Fix: fix})
}

func (in *inspection) name() {
	if _, _, ok := labs.ParseFolder(in.folder); !ok {
		in.add("", 0, in.folder, "a lab's folder is named by number and id",
			"Rename it in the form 040-event-driven: digits, then lower-case words, joined by dashes.")
	}
}

// known lists what a lab's folder may hold.
var known = []string{manifest.File, "steps", "checks", "workspace", "solution", "files"}

func (in *inspection) top() {
	entries, _ := os.ReadDir(in.dir)
	for _, entry := range entries {
		switch {
		case in.m.Planned && entry.Name() != manifest.File:
			in.add(entry.Name(), 0, "", "a planned lab has nothing but lab.yaml", "Remove it, or take planned out of lab.yaml.")
		case !slices.Contains(known, entry.Name()):
			in.add(entry.Name(), 0, "", "a lab's folder holds only "+strings.Join(known, ", "), "Move it into one of them, or remove it.")
		}
	}
}

func (in *inspection) manifest() {
	m, found := manifest.Read(in.dir)
	in.m, in.found = m, slices.Concat(in.found, found, m.Validate())
	if m.Parsed() {
		in.partFiles()
		in.piece()
	}
}

func isFolder(dir fs.FS, name string) bool {
	if dir == nil {
		return false
	}
	info, err := fs.Stat(dir, name)
	return err == nil && info.IsDir()
}
