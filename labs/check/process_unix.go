//go:build unix && !linux

package check

import (
	"os"
	"os/exec"
	"syscall"
)

// The signals of Running.Freeze and Running.Thaw.
const freeze, thaw = syscall.SIGSTOP, syscall.SIGCONT

// ownGroup gives the program a process group.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// boundMemory does nothing: this system cannot limit another process.
func boundMemory(int, int64) {}

// killTree kills the process group.
func killTree(process *os.Process, _ string) error {
	err := syscall.Kill(-process.Pid, syscall.SIGKILL)
	if err == syscall.ESRCH {
		return os.ErrProcessDone
	}
	return err
}
