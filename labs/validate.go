package labs

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Validate tells every broken rule of one lab's folder at once. fixtures is
// the folder of services that stand in where a lab brings none; nil where
// there is none.
func Validate(dir string, fixtures fs.FS) []Violation {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return []Violation{{File: dir, Rule: "a lab's folder has a path", Fix: err.Error()}}
	}
	in := &inspection{dir: dir, folder: filepath.Base(dir), fixtures: fixtures}
	in.name()
	in.manifest()
	in.top()
	if !in.m.Planned {
		in.steps()
		in.checks()
		in.files("workspace")
		if in.count > 0 { // else everything there belongs to no step, which is told once
			in.layers()
			in.links()
		}
	}
	return sorted(in.found)
}

// ValidateAll validates each lab below dir, and what they must not share.
func ValidateAll(dir string, fixtures fs.FS) []Violation {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return []Violation{{File: dir, Rule: "the labs folder is readable", Fix: "Name it with --labs DIR."}}
	}
	var found []Violation
	owners := map[string]string{}
	for _, entry := range entries {
		if !entry.IsDir() || !startsWithDigit(entry.Name()) {
			continue
		}
		found = append(found, Validate(filepath.Join(dir, entry.Name()), fixtures)...)
		found = append(found, shared(entry.Name(), owners)...)
	}
	return sorted(found)
}

// shared tells of an id or a number that an earlier lab already bears.
func shared(folder string, owners map[string]string) []Violation {
	parts := labFolder.FindStringSubmatch(folder)
	if parts == nil {
		return nil
	}
	var found []Violation
	for what, value := range map[string]string{"number": parts[1], "id": parts[2]} {
		if owner := owners[what+value]; owner != "" {
			found = append(found, Violation{File: folder, Value: value,
				Rule: fmt.Sprintf("no two labs have the same %s", what),
				Fix:  fmt.Sprintf("Rename this folder or %s.", owner)})
		}
		owners[what+value] = folder
	}
	return found
}

// inspection is one lab's folder while it is looked through.
type inspection struct {
	dir      string
	folder   string
	fixtures fs.FS
	m        manifest
	texts    []stepText
	count    int // how many steps the English texts make
	found    []Violation
}

// add notes a violation; file is below the lab's folder.
func (in *inspection) add(file string, line int, value, rule, fix string) {
	in.found = append(in.found, Violation{path.Join(in.folder, file), line, value, rule, fix})
}

func (in *inspection) name() {
	if !labFolder.MatchString(in.folder) {
		in.add("", 0, in.folder, "a lab's folder is named by number and id",
			"Rename it in the form 040-event-driven: digits, then lower-case words, joined by dashes.")
	}
}

// known lists what a lab's folder may hold.
var known = []string{manifestFile, "steps", "checks", "workspace", "solution", "files"}

func (in *inspection) top() {
	entries, _ := os.ReadDir(in.dir)
	for _, entry := range entries {
		switch {
		case in.m.Planned && entry.Name() != manifestFile:
			in.add(entry.Name(), 0, "", "a planned lab has nothing but lab.yaml", "Remove it, or take planned out of lab.yaml.")
		case !slices.Contains(known, entry.Name()):
			in.add(entry.Name(), 0, "", "a lab's folder holds only "+strings.Join(known, ", "), "Move it into one of them, or remove it.")
		}
	}
}

func (in *inspection) manifest() {
	m, found := readManifest(in.dir)
	in.m, in.found = m, append(in.found, found...)
	if m.lines == nil {
		return
	}
	in.offered()
	in.words("summary", m.Summary, "Say in one sentence what a learner does.")
	if m.Minutes < 5 || m.Minutes > 120 {
		in.add(manifestFile, m.line("minutes"), fmt.Sprint(m.Minutes), "minutes is how long a learner takes, 5 to 120",
			"Write minutes: 30, or what a trial run took.")
	}
	in.partFiles()
	in.half()
	in.piece()
}

// offered looks at what lab.yaml must say before the lab can be offered to a
// learner: the rest an author may still write.
func (in *inspection) offered() {
	in.words("title", in.m.Title, "Say in two or three words what the lab teaches.")
	in.korean()
	in.parts()
}

// korean wants a translation to be whole.
func (in *inspection) korean() {
	name := in.m.Korean
	if in.m.line("ko") > 0 && (strings.TrimSpace(name.Title) == "" || strings.TrimSpace(name.Summary) == "") {
		in.add(manifestFile, in.m.line("ko"), name.Title, "ko has a title and a summary",
			"Write both below ko, or leave ko out: the page then shows the English ones.")
	}
}

func (in *inspection) words(key, value, fix string) {
	if strings.TrimSpace(value) == "" {
		in.add(manifestFile, in.m.line(key), value, "lab.yaml has a "+key, fix)
	}
}

func isFolder(dir fs.FS, name string) bool {
	if dir == nil {
		return false
	}
	info, err := fs.Stat(dir, name)
	return err == nil && info.IsDir()
}
