//go:build unix

package subprocess

import (
	"syscall"

	"cnalab/labs/process"
)

func attributes(account *process.Account) *syscall.SysProcAttr {
	if account == nil {
		return nil
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(account.UID), Gid: uint32(account.GID)}}
}
