// Package load reads the folders of labs, as their authors write them. What it
// reads of one that is too broken to be offered it tells in violations; the
// other rules are package lint's. It knows nothing of who takes the labs.
package load

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"cnalab/labs"
	"cnalab/labs/manifest"
	"cnalab/labs/translate"
)

// All reads every lab below dir, in order of number; a folder whose name
// starts with a digit is a lab. A lab that is broken is left out and told in
// the error, a *labs.Problem, while the others are still returned.
func All(dir string) ([]*labs.Lab, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, &labs.Problem{Kind: labs.NotFound, Say: fmt.Sprintf("There is no readable labs folder at %s.", dir),
			Next: "Name the folder with --labs DIR.", Err: err}
	}
	var all []*labs.Lab
	var broken []labs.Violation
	owners := map[string]string{}
	for _, entry := range entries {
		if !entry.IsDir() || !IsFolder(entry.Name()) {
			continue
		}
		lab, found := Lab(filepath.Join(dir, entry.Name()))
		found = append(found, Shared(entry.Name(), owners)...)
		if len(found) == 0 {
			all = append(all, lab)
		}
		broken = append(broken, found...)
	}
	return all, brokenProblem(broken)
}

// Lab reads one lab's folder. The lab is nil where the folder is too broken
// to be offered to a learner; the violations say why. Package lint knows more
// rules.
func Lab(dir string) (*labs.Lab, []labs.Violation) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, []labs.Violation{{File: dir, Rule: "a lab's folder has a path", Fix: err.Error()}}
	}
	folder := filepath.Base(dir)
	number, id, ok := labs.ParseFolder(folder)
	if !ok {
		return nil, []labs.Violation{{File: folder, Value: folder, Rule: "a lab's folder is named by number and id",
			Fix: "Rename it in the form 040-event-driven: digits, then lower-case words, joined by dashes."}}
	}
	m, found := manifest.Read(dir)
	found = append(found, m.Offered()...)
	lab := &labs.Lab{ID: id, Number: number, Folder: folder, Dir: dir, Name: m.Name, Korean: m.Korean,
		Minutes: m.Minutes, Parts: m.InOrder(), Planned: m.Planned}
	lab.Half, lab.Map = m.Course(lab.ID)
	if !lab.Planned {
		found = append(found, readSteps(lab)...)
		lab.Sentences = map[string]labs.Translator{"ko": translate.Korean(dir)}
	}
	if len(found) > 0 {
		return nil, labs.SortViolations(found)
	}
	return lab, nil
}

// readSteps fills the lab's steps from steps/ and checks/.
func readSteps(l *labs.Lab) []labs.Violation {
	texts, found := Texts(l.Dir)
	for _, t := range texts {
		if t.Language == "en" {
			l.Steps = append(l.Steps, labs.Step{Number: t.Step, Slug: t.Slug, Texts: map[string]labs.Text{}})
		}
	}
	found = append(found, Numbering(l)...)
	if len(found) > 0 {
		return found
	}
	for _, t := range texts {
		if step := l.Step(t.Step); step != nil {
			step.Texts[t.Language] = t.Text
		}
	}
	files, broken := CheckFiles(l.Dir)
	for _, f := range files {
		for _, c := range f.Checks() {
			if step := l.Step(c.Step); step != nil {
				step.Checks = append(step.Checks, c.Check)
			}
		}
	}
	return broken
}

// Numbering tells of steps that are not 1, 2, 3, each once.
func Numbering(l *labs.Lab) []labs.Violation {
	var found []labs.Violation
	for i, step := range l.Steps {
		if step.Number != i+1 {
			found = append(found, labs.Violation{
				File: path.Join(l.Folder, "steps"), Value: fmt.Sprintf("%02d-%s.md", step.Number, step.Slug),
				Rule: "steps are numbered from 01 without a gap, each number once",
				Fix:  fmt.Sprintf("Rename it to %02d-%s.md, and its tests, solution and attempts with it.", i+1, step.Slug)})
			return found
		}
	}
	if len(l.Steps) == 0 {
		found = append(found, labs.Violation{File: path.Join(l.Folder, "steps"), Rule: "a lab has at least one step",
			Fix: "Write steps/01-NAME.md, or say planned: true in lab.yaml."})
	}
	return found
}

func brokenProblem(broken []labs.Violation) error {
	if len(broken) == 0 {
		return nil
	}
	var lines, folders []string
	for _, v := range broken {
		lines = append(lines, v.String())
		folder, _, _ := strings.Cut(v.File, "/")
		if len(folders) == 0 || folders[len(folders)-1] != folder {
			folders = append(folders, folder)
		}
	}
	return &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("%s cannot be read; the other labs can.", strings.Join(folders, ", ")),
		Next: "Run labs check, and mend what it lists.", Detail: strings.Join(lines, "\n")}
}
