package gobuild

import (
	"os/exec"
	"runtime"
)

// suffix is what this system's programs end in.
var suffix = map[bool]string{true: ".exe"}[runtime.GOOS == "windows"]

// goVersion is the version of the go command on the PATH; empty where there
// is none.
func goVersion() string {
	out, err := exec.Command("go", "env", "GOVERSION").Output()
	if err != nil {
		return ""
	}
	return string(out)
}
