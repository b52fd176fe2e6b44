package subprocess

import "syscall"

// attributes has no other user to run as: this system asks for a password.
func attributes(*Account) *syscall.SysProcAttr { return nil }
