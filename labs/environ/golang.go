package environ

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
)

// Go is the environment of a go command. Offline it fetches nothing, and no
// other toolchain is started; online modules come by the machine's own ways,
// and the toolchain that the project names where the machine's is too old.
func Go(online bool) []string {
	return append(Without(os.Environ(), Ours, Build), goSettings(online)...)
}

// goSettings are ours. The file that `go env -w` writes would go before what is
// not set, so it is turned off.
func goSettings(online bool) []string {
	env := append(written(), "GOENV=off", "GOWORK=off", "GOFLAGS=-mod=readonly", "CGO_ENABLED=0")
	if online {
		return append(env, "GOTOOLCHAIN=auto")
	}
	return append(env, "GOPROXY=off", "GOTOOLCHAIN=local")
}

// written is what the file of `go env -w` says of where things are and how
// modules are fetched, where the environment does not say it.
func written() (env []string) {
	file := os.Getenv("GOENV")
	if dir, err := os.UserConfigDir(); file == "" && err == nil {
		file = filepath.Join(dir, "go", "env")
	}
	text, err := os.ReadFile(file) // there is none named off
	if err != nil {
		return nil
	}
	for line := range bytes.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimRight(string(line), "\r\n"), "=")
		if ok && strings.HasPrefix(name, "GO") && !Build.Has(name) && !Runtime.Has(name) && os.Getenv(name) == "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}
