//go:build unix

package grade

import (
	"os"
	"os/exec"
	"syscall"
)

// ownGroup makes the command the head of a process group of its own.
func ownGroup(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
}

// killGroup ends the process and everything that stayed in its group.
func killGroup(head *os.Process) error { return syscall.Kill(-head.Pid, syscall.SIGKILL) }
