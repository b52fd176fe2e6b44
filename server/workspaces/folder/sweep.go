package folder

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"time"
)

// abandoned is how old a half-written file is at least whose writer is gone.
const abandoned = time.Minute

// Sweep removes what writers left unfinished that were killed.
func Sweep(root *os.Root) {
	entries := 0
	_ = fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if entries++; entries > MaxFiles {
			return fs.SkipAll
		}
		if err != nil || entry.IsDir() || !strings.HasPrefix(path.Base(name), Temporary) {
			return nil
		}
		if info, err := entry.Info(); err == nil && time.Since(info.ModTime()) > abandoned {
			_ = root.Remove(name) // the next one tries again
		}
		return nil
	})
}
