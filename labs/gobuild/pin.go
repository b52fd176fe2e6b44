package gobuild

import (
	"go/version"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"

	"cnalab/labs/process"
)

// language is the go line of every lab's module, which is the project's own.
const language = "1.26.0"

// allowed reports whether a go line may stay: it is the labs' own, or a newer one
// that a library of the learner's asks for and the toolchain here has.
func allowed(line *modfile.Go) bool {
	return line != nil && (line.Version == language || version.Compare("go"+line.Version, "go"+language) > 0 &&
		version.Compare("go"+line.Version, strings.TrimSpace(toolchain())) <= 0)
}

// Pin returns the flags by which a go command in the module takes it to be
// written in the labs' version of Go, and nil where its go.mod agrees. What a
// learner writes there instead would have other rules judge the code, or ask
// for a toolchain that is not here. The module itself stays as it is; remove
// what the flags name when the command has ended. A go.mod that cannot be read
// is left to the go command, which says what is wrong with it.
func Pin(dir string) (flags []string, remove func()) {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err == nil {
		text, err = pinned(text)
	}
	if err != nil || text == nil {
		return nil, func() {}
	}
	sums, _ := os.ReadFile(filepath.Join(dir, "go.sum")) // there need be none
	own, err := process.MkdirTemp("pin-")
	if err != nil {
		return nil, func() {} // the compiler finds no room either, and says so
	}
	remove = func() { os.RemoveAll(own) }
	file := filepath.Join(own, "go.mod")
	if os.WriteFile(file, text, 0o600) != nil || os.WriteFile(filepath.Join(own, "go.sum"), sums, 0o600) != nil {
		remove()
		return nil, func() {}
	}
	return []string{"-modfile=" + file}, remove
}

// pinned returns the go.mod in the labs' version of Go; nil where it agrees.
func pinned(goMod []byte) ([]byte, error) {
	file, err := modfile.Parse("go.mod", goMod, nil)
	if err != nil || file.Toolchain == nil && allowed(file.Go) {
		return nil, err
	}
	file.DropToolchainStmt()
	if !allowed(file.Go) {
		err = file.AddGoStmt(language)
	}
	if err != nil {
		return nil, err
	}
	return file.Format()
}
