package module

import (
	"os"
	"os/exec"
	"testing"

	"cnalab/labs"
)

// A learner's module builds offline with everything a lab may import.
func TestModuleBuildsOffline(t *testing.T) {
	goMod, goSum, err := Make(t.Context(), "../../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files := labs.Tree{"go.mod": goMod, "go.sum": goSum, "order/main.go": []byte(`package main

import (
	"context"

	_ "github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/pgtype"
	_ "github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib"
	kafka "github.com/segmentio/kafka-go"
	_ "github.com/segmentio/kafka-go/snappy"
)

func main() { kafka.DialLeader(context.Background(), "tcp", "", "", 0) }
`)}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := files.Write(root); err != nil {
		t.Fatal(err)
	}
	goInside(t, dir, "build", "-o", os.DevNull, "./...")
	goInside(t, dir, "vet", "./...")
}

func goInside(t *testing.T, dir string, args ...string) {
	t.Helper()
	build := exec.Command("go", args...)
	build.Dir = dir
	build.Env = append(os.Environ(), "GOPROXY=off", "GOWORK=off", "GOFLAGS=-mod=readonly")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go %v: %v\n%s", args, err, out)
	}
}
