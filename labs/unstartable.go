package labs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Unstartable is the problem of a program that this machine does not start,
// by the error of the attempt; nil where the error is about something else.
func Unstartable(program string, err error) *Problem {
	switch {
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return &Problem{Kind: Machine, Say: fmt.Sprintf("%s was not started: too many files are open.", filepath.Base(program)),
			Next: "Close what you do not need; or allow more, `ulimit -n 4096`, and start the server again from there.", Err: err}
	case errors.Is(err, fs.ErrPermission) && executable(program):
		return &Problem{Kind: Machine, Say: fmt.Sprintf("This machine starts no programs from %s: its disk is mounted noexec, or a rule forbids it.", filepath.Dir(program)),
			Next: "Choose a data folder where programs may be started, with --data DIR.", Err: err}
	}
	return nil
}

// executable reports whether the file itself may be executed.
func executable(program string) bool {
	info, err := os.Stat(program)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}
