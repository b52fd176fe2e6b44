//go:build unix && !linux

package process

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func attributes(owner *Owner) *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setpgid: true}
	if owner != nil {
		a.Credential = &syscall.Credential{Uid: uint32(owner.UID), Gid: uint32(owner.GID)}
	}
	return a
}

// limit is for systems that let one process bound another.
func limit(int, uint64) {}

func (p *Process) usage() (count int, memory uint64) { return 1, 0 }

func (p *Process) ask() {
	end := p.spec.End
	if end == 0 {
		end = syscall.SIGTERM
	}
	p.cmd.Process.Signal(end)
	p.Resume()
}

// Pause freezes the process's group, and its children that lead their own,
// as a database server's do.
func (p *Process) Pause() { p.signal(syscall.SIGSTOP) }

// Resume lets them go on.
func (p *Process) Resume() { p.signal(syscall.SIGCONT) }

func (p *Process) signal(s syscall.Signal) {
	children := childrenOf(p.PID())
	syscall.Kill(-p.PID(), s)
	for _, pid := range children {
		syscall.Kill(pid, s)
	}
}

func (p *Process) killTree() {
	p.signal(syscall.SIGKILL)
	for range 1000 {
		if syscall.Kill(-p.PID(), 0) != nil {
			return
		}
		time.Sleep(time.Millisecond)
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

// sweepMarked ends what is left of a written-down process.
func sweepMarked(_ string, _ []string, left []Identity) {
	for _, id := range left {
		if id.Alive() {
			for _, child := range childrenOf(id.PID) {
				syscall.Kill(child, syscall.SIGKILL)
			}
			syscall.Kill(-id.PID, syscall.SIGKILL)
		}
	}
}
