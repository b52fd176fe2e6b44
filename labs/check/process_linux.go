package check

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// The signals of Running.Freeze and Running.Thaw.
const freeze, thaw = syscall.SIGSTOP, syscall.SIGCONT

// ownGroup gives the program a process group, and lets it die with the check.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// boundMemory limits what the process and its descendants may each allocate.
// RLIMIT_DATA leaves out what a Go program has only reserved.
func boundMemory(pid int, bytes int64) {
	limit := unix.Rlimit{Cur: uint64(bytes), Max: uint64(bytes)}
	_ = unix.Prlimit(pid, unix.RLIMIT_DATA, &limit, nil)
}

// killTree kills the process group, and every process that bears the mark
// though it made itself a group of its own.
func killTree(process *os.Process, mark string) error {
	err := syscall.Kill(-process.Pid, syscall.SIGKILL)
	for range 10 {
		if !killMarked(mark) {
			break
		}
	}
	if err == syscall.ESRCH {
		return os.ErrProcessDone
	}
	return err
}

// killMarked reports whether it found a living process with the mark.
func killMarked(mark string) bool {
	found := false
	files, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, file := range files {
		env, err := os.ReadFile(file)
		if err != nil || !bytes.Contains(env, []byte(markName+"="+mark)) {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err == nil && syscall.Kill(pid, syscall.SIGKILL) == nil {
			found = true
		}
	}
	return found
}
