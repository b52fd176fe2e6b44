// Package reaper cleans up after a program that cannot do so itself any more:
// a second process of the same program waits for the first one's end, however
// it comes, and then sweeps. It knows nothing of what there is to sweep.
package reaper

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"
)

// variable tells a process that it is the reaper.
const variable = "CNALAB_REAPER"

// after is when the reaper sweeps, counted from the end that it waited for:
// what an engine had been asked for just before appears a little later.
var after = []time.Duration{0, 2 * time.Second, 8 * time.Second}

var (
	mu    sync.Mutex
	known bool     // the program calls Main, so that it can be its own reaper
	line  *os.File // whose end the reaper waits for
)

// Main is to be called first thing by a program's main function: in the
// process that is the reaper it does not return.
func Main(sweep func(context.Context) error) {
	if os.Getenv(variable) == "" {
		mu.Lock()
		known = true
		mu.Unlock()
		return
	}
	told, _ := io.ReadAll(os.Stdin)
	if len(told) > 0 {
		os.Exit(0) // a good end: there is nothing to sweep
	}
	began := time.Now()
	for _, wait := range after {
		time.Sleep(time.Until(began.Add(wait)))
		sweep(context.Background())
	}
	os.Exit(0)
}

// Start starts the reaper, once for a program. It does nothing in a program
// that does not call Main.
func Start() error {
	mu.Lock()
	defer mu.Unlock()
	if line != nil || !known {
		return nil
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("start reaper: %w", err)
	}
	end, mine, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("start reaper: %w", err)
	}
	defer end.Close()
	reaper := exec.Command(self)
	reaper.Env = append(os.Environ(), variable+"=1")
	reaper.Stdin = end
	reaper.SysProcAttr = apart()
	if err := reaper.Start(); err != nil {
		mine.Close()
		return fmt.Errorf("start reaper: %w", err)
	}
	go reaper.Wait()
	line = mine
	return nil
}

// Stop ends the reaper: everything has been cleaned up.
func Stop() {
	mu.Lock()
	defer mu.Unlock()
	if line != nil {
		line.Write([]byte("done"))
		line.Close()
		line = nil
	}
}
