//go:build unix && !linux

package process

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Freezes is whether this system can stop a process for a while.
const Freezes = true

// Freeze stops the roots' groups, and their children that lead their own, as a
// database server's do.
func (t *Tree) Freeze() { t.signal(syscall.SIGSTOP) }

// Resume lets them go on.
func (t *Tree) Resume() { t.signal(syscall.SIGCONT) }

// Kill ends them, and returns when the groups are gone, or after a second for
// each that does not go.
func (t *Tree) Kill() {
	t.signal(syscall.SIGKILL)
	for _, root := range t.roots() {
		for range 1000 {
			if syscall.Kill(-root.PID, 0) != nil {
				break
			}
			time.Sleep(time.Millisecond)
		}
	}
}

func (t *Tree) signal(s syscall.Signal) {
	for _, root := range t.roots() {
		children := childrenOf(root.PID)
		syscall.Kill(-root.PID, s)
		for _, pid := range children {
			syscall.Kill(pid, s)
		}
	}
}

func childrenOf(pid int) []int {
	out, _ := exec.Command("pgrep", "-P", strconv.Itoa(pid)).Output()
	var children []int
	for _, text := range strings.Fields(string(out)) {
		if child, err := strconv.Atoi(text); err == nil {
			children = append(children, child)
		}
	}
	return children
}

func started(pid int) string {
	out, _ := exec.Command("ps", "-o", "lstart=", "-p", strconv.Itoa(pid)).Output()
	return strings.TrimSpace(string(out))
}
