//go:build unix

package embedded_test

import (
	"os/exec"
	"syscall"

	"cnalab/labs/process"
)

// drop has the command run as the user.
func drop(c *exec.Cmd, owner *process.Account) {
	if owner != nil {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(owner.UID), Gid: uint32(owner.GID)}}
	}
}
