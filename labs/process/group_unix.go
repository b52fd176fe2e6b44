//go:build unix

package process

import (
	"os/exec"
	"syscall"
)

// OwnGroup makes the command the head of a process group of its own, which the
// keys of our terminal do not reach.
func OwnGroup(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
}

func endGroup(head int) error { return syscall.Kill(-head, syscall.SIGKILL) }
