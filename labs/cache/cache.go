// Package cache keeps a folder of things that can be built again, some of them
// programs that are run: what is not what was put there is never handed out, and
// what was unused for longest goes. A file's time is when it was last used. It
// knows nothing of what the files are or how they are named.
package cache

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// touchEvery is how old the time of a file may be that is used all the while.
const touchEvery = time.Minute

// Keep puts the draft in the file's place, and notes by its digest what it is.
func Keep(draft, path string) error {
	sum, err := digest(draft)
	if err != nil {
		return err
	}
	if err := remember(path, sum); err != nil {
		return err
	}
	return os.Rename(draft, path)
}

// Kept reports whether the file is there, and notes that it is used now. One
// that is not what was kept, or that nobody has kept, is removed: whoever had it
// built builds it again.
func Kept(path string) bool {
	info, err := os.Lstat(path)
	if err != nil {
		return false
	}
	if !info.Mode().IsRegular() || !genuine(path, info) {
		Remove(path)
		return false
	}
	if now := time.Now(); now.Sub(info.ModTime()) > touchEvery {
		return os.Chtimes(path, now, now) == nil
	}
	return true
}

// Remove removes the file, and forgets what it was. What cannot be removed
// stays: it costs room, nothing else.
func Remove(path string) {
	_ = os.Remove(path)
	forget(path)
}

// Prune leaves so many of the folder's files whose names match the pattern,
// those used last, and the file except whenever it was used, where its name is not
// empty.
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
			Remove(path)
		}
	}
}
