package grade

import (
	"bytes"
	"errors"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"cnalab/labs"
	"cnalab/labs/gobuild"
)

// tools is what the go command told once about itself, and made.
type tools struct {
	version   string         // "go1.26.8 linux amd64"
	converter gobuild.Binary // test2json: `go tool` takes 300 ms each time
}

func (g *Grader) findTools() (tools, error) {
	answer, err := g.ask("env", "GOVERSION", "GOOS", "GOARCH")
	if err != nil {
		return tools{}, err
	}
	version := strings.Join(strings.Fields(answer), " ")
	name := "test2json-" + strings.ReplaceAll(version, " ", "-")
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return tools{version, gobuild.Binary{Path: filepath.Join(g.config.Cache, "converter", name), Kind: "test2json-*", Keep: keepBinaries}}, nil
}

// test2json returns the converter's path. It is built where it is not kept; the
// go command has one in its own cache, but nobody could tell whether it still
// is what was built.
func (g *Grader) test2json() (string, error) {
	if path, err := exec.LookPath(filepath.Join(g.config.Prebuilt, converterName)); err == nil && g.config.Prebuilt != "" {
		return path, nil
	}
	found, err := g.tool()
	if err != nil {
		return "", err
	}
	err = g.builds.Build(g.life, found.converter, func(draft string) error {
		_, err := g.buildConverter(draft).Run(g.life)
		return err
	})
	return found.converter.Path, err
}

func (g *Grader) buildConverter(to string) gobuild.Command {
	return g.goCommand("build", "-ldflags=-s -w", "-o", to, "cmd/test2json")
}

// ask runs a quick go command at the module's root.
func (g *Grader) ask(args ...string) (string, error) {
	cmd := g.goCommand(args...).Cmd(g.life)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err == nil {
		return string(out), nil
	}
	problem := &labs.Problem{Kind: labs.Machine, Say: "The go command did not answer.",
		Next: "Run doctor; it says what is missing.", Detail: stderr.String(), Err: err}
	if errors.Is(err, exec.ErrNotFound) {
		problem.Say = "The go command is not on the PATH."
		problem.Next = "Install Go 1.26 or later, then start again."
	}
	return "", problem
}

// goCommand is a go command at the module's root.
func (g *Grader) goCommand(args ...string) gobuild.Command {
	return gobuild.Command{Dir: g.config.Root, Args: args, Env: []string{"GOFLAGS=-mod=readonly -trimpath"}, Online: true}
}
