package gomod

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"cnalab/labs/cache"
	"cnalab/labs/check"
	"cnalab/labs/gobuild"
)

//go:embed probe_inject.txt
var injected string

// probeFolder is where the compiler sees the probe, below the workspace.
// Nothing is written there.
const probeFolder = "check_probe"

// sources are the files of a probe by name, and the injected one.
func (m *Module) sources(p Probe) map[string]string {
	m.c.Helper()
	sources := map[string]string{"inject_test.go": injected}
	declared := false
	for _, dir := range p.Dirs {
		names, err := fs.Glob(p.Source, path.Join(dir, "*_test.go"))
		m.c.Must(err, "The check's probe cannot be read.")
		for _, name := range names {
			data, err := fs.ReadFile(p.Source, name)
			m.c.Must(err, "The check's probe cannot be read.")
			sources[path.Base(name)] = string(data)
			declared = declared || strings.Contains(string(data), "\nfunc "+p.Run+"(")
		}
	}
	if !declared {
		m.c.Fatalf("no test %s in the probe %v", p.Run, p.Dirs)
	}
	return sources
}

// wantPackages ends the check where a package that the probe imports is not
// there at all.
func (m *Module) wantPackages(sources map[string]string) {
	m.c.Helper()
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		file, err := parser.ParseFile(token.NewFileSet(), name, sources[name], parser.ImportsOnly)
		m.c.Must(err, "The check's probe cannot be read.")
		for _, spec := range file.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			if below, own := strings.CutPrefix(imported, modulePath+"/"); own {
				m.Want(below)
			}
		}
	}
}

// Want returns the package at that path, or ends the check as not yet.
func (m *Module) Want(path string) *Package {
	m.c.Helper()
	p := m.Package(path)
	if p == nil {
		m.c.NotYet(check.Finding{
			Say: "There is no package " + path + " yet.", Got: "no Go files in " + path, Want: "Go files of package " + path[strings.LastIndex(path, "/")+1:],
			Next: "Make the folder " + path + " and start its first file with: package " + path[strings.LastIndex(path, "/")+1:],
		})
	}
	return p
}

// builds has checks that run at the same time share a probe.
var builds gobuild.Group

// errMoved is a workspace that changed while it was compiled.
var errMoved = errors.New("the workspace has changed")

// compile returns a test binary of the sources inside the learner's module.
func (m *Module) compile(sources map[string]string) string {
	m.c.Helper()
	binary := gobuild.Binary{Path: m.kept("probe-" + m.sum(sources) + ".test"), Kind: "*", Keep: keep}
	if runtime.GOOS == "windows" {
		binary.Path += ".exe"
	}
	if cache.Used(binary.Path) == nil {
		return binary.Path
	}
	args := []string{"test", "-c", "-vet=off", "-gcflags=-e", "-ldflags=-s -w", "-overlay", m.overlay(sources)}
	err := builds.Build(m.c.Context, binary, func(draft string) error {
		_, err := gobuild.Command{Dir: m.dir, Args: append(args, "-o", draft, "./"+probeFolder)}.Run(m.c.Context)
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

// sum names a probe of this workspace.
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
		file := filepath.Join(dir, name)
		m.c.Must(os.WriteFile(file, []byte(source), 0o600), "The check's probe cannot be written.")
		replace[filepath.Join(m.dir, probeFolder, name)] = file
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	m.c.Must(err, "The check's probe cannot be written.")
	file := filepath.Join(dir, "overlay.json")
	m.c.Must(os.WriteFile(file, data, 0o600), "The check's probe cannot be written.")
	return file
}
