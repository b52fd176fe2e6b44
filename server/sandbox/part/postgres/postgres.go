// Package postgres is the kind of part that is a database server: one of this
// machine, or of an npm package, as a process on a copy of a cluster that is
// initialised once; Postgres' own image as a container. Each database has a
// role that owns it. It knows nothing of who uses the databases.
package postgres

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"net"
	"os"
	"slices"
	"sync"
	"time"

	"cnalab/fixtures/images"
	"cnalab/labs"
	"cnalab/server/sandbox/part"
)

// Config says which Postgres runs as a process.
type Config struct {
	Root string // the project's, below which the npm package is
	// HideLocal uses the npm package even where a Postgres is installed. The
	// variable CNALAB_HIDE_POSTGRES does the same.
	HideLocal bool
}

func (c Config) hidesLocal() bool { return c.HideLocal || os.Getenv("CNALAB_HIDE_POSTGRES") != "" }

// containerPort is Postgres' own.
const containerPort = 5432

// Kind makes database servers.
func Kind(config Config) part.Kind {
	s := &store{config: config}
	return part.Kind{
		Name:      labs.KindPostgres,
		Available: func(ctx context.Context) error { return Available(ctx, config) },
		Account:   unprivileged,
		Release:   release,
		Define:    func(p labs.Part, _ string) []part.Definition { return []part.Definition{define(s, p)} },
	}
}

// server is one part: a superuser, the roles that own its databases, and guests.
type server struct {
	store  *store
	roles  []Role
	logged bool // what the roles ask of the server is in its log

	mu        sync.Mutex
	superuser string   // the password
	install   *Install // nil for a container
}

func define(s *store, p labs.Part) part.Definition {
	stage := "start Postgres"
	if p.Name != labs.KindPostgres {
		stage = fmt.Sprintf("start Postgres %s", p.Name)
	}
	one := &server{store: s, superuser: rand.Text(), logged: p.Statements}
	for _, name := range p.Databases {
		one.roles = append(one.roles, Role{Name: name, Password: rand.Text()})
	}
	for _, name := range slices.Sorted(maps.Keys(p.Roles)) {
		one.roles = append(one.roles, Role{Name: name, Password: rand.Text(), Guest: p.Roles[name]})
	}
	d := part.Definition{
		Name: p.Name, StartStage: stage, StartTimeout: 45 * time.Second,
		Process: &part.Process{Command: one.command, Stores: true},
		Container: &part.Container{Image: images.Postgres, Signal: "INT", Stores: true, Started: one.secure,
			Ports: []part.Port{{Name: "postgres", Number: containerPort}}},
		Ready:     func(ctx context.Context, address string) error { return one.at(address).Ping(ctx) },
		Databases: one.databases,
	}
	if p.Statements { // the image's own command has the settings of one that logs none
		d.Container.Command = one.inside
	}
	if len(p.Databases) > 0 {
		d.Provision, d.ProvisionStage = one.provision, "create databases"
		if p.Name != labs.KindPostgres {
			d.ProvisionStage = fmt.Sprintf("create databases in %s", p.Name)
		}
	}
	return d
}

// The prefix of each line of the log. One that has statements says whose each is;
// labs/check/postgres reads it.
const (
	prefix           = "%m "
	statementsPrefix = "%m [%p] user=%u,db=%d,app=%a "
)

// settings that are right for a sandbox. fsync may be off: what Postgres has
// written outlives its own death, if not the machine's, and the machine's
// death ends the sandbox anyway. Shared memory is kept in the cluster's
// folder, so that it goes with it.
var settings = []string{
	"max_connections=200",
	"fsync=off", "full_page_writes=off", "shared_buffers=32MB", "max_wal_size=256MB",
	"dynamic_shared_memory_type=mmap", "jit=off", "log_checkpoints=off",
}

// arguments are the settings as the server's program takes them, with where it
// listens.
func (s *server) arguments(listens ...string) (args []string) {
	line := prefix
	if s.logged {
		line = statementsPrefix
	}
	for _, setting := range append(append(listens, settings...), "log_line_prefix="+line) {
		args = append(args, "-c", setting)
	}
	return args
}

// inside is the server's command in a container.
func (s *server) inside(part.Addresses) []string {
	return append([]string{"postgres"}, s.arguments("listen_addresses=*", "unix_socket_directories=/var/run/postgresql")...)
}

// command runs the server on its cluster, which is made before the first start.
func (s *server) command(ctx context.Context, h part.Host) (part.Command, error) {
	if _, err := os.Stat(h.Data()); err != nil {
		install, password, err := s.store.copy(ctx, h)
		if err != nil {
			return part.Command{}, err
		}
		s.mu.Lock()
		s.install, s.superuser = install, password
		s.mu.Unlock()
	}
	_, port, err := net.SplitHostPort(h.Listen())
	if err != nil {
		return part.Command{}, fmt.Errorf("start Postgres: %w", err)
	}
	args := append([]string{"-D", h.Data(), "-p", port}, s.arguments("listen_addresses=127.0.0.1", "unix_socket_directories=")...)
	return part.Command{Path: s.install.program("postgres"), Args: args, Dir: h.Data(), Env: environment(s.install), Interrupt: true}, nil
}

// secure gives the superuser of a container the sandbox's own password, as soon
// as the server takes the order; until then nobody can ask it anything over the
// network.
func (s *server) secure(ctx context.Context, run func(ctx context.Context, command ...string) error) {
	statement := "ALTER ROLE " + Superuser + " PASSWORD '" + s.superuser + "'"
	for ctx.Err() == nil {
		if run(ctx, "psql", "-U", Superuser, "-qc", statement) == nil {
			return
		}
		time.Sleep(30 * time.Millisecond)
	}
}

// at is the server as its superuser reaches it at HOST:PORT.
func (s *server) at(address string) *Server {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &Server{Address: address, Password: s.superuser, FileCopy: s.install == nil || s.install.Version >= 15}
}

// provision makes the databases and their roles.
func (s *server) provision(ctx context.Context, address string) error {
	return s.at(address).Create(ctx, s.roles, s.logged)
}

// databases are the URLs at the address, as the roles that own them, and those of
// guests; they are known before there are any.
func (s *server) databases(address string) map[string]string {
	urls := map[string]string{}
	for _, r := range s.roles {
		urls[r.Name] = location(r.Name, r.Password, address, r.database())
	}
	return urls
}

// environment is all that Postgres' programs are told.
func environment(install *Install) []string {
	return append([]string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}, install.Env...)
}
