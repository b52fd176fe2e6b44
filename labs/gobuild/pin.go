package gobuild

import (
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"
)

// language is the go line of every lab's module, which is the project's own.
const language = "1.26.0"

// Pin returns the flags by which a go command in the module takes it to be
// written in the labs' version of Go, and nil where its go.mod says so. What a
// learner writes there instead would have other rules judge the code, or ask
// for a toolchain that is not here. The module itself stays as it is; remove
// what the flags name when the command has ended. A go.mod that cannot be read
// is left to the go command, which says what is wrong with it.
func Pin(dir string) (flags []string, remove func()) {
	remove = func() {}
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return nil, remove
	}
	file, err := modfile.Parse("go.mod", text, nil)
	if err != nil || file.Go != nil && file.Go.Version == language && file.Toolchain == nil {
		return nil, remove
	}
	file.DropToolchainStmt()
	if file.AddGoStmt(language) != nil {
		return nil, remove
	}
	text, err = file.Format()
	if err != nil {
		return nil, remove
	}
	pinned, err := os.MkdirTemp("", "cnalab-pin-")
	if err != nil {
		return nil, remove // the compiler finds no room either, and says so
	}
	remove = func() { os.RemoveAll(pinned) }
	sums, _ := os.ReadFile(filepath.Join(dir, "go.sum")) // there need be none
	if os.WriteFile(filepath.Join(pinned, "go.sum"), sums, 0o600) != nil || os.WriteFile(filepath.Join(pinned, "go.mod"), text, 0o600) != nil {
		remove()
		return nil, func() {}
	}
	return []string{"-modfile=" + filepath.Join(pinned, "go.mod")}, remove
}
