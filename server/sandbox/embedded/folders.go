package embedded

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"cnalab/labs"
)

// prepareOnce does once what has to be done before anything else: it finds out
// where other accounts that run parts can go, and sweeps.
func (p *Provider) prepareOnce() error {
	p.preparing.Lock()
	defer p.preparing.Unlock()
	if p.prepared {
		return nil
	}
	if err := p.prepare(); err != nil {
		return err
	}
	if err := p.Sweep(); err != nil {
		slog.Warn("what a killed server left is still there", "err", err)
	}
	sweepElsewhere()
	p.prepared = true
	return nil
}

func (p *Provider) prepare() error {
	others, err := p.otherAccounts()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(p.config.Data, 0o755); err != nil {
		return &labs.Problem{Kind: labs.Machine, Say: "The data folder cannot be made.",
			Next: "Choose another with --data.", Err: err}
	}
	// Processes are found again by where they work, which has no links in it.
	if p.place, err = filepath.EvalSymlinks(p.config.Data); err != nil {
		return fmt.Errorf("find data folder: %w", err)
	}
	if others && !reachable(p.config.Data) {
		if p.place, err = elsewhere(p.config.Data); err != nil {
			return err
		}
	}
	folders := []string{"run", "cache"}
	for kind := range p.config.Kinds {
		folders = append(folders, filepath.Join("cache", kind))
	}
	for _, folder := range folders {
		if err := passable(filepath.Join(p.place, folder)); err != nil {
			return &labs.Problem{Kind: labs.Machine, Say: "The data folder cannot be written.",
				Next: "Choose another with --data, or make room on the disk.", Err: err}
		}
	}
	return nil
}

// otherAccounts reports whether a kind of part has to run as another account.
func (p *Provider) otherAccounts() (bool, error) {
	for _, kind := range p.config.Kinds {
		if kind.Account == nil {
			continue
		}
		if account, err := kind.Account(); err != nil || account != nil {
			return true, err
		}
	}
	return false, nil
}

// passable makes a folder that others can pass through and not list.
func passable(folder string) error {
	if err := os.MkdirAll(folder, 0o711); err != nil {
		return err
	}
	info, err := os.Stat(folder)
	if err != nil {
		return err
	}
	return os.Chmod(folder, info.Mode().Perm()|0o111)
}

// reachable reports whether everyone may pass through the folder and all above it.
func reachable(folder string) bool {
	for {
		info, err := os.Stat(folder)
		if err != nil || info.Mode().Perm()&0o001 == 0 {
			return false
		}
		above := filepath.Dir(folder)
		if above == folder {
			return true
		}
		folder = above
	}
}

// elsewhere is a folder for what other accounts have to reach, where the data
// folder is closed to them, as one in root's home is. It is the same for the
// same data folder.
func elsewhere(data string) (string, error) {
	sum := sha256.Sum256([]byte(data))
	for _, base := range bases() {
		folder := filepath.Join(base, "cnalab-"+hex.EncodeToString(sum[:6]))
		if reachable(base) && ours(folder) == nil && os.WriteFile(filepath.Join(folder, servedFile), []byte(data), 0o600) == nil {
			return filepath.EvalSymlinks(folder)
		}
	}
	return "", &labs.Problem{Kind: labs.Machine, Say: "Postgres' user cannot reach the data folder.",
		Next: "Choose a folder with --data that every user can pass through."}
}

// servedFile names the data folder that such a folder is for.
const servedFile = "data-folder"

// bases are where such folders may be.
func bases() []string { return []string{os.TempDir(), "/var/tmp", "/tmp"} }

// sweepElsewhere removes such folders whose data folder is gone: what they keep
// for good, as a template of Postgres' files, is for nobody then.
func sweepElsewhere() {
	for _, base := range bases() {
		files, _ := filepath.Glob(filepath.Join(base, "cnalab-*", servedFile))
		for _, file := range files {
			data, err := os.ReadFile(file)
			folder := filepath.Dir(file)
			if err != nil || ours(folder) != nil {
				continue
			}
			if _, err := os.Stat(string(data)); errors.Is(err, os.ErrNotExist) {
				_ = os.RemoveAll(folder) // what cannot be removed, the next sweep meets
			}
		}
	}
}

// ours makes the folder, or sees that it is one we have made: in a folder
// that all can write, somebody else may have been first.
func ours(folder string) error {
	err := os.Mkdir(folder, 0o711)
	if err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	info, err := os.Lstat(folder)
	if err != nil {
		return err
	}
	if !info.IsDir() || info.Mode().Perm()&0o022 != 0 || !owned(info) {
		return fmt.Errorf("use %s: it is somebody else's", folder)
	}
	return os.Chmod(folder, 0o711)
}
