//go:build unix

package doctor

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A machine on which everything hangs gets its answer all the same.
func TestDoctorWaitsForNobody(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"go", "node", "npm", "docker"} {
		script := "#!/bin/sh\n/bin/sleep 15 &\nwait\n"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	began := time.Now()
	found := Examine(t.Context(), Config{Root: dir, Data: dir, Port: "0", Postgres: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }})
	if took := time.Since(began); took > limit+4*time.Second {
		t.Errorf("it took %v", took)
	}
	if found[0].State != Missing || found[0].Say != "found, but it does not answer" {
		t.Errorf("of go it says %+v", found[0])
	}
}
