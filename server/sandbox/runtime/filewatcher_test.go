package runtime

import (
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

func TestWatcherJoinsChangesAndSeesNewFolders(t *testing.T) {
	root := t.TempDir()
	var calls atomic.Int32
	w := watchFiles(root, func() { calls.Add(1) })
	defer func() { w.close() }()
	if w.events == nil {
		t.Skip("this system has no inotify watches to spare")
	}
	save := func(name string) {
		t.Helper()
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(time.Now().String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	called := func(what string, more func() bool) {
		t.Helper()
		for range 300 {
			if more() {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Fatalf("%s: not noticed", what)
	}
	for range 20 {
		save("order/main.go")
	}
	called("many changes", func() bool { return calls.Load() > 0 })
	time.Sleep(2 * debounce)
	if got := calls.Load(); got > 2 {
		t.Errorf("20 changes at once are %d calls", got)
	}
	before := calls.Load()
	save("order/main.go")
	called("a change in a folder made later", func() bool { return calls.Load() > before })
}

func TestWatcherWithoutTheSystemsHelpLooksByItself(t *testing.T) {
	var calls atomic.Int32
	w := &fileWatcher{root: t.TempDir(), changed: func() { calls.Add(1) }, stop: make(chan struct{})}
	w.done.Go(w.run)
	for end := time.Now().Add(3 * pollInterval); calls.Load() == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it never looks")
		}
	}
	w.close()
	before := calls.Load()
	time.Sleep(pollInterval + 100*time.Millisecond)
	if calls.Load() != before {
		t.Error("it looks after close")
	}
}
