//go:build linux || darwin

package postgres

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// release gives back the shared memory of a server that was killed. Postgres
// notes its number in postmaster.pid, and gives it back itself only when it
// ends in good order or starts again.
func release(dir string) {
	text, err := os.ReadFile(filepath.Join(dir, "postmaster.pid"))
	if err != nil {
		return
	}
	lines := strings.Split(string(text), "\n")
	if len(lines) < 7 {
		return
	}
	fields := strings.Fields(lines[6]) // key and number
	if len(fields) != 2 {
		return
	}
	id, err := strconv.Atoi(fields[1])
	if err != nil {
		return
	}
	// By now the number may be another's, who would be attached to it.
	var shared unix.SysvShmDesc
	if _, err := unix.SysvShmCtl(id, unix.IPC_STAT, &shared); err == nil && shared.Nattch == 0 {
		unix.SysvShmCtl(id, unix.IPC_RMID, nil)
	}
}
