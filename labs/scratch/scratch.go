// Package scratch is this process' folder for temporary files: one for all that
// it makes and all that its compilers make, so that what is left of a process
// that was killed is found by its name. It knows nothing of what is in it.
package scratch

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"cnalab/labs/process"
)

// prefix begins the names of the folders; whose one is follows.
const prefix = "cnalab-scratch-"

var own struct {
	sync.Mutex
	dir string
}

// Dir returns the folder, readable by this account alone. The first call makes
// it, and removes what processes that are gone have left.
func Dir() (string, error) {
	own.Lock()
	defer own.Unlock()
	if own.dir != "" {
		if _, err := os.Stat(own.dir); err == nil { // somebody may have cleared the temporary folder
			return own.dir, nil
		}
	}
	Sweep()
	me := process.Identify(os.Getpid())
	dir, err := os.MkdirTemp("", fmt.Sprintf("%s%d-%s-", prefix, me.PID, hex.EncodeToString([]byte(me.Start))))
	if err != nil {
		return "", fmt.Errorf("make a folder for temporary files: %w", err)
	}
	own.dir = dir
	return dir, nil
}

// MkdirTemp makes a folder in it, as os.MkdirTemp does.
func MkdirTemp(pattern string) (string, error) {
	dir, err := Dir()
	if err != nil {
		return "", err
	}
	return os.MkdirTemp(dir, pattern)
}

// Remove removes the folder, at the process' end.
func Remove() {
	own.Lock()
	defer own.Unlock()
	if own.dir != "" {
		_ = os.RemoveAll(own.dir) // what cannot be removed, the next sweep meets
		own.dir = ""
	}
}

// Sweep removes the folders of processes that are gone.
func Sweep() {
	all, _ := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*"))
	for _, dir := range all {
		if owner, ok := ownerOf(filepath.Base(dir)); ok && owner.Gone() {
			_ = os.RemoveAll(dir) // it may be another account's
		}
	}
}

func ownerOf(name string) (process.Identity, bool) {
	pid, rest, _ := strings.Cut(strings.TrimPrefix(name, prefix), "-")
	start, _, whole := strings.Cut(rest, "-")
	number, err := strconv.Atoi(pid)
	text, err2 := hex.DecodeString(start)
	return process.Identity{PID: number, Start: string(text)}, whole && err == nil && err2 == nil
}
