package docker_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cnalab/fixtures/require"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/docker"
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
	return docker.New(docker.Config{Root: root, Data: data, Kinds: sandboxtest.Kinds(root)})
}

func TestMain(m *testing.M) {
	cleanup.ReaperMain(docker.Sweep)
	sandboxtest.Hold(provider)
	if data := os.Getenv(goneVariable); data != "" {
		loseEngine(data)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// needEngine skips a test where no engine answers or it lacks the images, but
// for where one is required.
func needEngine(t testing.TB) {
	t.Helper()
	shop := sandboxtest.Lab(sandboxtest.Kafka, sandboxtest.Postgres(), sandboxtest.Service("order", ""))
	err := provider(t.TempDir()).Offers(t.Context(), shop)
	if err == nil {
		return
	}
	require.Missing(t, "docker", err.Error())
}

// writeWorkspace writes a workspace with the services, which do no more than they have to.
func writeWorkspace(t testing.TB, dir string, services ...string) string {
	t.Helper()
	files := map[string]string{"go.mod": "module shop\n\ngo 1.26\n"}
	for _, s := range services {
		files[s+"/main.go"] = serving
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestContract(t *testing.T) {
	needEngine(t)
	sandboxtest.Run(t, sandboxtest.Options{New: provider, Root: root, Left: left,
		Has: sandboxtest.Features{NetworkFaults: true, Snapshots: true, Inside: true}})
}

func TestKilledAtAnyMomentLeavesNothing(t *testing.T) {
	needEngine(t)
	o := sandboxtest.Options{New: provider, Root: root, Left: inEngine}
	sandboxtest.KillAtRandom(t, o, 20, 4*time.Second)
}

// left names the cleanup records of the data folder and what the engine has of ours.
func left(data, _ string) (found []string) {
	files, _ := filepath.Glob(filepath.Join(data, "run", "containers", "*"))
	return append(files, inEngine(data, "")...)
}

// inEngine names what the engine has of this run's sandboxes.
func inEngine(string, string) (found []string) {
	for _, list := range [][]string{{"ps", "-a"}, {"network", "ls"}, {"volume", "ls"}} {
		out, err := exec.Command("docker", append(list, "-q", "--filter", "label=cnalab.lab="+sandboxtest.LabFolder)...).Output()
		if err != nil {
			found = append(found, err.Error())
		}
		found = append(found, strings.Fields(string(out))...)
	}
	return found
}
