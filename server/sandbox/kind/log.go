package kind

import (
	"fmt"
	"strings"
	"sync"

	"sigs.k8s.io/kind/pkg/log"

	"cnalab/server/sandbox/runtime"
)

// stageNames are kind's steps in the words of a page, by how kind's begin.
var stageNames = []struct{ kinds, ours string }{
	{"Ensuring node image", "find the node image"},
	{"Preparing nodes", "prepare nodes"},
	{"Writing configuration", "write configuration"},
	{"Starting control-plane", "start control plane"},
	{"Installing CNI", "install the network"},
	{"Installing StorageClass", "install storage"},
	{"Joining worker nodes", "join workers"},
}

// logger makes stages of what kind logs. Its steps begin with a dot, and end
// with a tick or a cross.
type logger struct {
	progress
	stages    *runtime.Stages
	preparing func() // told when nodes are about to be made
	ready     func() // told when they are

	mu  sync.Mutex
	end func(error) // of the stage under way
}

func (l *logger) step(text string) {
	text = strings.TrimSpace(text)
	name, begins := strings.CutPrefix(text, "• ")
	for _, t := range stageNames {
		if begins && strings.HasPrefix(name, t.kinds) {
			l.begin(t.ours)
		}
	}
	if strings.HasPrefix(text, "✓ ") {
		l.finish(nil)
	}
}

func (l *logger) begin(name string) {
	switch name {
	case "prepare nodes":
		l.begun.Store(true)
		l.preparing()
	case "write configuration":
		l.prepared.Store(true)
		l.ready()
	}
	end := l.stages.Begin(name)
	l.mu.Lock()
	l.end = end
	l.mu.Unlock()
}

// finish ends the stage under way, if there is one. A step that failed is ended
// by whoever has the error.
func (l *logger) finish(err error) {
	l.mu.Lock()
	end := l.end
	l.end = nil
	l.mu.Unlock()
	if end != nil {
		end(err)
	}
}

// What follows is kind's log.Logger and log.InfoLogger. Its warnings are for
// those who run kind by hand; its errors come back from Create as well.

func (l *logger) Warn(string) {}

func (l *logger) Warnf(string, ...any) {}

func (l *logger) Error(string) {}

func (l *logger) Errorf(string, ...any) {}

func (l *logger) V(level log.Level) log.InfoLogger {
	if level > 0 {
		return log.NoopInfoLogger{}
	}
	return (*infoLogger)(l)
}

type infoLogger logger

func (l *infoLogger) Info(message string) { (*logger)(l).step(message) }

func (l *infoLogger) Infof(format string, args ...any) {
	(*logger)(l).step(fmt.Sprintf(format, args...))
}

func (l *infoLogger) Enabled() bool { return true }
