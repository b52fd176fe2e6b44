package postgres

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/database"
	"cnalab/server/sandbox/embedded/fscopy"
	"cnalab/server/sandbox/embedded/subprocess"
)

// initLimit bounds initdb, which takes about a second.
const initLimit = 2 * time.Minute

// Store keeps a Postgres and a cluster made with it, from which every
// sandbox's cluster is copied.
type Store struct {
	Root      string              // the repository's, below which the npm package is
	Dir       string              // where copies are kept; its owner can reach it
	Owner     *subprocess.Account // who runs Postgres; ourselves where nil
	HideLocal bool                // use the npm package even where one is installed

	mu       sync.Mutex
	install  *Install
	template string
}

// secret is the file in a cluster's template that holds the superuser's
// password. It is beside the data, not in it.
const secret = "password"

// Copy makes a cluster in the folder, which must not exist.
func (s *Store) Copy(ctx context.Context, held *cleanup.Record, dir string) (*Cluster, error) {
	install, template, err := s.prepare(ctx, held)
	if err != nil {
		return nil, err
	}
	password, err := os.ReadFile(filepath.Join(template, secret))
	if err != nil {
		return nil, fmt.Errorf("read cluster: %w", err)
	}
	if err := fscopy.Copy(filepath.Join(template, "data"), dir, s.Owner); err != nil {
		return nil, fmt.Errorf("copy cluster: %w", err)
	}
	return &Cluster{install: install, dir: dir, owner: s.Owner, password: string(password)}, nil
}

// prepare finds Postgres and makes the template, once.
func (s *Store) prepare(ctx context.Context, held *cleanup.Record) (*Install, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.install != nil {
		if _, err := os.Stat(s.template); err == nil {
			return s.install, s.template, nil
		}
	}
	install, err := Find(ctx, s.Root, s.Dir, s.HideLocal)
	if err != nil {
		return nil, "", err
	}
	sum, err := fingerprint(install.Bin)
	if err != nil {
		return nil, "", fmt.Errorf("read Postgres: %w", err)
	}
	template := filepath.Join(s.Dir, fmt.Sprintf("cluster-%d-%s", install.Version, sum))
	if _, err := os.Stat(template); err != nil {
		if err := s.initialise(ctx, held, install, template); err != nil {
			return nil, "", err
		}
	}
	s.install, s.template = install, template
	return install, template, nil
}

// initialise runs initdb. The template appears under its name only when
// whole.
func (s *Store) initialise(ctx context.Context, held *cleanup.Record, install *Install, template string) error {
	unfinished := template + "." + held.ID() + ".part"
	if err := held.Folder(unfinished, 0o755); err != nil {
		return fmt.Errorf("initialise Postgres: %w", err)
	}
	defer os.RemoveAll(unfinished)
	data, password := filepath.Join(unfinished, "data"), filepath.Join(unfinished, secret)
	if err := errors.Join(os.Mkdir(data, 0o700), os.WriteFile(password, []byte(rand.Text()), 0o600)); err != nil {
		return fmt.Errorf("initialise Postgres: %w", err)
	}
	if s.Owner != nil {
		err := errors.Join(os.Chown(data, s.Owner.UID, s.Owner.GID), os.Chown(password, s.Owner.UID, s.Owner.GID))
		if err != nil {
			return fmt.Errorf("initialise Postgres: %w", err)
		}
	}
	if err := s.initdb(ctx, held, install, data, password); err != nil {
		return err
	}
	return settle(unfinished, template)
}

func (s *Store) initdb(ctx context.Context, held *cleanup.Record, install *Install, data, password string) error {
	ctx, cancel := context.WithTimeout(ctx, initLimit)
	defer cancel()
	var output bytes.Buffer
	p, err := subprocess.Start(subprocess.Spec{
		Path: install.program("initdb"),
		Args: []string{"-D", data, "-U", database.Superuser, "--pwfile=" + password, "-A", "scram-sha-256",
			"-E", "UTF8", "--no-locale", "--no-sync", "--wal-segsize=1"},
		Dir: data, Env: environment(install), Output: &output, Account: s.Owner, Record: held,
	})
	if err != nil {
		return err
	}
	select {
	case <-p.Done():
	case <-ctx.Done():
		p.Kill()
		return fmt.Errorf("initialise Postgres: %w", ctx.Err())
	}
	if err := p.Err(); err != nil {
		return fmt.Errorf("initialise Postgres: %w: %s", err, strings.TrimSpace(output.String()))
	}
	return nil
}

// environment is all that Postgres' programs are told.
func environment(install *Install) []string {
	return append([]string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}, install.Env...)
}
