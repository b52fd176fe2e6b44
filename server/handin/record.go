// Package handin is what a learner hands in: their files, and for each step of a
// lab whose sandbox is made by commands what was typed, the files as they were,
// and what the sandbox held when the step passed. It keeps the record while they
// work, packs it into one zip with a receipt, and finds the work again in what a
// grader was given. It knows no session, runs no command and opens no sandbox.
package handin

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"cnalab/labs"
	"cnalab/server/workspaces/folder"
)

// Folder is where a hand-in has the record.
const Folder = "handin"

// Kept reports whether what is typed into the lab's sandbox is part of the work.
// In the others the sandbox is made from the files, so that those are all of it.
func Kept(lab *labs.Lab) bool { return lab.Has(labs.KindDocker) || lab.Has(labs.KindKubernetes) }

// Record is a folder with what was done in a lab, a few entries a step:
//
//	04.json          when step 4 passed, and in which sandbox
//	04.sh            the commands since the step before passed
//	04/              the files as they were then
//	04-compose.yaml  what the sandbox's engine held, or
//	04-objects.yaml  what its cluster held
type Record struct{ dir string }

// RecordIn returns the record in a folder; it touches nothing yet. The folder
// lies outside the workspace: there it would go into each image that is built.
func RecordIn(dir string) Record { return Record{dir} }

// Step is what was done for one step.
type Step struct {
	Number  int               `json:"step"`
	Sandbox time.Time         `json:"sandbox,omitzero"` // when the sandbox was opened that it was done in
	Passed  time.Time         `json:"passed,omitzero"`  // zero where it has not
	Names   map[string]string `json:"names,omitempty"`  // what the sandbox alone was called by, such as its nodes

	Commands []Command `json:"-"`
	Files    labs.Tree `json:"-"` // nil where they are those of the workspace
	Compose  []byte    `json:"-"`
	Objects  []byte    `json:"-"`
}

// Log is the file that terminals of the sandbox opened at that time add to.
// Those of sandboxes that are gone are removed.
func (r Record) Log(sandbox time.Time) (string, error) {
	if err := os.MkdirAll(r.dir, 0o700); err != nil {
		return "", folder.Trouble("what you type is not kept", r.dir, err)
	}
	log := r.log(sandbox)
	all, _ := filepath.Glob(r.path(logNames))
	for _, old := range all {
		if old != log {
			os.Remove(old)
		}
	}
	return log, nil
}

// A log is named by its sandbox's time.
const (
	logName  = "typed-20060102T150405.000000000.sh"
	logNames = "typed-*.sh"
)

func (r Record) log(sandbox time.Time) string { return r.path(sandbox.UTC().Format(logName)) }

func (r Record) path(name string) string { return filepath.Join(r.dir, name) }

// Has reports whether the step stays as it was recorded, when it passes again in
// that sandbox: if it passed there before, or if another was done after it in the
// sandbox where it did, and so needs what was typed for it.
func (r Record) Has(step int, sandbox time.Time) bool {
	steps, err := ReadSteps(os.DirFS(r.dir))
	at := slices.IndexFunc(steps, func(s Step) bool { return s.Number == step })
	if err != nil || at < 0 {
		return false
	}
	in := steps[at].Sandbox
	return in.Equal(sandbox) || slices.ContainsFunc(steps[at+1:], func(s Step) bool { return s.Sandbox.Equal(in) })
}

// Passed records a step that has passed, with the commands typed in its sandbox
// that no step has yet.
func (r Record) Passed(s Step, workspace string) (err error) {
	if err := os.MkdirAll(r.dir, 0o700); err != nil {
		return err
	}
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		return err
	}
	defer root.Close()
	found, err := collect(workspace)
	if err != nil {
		return err
	}
	s.Files = found.files
	if s.Commands, err = r.take(s, workspace); err != nil {
		return err
	}
	return s.write(root)
}

// take takes what was typed from the log. It is moved first: a shell may add to
// it at any time.
func (r Record) take(s Step, workspace string) ([]Command, error) {
	taken := r.path(folder.Temporary + "typed.sh")
	err := os.Rename(r.log(s.Sandbox), taken)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer os.Remove(taken)
	return readLog(taken, workspace)
}

func readLog(file, workspace string) ([]Command, error) {
	root, err := os.OpenRoot(filepath.Dir(file))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	text, err := folder.Read(root, filepath.Base(file)) // which bounds it
	commands := parseScript(string(text))
	for i := range commands {
		commands[i].Folder = below(workspace, commands[i].Folder)
	}
	return commands, err
}

// write makes the record of one step what s is. The .json is last: without it
// there is none.
func (s Step) write(root *os.Root) error {
	name := s.name()
	for _, old := range []string{".json", ".sh", "", "-compose.yaml", "-objects.yaml"} {
		if err := root.RemoveAll(name + old); err != nil {
			return err
		}
	}
	tree, err := s.tree()
	if err != nil {
		return err
	}
	index := labs.Tree{name + ".json": tree[name+".json"]}
	delete(tree, name+".json")
	if err := tree.Write(root); err != nil {
		return err
	}
	return index.Write(root)
}

// name begins the names of the step's files.
func (s Step) name() string { return fmt.Sprintf("%02d", s.Number) }

// tree is the step as files.
func (s Step) tree() (labs.Tree, error) {
	name := s.name()
	index, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil, err
	}
	tree := labs.Tree{name + ".json": append(index, '\n')}
	for file, text := range s.Files {
		tree[name+"/"+file] = text
	}
	if len(s.Commands) > 0 {
		tree[name+".sh"] = formatScript(fmt.Sprintf("Typed in step %d, each with its time, its exit code and its folder.", s.Number), s.Commands)
	}
	if len(s.Compose) > 0 {
		tree[name+"-compose.yaml"] = s.Compose
	}
	if len(s.Objects) > 0 {
		tree[name+"-objects.yaml"] = s.Objects
	}
	return tree, nil
}

// ReadSteps reads a record in the order in which its steps have passed; those
// that have not are last.
func ReadSteps(record fs.FS) (steps []Step, err error) {
	names, err := fs.Glob(record, "[0-9][0-9].json")
	for _, name := range names {
		var number int
		fmt.Sscanf(name, "%d.json", &number)
		step, err := readStep(record, number)
		if err != nil {
			return nil, err
		}
		steps = append(steps, step)
	}
	slices.SortStableFunc(steps, func(a, b Step) int {
		if a.Passed.IsZero() != b.Passed.IsZero() {
			return map[bool]int{true: 1, false: -1}[a.Passed.IsZero()]
		}
		return a.Passed.Compare(b.Passed)
	})
	return steps, err
}

func readStep(record fs.FS, number int) (s Step, err error) {
	name := fmt.Sprintf("%02d", number)
	text, err := fs.ReadFile(record, name+".json")
	if err != nil {
		return Step{}, err
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return Step{}, fmt.Errorf("read %s.json: %w", name, err)
	}
	s.Number = number
	script, _ := fs.ReadFile(record, name+".sh") // what is not there is empty
	s.Commands = parseScript(string(script))
	s.Compose, _ = fs.ReadFile(record, name+"-compose.yaml")
	s.Objects, _ = fs.ReadFile(record, name+"-objects.yaml")
	files, err := fs.Sub(record, name)
	if err != nil {
		return Step{}, err
	}
	if tree, err := labs.ReadTree(files); err == nil { // nil where there is none
		s.Files = tree
	}
	return s, nil
}
