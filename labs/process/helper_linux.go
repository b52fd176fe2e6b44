package process

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// helperName is what this program is called where it is started again as the
// helper that isolates itself.
const helperName = "cnalab-isolate"

// init is the helper's whole life. Go starts no program in a mount namespace
// that it has arranged, so a program arranges its own and then becomes the one
// it was started for: same PID, same parent, same files.
func init() {
	switch {
	case len(os.Args) == 1 && os.Args[0] == helperName: // holds a namespace until it is told not to
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	case len(os.Args) == 2 && os.Args[0] == helperName:
		var p plan
		err := json.Unmarshal([]byte(os.Args[1]), &p)
		if err == nil {
			err = p.become()
		}
		if err != nil {
			p.report(err)
			os.Exit(126)
		}
		os.Exit(0)
	}
}

// report tells the starter what went wrong.
func (p plan) report(err error) {
	f := failure{Op: "isolate", Path: p.Path, Text: err.Error()}
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		f.Op, f.Path = at.Op, at.Path
	}
	f.Errno, _ = errors.AsType[syscall.Errno](err)
	_ = json.NewEncoder(os.NewFile(uintptr(p.Report), "report")).Encode(f)
}

// become does not return where all is well and there is something to become.
func (p plan) become() error {
	syscall.CloseOnExec(p.Report)
	mask := syscall.Umask(0o022) // others have to pass through the folders that it makes
	err := p.arrange()
	if err == nil {
		err = p.enter()
	}
	if err != nil {
		return err
	}
	syscall.Umask(mask)
	if err := p.dropRights(); err != nil {
		return err
	}
	if p.Path == "" {
		return nil
	}
	if p.Data > 0 {
		bound(os.Getpid(), p.Data) // our starter may not do so to another user
	}
	return &fs.PathError{Op: "fork/exec", Path: p.Path, Err: syscall.Exec(p.Path, p.Args, os.Environ())}
}

// arrange makes the program's view of the files.
func (p plan) arrange() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_SLAVE, ""); err != nil {
		return &fs.PathError{Op: "take apart", Path: "/", Err: err}
	}
	shown, err := p.capture()
	if err != nil {
		return err
	}
	if err := p.cover(shown); err != nil {
		return err
	}
	if err := unix.MountSetattr(unix.AT_FDCWD, "/", unix.AT_RECURSIVE, &unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY}); err != nil {
		return &fs.PathError{Op: "protect", Path: "/", Err: err}
	}
	for _, folder := range p.Temporary {
		if err := unix.MountSetattr(unix.AT_FDCWD, folder, 0, &unix.MountAttr{Attr_clr: unix.MOUNT_ATTR_RDONLY}); err != nil {
			return &fs.PathError{Op: "open", Path: folder, Err: err}
		}
	}
	for _, s := range shown {
		if err := unix.MoveMount(s.mount, "", unix.AT_FDCWD, s.path, unix.MOVE_MOUNT_F_EMPTY_PATH); err != nil {
			return &fs.PathError{Op: "show", Path: s.path, Err: err}
		}
	}
	return nil
}

// enter makes the folder to work in the current one. One that is hidden is a new
// one of the program's own.
func (p plan) enter() error {
	if p.Path == "" {
		return nil
	}
	if _, err := os.Stat(p.Dir); err != nil {
		err := os.MkdirAll(p.Dir, 0o755)
		if err == nil && p.As != (Account{}) {
			err = os.Chown(p.Dir, p.As.UID, p.As.GID)
		}
		if err != nil {
			return err
		}
	}
	return os.Chdir(p.Dir)
}

// view is a file or folder that is shown where it was.
type view struct {
	path   string
	folder bool
	mount  int
}

// capture takes hold of what is to be seen before it is hidden.
func (p plan) capture() (shown []view, err error) {
	for _, path := range inward(slices.Concat(p.Reads, p.Writes)) {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		flags := uint(unix.OPEN_TREE_CLONE | unix.OPEN_TREE_CLOEXEC)
		if p.Owners == 0 {
			flags |= unix.AT_RECURSIVE // what is mounted below may not be uncovered
		}
		mount, err := unix.OpenTree(unix.AT_FDCWD, path, flags)
		if err != nil {
			return nil, &fs.PathError{Op: "take", Path: path, Err: err}
		}
		if err := p.attributes(mount, slices.Contains(p.Writes, path)); err != nil {
			return nil, &fs.PathError{Op: "protect", Path: path, Err: err}
		}
		shown = append(shown, view{path, info.IsDir(), mount})
	}
	return shown, nil
}

// attributes makes what is shown the program's own, where the disk can do so,
// and closes it to changes unless it may make some.
func (p plan) attributes(mount int, writable bool) error {
	if p.Owners != 0 {
		_ = giveMount(mount, p.Owners)
	}
	if writable {
		return nil
	}
	return unix.MountSetattr(mount, "", unix.AT_EMPTY_PATH|unix.AT_RECURSIVE, &unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY})
}

// giveMount has what is ours in the mount be the user's whose namespace that is.
func giveMount(mount, owners int) error {
	return unix.MountSetattr(mount, "", unix.AT_EMPTY_PATH, &unix.MountAttr{Attr_set: unix.MOUNT_ATTR_IDMAP, Userns_fd: uint64(owners)})
}

// cover puts empty files and folders over what is hidden, with the places in
// them where something will be shown.
func (p plan) cover(shown []view) error {
	folders := append(slices.Clone(p.Hides), p.Temporary...)
	for _, s := range shown {
		if p.As != (Account{}) {
			folders = append(folders, closed(s.path)...)
		}
	}
	own, err := p.disk()
	if err != nil {
		return err
	}
	for _, folder := range inward(folders) {
		if mount, ok := own[folder]; ok {
			_ = os.MkdirAll(folder, 0o755) // it may be in one that is hidden by now
			err = unix.MoveMount(mount, "", unix.AT_FDCWD, folder, unix.MOVE_MOUNT_F_EMPTY_PATH)
		} else if err = unix.Mount("tmpfs", folder, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=0755"); errors.Is(err, unix.ENOTDIR) {
			err = unix.Mount(os.DevNull, folder, "", unix.MS_BIND, "")
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return &fs.PathError{Op: "hide", Path: folder, Err: err}
		}
	}
	for _, s := range shown {
		if err := s.place(); err != nil {
			return err
		}
	}
	return nil
}

// place makes the file or folder that the view is put on, where it is hidden.
func (s view) place() error {
	if _, err := os.Lstat(s.path); err == nil {
		return nil
	}
	if s.folder {
		return os.MkdirAll(s.path, 0o755)
	}
	return errors.Join(os.MkdirAll(filepath.Dir(s.path), 0o755), os.WriteFile(s.path, nil, 0o644))
}

// closed is the topmost folder above the path that others may not pass through.
func closed(path string) (folder []string) {
	for above := filepath.Dir(path); above != "/"; above = filepath.Dir(above) {
		if info, err := os.Stat(above); err == nil && info.Mode().Perm()&0o001 == 0 {
			folder = []string{above}
		}
	}
	return folder
}

// inward sorts the paths, a folder before what is in it, each once.
func inward(paths []string) []string {
	sorted := slices.Sorted(slices.Values(paths))
	slices.SortStableFunc(sorted, func(a, b string) int { return len(a) - len(b) })
	return slices.Compact(sorted)
}

// dropRights makes the helper who the program is to be, without any right to
// take this back.
func (p plan) dropRights() error {
	if p.As != (Account{}) {
		err := errors.Join(syscall.Setgroups(nil), syscall.Setresgid(p.As.GID, p.As.GID, p.As.GID), syscall.Setresuid(p.As.UID, p.As.UID, p.As.UID))
		if err != nil {
			return &fs.PathError{Op: "become another user for", Path: p.Path, Err: err}
		}
	}
	if p.Owners != 0 {
		syscall.CloseOnExec(p.Owners)
	}
	none := [2]unix.CapUserData{}
	err := errors.Join(unix.Capset(&unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}, &none[0]), unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
		unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(syscall.SIGKILL), 0, 0, 0)) // which the system forgot with the user
	if err != nil {
		return &fs.PathError{Op: "drop rights of", Path: p.Path, Err: err}
	}
	landlock()
	return nil
}

// landlock keeps the program from signals to what it has not started, and from
// what listens without a file; see landlock(7). The system can since Linux 6.12;
// an older one refuses, and there these two ways stay open to our own user.
func landlock() {
	rules := unix.LandlockRulesetAttr{Scoped: unix.LANDLOCK_SCOPE_SIGNAL | unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET}
	set, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&rules)), unsafe.Sizeof(rules), 0)
	if errno != 0 {
		return
	}
	_, _, _ = unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, set, 0, 0)
	_ = unix.Close(int(set))
}
