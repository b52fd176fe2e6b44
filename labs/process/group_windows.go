package process

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// OwnGroup makes the command the leader of a process group of its own, which the
// keys of our terminal do not reach.
func OwnGroup(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.CreationFlags |= syscall.CREATE_NEW_PROCESS_GROUP
}

// endGroup ends the process and its children.
func endGroup(leader int) error {
	if exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(leader)).Run() == nil {
		return nil
	}
	process, err := os.FindProcess(leader)
	if err != nil {
		return err
	}
	return process.Kill()
}
