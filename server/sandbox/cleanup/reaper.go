package cleanup

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"
)

// reaperVariable tells a process that it is the reaper: a second process of
// the same program, which waits for the first one's end and then sweeps.
const reaperVariable = "CNALAB_REAPER"

// sweepTimes are when the reaper sweeps, counted from the end that it waited
// for: what an engine had been asked for just before appears a little later.
var sweepTimes = []time.Duration{0, 2 * time.Second, 8 * time.Second}

var reaper struct {
	sync.Mutex
	available bool     // the program calls ReaperMain, so that it can be its own reaper
	pipe      *os.File // whose end the reaper waits for
}

// ReaperMain is to be called first thing by a program's main function: in the
// process that is the reaper it does not return.
func ReaperMain(sweep func(context.Context) error) {
	if os.Getenv(reaperVariable) == "" {
		reaper.Lock()
		reaper.available = true
		reaper.Unlock()
		return
	}
	written, _ := io.ReadAll(os.Stdin)
	if len(written) > 0 {
		os.Exit(0) // a good end: there is nothing to sweep
	}
	began := time.Now()
	for _, wait := range sweepTimes {
		time.Sleep(time.Until(began.Add(wait)))
		sweep(context.Background())
	}
	os.Exit(0)
}

// StartReaper starts the reaper, once for a program. It does nothing in a
// program that does not call ReaperMain.
func StartReaper() error {
	reaper.Lock()
	defer reaper.Unlock()
	if reaper.pipe != nil || !reaper.available {
		return nil
	}
	pipe, err := spawnReaper()
	if err != nil {
		return fmt.Errorf("start reaper: %w", err)
	}
	reaper.pipe = pipe
	return nil
}

// spawnReaper returns the end of a pipe that closes with this program.
func spawnReaper() (*os.File, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	stdin, pipe, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer stdin.Close()
	command := exec.Command(self)
	command.Env = append(os.Environ(), reaperVariable+"=1")
	command.Stdin = stdin
	command.SysProcAttr = ownGroup()
	if err := command.Start(); err != nil {
		pipe.Close()
		return nil, err
	}
	go command.Wait()
	return pipe, nil
}

// StopReaper ends the reaper: everything has been cleaned up.
func StopReaper() {
	reaper.Lock()
	defer reaper.Unlock()
	if reaper.pipe != nil {
		reaper.pipe.Write([]byte("done"))
		reaper.pipe.Close()
		reaper.pipe = nil
	}
}
