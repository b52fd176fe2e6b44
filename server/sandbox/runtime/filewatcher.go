package runtime

import (
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Editors and resets write many files at once: settle is how long nothing
// may happen before the change counts as whole. Where the system cannot tell
// of changes, the workspace is looked at every so often instead.
const (
	debounce       = 250 * time.Millisecond
	pollInterval   = 2 * time.Second
	rescanInterval = 10 * time.Second
)

// watcher tells of changes in a workspace.
type fileWatcher struct {
	root    string
	changed func()
	events  *fsnotify.Watcher // nil where the system has none to spare
	stop    chan struct{}
	done    sync.WaitGroup
}

// watch calls changed, one call at a time, some while after files below root
// have changed. changed has to find out itself what did.
func watchFiles(root string, changed func()) *fileWatcher {
	w := &fileWatcher{root: root, changed: changed, stop: make(chan struct{})}
	if events, err := fsnotify.NewWatcher(); err == nil {
		w.events = events
		if !w.addFolders() {
			events.Close() // out of inotify watches: look now and then
			w.events = nil
		}
	}
	w.done.Go(w.run)
	return w
}

// cover watches every folder there is now. Adding one twice does no harm.
func (w *fileWatcher) addFolders() bool {
	covered := true
	filepath.WalkDir(w.root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return nil
		}
		if path != w.root && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if w.events.Add(path) != nil {
			covered = false
		}
		return nil
	})
	return covered
}

func (w *fileWatcher) run() {
	every := rescanInterval // a workspace may be removed and come back unnoticed
	var events <-chan fsnotify.Event
	if w.events != nil {
		events = w.events.Events
		defer w.events.Close()
	} else {
		every = pollInterval
	}
	round := time.NewTicker(every)
	defer round.Stop()
	quiet := time.NewTimer(time.Hour)
	for {
		select {
		case <-w.stop:
			return
		case event := <-events:
			if event.Op != fsnotify.Chmod {
				quiet.Reset(debounce)
			}
			continue
		case <-round.C:
		case <-quiet.C:
		}
		if w.events != nil {
			w.addFolders()
		}
		w.changed()
	}
}

// close ends the watching; changed is not called afterwards.
func (w *fileWatcher) close() {
	close(w.stop)
	w.done.Wait()
}
