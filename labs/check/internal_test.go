package check

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"cnalab/labs"
)

func TestTimeoutIsShortForWhatWasSaidBefore(t *testing.T) {
	const say = "This was waited for in vain."
	tests := map[string]struct {
		said bool
		look time.Duration
		want time.Duration
	}{
		"the first time":           {false, time.Millisecond, 8*time.Second + 30*time.Millisecond},
		"on a busy machine":        {false, time.Second, 24 * time.Second},
		"again":                    {true, time.Millisecond, repeated + 30*time.Millisecond},
		"again, on a busy machine": {true, time.Second, 3 * repeated},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			waitedInVain.Delete(say)
			if test.said {
				waitedInVain.Store(say, true)
			}
			if got := timeout(8*time.Second, say, test.look); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	waitedInVain.Delete(say)
}

func TestParseControl(t *testing.T) {
	got, err := parseControl("http://TOKEN@127.0.0.1:4711")
	want := control{base: "http://127.0.0.1:4711", token: "TOKEN"}
	if err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, address := range []string{"", "not an address", "http://%zz@x"} {
		if got, err := parseControl(address); err == nil {
			t.Errorf("%q: got %+v", address, got)
		}
	}
}

func TestLinesOfSlogAreReadable(t *testing.T) {
	tests := map[string]string{
		`{"time":"2026-11-22T21:00:55.537330024Z","level":"INFO","msg":"serve","service":"order","address":"127.0.0.1:26941"}`: "21:00:55.537 serve address=127.0.0.1:26941",
		`{"level":"ERROR","msg":"relay","err":"connection refused"}`:                                                           "relay err=connection refused",
		"panic: runtime error": "panic: runtime error",
		`{"id":"e-1"}`:         `{"id":"e-1"}`,
	}
	for line, want := range tests {
		if got := readable(line); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestHashFollowsEveryFileAndNoLinkOut(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(labs.EnvWorkspace, dir)
	if err := os.Mkdir(filepath.Join(dir, "order"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"order/order.go", "go.mod"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("before"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	hash := func() string { return New(t).Files().Hash() }
	seen := []string{hash()}
	for _, name := range []string{"order/order.go", "new.txt", "go.mod"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
		if slices.Contains(seen, hash()) {
			t.Errorf("%s does not count", name)
		}
		seen = append(seen, hash())
	}
	if err := os.WriteFile(filepath.Join(dir, ".hidden"), nil, 0o644); err != nil || hash() != seen[3] {
		t.Errorf("a file that starts with a dot counts (%v)", err)
	}
	if err := os.Symlink(t.TempDir(), filepath.Join(dir, "out")); err != nil {
		t.Skip("no links here:", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if _, err := hashFiles(root); err == nil {
		t.Error("a link out of the workspace is followed")
	}
}

func TestFirstFile(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(labs.EnvWorkspace, dir)
	if err := os.WriteFile(filepath.Join(dir, "b.go"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := New(t).FirstFile("a.go", "b.go", "c.go"); got != "b.go" {
		t.Errorf("%q, want b.go", got)
	}
	if got := New(t).FirstFile("a.go"); got != "" {
		t.Errorf("%q of a workspace without any", got)
	}
}
