package reaper

import "syscall"

// apart keeps the reaper out of the group that a console's signals go to.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
