package cgroup

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// freezers are where Linux keeps the frozen, with control groups of version 1,
// by a container's number.
var freezers = []string{"/sys/fs/cgroup/freezer/docker/%", "/sys/fs/cgroup/freezer/system.slice/docker-%.scope"}

// ThawUntil lets die, until stop is called, what is frozen inside a container
// that is being killed. The runtime within a node freezes a pod for a moment
// when it sets its limits; where it is killed just then nobody thaws it, a
// frozen process takes no signal, and the engine waits for it for ever.
func ThawUntil(id string) (stop func()) {
	ended := make(chan struct{})
	go func() {
		for {
			select {
			case <-ended:
				return
			case <-time.After(500 * time.Millisecond):
			}
			Thaw(id)
		}
	}()
	return sync.OnceFunc(func() { close(ended) })
}

// Thaw thaws all that is frozen inside a container.
func Thaw(id string) {
	for _, place := range freezers {
		thawBelow(strings.ReplaceAll(place, "%", id))
	}
}

func thawBelow(folder string) {
	filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "freezer.state" {
			return nil // it went meanwhile, or is something else
		}
		if state, err := os.ReadFile(path); err == nil && strings.TrimSpace(string(state)) != "THAWED" {
			os.WriteFile(path, []byte("THAWED"), 0)
		}
		return nil
	})
}
