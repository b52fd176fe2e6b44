package build

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
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

// prune removes the programs longest unused. A running program's file is let
// go of by the system when it ends; where that is not so, removing fails.
func (b *Builder) prune() {
	files, _ := filepath.Glob(filepath.Join(b.Cache, "*-????????????????"+suffix))
	if len(files) <= keep {
		return
	}
	slices.SortFunc(files, func(a, b string) int { return cmp.Compare(used(b), used(a)) })
	for _, file := range files[keep:] {
		os.Remove(file)
	}
}

func used(file string) int64 {
	info, err := os.Stat(file)
	if err != nil {
		return 0
	}
	return info.ModTime().UnixNano()
}
