package labs

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// labFolder is the form of a lab folder's name: number, dash, id.
var labFolder = regexp.MustCompile(`^(\d+)-([a-z0-9]+(?:-[a-z0-9]+)*)$`)

// stepFile is the form of a step text's name: number, slug, maybe a language.
var stepFile = regexp.MustCompile(`^(\d{2})-([a-z0-9]+(?:-[a-z0-9]+)*)(?:\.([a-z]{2}))?\.md$`)

// Load reads every lab below dir, in order of number; a folder whose name
// starts with a digit is a lab. A lab that is broken is left out and told in
// the error, a *Problem, while the others are still returned.
func Load(dir string) ([]*Lab, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, &Problem{Kind: NotFound, Say: fmt.Sprintf("There is no readable labs folder at %s.", dir),
			Next: "Name the folder with --labs DIR.", Err: err}
	}
	var all []*Lab
	var broken []Violation
	owners := map[string]string{}
	for _, entry := range entries {
		if !entry.IsDir() || !startsWithDigit(entry.Name()) {
			continue
		}
		lab, found := Read(filepath.Join(dir, entry.Name()))
		found = append(found, shared(entry.Name(), owners)...)
		if len(found) == 0 {
			all = append(all, lab)
		}
		broken = append(broken, found...)
	}
	return all, brokenProblem(broken)
}

// Read reads one lab's folder. The lab is nil where the folder is too broken
// to be offered to a learner; the violations say why. Validate knows more rules.
func Read(dir string) (*Lab, []Violation) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, []Violation{{File: dir, Rule: "a lab's folder has a path", Fix: err.Error()}}
	}
	folder := filepath.Base(dir)
	parts := labFolder.FindStringSubmatch(folder)
	if parts == nil {
		return nil, []Violation{{File: folder, Value: folder, Rule: "a lab's folder is named by number and id",
			Fix: "Rename it in the form 040-event-driven: digits, then lower-case words, joined by dashes."}}
	}
	m, found := readManifest(dir)
	if m.lines != nil {
		in := &inspection{dir: dir, folder: folder, m: m}
		in.offered()
		found = append(found, in.found...)
	}
	lab := &Lab{ID: parts[2], Number: parts[1], Folder: folder, Dir: dir, Name: m.Name, Korean: m.Korean,
		Minutes: m.Minutes, Parts: m.parts, Planned: m.Planned}
	lab.Half, lab.Map = m.course(lab.ID)
	if !lab.Planned {
		found = append(found, lab.readSteps()...)
	}
	if len(found) > 0 {
		return nil, sorted(found)
	}
	return lab, nil
}

// readSteps fills the lab's steps from steps/ and checks/.
func (l *Lab) readSteps() []Violation {
	texts, found := readTexts(l.Dir)
	for _, t := range texts {
		if t.language == "en" {
			l.Steps = append(l.Steps, Step{Number: t.step, Slug: t.slug, Texts: map[string]Text{}})
		}
	}
	found = append(found, l.numbering()...)
	if len(found) > 0 {
		return found
	}
	for _, t := range texts {
		if step := l.Step(t.step); step != nil {
			step.Texts[t.language] = t.Text
		}
	}
	files, broken := readCheckFiles(l.Dir)
	for _, f := range files {
		for _, c := range f.checks() {
			if step := l.Step(c.step); step != nil {
				step.Checks = append(step.Checks, c.Check)
			}
		}
	}
	return broken
}

// numbering tells of steps that are not 1, 2, 3, each once.
func (l *Lab) numbering() []Violation {
	var found []Violation
	for i, step := range l.Steps {
		if step.Number != i+1 {
			found = append(found, Violation{
				File: path.Join(l.Folder, "steps"), Value: fmt.Sprintf("%02d-%s.md", step.Number, step.Slug),
				Rule: "steps are numbered from 01 without a gap, each number once",
				Fix:  fmt.Sprintf("Rename it to %02d-%s.md, and its tests, solution and attempts with it.", i+1, step.Slug)})
			return found
		}
	}
	if len(l.Steps) == 0 {
		found = append(found, Violation{File: path.Join(l.Folder, "steps"), Rule: "a lab has at least one step",
			Fix: "Write steps/01-NAME.md, or say planned: true in lab.yaml."})
	}
	return found
}

// stepText is one file of steps/.
type stepText struct {
	Text
	file     string // with the lab's folder in front
	source   string
	step     int
	slug     string
	language string
}

// readTexts reads the step texts of a lab's folder in order of their names.
func readTexts(dir string) ([]stepText, []Violation) {
	entries, err := os.ReadDir(filepath.Join(dir, "steps"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, []Violation{{File: path.Join(filepath.Base(dir), "steps"), Rule: "steps are readable", Fix: err.Error()}}
	}
	var texts []stepText
	var found []Violation
	for _, entry := range entries {
		parts := stepFile.FindStringSubmatch(entry.Name())
		if parts == nil {
			continue // a stray file; Validate tells of it
		}
		file := path.Join(filepath.Base(dir), "steps", entry.Name())
		source, err := os.ReadFile(filepath.Join(dir, "steps", entry.Name()))
		if err != nil {
			found = append(found, Violation{File: file, Rule: "steps are readable", Fix: err.Error()})
			continue
		}
		number, _ := strconv.Atoi(parts[1])
		language := parts[3]
		if language == "" {
			language = "en"
		}
		texts = append(texts, stepText{parseText(string(source)), file, string(source), number, parts[2], language})
	}
	return texts, found
}

func brokenProblem(broken []Violation) error {
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
	return &Problem{Kind: BadInput, Say: fmt.Sprintf("%s cannot be read; the other labs can.", strings.Join(folders, ", ")),
		Next: "Run labs check, and mend what it lists.", Detail: strings.Join(lines, "\n")}
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }
