package gobuild

import (
	"context"
	"os/exec"
	"slices"
	"time"

	"cnalab/labs/bounded"
	"cnalab/labs/environ"
	"cnalab/labs/process"
)

// The bounds of one build, where its Command names none.
const (
	defaultLimit = 15 * time.Minute // a first one compiles the standard library too, beside others
	outputBytes  = 1 << 20
	fileBytes    = 256 << 20 // of each file that it writes: four lines of Go make a program of gigabytes
)

// Command is one call of the go command.
type Command struct {
	Dir    string        // where it runs: a module's root
	Args   []string      // "build", "-trimpath", "./order"
	Env    []string      // over what every build has, as KEY=VALUE
	Online bool          // modules and toolchains that are missing may be fetched
	Limit  time.Duration // how long it may take; 15 minutes where 0
}

// Failure is a go command that did not succeed. In its chain is the error of
// the context where there was no time left, and an *exec.ExitError where the
// command ran and said no.
type Failure struct {
	Output string // the beginning of what it printed
	Err    error
}

func (f *Failure) Error() string { return "run go: " + f.Err.Error() }
func (f *Failure) Unwrap() error { return f.Err }

// Run runs the command until it, or ctx, ends, and returns the beginning of
// what it printed. It leaves nothing running, and takes the module's language
// and toolchain to be the labs' own. Its errors are *Failure.
func (c Command) Run(ctx context.Context) (output string, err error) {
	if c.Limit == 0 {
		c.Limit = defaultLimit
	}
	ctx, cancel := context.WithTimeout(ctx, c.Limit)
	defer cancel()
	flags, remove := Pin(c.Dir)
	defer remove()
	c.Args = slices.Insert(slices.Clone(c.Args), 1, flags...)
	command := c.Cmd(ctx)
	out := &bounded.Buffer{Limit: outputBytes}
	command.Stdout, command.Stderr = out, out
	if err = command.Start(); err == nil {
		process.BoundFiles(command.Process.Pid, fileBytes)
		err = command.Wait()
	}
	if err == nil {
		return out.String(), nil
	}
	if cause := ctx.Err(); cause != nil {
		err = cause
	}
	return out.String(), &Failure{Output: out.String(), Err: err}
}

// Cmd returns the command, not started, for who reads its output apart. It ends
// with ctx, and with it all that it started; its Limit is left to ctx.
func (c Command) Cmd(ctx context.Context) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", c.Args...)
	cmd.Dir, cmd.Env = c.Dir, c.environment()
	cmd.WaitDelay = time.Second
	process.EndTogether(cmd)
	return cmd
}

func (c Command) environment() []string { return append(Environment(c.Online), c.Env...) }

// Environment depends on the module, the toolchain and nothing else that this
// machine has set. What compilers leave when they are killed is found with ours.
func Environment(online bool) []string {
	own := environ.Go(online)
	if dir, err := process.TempDir(); err == nil {
		own = append(own, "GOTMPDIR="+dir)
	}
	return own
}
