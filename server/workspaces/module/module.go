// Package module makes the go.mod and go.sum of a learner's workspace, and keeps
// them for each version of the project's own. It knows the project's folder and
// a cache, and no lab and no workspace.
package module

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"cnalab/labs/gobuild"
	"cnalab/server/workspaces/folder"
)

// moduleName is what the learner's imports start with: shop/order.
const moduleName = "shop"

// libraries are the packages a learner may import beside the standard
// library. Subfolders are named by pattern, so that every package a lab text
// mentions later comes with the modules it needs.
var libraries = []string{
	"github.com/segmentio/kafka-go/...",
	"github.com/jackc/pgx/v5/...",
}

// Make makes the go.mod and go.sum of a learner's workspace. They carry the
// versions of the module at root, so that what root has downloaded is enough
// to build the workspace offline.
func Make(ctx context.Context, root string) (goMod, goSum []byte, err error) {
	if goMod, goSum, ok := prebuilt(root); ok {
		return goMod, goSum, nil
	}
	path := filepath.Join(root, "go.mod")
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("read the project's module: %w", err)
	}
	parent, err := modfile.Parse(path, text, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("parse the project's module: %w", err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return nil, nil, fmt.Errorf("read the project's sums: %w", err)
	}
	needed, err := providers(ctx, root)
	if err != nil {
		return nil, nil, err
	}
	goMod, kept, err := writeModule(parent, needed)
	if err != nil {
		return nil, nil, err
	}
	return goMod, filterSums(sums, kept), nil
}

// providers asks the go command which modules the libraries' packages, and
// all that these import, come from.
func providers(ctx context.Context, root string) (map[string]bool, error) {
	limited, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	list := gobuild.Command{Dir: root, Online: true, Args: append([]string{
		"list", "-e", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}",
	}, libraries...)}.Cmd(limited)
	var stderr bytes.Buffer
	list.Stderr = &stderr
	out, err := list.Output()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, &goError{words: strings.TrimSpace(stderr.String()), err: fmt.Errorf("list the learner's modules: %w", err)}
	}
	found := map[string]bool{}
	for path := range strings.FieldsSeq(string(out)) {
		found[path] = true
	}
	return found, nil
}

// writeModule keeps those of the parent's requires that are needed. What is
// needed but not required belongs to packages that root does not build
// either, and so is not on this machine.
func writeModule(parent *modfile.File, needed map[string]bool) ([]byte, []module.Version, error) {
	file := new(modfile.File)
	if err := file.AddModuleStmt(moduleName); err != nil {
		return nil, nil, fmt.Errorf("name the learner's module: %w", err)
	}
	if parent.Go != nil {
		if err := file.AddGoStmt(parent.Go.Version); err != nil {
			return nil, nil, fmt.Errorf("set the learner's go version: %w", err)
		}
	}
	var kept []module.Version
	var requires []*modfile.Require
	for _, require := range parent.Require {
		if !needed[require.Mod.Path] {
			continue
		}
		kept = append(kept, require.Mod)
		requires = append(requires, &modfile.Require{Mod: require.Mod, Indirect: !direct(require.Mod.Path)})
	}
	file.SetRequireSeparateIndirect(requires)
	file.Cleanup()
	text, err := file.Format()
	if err != nil {
		return nil, nil, fmt.Errorf("format the learner's module: %w", err)
	}
	return Stamped(text), kept, nil
}

// stamp starts the line by which the workspace knows a go.mod that nobody has
// changed since it was written.
const stamp = "// The lab's own versions. While nothing below is changed it follows the lab: "

// Stamped returns the text of a go.mod below that line.
func Stamped(text []byte) []byte {
	return append([]byte(stamp+folder.ETag(string(text))+"\n\n"), text...)
}

// Untouched reports whether nobody has changed a go.mod since.
func Untouched(goMod []byte) bool {
	_, text, _ := bytes.Cut(goMod, []byte("\n\n"))
	return bytes.Equal(goMod, Stamped(text))
}

func direct(path string) bool {
	for _, library := range libraries {
		if path+"/..." == library {
			return true
		}
	}
	return false
}

// filterSums keeps the lines of go.sum that are about the modules.
func filterSums(sums []byte, modules []module.Version) []byte {
	wanted := map[string]bool{}
	for _, m := range modules {
		wanted[m.Path] = true
	}
	var kept bytes.Buffer
	for line := range bytes.Lines(sums) {
		path, _, _ := bytes.Cut(line, []byte(" "))
		if wanted[string(path)] {
			kept.Write(line)
		}
	}
	return kept.Bytes()
}
