package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"cnalab/server/sandbox/fscopy"
	"cnalab/server/sandbox/part"
)

// initTimeout bounds initdb, which takes about a second.
const initTimeout = 2 * time.Minute

// store keeps a Postgres and a cluster made with it, from which every
// sandbox's cluster is copied.
type store struct {
	config Config

	mu       sync.Mutex
	install  *Install
	template string
}

// secret is the file in a cluster's template that holds the superuser's
// password. It is beside the data, not in it.
const secret = "password"

// copy makes a cluster in the host's folder, which must not exist, and returns
// its superuser's password.
func (s *store) copy(ctx context.Context, h part.Host) (install *Install, password string, err error) {
	install, template, err := s.prepare(ctx, h)
	if err != nil {
		return nil, "", err
	}
	text, err := os.ReadFile(filepath.Join(template, secret))
	if err != nil {
		return nil, "", fmt.Errorf("read cluster: %w", err)
	}
	if err := fscopy.Copy(filepath.Join(template, "data"), h.Data(), h.Account()); err != nil {
		return nil, "", fmt.Errorf("copy cluster: %w", err)
	}
	return install, string(text), nil
}

// prepare finds Postgres and makes the template, once.
func (s *store) prepare(ctx context.Context, h part.Host) (*Install, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.install != nil {
		if _, err := os.Stat(s.template); err == nil {
			return s.install, s.template, nil
		}
	}
	install, err := Find(ctx, s.config, h.Cache())
	if err != nil {
		return nil, "", err
	}
	sum, err := fingerprint(install.Bin)
	if err != nil {
		return nil, "", fmt.Errorf("read Postgres: %w", err)
	}
	template := filepath.Join(h.Cache(), fmt.Sprintf("cluster-%d-%s", install.Version, sum))
	if _, err := os.Stat(template); err != nil {
		if err := s.initialise(ctx, h, install, template); err != nil {
			return nil, "", err
		}
	}
	s.install, s.template = install, template
	return install, template, nil
}

// initialise runs initdb. The template appears under its name only when
// whole.
func (s *store) initialise(ctx context.Context, h part.Host, install *Install, template string) error {
	unfinished := fmt.Sprintf("%s.%d.part", template, os.Getpid())
	if err := h.Folder(unfinished, 0o755); err != nil {
		return fmt.Errorf("initialise Postgres: %w", err)
	}
	defer os.RemoveAll(unfinished)
	data, password := filepath.Join(unfinished, "data"), filepath.Join(unfinished, secret)
	if err := errors.Join(os.Mkdir(data, 0o700), os.WriteFile(password, []byte(rand.Text()), 0o600)); err != nil {
		return fmt.Errorf("initialise Postgres: %w", err)
	}
	if account := h.Account(); account != nil {
		err := errors.Join(os.Chown(data, account.UID, account.GID), os.Chown(password, account.UID, account.GID))
		if err != nil {
			return fmt.Errorf("initialise Postgres: %w", err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, initTimeout)
	defer cancel()
	output, err := h.Run(ctx, part.Command{Path: install.program("initdb"), Dir: data, Env: environment(install),
		Args: []string{"-D", data, "-U", Superuser, "--pwfile=" + password, "-A", "scram-sha-256",
			"-E", "UTF8", "--no-locale", "--no-sync", "--wal-segsize=1"}})
	if err != nil {
		return fmt.Errorf("initialise Postgres: %w: %s", err, strings.TrimSpace(output))
	}
	return moveInto(unfinished, template)
}
