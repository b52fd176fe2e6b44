package postgres

import (
	"os/exec"
	"testing"
)

func unprivileged(cmd *exec.Cmd, dir string) *exec.Cmd {
	cmd.Dir = dir
	return cmd
}

func giveAway(*testing.T, string) {}
