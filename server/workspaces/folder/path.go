// Package folder reads and writes the plain files of a folder that a learner may
// change at any time: without ever leaving it, within limits, and so that no
// crash leaves half a file. It knows no lab, and not what the files mean.
package folder

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
	MaxFiles = 2000     // entries in all of a lab
	maxPath  = 200      // bytes of a path
	maxDepth = 12       // folders in a path
)

// Temporary starts the names of files that are being written.
const Temporary = ".cnalab-"

// hidden are folders that belong to the learner's own programs: they are
// neither listed nor touched by a reset.
var hidden = map[string]bool{".git": true, ".hg": true, ".idea": true, ".vscode": true, "node_modules": true}

// Own reports whether a name belongs to somebody else than the lab.
func Own(name string) bool { return hidden[name] || strings.HasPrefix(name, Temporary) }

// Inside returns the path cleaned, or a problem where it names anything but
// a file below the workspace.
func Inside(name string) (string, error) {
	local := fs.ValidPath(name) && len(name) <= maxPath && strings.Count(name, "/") <= maxDepth && name != "." && !strings.ContainsAny(name, "\\\x00") && filepath.IsLocal(filepath.FromSlash(name))
	if !local {
		return "", &labs.Problem{
			Kind: labs.BadInput,
			Say:  fmt.Sprintf("%q is not a file in this workspace.", Clip(name)),
			Next: "Name a file by its path below the workspace, such as order/main.go.",
		}
	}
	for part := range strings.SplitSeq(name, "/") {
		if Own(part) {
			return "", &labs.Problem{
				Kind: labs.BadInput,
				Say:  fmt.Sprintf("%s belongs to another program and is left alone.", Clip(name)),
				Next: "Open it in the program that made it.",
			}
		}
	}
	return path.Clean(name), nil
}

// Portable returns a problem where a new file could not have this name on
// every system, or where the name would not show what it is: the workspace is a
// module that its learner may take elsewhere.
func Portable(name string) error {
	ok := module.CheckFilePath(name) == nil
	for part := range strings.SplitSeq(name, "/") {
		ok = ok && strings.TrimSpace(part) == part
	}
	if ok {
		return nil
	}
	return &labs.Problem{
		Kind: labs.BadInput,
		Say:  fmt.Sprintf("%q is not a name that a file can have on every system.", Clip(name)),
		Next: "Use letters, digits, dashes and dots, such as order/new.go, and none of Windows' own names such as aux or con.",
	}
}

// Clip keeps a sentence short when it quotes what somebody sent.
func Clip(name string) string {
	if len(name) > 80 {
		return strings.ToValidUTF8(name[:80], "") + "…"
	}
	return name
}
