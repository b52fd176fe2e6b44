//go:build unix

package cleanup

import "syscall"

// ownGroup keeps the reaper out of the group that a terminal's signals go to.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
