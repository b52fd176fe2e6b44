package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// looked is a file whose digest was taken, and how it was then.
type looked struct {
	sum  string
	info fs.FileInfo
}

var (
	mu    sync.Mutex
	known = map[string]looked{} // by path; what this program knows nobody else can change
)

// genuine reports whether the file is what was kept under its name. It is read
// again only where it may have changed since.
func genuine(path string, info fs.FileInfo) bool {
	mu.Lock()
	before, found := known[path]
	mu.Unlock()
	if found && unchanged(before.info, info) {
		return true
	}
	sum, err := digest(path)
	if err != nil {
		return false
	}
	if !found {
		text, err := os.ReadFile(note(path))
		if err != nil {
			return false
		}
		before.sum = strings.TrimSpace(string(text))
	}
	if sum != before.sum {
		return false
	}
	mu.Lock()
	defer mu.Unlock()
	known[path] = looked{sum, info}
	return true
}

// remember notes the digest of the file, also for programs to come.
func remember(path, sum string) error {
	mu.Lock()
	known[path] = looked{sum: sum}
	mu.Unlock()
	if err := os.MkdirAll(filepath.Dir(note(path)), 0o755); err != nil {
		return err
	}
	return os.WriteFile(note(path), []byte(sum+"\n"), 0o600)
}

func forget(path string) {
	mu.Lock()
	delete(known, path)
	mu.Unlock()
	_ = os.Remove(note(path))
}

// note is the file with the digest. It is beside the folder and not in it, so
// that the folder has nothing but what is kept.
func note(path string) string {
	return filepath.Join(filepath.Dir(path)+".digests", filepath.Base(path))
}

func digest(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
