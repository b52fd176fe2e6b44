package lint

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"cnalab/labs"
	"cnalab/labs/textfile"
)

var (
	solutionName = regexp.MustCompile(`^\d{2}$`)
	attemptName  = regexp.MustCompile(`^(\d{2})-[a-z0-9]+(?:-[a-z0-9]+)*$`)
	strayName    = regexp.MustCompile(`(?i)^(\.DS_Store|Thumbs\.db|.*~|.*\.(orig|rej|bak|swp|exe|test)|\.#.*)$`)
)

// layers looks at the workspace, the solutions and the attempts.
func (in *inspection) layers() {
	if !isFolder(os.DirFS(in.dir), "workspace") {
		in.add("workspace", 0, "", "a lab has a workspace", "Make the folder with what a learner is given, at least a README.md.")
	}
	in.solutions()
	has := in.attempts("wrong")
	in.attempts("right")
	for step := 1; step <= in.count; step++ {
		if !has[step] {
			in.add("checks/testdata/wrong", 0, "", fmt.Sprintf("step %d has a wrong answer that its checks catch", step),
				fmt.Sprintf("Write what a lazy learner would try to checks/testdata/wrong/%02d-NAME/.", step))
		}
	}
}

func (in *inspection) solutions() {
	for _, entry := range in.entries("solution") {
		number, _ := strconv.Atoi(entry.Name())
		if !entry.IsDir() || !solutionName.MatchString(entry.Name()) || number < 1 || number > in.count {
			in.add("solution/"+entry.Name(), 0, "", "solution holds one folder for each step: 01, 02, …", "Rename it to the number of its step, or remove it.")
		}
	}
	lab := &labs.Lab{Dir: in.dir}
	before, err := lab.Starter()
	if err != nil {
		return // in.files tells why
	}
	for step := 1; step <= in.count; step++ {
		folder := fmt.Sprintf("solution/%02d", step)
		layer, err := lab.Solution(step)
		if err != nil {
			in.add(folder, 0, "", "each step has a solution", "Write to it the files that differ, or a run.sh with what a learner types.")
			continue
		}
		in.files(folder)
		in.layer(folder, before, layer)
		before = before.With(layer)
	}
}

// attempts looks at the wrong or the right answers, and tells which steps have one.
func (in *inspection) attempts(kind string) map[int]bool {
	has := map[int]bool{}
	lab := &labs.Lab{Dir: in.dir}
	for _, entry := range in.entries("checks/testdata/" + kind) {
		folder := path.Join("checks/testdata", kind, entry.Name())
		parts := attemptName.FindStringSubmatch(entry.Name())
		step := 0
		if parts != nil {
			step, _ = strconv.Atoi(parts[1])
		}
		if !entry.IsDir() || parts == nil {
			in.add(folder, 0, "", "an attempt is a folder named by its step: 01-no-key", "Rename it to the number of a step, a dash, and what it tries.")
			continue
		}
		if step < 1 || step > in.count {
			in.add(folder, 0, parts[1], "an attempt belongs to a step", "Give it the number of a step that is there, or remove it.")
			continue
		}
		has[step] = true
		in.files(folder)
		before, err := lab.At(step - 1)
		if err != nil {
			continue // the missing solution is told already
		}
		if layer, err := labs.ReadOverlay(os.DirFS(filepath.Join(in.dir, filepath.FromSlash(folder)))); err == nil {
			in.layer(folder, before, layer)
		}
	}
	return has
}

// layer tells of changes that change nothing.
func (in *inspection) layer(folder string, before labs.Tree, layer labs.Overlay) {
	if len(layer.Files)+len(layer.Removed) == 0 && layer.Run == "" {
		in.add(folder, 0, "", "a solution or an attempt changes something", "Write to it the files that differ.")
	}
	for _, name := range layer.Files.Paths() {
		if old, ok := before[name]; ok && bytes.Equal(old, layer.Files[name]) {
			in.add(folder+"/"+name, 0, "", "a layer holds only files that differ from what they replace", "Remove it: the learner has this file already.")
		}
	}
	for _, name := range layer.Removed {
		if !before.Holds(name) {
			in.add(folder+"/removed.txt", 0, name, "removed.txt names files that are there", "Take the line out, or name the file as it is in the workspace.")
		}
	}
}

// files tells of files that must not be in a workspace, or put over one.
func (in *inspection) files(folder string) {
	root := filepath.Join(in.dir, filepath.FromSlash(folder))
	fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return nil // a folder that is not there is told by its own rule
		}
		at, base := folder+"/"+name, path.Base(name)
		switch {
		case base == "go.mod" || base == "go.sum" || base == "go.work":
			in.add(at, 0, "", "a workspace has no module files", "Remove it: the learner's workspace gets a go.mod that fits the program's.")
		case name == "handin" || name == "receipt.json":
			in.add(at, 0, base, "handin and receipt.json are what a hand-in has beside the files", "Give it another name.")
		case entry.IsDir() && (base == "workspace" || base == "solution"):
			in.add(at, 0, base, "no Go package is named workspace or solution", "Rename the folder: Go leaves out what bears that name.")
		case !entry.IsDir() && !entry.Type().IsRegular():
			in.add(at, 0, "", "a lab holds ordinary files", "Put a copy in place of the link.")
		case !entry.IsDir() && in.large(at, entry):
		case strayName.MatchString(base):
			in.add(at, 0, "", "nothing is left over from an editor, a build or a merge", "Remove it.")
		case strings.HasSuffix(base, ".go"):
			in.packageName(at, filepath.Join(root, filepath.FromSlash(name)))
		}
		return nil
	})
}

// large tells of a file that no learner would read.
func (in *inspection) large(at string, entry fs.DirEntry) bool {
	info, err := entry.Info()
	if err != nil {
		return false // it is gone by now
	}
	if err := textfile.Ordinary(info, textfile.MaxFile); err != nil {
		in.found = append(in.found, textfile.Violation(path.Join(in.folder, at), err))
		return true
	}
	return false
}

var packageClause = regexp.MustCompile(`(?m)^package (workspace|solution)\b`)

func (in *inspection) packageName(at, file string) {
	source, err := os.ReadFile(file)
	if err != nil {
		in.add(at, 0, "", "a lab's files are readable", err.Error())
		return
	}
	if clause := packageClause.FindSubmatchIndex(source); clause != nil {
		line := 1 + bytes.Count(source[:clause[0]], []byte("\n"))
		in.add(at, line, string(source[clause[2]:clause[3]]), "no Go package is named workspace or solution", "Rename the package.")
	}
}

func (in *inspection) entries(folder string) []fs.DirEntry {
	entries, _ := os.ReadDir(filepath.Join(in.dir, filepath.FromSlash(folder)))
	return entries
}
