package proc

import (
	"regexp"
	"strings"

	"cnalab/labs/check"
)

var (
	crash = regexp.MustCompile(`(?m)^(panic: |fatal error: |runtime: out of memory|\[signal |SIGSEGV: )`)
	frame = regexp.MustCompile(`(?m)^\t([\w.-]+(?:/[\w.-]+)*\.go:\d+)`)
)

// panicked returns the lines of a Go crash in what a program printed: the
// reason and the goroutine that met it.
func panicked(stderr string) (string, bool) {
	at := crash.FindStringIndex(stderr)
	if at == nil {
		return "", false
	}
	return check.FirstLines(stderr[at[0]:], check.OutputLines), true
}

// OutOfMemory reports whether a trace is of a program that ran out of memory:
// its lines are the runtime's own, and lead nowhere.
func OutOfMemory(trace string) bool {
	first, _, _ := strings.Cut(trace, "\n")
	return strings.Contains(first, "out of memory") || strings.Contains(first, "cannot allocate memory") || refused.MatchString(trace)
}

// refused begins the trace of a runtime that was refused memory and did not
// look: that of Go 1.26 makes the queues of its collector so (newSpanSPMC). On
// its own stack, goroutine 0, such a fault is no panic.
var refused = regexp.MustCompile(`^SIGSEGV: .*\nPC=\S+ .* addr=0x0\n\ngoroutine 0 .*\nruntime\.`)

// firstFrame finds the first FILE:LINE of a trace that is below the workspace:
// those elsewhere begin with a slash.
func firstFrame(trace string) string {
	if found := frame.FindStringSubmatch(trace); found != nil {
		return found[1]
	}
	return ""
}
