package doctor

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLibrariesThatAreNotHereAreNamed(t *testing.T) {
	dir := t.TempDir()
	goMod := filepath.Join(dir, "go.mod")
	text := "module cnalab\n\ngo 1.26\n\nrequire (\n\tgithub.com/segmentio/kafka-go v0.4.51\n\tgithub.com/jackc/pgx/v5 v5.12.0\n)\n"
	if err := os.WriteFile(goMod, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(missingModules(goMod, dir), " "); got != "github.com/segmentio/kafka-go github.com/jackc/pgx/v5" {
		t.Errorf("with an empty cache these are absent: %q", got)
	}
	for _, folder := range []string{"github.com/segmentio/kafka-go@v0.4.51", "github.com/jackc/pgx/v5@v5.11.0"} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.FromSlash(folder)), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(missingModules(goMod, dir), " "); got != "github.com/jackc/pgx/v5" {
		t.Errorf("with another version of one these are absent: %q", got)
	}
}
