package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"cnalab/labs"
	"cnalab/server/workspaces"
)

// folder is the data folder: one learner's files, progress and caches.
type folder string

func (f folder) path(name string) string { return filepath.Join(string(f), name) }

// create makes the folder where it is missing, readable by its owner alone,
// because the token in it opens the door.
func (f folder) create() error {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return f.trouble(err)
	}
	probe, err := os.CreateTemp(string(f), ".probe-*")
	if err != nil {
		return f.trouble(err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

func (f folder) trouble(err error) error {
	p := &labs.Problem{Kind: labs.Machine, Err: err,
		Say:  fmt.Sprintf("The data folder %s cannot be used.", f),
		Next: "Choose another with --data DIR."}
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		p.Say = fmt.Sprintf("You may not write to the data folder %s.", f)
		p.Next = "Give yourself access to it, or choose another with --data DIR."
	case errors.Is(err, syscall.ENOSPC):
		p.Say = fmt.Sprintf("The disk with the data folder %s is full.", f)
		p.Next = "Free some space, or choose another with --data DIR."
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist):
		p.Say = fmt.Sprintf("The data folder %s is not a folder.", f)
	}
	return p
}

// token returns the key to the server. It is kept, so that an address that
// somebody bookmarked works after a restart.
func (f folder) token() (string, error) {
	if text, err := os.ReadFile(f.path("token")); err == nil {
		if token := strings.TrimSpace(string(text)); len(token) >= 20 {
			return token, nil
		}
	}
	token := rand.Text()
	return token, f.keepToken(token)
}

func (f folder) keepToken(token string) error { return f.write("token", []byte(token+"\n")) }

// running is what server.json tells other commands of the server.
type running struct {
	URL   string `json:"url"`
	Token string `json:"token"`
	PID   int    `json:"pid"`
}

// announce writes server.json; withdraw takes it away.
func (f folder) announce(r running) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("encode server.json: %w", err)
	}
	return f.write("server.json", text)
}

func (f folder) withdraw() {
	if r, ok := f.announced(); ok && r.PID == os.Getpid() { // and not another server's by now
		os.Remove(f.path("server.json"))
	}
}

// server returns the server that runs on the folder. A server.json whose lock
// nobody holds is left over from one that was killed.
func (f folder) server() (running, bool) {
	r, ok := f.announced()
	if !ok {
		return running{}, false
	}
	if file, err := f.lock(); err == nil {
		file.Close()
		return running{}, false
	}
	return r, true
}

// announced returns what server.json says; it may be of a server that has died.
func (f folder) announced() (running, bool) {
	var r running
	text, err := os.ReadFile(f.path("server.json"))
	if err != nil || json.Unmarshal(text, &r) != nil || r.URL == "" {
		return running{}, false
	}
	return r, true
}

// write replaces a file that only its owner may read.
func (f folder) write(name string, text []byte) error {
	root, err := os.OpenRoot(string(f))
	if err != nil {
		return f.trouble(err)
	}
	defer root.Close()
	if err := workspaces.WriteFile(root, name, text, 0o600); err != nil {
		return f.trouble(err)
	}
	return nil
}

func (f folder) inUse() error {
	p := &labs.Problem{Kind: labs.Conflict,
		Say:  fmt.Sprintf("Another server uses the data folder %s.", f),
		Next: "End it, or give this one a folder of its own with --data DIR."}
	if r, ok := f.announced(); ok {
		p.Say = fmt.Sprintf("Another server, process %d, uses the data folder %s.", r.PID, f)
		p.Next = fmt.Sprintf("Open it at %s, or give this one a folder of its own with --data DIR.", r.open())
	}
	return p
}

// open is the address that opens the door.
func (r running) open() string { return r.URL + "/?token=" + r.Token }
