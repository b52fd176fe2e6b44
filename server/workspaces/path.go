package workspaces

import (
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/mod/module"

	"cnalab/labs"
)

// Limits of what a workspace may hold, so that a slip cannot fill the disk.
const (
	MaxFile  = 1 << 20  // bytes in one file
	MaxTotal = 16 << 20 // bytes in all files of a lab
	maxFiles = 2000     // entries in all of a lab
	maxPath  = 200      // bytes of a path
	maxDepth = 12       // folders in a path
)

// temporary starts the names of files that are being written.
const temporary = ".cnalab-"

// hidden are folders that belong to the learner's own programs: they are
// neither listed nor touched by a reset.
var hidden = map[string]bool{".git": true, ".hg": true, ".idea": true, ".vscode": true, "node_modules": true}

// own reports whether a name belongs to somebody else than the lab.
func own(name string) bool { return hidden[name] || strings.HasPrefix(name, temporary) }

// inside returns the path cleaned, or a problem where it names anything but
// a file below the workspace.
func inside(name string) (string, error) {
	local := fs.ValidPath(name) && len(name) <= maxPath && strings.Count(name, "/") <= maxDepth && name != "." && !strings.ContainsAny(name, "\\\x00") && filepath.IsLocal(filepath.FromSlash(name))
	if !local {
		return "", &labs.Problem{
			Kind: labs.BadInput,
			Say:  fmt.Sprintf("%q is not a file in this workspace.", clip(name)),
			Next: "Name a file by its path below the workspace, such as order/main.go.",
		}
	}
	for part := range strings.SplitSeq(name, "/") {
		if own(part) {
			return "", &labs.Problem{
				Kind: labs.BadInput,
				Say:  fmt.Sprintf("%s belongs to another program and is left alone.", clip(name)),
				Next: "Open it in the program that made it.",
			}
		}
	}
	return path.Clean(name), nil
}

// portable returns a problem where a new file could not have this name on
// every system, or where the name would not show what it is: the workspace is a
// module that its learner may take elsewhere.
func portable(name string) error {
	ok := module.CheckFilePath(name) == nil
	for part := range strings.SplitSeq(name, "/") {
		ok = ok && strings.TrimSpace(part) == part
	}
	if ok {
		return nil
	}
	return &labs.Problem{
		Kind: labs.BadInput,
		Say:  fmt.Sprintf("%q is not a name that a file can have on every system.", clip(name)),
		Next: "Use letters, digits, dashes and dots, such as order/new.go, and none of Windows' own names such as aux or con.",
	}
}

// clip keeps a sentence short when it quotes what somebody sent.
func clip(name string) string {
	if len(name) > 80 {
		return name[:80] + "…"
	}
	return name
}
