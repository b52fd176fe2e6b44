// Package doctor looks whether this machine has what the program needs, and
// says of each thing that is missing how to get it. It changes nothing, and
// knows nothing of labs.
package doctor

import (
	"context"
	"sync"
	"time"
)

// State is how one thing is.
type State string

const (
	Good    State = "good"
	Missing State = "missing" // needed, and not there: nothing runs without it
	Lacking State = "lacking" // needed by some, or too little: something will not run
	Note    State = "note"    // worth knowing; nothing is wrong
)

// Finding is what was found of one thing.
type Finding struct {
	Name  string // "Go"
	State State
	Say   string // "1.26.8"
	Fix   string // what to do about it; empty where it is good
}

// Config says where to look.
type Config struct {
	Root    string // the project, with web/assets
	Data    string // the data folder; it need not exist yet
	Port    string // the port that the server will listen on
	Archive bool   // the project is unpacked from an archive, whose pages are built
	// Postgres returns nil where Postgres' programs were found.
	Postgres func(context.Context) error
	// NeedEngine are the labs that cannot do without a Docker engine: "090".
	NeedEngine []string
}

// limit is how long looking may take, whatever hangs on this machine.
const limit = 8 * time.Second

// Examine looks at everything, and returns what it found in a fixed order.
func Examine(ctx context.Context, config Config) []Finding {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	looks := []func(context.Context, Config) Finding{
		goCommand, node, npm, postgres, pages, memory, disk, openFiles, port, inotify, terminal,
	}
	if config.Archive {
		looks = []func(context.Context, Config) Finding{
			goCommand, modules, postgres, pages, memory, disk, openFiles, port, inotify, terminal,
		}
	}
	findings := make([]Finding, len(looks))
	var ofEngine []Finding
	var wait sync.WaitGroup
	for i, look := range looks {
		wait.Go(func() { findings[i] = look(ctx, config) })
	}
	wait.Go(func() { ofEngine = docker(ctx, config) })
	wait.Wait()
	return append(findings, ofEngine...)
}

// Healthy reports whether nothing that is needed is missing.
func Healthy(findings []Finding) bool {
	for _, f := range findings {
		if f.State == Missing {
			return false
		}
	}
	return true
}
