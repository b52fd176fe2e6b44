//go:build unix

package terminal

import (
	"os/exec"
	"syscall"
)

// ownSession makes the command the head of a session whose terminal is its
// standard input, as login does.
func ownSession(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setsid, cmd.SysProcAttr.Setctty, cmd.SysProcAttr.Ctty = true, true, 0
}

// hangUp tells a shell that its terminal is gone; it writes its history then.
func hangUp(cmd *exec.Cmd) { _ = cmd.Process.Signal(syscall.SIGHUP) }
