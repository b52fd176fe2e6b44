package gomod

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/proc"
)

// Bounds of a probe's run.
const (
	probeTimeout = 10 * time.Second
	probeOutput  = 1 << 20
	probeMemory  = 1 << 30
)

// Probe is a test of the learner's packages from inside their module: files
// of package probe that import them as anybody could. A test in it calls
//
//	notYet(t, finding{Say: …, Got: …, Want: …, Next: …})
//
// where the code does not do yet what the step asks for. Give every import of
// the learner's packages its name, as in `order "shop/order"`.
type Probe struct {
	Source fs.FS         // holds the probe's files
	Dirs   []string      // the folders in Source where they are
	Run    string        // the one test to run: "TestRules"
	Within time.Duration // how long it may take; 10 s where 0
}

// proof is what the injected file writes at the probe's end; see probe_inject.txt.
type proof struct {
	Code                             int
	Found                            bool
	Say, Got, Want, At, Next, Output string
}

// Probe compiles the probe with the learner's module and runs it. Names that
// the probe needs and the module lacks are not yet. A panic, a hang or an end
// without a proof that the test has run is could not check. Compiled once, it
// is kept until the workspace changes.
func (m *Module) Probe(p Probe) {
	m.c.Helper()
	if p.Within == 0 {
		p.Within = probeTimeout
	}
	sources := m.sources(p)
	m.wantPackages(sources)
	binary := m.compile(sources)
	dir := m.c.TempDir()
	file := filepath.Join(dir, "proof")
	ctx, cancel := context.WithTimeout(m.c.Context, p.Within+time.Second)
	defer cancel()
	result, err := proc.Run(ctx, proc.Command{
		Name: p.Run, Path: binary, Dir: dir, Env: []string{"PROBE_PROOF=" + file},
		Args:   []string{"-test.run=^" + p.Run + "$", "-test.timeout=" + p.Within.String()},
		Output: probeOutput, Memory: probeMemory,
	})
	m.c.Must(err, "The probe of your code does not start.")
	m.judge(p, result, readProof(file))
}

func readProof(file string) *proof {
	data, err := os.ReadFile(file)
	var saw proof
	if err != nil || json.Unmarshal(data, &saw) != nil {
		return nil
	}
	return &saw
}

// judge turns the probe's end into a verdict; it returns where the probe has
// passed.
func (m *Module) judge(p Probe, result proc.Result, saw *proof) {
	m.c.Helper()
	output := printed(result)
	switch exit := result.Exit; {
	case saw != nil && saw.Found:
		m.c.NotYet(check.Finding{
			Say: saw.Say, Got: text(saw.Got), Want: text(saw.Want), At: saw.At, Next: saw.Next,
			Output: strings.TrimSpace(saw.Output + "\n" + output),
		})
	case saw != nil && saw.Code == 0 && exit.OK():
		return
	case exit.Flooded:
		m.c.CouldNotCheck(check.Finding{
			Say: "Your code printed more than 1 MiB, so it was ended.", Next: "Take the print out of the loop.", Output: last(output, 500),
		})
	case exit.Late || strings.Contains(result.Stderr, "panic: test timed out after"):
		at, frames := m.ownFrames(result.Stderr)
		m.c.CouldNotCheck(check.Finding{
			Say: fmt.Sprintf("Your code did not answer within %s.", words(p.Within)), At: at, Output: frames,
			Next: "Look for a loop that does not end, or a wait for something that does not come.",
		})
	default:
		m.crashed(result, output)
	}
}

// crashed ends the check: the program ended before the test did.
func (m *Module) crashed(result proc.Result, output string) {
	m.c.Helper()
	cause, trace := crashCause(result.Stderr)
	at, frames := m.ownFrames(trace)
	switch {
	case cause != "" && at != "":
		m.c.CouldNotCheck(check.Finding{
			Say: "Your code crashed: " + cause + ".", At: at, Output: frames,
			Next: "Start at the first of these lines: it is where your code was when it crashed.",
		})
	case cause != "":
		m.c.CouldNotCheck(check.Finding{Say: "The program crashed: " + cause + ".", Output: last(trace, 2000)})
	default:
		m.c.CouldNotCheck(check.Finding{
			Say:  "Your code ended the program before the check was done (" + result.Exit.Say + ").",
			Next: "Return an error instead of calling os.Exit or log.Fatal.", Output: output,
		})
	}
}

// text is nothing where it is empty, so that a finding does not show it.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// words says a time as a person does.
func words(d time.Duration) string {
	if d >= time.Second {
		return fmt.Sprintf("%g s", d.Seconds())
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}
