// Package testlog keeps of what a check printed the lines that matter: how it
// began and how it ended, and the frames of a crash that are somebody's code. It
// knows nothing of processes and of reports.
package testlog

import (
	"fmt"
	"regexp"
	"strings"
)

const (
	// HeadBytes and tailBytes are what is kept of a check's output: how it
	// began and how it ended say most.
	HeadBytes = 4 << 10
	tailBytes = 12 << 10
)

// Tail keeps the beginning and the end of what is written to it.
type Tail struct {
	head, end []byte
	dropped   int64
}

// Add takes more of it.
func (t *Tail) Add(s string) {
	if room := HeadBytes - len(t.head); room > 0 && t.dropped == 0 && len(t.end) == 0 {
		n := min(room, len(s))
		t.head = append(t.head, s[:n]...)
		s = s[n:]
	}
	t.end = append(t.end, s...)
	if extra := len(t.end) - tailBytes; extra > tailBytes { // now and then, not for each line
		t.dropped += int64(extra)
		t.end = append(t.end[:0], t.end[extra:]...)
	}
}

// String is what was kept, with a line where something is missing.
func (t *Tail) String() string {
	end, dropped := t.end, t.dropped
	if extra := len(end) - tailBytes; extra > 0 {
		end, dropped = end[extra:], dropped+int64(extra)
	}
	if dropped == 0 {
		return strings.ToValidUTF8(string(t.head)+string(end), "")
	}
	head := strings.TrimRight(string(t.head), "\n")
	return strings.ToValidUTF8(fmt.Sprintf("%s\n… %d bytes not shown …\n%s", head, dropped, end), "")
}

// Bounded cuts the middle out of a long text.
func Bounded(s string) string {
	var t Tail
	t.Add(s)
	return t.String()
}

// InLab shortens paths into a lab's folder, wherever that was when its
// checks were compiled.
func InLab(folder, output string) string {
	into := regexp.MustCompile(`[^\s:]*/` + regexp.QuoteMeta(folder) + `/checks/`)
	return into.ReplaceAllString(output, "checks/")
}
