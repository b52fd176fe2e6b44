package process

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

// tempPrefix begins the names of processes' folders for temporary files; whose
// one is follows.
const tempPrefix = "cnalab-process-"

var temp struct {
	sync.Mutex
	dir string
}

// TempDir returns this process' folder for temporary files: one for all that it
// makes and all that its compilers make, so that what is left of a process that
// was killed is found by its name. It is readable by this account alone. The
// first call makes it, and removes what processes that are gone have left.
func TempDir() (string, error) {
	temp.Lock()
	defer temp.Unlock()
	if temp.dir != "" {
		if _, err := os.Stat(temp.dir); err == nil { // somebody may have cleared the temporary folder
			return temp.dir, nil
		}
	}
	SweepTemp()
	me := Identify(os.Getpid())
	dir, err := os.MkdirTemp("", fmt.Sprintf("%s%d-%s-", tempPrefix, me.PID, hex.EncodeToString([]byte(me.Start))))
	if err != nil {
		return "", fmt.Errorf("make a folder for temporary files: %w", err)
	}
	temp.dir = dir
	return dir, nil
}

// MkdirTemp makes a folder in it, as os.MkdirTemp does.
func MkdirTemp(pattern string) (string, error) {
	dir, err := TempDir()
	if err != nil {
		return "", err
	}
	return os.MkdirTemp(dir, pattern)
}

// RemoveTemp removes the folder, at the process' end.
func RemoveTemp() {
	temp.Lock()
	defer temp.Unlock()
	if temp.dir != "" {
		_ = os.RemoveAll(temp.dir) // what cannot be removed, the next sweep meets
		temp.dir = ""
	}
}

// SweepTemp removes the folders of processes that are gone.
func SweepTemp() {
	all, _ := filepath.Glob(filepath.Join(os.TempDir(), tempPrefix+"*"))
	for _, dir := range all {
		if owner, ok := ownerOf(filepath.Base(dir)); ok && owner.Gone() {
			_ = os.RemoveAll(dir) // it may be another account's
		}
	}
}

func ownerOf(name string) (Identity, bool) {
	pid, rest, _ := strings.Cut(strings.TrimPrefix(name, tempPrefix), "-")
	start, _, whole := strings.Cut(rest, "-")
	number, err := strconv.Atoi(pid)
	text, err2 := hex.DecodeString(start)
	return Identity{PID: number, Start: string(text)}, whole && err == nil && err2 == nil
}
