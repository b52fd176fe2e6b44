package process

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
)

// DynamicUser is, as systemd calls it, a user whom nothing on this machine
// belongs to: a number without an account. Programs of one are the same user,
// those of two can't reach each other.
type DynamicUser struct {
	Account

	once   sync.Once
	owners *os.File // a user namespace in which we are the dynamic user; nil where there is none
}

// The numbers of dynamic users: far from those of accounts, of containers and of
// the system's own short-lived users; no two programs at work draw the same.
const (
	firstUID    = 1 << 30
	eachProgram = 1 << 7
)

var drawn atomic.Int64

// NewDynamicUser returns a user that no other call has returned.
func NewDynamicUser() *DynamicUser {
	number := firstUID + os.Getpid()*eachProgram + int(drawn.Add(1)-1)%eachProgram
	return &DynamicUser{Account: Account{UID: number, GID: number}}
}

// Close lets go of what the system keeps for it. Its programs have to be gone.
func (u *DynamicUser) Close() {
	if u != nil && u.owners != nil {
		u.owners.Close()
	}
}

// namespace is where our user is the dynamic user: by it a folder can be shown
// so that what is ours in it is the dynamic user's. It is nil where the system
// has none, and then what is ours stays so.
func (u *DynamicUser) namespace() *os.File {
	u.once.Do(func() {
		holder := exec.Command(ownProgram, helperName)
		in, err := holder.StdinPipe()
		if err != nil {
			return
		}
		defer in.Close()
		holder.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER, Pdeathsig: syscall.SIGKILL,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: os.Geteuid(), HostID: u.UID, Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: os.Getegid(), HostID: u.GID, Size: 1}}}
		if spawn(holder.Start) != nil {
			return
		}
		u.owners, _ = os.Open(fmt.Sprintf("/proc/%d/ns/user", holder.Process.Pid))
		_ = holder.Process.Kill()
		_ = holder.Wait()
	})
	return u.owners
}
