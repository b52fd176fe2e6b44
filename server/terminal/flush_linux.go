package terminal

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// flush throws away what was typed into the terminal and not yet read.
func flush(name string) {
	file, err := os.OpenFile(name, os.O_RDWR|syscall.O_NOCTTY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return // it is gone
	}
	defer file.Close()
	_ = unix.IoctlSetInt(int(file.Fd()), unix.TCFLSH, unix.TCIFLUSH)
}
