package process

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
)

// Stranger is a user whom nothing on this machine belongs to: a number without
// an account. Programs of one are the same user, those of two can't reach each
// other.
type Stranger struct {
	Account

	once   sync.Once
	owners *os.File // a user namespace in which we are the stranger; nil where there is none
}

// The numbers of strangers: far from those of accounts, of containers and of
// the system's own short-lived users; no two programs at work draw the same.
const (
	firstStranger = 1 << 30
	eachProgram   = 1 << 7
)

var strangers atomic.Int64

// NewStranger returns a user that no other call has returned.
func NewStranger() *Stranger {
	number := firstStranger + os.Getpid()*eachProgram + int(strangers.Add(1)-1)%eachProgram
	return &Stranger{Account: Account{UID: number, GID: number}}
}

// Close lets go of what the system keeps for it. Its programs have to be gone.
func (s *Stranger) Close() {
	if s != nil && s.owners != nil {
		s.owners.Close()
	}
}

// namespace is where our user is the stranger: by it a folder can be shown so
// that what is ours in it is the stranger's. It is nil where the system has
// none, and then what is ours stays so.
func (s *Stranger) namespace() *os.File {
	s.once.Do(func() {
		holder := exec.Command(ownProgram, helperName)
		in, err := holder.StdinPipe()
		if err != nil {
			return
		}
		defer in.Close()
		holder.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER, Pdeathsig: syscall.SIGKILL,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: os.Geteuid(), HostID: s.UID, Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: os.Getegid(), HostID: s.GID, Size: 1}}}
		if spawn(holder.Start) != nil {
			return
		}
		s.owners, _ = os.Open(fmt.Sprintf("/proc/%d/ns/user", holder.Process.Pid))
		_ = holder.Process.Kill()
		_ = holder.Wait()
	})
	return s.owners
}
