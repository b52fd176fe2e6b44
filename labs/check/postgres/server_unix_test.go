//go:build unix

package postgres

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// nobody runs the test's Postgres, which refuses to run as root.
const nobody = 65534

func unprivileged(cmd *exec.Cmd, dir string) *exec.Cmd {
	cmd.Dir = dir
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	return cmd
}

// giveAway gives a folder to who runs Postgres.
func giveAway(t *testing.T, dir string) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	if err := os.Chown(dir, nobody, nobody); err != nil {
		t.Fatal(err)
	}
}
