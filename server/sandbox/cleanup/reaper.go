package cleanup

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"
)

// reaperVariable tells a process that it is the reaper: a second process of
// the same program, which waits for the first one's end and then sweeps.
const reaperVariable = "CNALAB_REAPER"

// sweepTimes are when the reaper sweeps, counted from the end that it waited
// for: what an engine had been asked for just before appears a little later.
var sweepTimes = []time.Duration{0, 2 * time.Second, 8 * time.Second}

// restartAfter is how long after the reaper's own end another is started, so
// that one which cannot run keeps no processor busy.
const restartAfter = 200 * time.Millisecond

// done is what the reaper reads where the program has cleaned up itself.
const done = "done"

var reaper struct {
	sync.Mutex
	available bool     // the program calls ReaperMain, so that it can be its own reaper
	pipe      *os.File // whose end the reaper waits for
	folders   []string // whose records it sweeps
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
	told, _ := io.ReadAll(os.Stdin)
	folders := strings.FieldsFunc(string(told), func(r rune) bool { return string(r) == separator })
	if slices.Contains(folders, done) {
		os.Exit(0) // a good end: there is nothing to sweep
	}
	began := time.Now()
	for _, wait := range sweepTimes {
		time.Sleep(time.Until(began.Add(wait)))
		_ = sweep(context.Background()) // there is nobody to tell
		for _, folder := range folders {
			_ = Sweep(folder, func(string) {})
		}
	}
	os.Exit(0)
}

// StartReaper starts the reaper, once for a program; it sweeps the records in
// the folders too, from now on. It does nothing in a program that does not call
// ReaperMain.
func StartReaper(folders ...string) error {
	reaper.Lock()
	defer reaper.Unlock()
	if !reaper.available {
		return nil
	}
	if reaper.pipe == nil {
		if err := spawnReaper(); err != nil {
			return fmt.Errorf("start reaper: %w", err)
		}
	}
	for _, folder := range folders {
		if !slices.Contains(reaper.folders, folder) {
			reaper.folders = append(reaper.folders, folder)
			tell(folder)
		}
	}
	return nil
}

// separator stands between what the reaper is told: no path has it.
const separator = "\x00"

// tell writes to the reaper; where it has ended, the next one is told.
func tell(what string) { _, _ = reaper.pipe.WriteString(what + separator) }

// spawnReaper starts a reaper that knows the folders, and another when this one
// is killed.
func spawnReaper() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	stdin, pipe, err := os.Pipe()
	if err != nil {
		return err
	}
	defer stdin.Close()
	command := exec.Command(self)
	command.Env = append(os.Environ(), reaperVariable+"=1")
	command.Stdin = stdin
	command.SysProcAttr = ownGroup()
	if err := command.Start(); err != nil {
		pipe.Close()
		return err
	}
	reaper.pipe = pipe
	for _, folder := range reaper.folders {
		tell(folder)
	}
	go func() {
		_ = command.Wait()
		replace(pipe)
	}()
	return nil
}

// replace starts another reaper for the one that had the pipe, unless it was
// told to end.
func replace(ended *os.File) {
	for time.Sleep(restartAfter); ; time.Sleep(restartAfter) {
		reaper.Lock()
		if reaper.pipe != ended {
			reaper.Unlock()
			return
		}
		err := spawnReaper()
		reaper.Unlock()
		if err == nil {
			ended.Close()
			return
		}
	}
}

// StopReaper ends the reaper: everything has been cleaned up.
func StopReaper() {
	reaper.Lock()
	defer reaper.Unlock()
	if reaper.pipe != nil {
		tell(done)
		reaper.pipe.Close()
		reaper.pipe, reaper.folders = nil, nil
	}
}
