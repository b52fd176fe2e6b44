package process

import (
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/windows"
)

func attributes(*Owner) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
}

func limit(int, uint64) {}

func (p *Process) usage() (count int, memory uint64) { return 1, 0 }

// ask has no gentle form here that reaches every program.
func (p *Process) ask() { p.cmd.Process.Kill() }

// Pause does nothing: this system has no signal that freezes a process.
func (p *Process) Pause() {}

// Resume does nothing.
func (p *Process) Resume() {}

func (p *Process) killTree() { p.cmd.Process.Kill() }

func started(pid int) string {
	handle, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, uint32(pid))
	if err != nil {
		return ""
	}
	defer windows.CloseHandle(handle)
	var created, exited, kernel, user windows.Filetime
	if windows.GetProcessTimes(handle, &created, &exited, &kernel, &user) != nil || exited.Nanoseconds() > 0 {
		return ""
	}
	return strconv.FormatInt(created.Nanoseconds(), 10)
}

func sweepMarked(_ string, _ []string, left []Identity) {
	for _, id := range left {
		if process, err := os.FindProcess(id.PID); err == nil && id.Alive() {
			process.Kill()
		}
	}
}
