//go:build unix

package process

import "syscall"

// enoughOpenFiles is as many as any program here needs. Some keep a table of
// as many as they may have, so that the billion of some systems costs them
// gigabytes.
const enoughOpenFiles = 65536

// RaiseOpenFiles lets this program, and what it starts from now on, have as
// many files open as the system allows; how many that is OpenFiles says. Go
// does so for the program alone: what it starts would have the limit it began
// with, which may be 256.
func RaiseOpenFiles() {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) == nil {
		limit.Cur = min(limit.Cur, enoughOpenFiles) // Go has raised it to what is allowed
		syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)
	}
}

// OpenFiles is how many files this program may have open; false where the
// system does not say.
func OpenFiles() (most uint64, known bool) {
	var limit syscall.Rlimit
	err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit)
	return uint64(limit.Cur), err == nil
}
