package objects

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cnalab/fixtures/require"
	"cnalab/labs/labtest/accounts"
	"cnalab/labs/process"
)

// What is built again is built of the workspace, and of nothing that a link in it
// leads to.
func TestALinkLeadsNowhere(t *testing.T) {
	accounts.Each(t, func(t *testing.T) {
		if process.Isolates() == process.NotIsolated {
			require.Missing(t, "isolation", "this system does not let us isolate programs")
		}
		dir := t.TempDir()
		workspace, secret, bin := filepath.Join(dir, "workspace"), filepath.Join(dir, "secret"), filepath.Join(dir, "bin")
		err := errors.Join(os.Mkdir(workspace, 0o755), os.Mkdir(bin, 0o755), os.WriteFile(secret, []byte("S3CRET\n"), 0o644),
			os.Symlink(secret, filepath.Join(workspace, "Dockerfile")),
			os.WriteFile(filepath.Join(bin, "docker"), []byte("#!/bin/sh\npwd; cat Dockerfile 2>&1; exit 1\n"), 0o755))
		if err != nil {
			t.Fatal(err)
		}
		t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
		isolation := &process.Isolation{As: process.NewDynamicUser(), Writes: []string{workspace}}
		defer isolation.As.Close()
		for want, isolation := range map[string]*process.Isolation{"No such file": isolation, "S3CRET": nil} {
			held := Objects{Compose: []byte("x-built: [order]\n")}
			failed := held.Restore(t.Context(), append(os.Environ(), "DOCKER_HOST=unix:///none"), workspace, true, isolation)
			if text := strings.Join(failed, " "); !strings.Contains(text, want) {
				t.Errorf("isolated: %t: %s", isolation != nil, text)
			}
		}
	})
}
