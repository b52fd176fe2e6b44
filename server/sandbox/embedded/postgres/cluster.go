package postgres

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"syscall"
	"time"

	"cnalab/server/sandbox/embedded/child"

	"github.com/jackc/pgx/v5"
)

const superuser = "postgres"

// Cluster is one sandbox's databases.
type Cluster struct {
	install  *Install
	dir      string
	owner    *child.Owner
	password string
	stock    []string // databases that nobody has yet
}

// settings that are right for a sandbox. fsync may be off: what Postgres has
// written outlives its own death, if not the machine's, and the machine's
// death ends the sandbox anyway. Shared memory is kept in the cluster's
// folder, so that it goes with it.
var settings = []string{
	"listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200",
	"fsync=off", "full_page_writes=off", "shared_buffers=32MB", "max_wal_size=256MB",
	"dynamic_shared_memory_type=mmap", "jit=off", "log_line_prefix=%m ", "log_checkpoints=off",
}

// Spec says how to run the cluster's server at HOST:PORT.
func (c *Cluster) Spec(address string, output io.Writer, lease *child.Lease) (child.Spec, error) {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return child.Spec{}, fmt.Errorf("start Postgres: %w", err)
	}
	args := []string{"-D", c.dir, "-p", port}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	return child.Spec{Path: c.install.program("postgres"), Args: args, Dir: c.dir, Env: environment(c.install),
		Output: output, Owner: c.owner, Home: c.dir, Lease: lease, End: syscall.SIGINT}, nil
}

// Ping returns nil when the server at the address answers.
func (c *Cluster) Ping(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	db, err := c.connect(ctx, address)
	if err != nil {
		return err
	}
	return db.Close(ctx)
}

func (c *Cluster) connect(ctx context.Context, address string) (*pgx.Conn, error) {
	db, err := pgx.Connect(ctx, location(superuser, c.password, address, superuser))
	if err != nil {
		return nil, fmt.Errorf("connect to Postgres: %w", err)
	}
	return db, nil
}

// URL is how a role reaches its own database, which has its name.
func URL(role, password, address string) string {
	return location(role, password, address, role)
}

func location(role, password, address, database string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(role, password), Host: address,
		Path: "/" + database, RawQuery: "sslmode=disable"}
	return u.String()
}
