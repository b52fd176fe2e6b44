//go:build unix

package process

import (
	"os/exec"
	"syscall"
)

// OwnGroup makes the command the leader of a process group of its own, which the
// keys of our terminal do not reach. One that leads a session of its own is
// that already, and may not be asked twice.
func OwnGroup(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = !cmd.SysProcAttr.Setsid
}

func endGroup(leader int) error { return syscall.Kill(-leader, syscall.SIGKILL) }
