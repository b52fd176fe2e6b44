package check

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// The signals of Running.Freeze and Running.Thaw, which this system does not have.
const freeze, thaw = syscall.Signal(-1), syscall.Signal(-1)

// ownGroup gives the program a process group.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// boundMemory does nothing: that would need a job object.
func boundMemory(int, int64) {}

// killTree ends the process and its children.
func killTree(process *os.Process, _ string) error {
	if exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(process.Pid)).Run() == nil {
		return nil
	}
	return process.Kill()
}
