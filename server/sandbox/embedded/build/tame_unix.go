//go:build unix

package build

import (
	"os/exec"
	"syscall"
)

// tame puts the compiler and what it starts into one group, which ends as a
// whole when the build is given up.
func tame(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
}
