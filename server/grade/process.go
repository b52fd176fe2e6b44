package grade

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"cnalab/labs"
	"cnalab/labs/process"
)

const (
	// envTagName is a variable of a check and of all it starts. Package check
	// hands no CNALAB_ variable on to programs, so it does not begin so.
	envTagName = "GRADE_RUN"
	// killDelay is how long output may go on after its process was ended.
	killDelay = 2 * time.Second
	// guardTick is how often the bounds are looked at.
	guardTick = 100 * time.Millisecond
	// parallelism is how many checks run at a time of those that say they may
	// (testing.T.Parallel): they wait more than they work.
	parallelism = 4
)

// errOutOfTime is why a Run's context ends when its time is over.
var errOutOfTime = errors.New("all checks together took too long")

// ending is how a check process ended.
type ending struct {
	reason *labs.Problem // why we ended it; nil where it ended by itself
	err    error         // from exec: could not start, exit code, signal
}

// temporaryVariable names the folder for temporary files to a program.
func temporaryVariable() string {
	if runtime.GOOS == "windows" {
		return "TMP"
	}
	return "TMPDIR"
}

// run starts the binary for the named checks and reads its events to the end.
// Nothing it started is alive when run returns.
func (p *pass) run(ctx context.Context, names []string) ending {
	if ctx.Err() != nil {
		return ending{reason: whyOver(ctx)}
	}
	path, err := p.grader.test2json()
	if err != nil {
		return ending{err: err}
	}
	temporary, err := process.MkdirTemp("check-")
	if err != nil {
		return ending{err: err}
	}
	defer os.RemoveAll(temporary) // who is killed removes nothing
	c, err := startConverter(path)
	if err != nil {
		return ending{err: err}
	}
	cmd := exec.Command(p.binary, "-test.v=test2json", "-test.parallel="+strconv.Itoa(parallelism), "-test.timeout=0",
		"-test.run=^("+strings.Join(names, "|")+")$")
	cmd.Dir = filepath.Join(p.Lab.Dir, "checks") // so that testdata is where the author sees it
	cmd.Env = append(p.environment(), temporaryVariable()+"="+temporary)
	cmd.Stdout, cmd.Stderr = c.input, c.input // a file, so that Wait waits for no child that holds it
	tree := &process.Tree{EnvTag: process.EnvTag(envTagName), Forks: p.grader.config.Limits.Forks}
	err = tree.Start(cmd)
	c.input.Close()
	read := make(chan error, 1)
	go func() { read <- p.read(c.events) }()
	end := ending{err: err, reason: labs.Unstartable(p.binary, err)}
	if err == nil {
		exited := make(chan error, 1)
		go func() { exited <- cmd.Wait() }()
		end = p.guard(ctx, tree, exited)
		tree.Kill()
		process.SweepTemp() // what its builds have left
	}
	c.finish(read)
	return end
}

// Sweep ends what checks left running whose grader is dead, as after kill -9.
func Sweep() { process.Sweep(envTagName, 0) }

// guard waits for the process to end, and ends it and all it started when it
// leaves its bounds.
func (p *pass) guard(ctx context.Context, tree *process.Tree, exited <-chan error) ending {
	tick := time.NewTicker(guardTick)
	defer tick.Stop()
	for {
		var why *labs.Problem
		select {
		case err := <-exited:
			return ending{err: err}
		case <-ctx.Done():
			why = whyOver(ctx)
		case <-tick.C:
			why = p.overBounds(tree)
		}
		if why != nil {
			tree.Kill()
			<-exited
			return ending{reason: why}
		}
	}
}

// overBounds tells which bound the process tree has left, if any.
func (p *pass) overBounds(tree *process.Tree) *labs.Problem {
	limits := p.grader.config.Limits
	forks, memory := tree.Usage()
	p.mu.Lock()
	defer p.mu.Unlock()
	working := false
	for _, r := range p.open {
		working = working || !r.paused
		if !r.paused && time.Since(r.since) > limits.Check+r.more {
			return tooLong(limits.Check + r.more)
		}
	}
	if working || p.idle.IsZero() {
		p.idle = time.Now()
	}
	switch {
	case time.Since(p.idle) > limits.Check: // it stopped before the first check, or between two
		return tooLong(limits.Check)
	case forks > limits.Forks || tree.Refused():
		return tooManyForks(limits.Forks)
	case p.printed > limits.Output:
		return tooMuchOutput(limits.Output)
	case memory > uint64(limits.Memory):
		return tooMuchMemory(limits.Memory)
	}
	return nil
}

// converter is a test2json process: a binary's output goes in, events come out.
type converter struct {
	cmd    *exec.Cmd
	input  *os.File
	events io.Reader
}

func startConverter(path string) (*converter, error) {
	output, input, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer output.Close()
	cmd := exec.Command(path, "-t")
	cmd.Stdin = output
	process.OwnGroup(cmd) // so that Ctrl-C on our terminal does not end it before the last event
	events, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		input.Close()
		return nil, err
	}
	return &converter{cmd, input, events}, nil
}

// finish waits until the events are read. Where something that we could not
// end still holds the output open, the converter is ended in its place.
func (c *converter) finish(read <-chan error) {
	select {
	case <-read:
	case <-time.After(killDelay):
		c.cmd.Process.Kill()
		<-read
	}
	c.cmd.Wait()
}
