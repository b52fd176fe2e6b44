//go:build unix

package embedded

import (
	"io/fs"
	"os"
	"syscall"
)

// owned reports whether the file is ours.
func owned(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}
