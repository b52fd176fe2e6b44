//go:build !linux

package doctor

import (
	"context"
	"errors"
)

var errUnknown = errors.New("not known on this system")

func freeMemory() (uint64, error) { return 0, errUnknown }

func freeDisk(string) (uint64, error) { return 0, errUnknown }

// inotify is Linux's; other systems watch files without a limit to speak of.
func inotify(context.Context, Config) Finding {
	return Finding{Name: "file watches", State: Good, Say: "this system has no limit to speak of"}
}

func watchesOfNodes() Finding {
	return Finding{Name: "watches of nodes", State: Note, Say: "their limits are not known on this system"}
}
