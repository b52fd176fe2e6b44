package doctor

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
)

// terminal is what the pages' terminals need: a system with pseudo-terminals,
// a shell, and the programs that the texts use and the project does not bring.
// Clients of Kafka and Postgres are none of them: usql and kcl are built where
// the machine has no psql or kcat.
func terminal(context.Context, Config) Finding {
	f := Finding{Name: "terminal"}
	if runtime.GOOS == "windows" {
		f.State, f.Say = Lacking, "this system has no pseudo-terminals, so pages have no terminal"
		f.Fix = "Use a terminal of your own in the folder of your workspace; its addresses are listed under Parts."
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
		f.State, f.Say = Good, fmt.Sprintf("%s, curl, %s and %s", shell, ownOr("psql", "usql"), ownOr("kcat", "kcl"))
	}
	return f
}

// ownOr says what talks to a part in a terminal: the machine's own program,
// else the one that is built in its place.
func ownOr(own, built string) string {
	if first(own) != "" {
		return own
	}
	return built + " in place of " + own
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
