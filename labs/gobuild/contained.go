package gobuild

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"

	"cnalab/labs"
)

// Contained is the problem of a learner's module that is made of what lies
// outside its folder, where what is handed in ends and another's work may
// begin: by a link, or by a replace line of its go.mod. It is nil where there is
// none.
func Contained(root string) *labs.Problem {
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil // whoever reads it says so
	}
	if link := linkOut(real); link != "" {
		return &labs.Problem{Kind: labs.LearnerCode, Say: fmt.Sprintf("%s is a link that leads out of your workspace.", link),
			Next: "Put the file itself in the link's place: what is checked is what is in the workspace."}
	}
	if module := replacedOut(real); module != "" {
		return &labs.Problem{Kind: labs.LearnerCode, Say: fmt.Sprintf("Your go.mod replaces %s by a folder outside your workspace.", module),
			Next: "Take out the replace line: what is checked is what is in the workspace."}
	}
	return nil
}

// linkOut returns a link below the root that leads out of it.
func linkOut(root string) (link string) {
	_ = filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Type()&fs.ModeSymlink == 0 || !leadsOut(root, name) {
			return nil
		}
		link, _ = filepath.Rel(root, name)
		return fs.SkipAll
	})
	return filepath.ToSlash(link)
}

// replacedOut returns a module in whose place go.mod puts a folder that is not
// below the root.
func replacedOut(root string) string {
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return ""
	}
	file, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		return "" // the go command says what is wrong with it
	}
	for _, r := range file.Replace {
		folder := filepath.FromSlash(r.New.Path)
		if !filepath.IsAbs(folder) {
			folder = filepath.Join(root, folder)
		}
		if r.New.Version == "" && leadsOut(root, folder) {
			return r.Old.Path
		}
	}
	return ""
}

// leadsOut reports whether there is something at the path that is not below the
// root, whatever links lead there.
func leadsOut(root, path string) bool {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return false
	}
	below, err := filepath.Rel(root, real)
	return err != nil || !filepath.IsLocal(below)
}
