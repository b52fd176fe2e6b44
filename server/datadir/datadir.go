// Package datadir is the folder with one learner's files, progress and caches,
// which one server at a time may use: its lock, the token that opens the
// server, and the file by which other commands find it. It does not know what
// is kept in its subfolders.
package datadir

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"cnalab/labs"
	"cnalab/server/workspaces/folder"
)

// Dir is the folder's path.
type Dir string

// Path is where something in the folder is.
func (d Dir) Path(name string) string { return filepath.Join(string(d), name) }

// Create makes the folder where it is missing, readable by its owner alone,
// because the token in it lets in whoever has it.
func (d Dir) Create() error {
	if err := os.MkdirAll(string(d), 0o700); err != nil {
		return d.trouble(err)
	}
	probe, err := os.CreateTemp(string(d), ".probe-*")
	if err != nil {
		return d.trouble(err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// Token returns the key to the server. It is kept, so that an address that
// somebody bookmarked works after a restart.
func (d Dir) Token() (string, error) {
	if text, err := os.ReadFile(d.Path("token")); err == nil {
		if token := strings.TrimSpace(string(text)); len(token) >= 20 {
			return token, nil
		}
	}
	token := rand.Text()
	return token, d.KeepToken(token)
}

// ForgetToken has the next Token be another one.
func (d Dir) ForgetToken() error {
	if err := os.Remove(d.Path("token")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return d.trouble(err)
	}
	return nil
}

// KeepToken writes the key again, as after somebody deleted the folder.
func (d Dir) KeepToken(token string) error { return d.write("token", []byte(token+"\n")) }

// write replaces a file that only its owner may read.
func (d Dir) write(name string, text []byte) error {
	root, err := os.OpenRoot(string(d))
	if err != nil {
		return d.trouble(err)
	}
	defer root.Close()
	if info, err := root.Stat(name); err == nil && info.IsDir() {
		return &labs.Problem{Kind: labs.Machine, Say: fmt.Sprintf("%s is a folder, and has to be a file.", d.Path(name)),
			Next: "Move it away; it is made anew."}
	}
	if err := folder.Write(root, name, text, 0o600); err != nil {
		return d.trouble(err)
	}
	return nil
}

func (d Dir) trouble(err error) error {
	p := &labs.Problem{Kind: labs.Machine, Err: err,
		Say:  fmt.Sprintf("The data folder %s cannot be used.", d),
		Next: "Choose another with --data DIR."}
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		p.Say = fmt.Sprintf("You may not write to the data folder %s.", d)
		p.Next = "Give yourself access to it, or choose another with --data DIR."
	case errors.Is(err, syscall.ENOSPC):
		p.Say = fmt.Sprintf("The disk with the data folder %s is full.", d)
		p.Next = "Free some space, or choose another with --data DIR."
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist):
		p.Say = fmt.Sprintf("The data folder %s is not a folder.", d)
	}
	return p
}
