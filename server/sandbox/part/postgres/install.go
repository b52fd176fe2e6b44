package postgres

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"

	"cnalab/labs"
	"cnalab/labs/environ"
)

// Folder is where the npm package's dependency is declared, below the
// repository's root.
const Folder = "fixtures/postgres"

// Install is a Postgres that can be run.
type Install struct {
	Bin     string   // the folder with initdb and postgres
	Env     []string // what its programs need besides
	Version int      // the major one
}

// places are where packages and installers put Postgres' programs; a star is
// a version.
var places = []string{
	"/usr/lib/postgresql/*/bin",
	"/usr/pgsql-*/bin",
	"/usr/local/pgsql/bin",
	"/opt/homebrew/opt/postgresql@*/bin",
	"/usr/local/opt/postgresql@*/bin",
	"/Applications/Postgres.app/Contents/Versions/*/bin",
	`C:\Program Files\PostgreSQL\*\bin`,
}

// Find returns the Postgres to use: one installed on this machine, unless it is
// hidden, else the one in the npm package, of which a copy is made in keep.
func Find(ctx context.Context, config Config, keep string) (*Install, error) {
	if !config.hidesLocal() {
		if install := local(ctx); install != nil {
			return install, nil
		}
	}
	install, err := packaged(ctx, config.Root, keep)
	if err != nil {
		return nil, err
	}
	if install == nil {
		return nil, missing()
	}
	return install, nil
}

// Available reports whether Find would find one, without making a copy.
func Available(ctx context.Context, config Config) error {
	if !config.hidesLocal() && local(ctx) != nil || native(config.Root) != "" {
		return nil
	}
	return missing()
}

func missing() *labs.Problem {
	return &labs.Problem{Kind: labs.Machine, Say: "There is no Postgres on this machine.",
		Next: "Run `npm install --prefix " + Folder + "`, or install Postgres 13 or newer."}
}

// local looks on the PATH first: who put one there wants that one.
func local(ctx context.Context) *Install {
	var folders []string
	if initdb, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(initdb); err == nil {
			initdb = real
		}
		folders = append(folders, filepath.Dir(initdb))
	}
	for _, place := range places {
		found, _ := filepath.Glob(place)
		slices.Reverse(found) // the newest first
		folders = append(folders, found...)
	}
	for _, folder := range folders {
		if install, err := try(ctx, folder, nil); err == nil {
			return install
		}
	}
	return nil
}

// oldest is the first version that has all we use.
const oldest = 13

// version finds the major one in what `postgres --version` prints.
var version = regexp.MustCompile(`PostgreSQL\) (\d+)`)

// try asks the programs in a folder for their version.
func try(ctx context.Context, folder string, env []string) (*Install, error) {
	i := &Install{Bin: folder, Env: env}
	if _, err := os.Stat(i.program("initdb")); err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, i.program("postgres"), "--version")
	command.Env = append(environ.Without(os.Environ(), environ.Postgres), env...)
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("run postgres: %w", err)
	}
	found := version.FindSubmatch(out)
	if found == nil {
		return nil, fmt.Errorf("read Postgres version %q", out)
	}
	if i.Version, _ = strconv.Atoi(string(found[1])); i.Version < oldest {
		return nil, fmt.Errorf("use Postgres %d: older than %d", i.Version, oldest)
	}
	return i, nil
}

func (i *Install) program(name string) string {
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(i.Bin, name)
}
