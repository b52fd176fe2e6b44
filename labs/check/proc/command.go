package proc

import (
	"context"
	"io"
)

// Bounds of a process that a check starts, where its Command names none.
const (
	defaultOutput = 4 << 20 // bytes of each stream
	defaultMemory = 2 << 30 // bytes of data
)

// Command is a program to run on the learner's behalf: bounded in time,
// output and memory, and ended with everything that it started.
type Command struct {
	Name   string    // as the learner knows it; the last part of Path where empty
	Path   string    // the binary, absolute or found on PATH
	Args   []string  // without the program's own name
	Dir    string    // the working directory
	Env    []string  // KEY=VALUE, over environ.Program, or what the sandbox tells where Isolated
	Stdin  io.Reader // read to its end; Process.Send feeds a program where Open is set
	Open   bool      // keep stdin open for Process.Send
	Output int       // bytes of each stream it may print; 4 MiB where 0
	Memory int64     // bytes of data it may hold, where the system can bound it; 2 GiB where 0
	// Isolated is for the learner's own programs, which are kept away from whoever
	// judges them as far as the system can.
	Isolated bool
	Reads    []string // files that an isolated program sees beside the workspace
	Pipes    *Pipes   // to ask it apart from its stdin; may be nil
	// PipesName is the variable that tells the program the numbers of its ends.
	PipesName string
}

// Result is how a program ended, and all that it printed.
type Result struct {
	Stdout, Stderr string
	Exit           Exit
}

// Exit is how a program ended.
type Exit struct {
	Code    int    // as the program said; -1 where a signal ended it
	Flooded bool   // it printed more than it may, and was ended
	Late    bool   // its time was over, and it was ended
	Filled  bool   // it was isolated and wrote more than process.MostWritten, and was ended
	Say     string // in words: "exit status 1", "signal: killed"
}

// OK reports whether the program ended by itself and in good order.
func (e Exit) OK() bool { return e.Code == 0 && !e.Flooded && !e.Late && !e.Filled }

// Run runs the command to its end, or until ctx ends. The error is not nil
// only where the program could not be started.
func Run(ctx context.Context, command Command) (Result, error) {
	p, err := Start(ctx, command)
	if err != nil {
		return Result{}, err
	}
	<-p.Done()
	return Result{Stdout: p.stdout.String(), Stderr: p.stderr.String(), Exit: p.exit}, nil
}

func orDefault[T int | int64](v, otherwise T) T {
	if v == 0 {
		return otherwise
	}
	return v
}
