package cleanup

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

func TestAKilledReaperIsReplaced(t *testing.T) {
	command, swept, records := victim(t, "killed")
	started(t, command)
	first := childOf(t, command.Process.Pid, 0)
	if err := syscall.Kill(first, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	childOf(t, command.Process.Pid, first)
	command.Process.Kill()
	command.Wait()
	awaitSwept(t, swept, records)
}

// childOf waits for a child of the process other than the one it had, by proc(5).
func childOf(t *testing.T, parent, before int) int {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		all, _ := filepath.Glob("/proc/[0-9]*/stat")
		for _, file := range all {
			stat, _ := os.ReadFile(file)
			fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:]) // the name may have spaces
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			if len(fields) > 1 && string(fields[1]) == strconv.Itoa(parent) && pid != before {
				return pid
			}
		}
	}
	t.Fatal("it has no reaper")
	return 0
}
