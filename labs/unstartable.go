package labs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// OpenFewer is what to do where OutOfFiles.
const OpenFewer = "Close what you do not need, or raise the limit of open files as doctor says, and start the server again."

// OutOfFiles reports whether an error is that no more files may be open.
func OutOfFiles(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}

// Unstartable is the problem of a program that this machine does not start,
// by the error of the attempt; nil where the error is about something else.
func Unstartable(program string, err error) *Problem {
	switch {
	case OutOfFiles(err):
		return &Problem{Kind: Machine, Say: fmt.Sprintf("%s was not started: too many files are open.", filepath.Base(program)), Next: OpenFewer, Err: err}
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
