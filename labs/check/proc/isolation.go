package proc

import (
	"os"
	"path/filepath"
	"sync"

	"cnalab/labs"
	"cnalab/labs/process"
)

// stranger is who all the learner's programs of one check run as.
var stranger = sync.OnceValue(process.NewStranger)

// isolation is what a learner's program that works in the folder is kept in.
func isolation(dir string) *process.Isolation {
	i := &process.Isolation{Hides: filepath.SplitList(os.Getenv(labs.EnvHides)), As: stranger()}
	if dir != "" {
		i.Writes = []string{dir}
	}
	if trusted := os.Getenv(labs.EnvTLSCA); trusted != "" {
		i.Reads = []string{trusted}
	}
	return i
}
