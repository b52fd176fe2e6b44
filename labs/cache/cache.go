// Package cache keeps a folder of things that can be built again from growing
// without end: what was unused for longest goes. A file's time is when it was
// last used. It knows nothing of what the files are or how they are named.
package cache

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Used notes that the file is used now. The error says that there is none.
func Used(path string) error {
	now := time.Now()
	return os.Chtimes(path, now, now)
}

// Prune leaves so many of the folder's files whose names match the pattern,
// those used last, and the file except whenever it was used, where its name is not
// empty. What cannot be removed stays: it costs room, nothing else.
func Prune(dir, pattern string, keep int, except string) {
	var files []fs.FileInfo
	entries, _ := os.ReadDir(dir)
	for _, entry := range entries {
		if ours, _ := filepath.Match(pattern, entry.Name()); !ours {
			continue
		}
		if info, err := entry.Info(); err == nil {
			files = append(files, info)
		}
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	for _, file := range files[min(keep, len(files)):] {
		if path := filepath.Join(dir, file.Name()); path != except {
			_ = os.Remove(path)
		}
	}
}
