//go:build unix

package reaper

import "syscall"

// apart keeps the reaper out of the group that a terminal's signals go to.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
