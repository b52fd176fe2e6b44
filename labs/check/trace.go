package check

import (
	"regexp"
	"strings"
)

var (
	crash = regexp.MustCompile(`(?m)^(panic: |fatal error: |runtime: out of memory|\[signal )`)
	frame = regexp.MustCompile(`(?m)^\t([\w.-]+(?:/[\w.-]+)*\.go:\d+)`)
)

// panicked returns the lines of a Go crash in what a program printed: the
// reason and the goroutine that met it.
func panicked(stderr string) (string, bool) {
	at := crash.FindStringIndex(stderr)
	if at == nil {
		return "", false
	}
	return head(stderr[at[0]:], shownOutput), true
}

// starved reports whether a trace is of a program that ran out of memory: its
// lines are the runtime's own, and lead nowhere.
func starved(trace string) bool {
	first, _, _ := strings.Cut(trace, "\n")
	return strings.Contains(first, "out of memory") || strings.Contains(first, "cannot allocate memory")
}

// firstFrame finds the first FILE:LINE of a trace that is below the workspace:
// those elsewhere begin with a slash.
func firstFrame(trace string) string {
	if found := frame.FindStringSubmatch(trace); found != nil {
		return found[1]
	}
	return ""
}

// head returns the first lines of a text, and says where there were more.
func head(text string, lines int) string {
	all := strings.SplitAfter(text, "\n")
	if len(all) <= lines {
		return text
	}
	return strings.Join(all[:lines], "") + "…"
}

// tail returns the last lines of a text, and says where there were more.
func tail(text string, lines int) string {
	all := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if len(all) <= lines {
		return strings.Join(all, "\n")
	}
	return "…\n" + strings.Join(all[len(all)-lines:], "\n")
}
