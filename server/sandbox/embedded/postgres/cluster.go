package postgres

import (
	"fmt"
	"io"
	"net"
	"syscall"

	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/database"
	"cnalab/server/sandbox/embedded/subprocess"
)

// Cluster is one sandbox's databases.
type Cluster struct {
	install  *Install
	dir      string
	owner    *subprocess.Account
	password string
}

// Server is how the cluster's superuser reaches it at HOST:PORT.
func (c *Cluster) Server(address string) *database.Server {
	return &database.Server{Address: address, Password: c.password, FileCopy: c.install.Version >= 15}
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
func (c *Cluster) Spec(address string, output io.Writer, held *cleanup.Record) (subprocess.Spec, error) {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return subprocess.Spec{}, fmt.Errorf("start Postgres: %w", err)
	}
	args := []string{"-D", c.dir, "-p", port}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	return subprocess.Spec{Path: c.install.program("postgres"), Args: args, Dir: c.dir, Env: environment(c.install),
		Output: output, Account: c.owner, Home: c.dir, Record: held, End: syscall.SIGINT}, nil
}
