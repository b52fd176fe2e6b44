package process

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// diskBytes is how much an isolated program's disk holds; tests fill a small one.
var diskBytes uint64 = MostWritten

// disk makes the one disk of an isolated program, which holds so much and no
// more, and returns for each temporary folder the part of it that goes there. It
// sends the disk to who started the program, who can't see it otherwise.
func (p plan) disk() (parts map[string]int, err error) {
	if len(p.Temporary) == 0 {
		return nil, nil
	}
	at := p.Temporary[0] // a place to mount it, for as long as its parts are taken
	size := fmt.Sprintf("mode=0755,size=%d,nr_inodes=%d", p.Disk, p.Disk/fileBytes)
	if err := unix.Mount("tmpfs", at, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, size); err != nil {
		return nil, &fs.PathError{Op: "mount a disk at", Path: at, Err: err}
	}
	defer unix.Unmount(at, unix.MNT_DETACH)
	if err := p.send(at); err != nil {
		return nil, &fs.PathError{Op: "tell of the disk at", Path: at, Err: err}
	}
	parts = map[string]int{}
	for i, folder := range p.Temporary {
		part := filepath.Join(at, strconv.Itoa(i))
		if err := os.Mkdir(part, 0o755); err != nil {
			return nil, err
		}
		if err := os.Chmod(part, 0o777|os.ModeSticky); err != nil {
			return nil, err
		}
		if parts[folder], err = unix.OpenTree(unix.AT_FDCWD, part, unix.OPEN_TREE_CLONE|unix.OPEN_TREE_CLOEXEC); err != nil {
			return nil, &fs.PathError{Op: "take", Path: part, Err: err}
		}
	}
	return parts, nil
}

// send sends the folder to who started us.
func (p plan) send(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer f.Close()
	return unix.Sendmsg(p.Report, []byte(" "), unix.UnixRights(int(f.Fd())), nil, 0)
}

// receive is what was sent; nil where nothing was, as when the helper has failed
// before. What it says of that can be read yet.
func receive(socket *os.File) *os.File {
	text, rights := make([]byte, 1), make([]byte, unix.CmsgSpace(4))
	n, size, _, _, err := unix.Recvmsg(int(socket.Fd()), text, rights, unix.MSG_CMSG_CLOEXEC)
	if err != nil || n == 0 {
		return nil
	}
	messages, err := unix.ParseSocketControlMessage(rights[:size])
	if err != nil || len(messages) == 0 {
		return nil
	}
	files, err := unix.ParseUnixRights(&messages[0])
	if err != nil || len(files) == 0 {
		return nil
	}
	return os.NewFile(uintptr(files[0]), "disk")
}

// Written returns how many bytes the tree has written: what is on the disks of its
// isolated programs, and what it has given to others. A file counts as a page at
// least. It knows what it knew before Kill.
func (t *Tree) Written() uint64 {
	var given uint64
	if t.Isolation == nil || len(t.Isolation.Writes) > 0 || Isolates() == NotIsolated {
		for _, e := range t.members() {
			given += writtenBy(e.pid)
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, disk := range t.disks {
		given += used(disk)
	}
	t.written = max(t.written, given)
	return t.written
}

// closeDisks lets go of the disks, and so of what is on them.
func (t *Tree) closeDisks() {
	for _, disk := range t.disks {
		t.written = max(t.written, used(disk))
		disk.Close()
	}
	t.disks = nil
}

// used is how many bytes are on a disk.
func used(disk *os.File) uint64 {
	var stat unix.Statfs_t
	if unix.Fstatfs(int(disk.Fd()), &stat) != nil {
		return 0
	}
	return max((stat.Blocks-stat.Bfree)*uint64(stat.Bsize), (stat.Files-stat.Ffree)*fileBytes)
}

// writtenBy is what a process, and those children of its that have ended, have
// given to disks; see proc_pid_io(5).
func writtenBy(pid int) uint64 {
	text, _ := os.ReadFile(file(pid, "io"))
	_, rest, _ := bytes.Cut(text, []byte("\nwrite_bytes: "))
	number, _, _ := bytes.Cut(rest, []byte("\n"))
	written, _ := strconv.ParseUint(string(number), 10, 64)
	return written
}
