package process

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// ownProgram is this very program, wherever its file is.
const ownProgram = "/proc/self/exe"

// plan is what the helper is told: what to make of itself before it becomes the
// program.
type plan struct {
	Path      string // empty where there is nothing to become
	Args      []string
	Dir       string
	Temporary []string // folders in whose place are empty ones of the program's own
	Hides     []string // in whose place are empty files and folders that it may not write to
	Reads     []string
	Writes    []string
	Report    int // the socket to write to what went wrong, and to send the disk
	Owners    int // the file with the namespace in which we are the dynamic user; 0 for none
	As        Account
	Data      uint64 // bytes of data that it may hold; 0 is no bound
	Disk      uint64 // bytes that all its temporary folders hold together
}

// failure is what the helper reports.
type failure struct {
	Op, Path string
	Errno    syscall.Errno
	Text     string
}

func (f failure) error() error {
	if f.Errno != 0 {
		return &fs.PathError{Op: f.Op, Path: f.Path, Err: f.Errno}
	}
	return errors.New(f.Op + " " + f.Path + ": " + f.Text)
}

// tried is the first level that can be had.
var tried = sync.OnceValue(func() Level {
	if os.Geteuid() == 0 && OwnAccount.can() { // not in every container
		return OwnAccount
	}
	if OwnNamespace.can() {
		return OwnNamespace
	}
	return NotIsolated
})

// can isolates nothing at that level, to see whether it can be done.
func (l Level) can() bool {
	cmd := exec.Command("true") // never started: the helper stops short of it
	i := &Isolation{Hides: []string{os.TempDir()}, As: NewDynamicUser()}
	defer i.As.Close()
	confirm, err := i.into(cmd, l, plan{})
	if err != nil {
		return false
	}
	dieWithUs(cmd)
	disk, err := confirm(spawn(cmd.Start))
	disk.Close()
	return err == nil && cmd.Wait() == nil
}

// wrap has the command become a helper that isolates itself, and then becomes
// what the command was to start, with a bound to its data. confirm is called
// with the error of its start, and returns when it is the program, with the disk
// that is the program's own; nil where there is none.
func (i *Isolation) wrap(cmd *exec.Cmd, data uint64) (confirm func(started error) (*os.File, error), err error) {
	if i != nil && cmd.Err == nil && Isolates() != NotIsolated {
		return i.into(cmd, Isolates(), plan{Path: cmd.Path, Data: data})
	}
	return func(started error) (*os.File, error) { return nil, started }, nil
}

// into has the command become the helper, which isolates itself at that level.
func (i *Isolation) into(cmd *exec.Cmd, level Level, p plan) (func(error) (*os.File, error), error) {
	if _, err := os.Stat(cmp.Or(cmd.Dir, ".")); err != nil {
		return nil, err // as when any other program is started
	}
	p.Args, p.Dir, p.Temporary, p.Disk = cmd.Args, real(cmp.Or(cmd.Dir, "."))[0], temporary(), diskBytes
	if found := real(p.Path); found != nil { // a link may be hidden
		p.Path = found[0]
	}
	p.Hides, p.Reads, p.Writes = real(append(sockets(), i.Hides...)...), real(append([]string{p.Path}, i.Reads...)...), real(i.Writes...)
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWNS
	if level == OwnAccount {
		p.As = i.As.Account
		if owners := i.As.namespace(); owners != nil {
			p.Owners = hand(cmd, owners)
		}
	} else {
		ourselves(cmd.SysProcAttr)
	}
	return p.start(cmd)
}

// start has the command start the helper with the plan.
func (p plan) start(cmd *exec.Cmd) (confirm func(error) (*os.File, error), err error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	read, write := os.NewFile(uintptr(pair[0]), "report"), os.NewFile(uintptr(pair[1]), "report")
	p.Report = hand(cmd, write)
	text, err := json.Marshal(p)
	if err != nil {
		return nil, errors.Join(err, read.Close(), write.Close())
	}
	cmd.Path, cmd.Args = ownProgram, []string{helperName, string(text)}
	return func(started error) (*os.File, error) {
		write.Close()
		defer read.Close()
		if started != nil {
			return nil, started
		}
		disk := receive(read)
		told, err := io.ReadAll(read) // it ends when the helper is the program
		if err == nil && len(told) == 0 {
			return disk, nil
		}
		disk.Close()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		var why failure
		if json.Unmarshal(told, &why) != nil {
			return nil, fmt.Errorf("isolate %s: %q, %v", p.Path, told, err)
		}
		return nil, why.error()
	}, nil
}

// hand has the command inherit the file, and returns its number there.
func hand(cmd *exec.Cmd, file *os.File) int {
	cmd.ExtraFiles = append(cmd.ExtraFiles, file)
	return 2 + len(cmd.ExtraFiles)
}

// ourselves has the command start in a user namespace where we are who we are,
// and may arrange the files.
func ourselves(attributes *syscall.SysProcAttr) {
	uid, gid := os.Geteuid(), os.Getegid()
	attributes.Cloneflags |= syscall.CLONE_NEWUSER
	attributes.UidMappings = []syscall.SysProcIDMap{{ContainerID: uid, HostID: uid, Size: 1}}
	attributes.GidMappings = []syscall.SysProcIDMap{{ContainerID: gid, HostID: gid, Size: 1}}
	attributes.AmbientCaps = []uintptr{unix.CAP_SYS_ADMIN}
}

// temporary are the folders that every program expects to write to.
func temporary() []string {
	folders := []string{"/tmp", "/var/tmp", "/dev/shm", os.TempDir()}
	if home, err := os.UserHomeDir(); err == nil && home != "/" {
		folders = append(folders, home)
	}
	return real(folders...)
}

// sockets are the folders where the programs of the system and of its users
// listen. Some of them start programs for whoever may connect.
func sockets() []string { return []string{"/run", "/var/run"} }

// real are those of the files and folders that there are, without links.
func real(paths ...string) (found []string) {
	for _, path := range paths {
		if path == "" {
			continue
		}
		if path, err := filepath.Abs(path); err == nil {
			if path, err = filepath.EvalSymlinks(path); err == nil && !slices.Contains(found, path) {
				found = append(found, path)
			}
		}
	}
	return found
}
