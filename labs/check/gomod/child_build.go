package gomod

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"cnalab/labs/cache"
	"cnalab/labs/gobuild"
)

// builds has checks that run at the same time share a child.
var builds gobuild.Group

// errMoved is a workspace that changed while it was compiled.
var errMoved = errors.New("the workspace has changed")

// compile returns a program of the sources inside the learner's module.
func (m *Module) compile(sources map[string]string) string {
	m.c.Helper()
	binary := gobuild.Binary{Path: m.kept("child-" + m.sum(sources)), Kind: "*", Keep: keep}
	if runtime.GOOS == "windows" {
		binary.Path += ".exe"
	}
	if cache.Kept(binary.Path) {
		return binary.Path
	}
	args := []string{"build", "-buildvcs=false", "-gcflags=-e", "-ldflags=-s -w", "-overlay", m.overlay(sources)}
	err := builds.Build(m.c.Context, binary, func(draft string) error {
		_, err := gobuild.Command{Dir: m.dir, Args: append(args, "-o", draft, "./"+childFolder)}.Run(m.c.Context)
		if m.files.Changed(m.hash) {
			return errMoved
		}
		return err
	})
	if failed, ok := errors.AsType[*gobuild.Failure](err); ok {
		m.goFailed(failed.Err)
		m.lacking(sources, failed.Output)
	}
	if errors.Is(err, errMoved) {
		m.moved()
	}
	m.c.Must(err, "The cache folder cannot be written.")
	return binary.Path
}

// sum names a child of this workspace.
func (m *Module) sum(sources map[string]string) string {
	sum := sha256.New()
	fmt.Fprintln(sum, m.dir, m.hash) // the binary holds the names of its files
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		fmt.Fprintf(sum, "%q %q\n", name, sources[name])
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// overlay writes the sources to a folder of the check's, and a file that makes
// the compiler see them in the workspace.
func (m *Module) overlay(sources map[string]string) string {
	m.c.Helper()
	dir := m.c.TempDir()
	replace := map[string]string{}
	for name, source := range sources {
		file := filepath.Join(dir, strings.ReplaceAll(name, "/", "-"))
		m.c.Must(os.WriteFile(file, []byte(source), 0o600), "The check's questions cannot be written.")
		replace[filepath.Join(m.dir, childFolder, filepath.FromSlash(name))] = file
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	m.c.Must(err, "The check's questions cannot be written.")
	file := filepath.Join(dir, "overlay.json")
	m.c.Must(os.WriteFile(file, data, 0o600), "The check's questions cannot be written.")
	return file
}
