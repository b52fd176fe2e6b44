package process

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// Executes returns an error where this machine starts no programs that lie in
// the folder, as on a disk that is mounted noexec. It starts a small one.
func Executes(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // it has no such disks
	}
	own, err := os.MkdirTemp(dir, ".cnalab-")
	if err != nil {
		return nil // that is another matter
	}
	defer os.RemoveAll(own)
	program := filepath.Join(own, "program")
	if os.WriteFile(program, []byte("#!/bin/sh\n"), 0o700) != nil {
		return nil
	}
	if err := exec.Command(program).Run(); errors.Is(err, fs.ErrPermission) {
		return err
	}
	return nil
}
