package cleanup

import "syscall"

// ownGroup keeps the reaper out of the group that a console's signals go to.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
