package gobuild

import (
	"os/exec"
	"runtime"

	"cnalab/labs/environ"
)

// suffix is what this system's programs end in.
var suffix = map[bool]string{true: ".exe"}[runtime.GOOS == "windows"]

// goVersion is the version of the go command on the PATH; empty where there
// is none.
func goVersion() string {
	cmd := exec.Command("go", "env", "GOVERSION")
	cmd.Env = environ.Go(false)
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return string(out)
}
