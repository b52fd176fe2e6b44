package module

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"cnalab/labs"
	"cnalab/server/workspaces/folder"
)

// Files are the go.mod and go.sum that every workspace gets. They are made
// once for each version of the project's own, and kept in the cache, because
// asking the go command takes long beside opening a file.
type Files struct {
	root, cache string

	mu sync.Mutex
	made
}

// New returns the files for workspaces that build with the versions of the
// project at root; it does no work yet.
func New(root, cache string) *Files { return &Files{root: root, cache: cache} }

type made struct {
	Mod []byte `json:"mod"`
	Sum []byte `json:"sum"`
}

// Get makes them, or finds them made. Errors are *labs.Problem, or that ctx ended.
func (m *Files) Get(ctx context.Context) (goMod, goSum []byte, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.Mod != nil {
		return m.Mod, m.Sum, nil
	}
	path, err := m.path()
	if err != nil {
		return nil, nil, problem(err)
	}
	if text, err := os.ReadFile(path); err == nil && json.Unmarshal(text, &m.made) == nil && m.Mod != nil {
		return m.Mod, m.Sum, nil
	}
	if m.Mod, m.Sum, err = Make(ctx, m.root); err != nil {
		return nil, nil, problem(err)
	}
	if _, _, ok := prebuilt(m.root); ok {
		if err := fetch(ctx, m.Mod, m.Sum); err != nil {
			slog.Info("labs with libraries wait for a network", "err", err)
			return m.Mod, m.Sum, nil // the next start tries again
		}
	}
	m.keep(path)
	return m.Mod, m.Sum, nil
}

// path names the cache file after what the module files are made from.
func (m *Files) path() (string, error) {
	hash := sha256.New()
	fmt.Fprintln(hash, libraries)
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(m.root, name))
		if err != nil {
			return "", err
		}
		hash.Write(text)
	}
	return filepath.Join(m.cache, "module-"+hex.EncodeToString(hash.Sum(nil)[:8])+".json"), nil
}

// keep is allowed to fail: the next start asks the go command again.
func (m *Files) keep(path string) {
	text, err := json.Marshal(m.made)
	if err != nil || os.MkdirAll(m.cache, 0o755) != nil {
		return
	}
	cache, err := os.OpenRoot(m.cache)
	if err != nil {
		return
	}
	defer cache.Close()
	_ = folder.Replace(cache, filepath.Base(path), text)
}

// goError is a go command that failed, with what it said.
type goError struct {
	words string
	err   error
}

func (e *goError) Error() string { return e.err.Error() + ": " + e.words }
func (e *goError) Unwrap() error { return e.err }

// homeless are the go command's words where it has nowhere to keep what it
// makes, as in an account without a home folder.
var homeless = []string{"module cache not found", "could not create module cache", "initialize build cache", "build cache is required", "GOCACHE is not defined"}

func problem(err error) error {
	p := &labs.Problem{
		Kind: labs.Machine,
		Say:  "The go.mod of your workspace could not be made.",
		Next: "Check that Go is on your PATH and that the project was downloaded completely; `doctor` looks for both.",
		Err:  err,
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	failed, ok := errors.AsType[*goError](err)
	if !ok {
		return p
	}
	p.Detail = failed.words
	has := func(words string) bool { return strings.Contains(failed.words, words) }
	switch {
	case labs.SaysFull(failed.words):
		p.Say, p.Next = "The disk is full, so the go.mod of your workspace was not made.", "Free some space on the disk that the lines below name."
	case slices.ContainsFunc(homeless, has):
		p.Say = "The go command has no folder to keep what it builds."
		p.Next = "Give your account a home folder that it may write to, or set GOCACHE and GOMODCACHE to folders that it may."
	}
	return p
}
