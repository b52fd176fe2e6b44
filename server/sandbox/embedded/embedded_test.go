package embedded_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"cnalab/server/sandbox"
	"cnalab/server/sandbox/embedded"
	"cnalab/server/sandbox/sandboxtest"
)

// root is the repository's.
var root = func() string {
	dir, err := filepath.Abs("../../..")
	if err != nil {
		panic(err)
	}
	return dir
}()

func provider(data string) sandbox.Provider {
	return embedded.New(embedded.Config{Root: root, Data: data, Kinds: sandboxtest.Kinds(root)})
}

func TestMain(m *testing.M) {
	sandboxtest.Hold(provider)
	os.Exit(m.Run())
}

func TestContract(t *testing.T) {
	sandboxtest.Run(t, sandboxtest.Options{New: provider, Root: root, Has: sandboxtest.Features{NetworkFaults: true, Snapshots: true}, Left: left, Dies: runtime.GOOS == "linux"})
}

// left names the cleanup records, the folders and, where the system shows them, the
// processes that have to do with the data folder or the workspace.
func left(data, workspace string) (found []string) {
	files, _ := filepath.Glob(filepath.Join(data, "run", "*"))
	found = append(found, files...)
	processes, _ := filepath.Glob("/proc/[0-9]*")
	for _, p := range processes {
		if p == fmt.Sprint("/proc/", os.Getpid()) {
			continue
		}
		line, _ := os.ReadFile(filepath.Join(p, "cmdline"))
		folder, _ := os.Readlink(filepath.Join(p, "cwd"))
		program, _ := os.Readlink(filepath.Join(p, "exe"))
		for _, mine := range []string{data, workspace} {
			if strings.Contains(string(line)+" "+folder+" "+program, mine) {
				found = append(found, p+" "+strings.ReplaceAll(string(line), "\x00", " "))
			}
		}
	}
	return found
}
