package grade

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"

	"cnalab/labs"
	"cnalab/labs/gobuild"
)

// tools is what the go command told once about itself.
type tools struct {
	version   string // "go1.26.8 linux amd64"
	test2json string // the path of the program itself: `go tool` takes 300 ms each time
}

func (g *Grader) findTools() (tools, error) {
	version, err := g.ask("env", "GOVERSION", "GOOS", "GOARCH")
	if err != nil {
		return tools{}, err
	}
	test2json, err := g.ask("tool", "-n", "test2json")
	if err != nil {
		return tools{}, err
	}
	return tools{strings.Join(strings.Fields(version), " "), strings.TrimSpace(test2json)}, nil
}

// test2json returns the converter's path, and looks again where the build
// cache it lives in has been emptied.
func (g *Grader) test2json() (string, error) {
	found, err := g.tool()
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(found.test2json); err == nil {
		return found.test2json, nil
	}
	path, err := g.ask("tool", "-n", "test2json")
	return strings.TrimSpace(path), err
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
