package workspaces

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"cnalab/server/workspaces/folder"
)

// heard is what a watcher was told.
type heard struct {
	mu    sync.Mutex
	calls []map[string]string
	trees int
}

func (h *heard) changed(tags map[string]string, tree bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.calls = append(h.calls, maps.Clone(tags))
	if tree {
		h.trees++
	}
}

// of returns how often the file was told, and its last tag.
func (h *heard) of(name string) (times int, tag string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, call := range h.calls {
		if is, told := call[name]; told {
			times, tag = times+1, is
		}
	}
	return times, tag
}

func (h *heard) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.calls)
}

// watched has a workspace whose changes are heard.
func watched(t *testing.T) (*Workspace, *heard) {
	t.Helper()
	w, _ := opened(t)
	h := &heard{}
	ctx, cancel := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	watching.Go(func() { w.Watch(ctx, h.changed) })
	t.Cleanup(func() { cancel(); watching.Wait() })
	eventually(t, "it is watched", func() bool { w.mu.Lock(); defer w.mu.Unlock(); return len(w.watchers) == 1 })
	time.Sleep(50 * time.Millisecond) // the system needs a moment to watch the folders
	return w, h
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("not so: %s", what)
}

func TestWhatIsSavedHereIsToldAtOnceAndOnce(t *testing.T) {
	w, h := watched(t)
	saved, err := w.Write("order/new.go", "package main\n", "")
	if err != nil {
		t.Fatal(err)
	}
	if times, tag := h.of("order/new.go"); times != 1 || tag != saved.ETag || h.trees != 1 {
		t.Errorf("told %d times of tag %q, %d of the tree, before Write returned", times, tag, h.trees)
	}
	time.Sleep(3 * debounce) // the system tells of it now
	if times, _ := h.of("order/new.go"); times != 1 {
		t.Errorf("one save is told %d times", times)
	}
	if _, err := w.Remove("order/new.go"); err != nil {
		t.Fatal(err)
	}
	if times, tag := h.of("order/new.go"); times != 2 || tag != "" {
		t.Errorf("after the deletion told %d times, tag %q", times, tag)
	}
	if _, err := w.Undo(); err != nil {
		t.Fatal(err)
	}
	if times, tag := h.of("order/new.go"); times != 3 || tag != saved.ETag {
		t.Errorf("after the undo told %d times, tag %q", times, tag)
	}
	time.Sleep(3 * debounce)
	if n := h.count(); n != 3 {
		t.Errorf("told %d times of 3 changes", n)
	}
}

// A reset also writes go.sum, which no page knows.
func TestAResetIsToldOnce(t *testing.T) {
	w, h := watched(t)
	put(t, w.Dir(), "go.sum", "changed\n")
	put(t, w.Dir(), "order/main.go", "package main // mine\n")
	eventually(t, "the edits are told", func() bool { times, _ := h.of("order/main.go"); return times == 1 })
	before := h.count()
	if _, err := w.ResetLab(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(3 * debounce)
	times, tag := h.of("order/main.go")
	if sums, _ := h.of("go.sum"); h.count() != before+1 || times != 2 || tag != folder.ETag(starterMain) || sums != 0 {
		t.Errorf("one reset is told %d times, of main.go with tag %q, of go.sum %d times", h.count()-before, tag, sums)
	}
}

func TestWatchJoinsChangesAndSeesNewFolders(t *testing.T) {
	w, h := watched(t)
	for range 20 {
		put(t, w.Dir(), "stock/stock.go", time.Now().String())
	}
	eventually(t, "many changes are noticed", func() bool { return h.count() > 0 })
	time.Sleep(2 * debounce)
	if got := h.count(); got > 2 {
		t.Errorf("20 changes at once are told %d times", got)
	}
	before := h.count()
	put(t, w.Dir(), "stock/stock.go", "package stock\n")
	eventually(t, "a change in a folder made later is noticed", func() bool { return h.count() > before })
	if _, tag := h.of("stock/stock.go"); tag != folder.ETag("package stock\n") {
		t.Errorf("its tag is %q", tag)
	}
	put(t, w.Dir(), "go.sum", "changed\n")
	eventually(t, "a change of go.sum is told, without a name", func() bool { times, _ := h.of("go.sum"); return h.count() == before+2 && times == 0 })
	if err := os.Remove(filepath.Join(w.Dir(), "stock", "stock.go")); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a deletion is told", func() bool { times, tag := h.of("stock/stock.go"); return times > 1 && tag == "" })
}

func TestWithoutTheSystemsHelpItLooksByItself(t *testing.T) {
	w, _ := opened(t)
	h := &heard{}
	ctx, cancel := context.WithCancel(t.Context())
	one := &watcher{changed: h.changed}
	w.join(ctx, one)
	defer w.leave(one)
	ended := make(chan struct{})
	go func() { defer close(ended); w.poll(ctx, one, nil) }()
	put(t, w.Dir(), "order/main.go", "package main // edited\n")
	eventually(t, "it looks", func() bool { times, _ := h.of("order/main.go"); return times == 1 })
	cancel()
	<-ended
	put(t, w.Dir(), "order/main.go", "package main // again\n")
	time.Sleep(pollInterval + 100*time.Millisecond)
	if times, _ := h.of("order/main.go"); times != 1 {
		t.Error("it looks after its end")
	}
}
