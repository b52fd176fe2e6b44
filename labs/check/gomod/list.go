package gomod

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"cnalab/labs/check"
	"cnalab/labs/check/proc"
	"cnalab/labs/gobuild"
)

// listed is what `go list -json` says of a package.
type listed struct {
	ImportPath, Dir, Name, Export string
	GoFiles, CgoFiles             []string
	Standard                      bool
	Module                        *struct {
		Path string
		Main bool
	}
	Error *struct{ Pos, Err string }
}

// own reports whether the package is the learner's.
func (l *listed) own() bool { return l.Module != nil && l.Module.Main }

// list compiles the module's packages and tells of them and of all that they
// need, what is needed first.
func (m *Module) list() []listed {
	m.c.Helper()
	const fields = "ImportPath,Dir,Name,Export,GoFiles,CgoFiles,Standard,Module,Error"
	result := m.goCommand("list", "-e", "-export", "-deps", "-json="+fields, "./...")
	packages, err := decodeList(result.Stdout)
	m.c.Must(err, "The go command gave an answer that the check cannot read.")
	var lines []string
	own := 0
	for _, p := range packages {
		if p.Error != nil {
			said := m.errorLines(p.Error.Pos, p.Error.Err)
			m.wantModules(said, result.Stderr+p.Error.Err)
			lines = append(lines, said...)
		}
		if p.own() {
			own++
			m.wantModule(p.Module.Path)
		}
	}
	if len(lines) == 0 && !result.Exit.OK() {
		lines = append(lines, m.compilerLines(result.Stderr)...)
		m.wantModules(lines, result.Stderr)
	}
	if len(lines) > 0 || own == 0 {
		m.broken(lines)
	}
	return packages
}

// wantModules ends the check where go.mod cannot be read, or a library is not
// on this machine.
func (m *Module) wantModules(lines []string, output string) {
	m.c.Helper()
	if problem := gobuild.ModuleProblem(output); problem != nil {
		said := strings.Join(lines, "\n")
		m.c.CouldNotCheck(check.Finding{Say: problem.Say, At: position.FindString(said), Next: problem.Next, Output: said})
	}
}

// modulePath is what every lab's module is called.
const modulePath = "shop"

func (m *Module) wantModule(path string) {
	m.c.Helper()
	if path != modulePath {
		m.c.CouldNotCheck(check.Finding{
			Say: "The module has another name.", Got: "module " + path, Want: "module " + modulePath, At: "go.mod:1", Next: "Name it " + modulePath + " again in go.mod.",
		})
	}
}

func decodeList(text string) ([]listed, error) {
	var packages []listed
	for decoder := json.NewDecoder(strings.NewReader(text)); ; {
		var p listed
		switch err := decoder.Decode(&p); {
		case errors.Is(err, io.EOF):
			return packages, nil
		case err != nil:
			return nil, err
		}
		packages = append(packages, p)
	}
}

// goCommand runs the go command in the workspace.
func (m *Module) goCommand(args ...string) proc.Result {
	m.c.Helper()
	result, err := proc.Go(m.c.Context, m.dir, args...)
	if result.Exit.Late {
		err = context.DeadlineExceeded
	}
	m.goFailed(err)
	return result
}

// goFailed ends the check where the go command did not run to its end.
func (m *Module) goFailed(err error) {
	m.c.Helper()
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(m.c.Context.Err(), context.DeadlineExceeded) {
		m.c.CouldNotCheck(check.Finding{Say: fmt.Sprintf("The compiler did not finish within %s.", check.Limit), Next: "Check again: the next time it has less to do."})
	}
	if _, ran := errors.AsType[*exec.ExitError](err); err != nil && !ran {
		m.c.CouldNotCheck(check.Finding{Say: "The go command does not start.", Next: "Run doctor to see what is missing.", Output: err.Error()})
	}
}

// broken ends the check: the learner's module does not compile.
func (m *Module) broken(lines []string) {
	m.c.Helper()
	f := check.Finding{Say: "Your code does not compile.", Next: "Mend the first line the compiler names, then check again."}
	f.Output = strings.Join(lines, "\n")
	if at := position.FindString(f.Output); at != "" {
		f.At = at
	}
	if len(lines) == 0 {
		f.Say, f.Next = "The workspace has no Go package.", "Reset the lab to get its files back."
	}
	m.c.CouldNotCheck(f)
}

// position finds a file and line below the workspace.
var position = regexp.MustCompile(`(?m)[^\s:/][^\s:]*\.go:\d+`)

// places that only say where Go is installed.
var installed = regexp.MustCompile(` \([^()]*/src/[^()]*\)`)

func (m *Module) errorLines(pos, text string) []string {
	if pos != "" && !strings.Contains(text, pos) {
		text = pos + ": " + text
	}
	return m.compilerLines(text)
}

// compilerLines are the lines a learner can act on, with paths below the
// workspace.
func (m *Module) compilerLines(text string) []string {
	text = strings.ReplaceAll(text, m.dir+string(filepath.Separator), "")
	var lines []string
	for line := range strings.Lines(installed.ReplaceAllString(text, "")) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		lines = append(lines, strings.TrimPrefix(line, "./"))
	}
	return lines
}
