package handin

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"cnalab/labs"
)

// ours returns nil where a folder holds the lab's work, else one sentence that
// says what was found and what was wanted.
func (f Finder) ours(given, dir string) error {
	name, want := filepath.Base(given), fmt.Sprintf("the work of lab %s (%s)", f.Lab.Number, f.Lab.Title)
	if r := receiptOf(dir); r != nil && r.Lab == f.Lab.ID {
		return nil
	} else if r != nil && f.lab(r.Lab) != nil {
		return refuse("%s is the work of lab %s (%s) by its receipt, and %s was wanted.", name, f.lab(r.Lab).Number, f.lab(r.Lab).Title, want)
	}
	entries := visible(dir)
	if len(entries) == 0 {
		return refuse("%s holds no files, and %s was wanted%s.", name, want, such(f.Lab))
	}
	mine := paths(f.Lab)
	starter := starterPaths(f.Lab)
	if len(mine) == 0 || count(dir, mine) > 0 && !f.fewer(dir, starter) {
		return nil
	}
	if other := f.other(dir); other != nil {
		return refuse("%s holds the files of lab %s (%s), and %s was wanted.", name, other.Number, other.Title, want)
	}
	if count(dir, mine) > 0 {
		return nil
	}
	var found []string
	for _, entry := range entries[:min(3, len(entries))] {
		found = append(found, entry.Name())
	}
	return refuse("%s holds %s, and %s was wanted%s.", name, strings.Join(found, ", "), want, such(f.Lab))
}

// fewer reports whether less than half of what a learner was given is there.
func (f Finder) fewer(dir string, starter []string) bool { return 2*count(dir, starter) < len(starter) }

// other is the lab, other than the one wanted, all of whose files are there.
func (f Finder) other(dir string) *labs.Lab {
	for _, lab := range f.All {
		given := starterPaths(lab)
		if lab.ID != f.Lab.ID && len(given) > 0 && count(dir, given) == len(given) {
			return lab
		}
	}
	return nil
}

func (f Finder) lab(id string) *labs.Lab {
	for _, lab := range f.All {
		if lab.ID == id {
			return lab
		}
	}
	return nil
}

// such names one of the lab's files.
func such(lab *labs.Lab) string {
	if names := append(starterPaths(lab), paths(lab)...); len(names) > 0 {
		return ", with files such as " + names[0]
	}
	return ""
}

// starterPaths are the files that a learner is given. A README tells no lab from
// another.
func starterPaths(lab *labs.Lab) []string {
	tree, _ := lab.Starter() // what cannot be read is told where the lab is opened
	return names(tree)
}

// paths are those, and the ones that the solutions add.
func paths(lab *labs.Lab) []string {
	all, _ := lab.Starter()
	solved, err := lab.At(len(lab.Steps))
	if err == nil && all != nil {
		maps.Copy(all, solved)
	}
	return names(all)
}

func names(tree labs.Tree) []string {
	return slices.DeleteFunc(tree.Paths(), func(name string) bool {
		return strings.EqualFold(name, "README.md") || strings.HasPrefix(name, ".")
	})
}
