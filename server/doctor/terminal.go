package doctor

import (
	"context"
	"os/exec"
	"path/filepath"
	"runtime"
)

// terminal is what the pages' terminals need: a system with pseudo-terminals,
// a shell, and the programs that the texts use and the project does not bring.
// A missing psql is none of them: the project has one of its own.
func terminal(context.Context, Config) Finding {
	f := Finding{Name: "terminal"}
	if runtime.GOOS == "windows" {
		f.State, f.Say = Lacking, "this system has no pseudo-terminals, so pages have no terminal"
		f.Fix = "Use a terminal of your own in the folder of your copy; its addresses are listed under Parts."
		return f
	}
	shell := first("bash", "sh")
	switch {
	case shell == "":
		f.State, f.Say = Lacking, "no shell found on your PATH"
		f.Fix = "Install bash, and put it on your PATH."
	case first("curl") == "":
		f.State, f.Say = Lacking, shell+"; curl not found on your PATH, and the texts use it"
		f.Fix = "Install curl: apt-get install curl, or brew install curl."
	default:
		f.State, f.Say = Good, shell+", curl, "+psql()
	}
	return f
}

func psql() string {
	if first("psql") != "" {
		return "psql"
	}
	return "a small psql of the project's own"
}

// first is the name of the first program that is there.
func first(names ...string) string {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return filepath.Base(path)
		}
	}
	return ""
}
