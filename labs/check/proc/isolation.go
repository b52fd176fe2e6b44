package proc

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"cnalab/labs"
	"cnalab/labs/environ"
	"cnalab/labs/process"
)

// learner is who all the learner's programs of one check run as.
var learner = sync.OnceValue(process.NewDynamicUser)

// isolation is what a learner's program is kept in: of what is hidden it sees
// the workspace, whom to trust, and the files that its check names.
func isolation(reads []string) *process.Isolation {
	i := &process.Isolation{Hides: filepath.SplitList(os.Getenv(labs.EnvHides)), Reads: slices.Clone(reads), As: learner()}
	for _, name := range []string{labs.EnvWorkspace, labs.EnvTLSCA} {
		if path := os.Getenv(name); path != "" {
			i.Reads = append(i.Reads, path)
		}
	}
	return i
}

// environment is that of a learner's program: what the sandbox tells, and
// nothing that is this machine's or this check's. Where nobody says what that
// is, the check was started by hand.
func environment() []string {
	names, set := os.LookupEnv(labs.EnvPassEnvironment)
	if !set {
		return environ.Program()
	}
	env := environ.Bare()
	for _, name := range strings.Fields(names) {
		if value, ok := os.LookupEnv(name); ok && !environ.Ours.Has(name) {
			env = append(env, name+"="+value)
		}
	}
	return env
}
