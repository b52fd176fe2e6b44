//go:build unix

package terminal

import (
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// ownSession makes the command the head of a session whose terminal is its
// standard input, as login does.
func ownSession(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setsid, cmd.SysProcAttr.Setctty, cmd.SysProcAttr.Ctty = true, true, 0
}

// hangUp tells a shell that its terminal is gone, and whatever has the terminal
// now, as the system does when a line breaks: a shell that waits for a command
// tidies up once that has ended, and then writes its history.
func hangUp(cmd *exec.Cmd, terminal *os.File) {
	front := cmd.Process.Pid
	if line, err := terminal.SyscallConn(); err == nil {
		_ = line.Control(func(fd uintptr) {
			if group, err := unix.IoctlGetInt(int(fd), unix.TIOCGPGRP); err == nil && group > 1 {
				front = group
			}
		})
	}
	_ = unix.Kill(-front, unix.SIGHUP)
	if front != cmd.Process.Pid {
		_ = cmd.Process.Signal(unix.SIGHUP)
	}
}
