// Package gomod lets a check read the learner's Go module: its packages, who
// imports whom and which names cross, and calls the learner's packages in a
// process of their own, a Child. It knows nothing of what a lab asks of the
// module.
package gomod

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/gobuild"
)

// Module is the learner's Go module, looked at from outside: what it is made
// of, who imports whom, which names cross from one package to another. It
// writes nothing into the workspace.
type Module struct {
	Within time.Duration // how long one answer of a Child may take; 6 s where 0

	// Instrument lists folders of packages: a Child tells which of their functions
	// were called.
	Instrument []string

	// Wrap has, by the names of functions of instrumented packages, "catalog.Item", the
	// text of a Go file with a function that stands before the learner's: others
	// call it, and it may call the learner's own, check_Item.
	Wrap map[string]string

	c        *check.C
	files    *check.Files
	dir      string // of the workspace, as the go command names it
	hash     string // of the workspace that packages were read from
	packages []Package
}

// Package is one package of the learner's module, without its tests.
type Package struct {
	Path    string   // below the module: "order"; "." for the module's own folder
	Name    string   // as its files say: "order"
	Files   []string // below the workspace
	Imports []Import // of packages of the module
	Exports []Export // what others can see, sorted by name
	Uses    []Use    // exported names of the module's other packages, once for each place
}

// Import is an edge from one package of the module to another.
type Import struct {
	Path string // whom it imports
	At   string // "order/order.go:7"
}

// Export is a name that a package shows to others.
type Export struct {
	Name  string // "NewMoney", "Order.Ship" for a method, "Order.ID" for a field
	Kind  string // "func", "type", "method", "field", "var" or "const"
	Shape string // its declaration: "func(cents int64) (Money, error)"
	At    string // "order/order.go:41"
}

// Use is one place where a package names what another one exports.
type Use struct {
	Package string // whose name it is, by Path
	Name    string // as in Export
	At      string // where it is used
}

// Load reads the learner's module. Where it does not compile as a whole the
// check ends as could not check, with the compiler's lines.
func Load(c *check.C) *Module {
	c.Helper()
	files := c.Files()
	if !files.Has("go.mod") {
		c.CouldNotCheck(check.Finding{Say: "The workspace has no go.mod, so it is no Go module.", Next: "Reset the lab to get it back."})
	}
	if problem := gobuild.Contained(c.Workspace()); problem != nil {
		c.CouldNotCheck(check.Finding{Say: problem.Say, Next: problem.Next})
	}
	m := &Module{c: c, files: files, dir: c.Workspace(), hash: files.Hash()}
	if real, err := filepath.EvalSymlinks(m.dir); err == nil {
		m.dir = real
	}
	m.packages = m.remembered()
	return m
}

// Packages lists the module's packages, sorted by path.
func (m *Module) Packages() []Package { return m.packages }

// Package returns the package at that path below the module, or nil.
func (m *Module) Package(path string) *Package {
	for i := range m.packages {
		if m.packages[i].Path == path {
			return &m.packages[i]
		}
	}
	return nil
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

// Below lists the package at path and those in folders below it.
func (m *Module) Below(path string) []Package {
	var below []Package
	for _, p := range m.packages {
		if In(p.Path, path) {
			below = append(below, p)
		}
	}
	return below
}

// In reports whether a package's path is the given one or below it.
func In(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

// Way returns a shortest chain of imports that leads from one of the packages
// below the one folder to one below the other, or nil.
func (m *Module) Way(from, to string) []string {
	var queue [][]string
	seen := map[string]bool{}
	for _, p := range m.Below(from) {
		seen[p.Path] = true
		queue = append(queue, []string{p.Path})
	}
	for ; len(queue) > 0; queue = queue[1:] {
		way := queue[0]
		last := way[len(way)-1]
		if In(last, to) {
			return way
		}
		for _, next := range m.Package(last).Imports {
			if !seen[next.Path] {
				seen[next.Path] = true
				queue = append(queue, append(slices.Clone(way), next.Path))
			}
		}
	}
	return nil
}

// Crossing lists the places where a package outside of the folder names what
// a package below it exports, the places of one name next to each other.
func (m *Module) Crossing(folder string) []Use {
	var uses []Use
	for _, p := range m.packages {
		if In(p.Path, folder) {
			continue
		}
		for _, use := range p.Uses {
			if In(use.Package, folder) {
				uses = append(uses, use)
			}
		}
	}
	slices.SortFunc(uses, func(a, b Use) int {
		return strings.Compare(a.Package+"."+a.Name+" "+a.At, b.Package+"."+b.Name+" "+b.At)
	})
	return uses
}

// Export returns what the package exports under that name, or nil.
func (p *Package) Export(name string) *Export {
	if p == nil {
		return nil
	}
	for i := range p.Exports {
		if p.Exports[i].Name == name {
			return &p.Exports[i]
		}
	}
	return nil
}
