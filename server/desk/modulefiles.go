package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"cnalab/labs"
)

// moduleFiles are the go.mod and go.sum that every copy gets. They are made
// once for each version of the project's own, and kept in the cache, because
// asking the go command takes long beside opening a file.
type moduleFiles struct {
	root, cache string

	mu sync.Mutex
	made
}

type made struct {
	Mod []byte `json:"mod"`
	Sum []byte `json:"sum"`
}

func (m *moduleFiles) get() (goMod, goSum []byte, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.Mod != nil {
		return m.Mod, m.Sum, nil
	}
	path, err := m.path()
	if err != nil {
		return nil, nil, moduleProblem(err)
	}
	if text, err := os.ReadFile(path); err == nil && json.Unmarshal(text, &m.made) == nil && m.Mod != nil {
		return m.Mod, m.Sum, nil
	}
	if m.Mod, m.Sum, err = Module(m.root); err != nil {
		return nil, nil, moduleProblem(err)
	}
	m.keep(path)
	return m.Mod, m.Sum, nil
}

// path names the cache file after what the module files are made from.
func (m *moduleFiles) path() (string, error) {
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
func (m *moduleFiles) keep(path string) {
	text, err := json.Marshal(m.made)
	if err != nil || os.MkdirAll(m.cache, 0o755) != nil {
		return
	}
	cache, err := os.OpenRoot(m.cache)
	if err != nil {
		return
	}
	defer cache.Close()
	_ = replace(cache, filepath.Base(path), text)
}

func moduleProblem(err error) error {
	return &labs.Problem{
		Kind: labs.Machine,
		Say:  "The go.mod of your copy could not be made.",
		Next: "Check that Go is on your PATH and that the project was downloaded completely; `doctor` looks for both.",
		Err:  err,
	}
}
