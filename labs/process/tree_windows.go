package process

import (
	"strconv"

	"golang.org/x/sys/windows"
)

// Freezes is whether this system can stop a process for a while.
const Freezes = false

// Freeze does nothing: this system has no signal that stops a process.
func (t *Tree) Freeze() {}

// Resume does nothing.
func (t *Tree) Resume() {}

// Kill ends the roots and their children.
func (t *Tree) Kill() {
	for _, root := range t.roots() {
		_ = endGroup(root.PID)
	}
}

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
