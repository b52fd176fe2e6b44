package child

import "syscall"

// attributes has no other user to run as: this system asks for a password.
func attributes(*Owner) *syscall.SysProcAttr { return nil }
