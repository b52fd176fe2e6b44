package site

import (
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"

	"cnalab/labs"
)

// shelves watch the learner's copies on disk while a page of theirs is open,
// so that an edit in another program shows in the browser.
type shelves struct {
	mu  sync.Mutex
	all map[string]*workspaceWatcher // by lab ID
}

// shelf is one copy that is watched for some readers.
type workspaceWatcher struct {
	workspace Workspace
	readers   map[chan fileChange]bool
	stop      chan struct{}
	known     map[string]string // path → tag
}

// fileChange is what somebody did to the files.
type fileChange struct {
	files []Text   // path and tag; no tag where the file is gone
	tree  bool     // files came or went
	paths []string // all files, where tree is set
}

// Times between looks: soon after a word from the system, and now and then
// without one, because a system may run out of watches.
const (
	debounce     = 60 * time.Millisecond
	pollInterval = 5 * time.Second
)

// join watches the lab's copy for one more reader until leave.
func (all *shelves) join(s *Site, lab *labs.Lab) (changes <-chan fileChange, leave func()) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.all == nil {
		all.all = map[string]*workspaceWatcher{}
	}
	sh := all.all[lab.ID]
	if sh == nil {
		sh = &workspaceWatcher{workspace: s.Copy(lab), readers: map[chan fileChange]bool{}, stop: make(chan struct{})}
		all.all[lab.ID] = sh
		go sh.watch(&all.mu)
	}
	reader := make(chan fileChange, 64)
	sh.readers[reader] = true
	return reader, func() {
		all.mu.Lock()
		defer all.mu.Unlock()
		delete(sh.readers, reader)
		if len(sh.readers) == 0 && all.all[lab.ID] == sh {
			delete(all.all, lab.ID)
			close(sh.stop)
		}
	}
}

func (sh *workspaceWatcher) watch(mu *sync.Mutex) {
	var events chan fsnotify.Event
	var faults chan error
	system, err := fsnotify.NewWatcher()
	if err == nil {
		defer system.Close()
		events, faults = system.Events, system.Errors
	} // else the patrol alone looks
	sh.known = sh.tags()
	sh.cover(system)
	var soon <-chan time.Time
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		select {
		case <-sh.stop:
			return
		case <-events:
			soon = time.After(debounce)
			continue
		case <-faults: // such as events lost: look at once
		case <-soon:
			soon = nil
		case <-tick.C:
		}
		sh.notify(mu)
		sh.cover(system)
	}
}

// cover asks the system to watch every folder of the copy; one that it
// watches already stays watched.
func (sh *workspaceWatcher) cover(system *fsnotify.Watcher) {
	if system == nil {
		return
	}
	_ = filepath.WalkDir(sh.workspace.Dir(), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return nil
		}
		if strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules" {
			return filepath.SkipDir
		}
		_ = system.Add(path) // out of watches: the patrol still looks
		return nil
	})
}

// tags reads every file's tag. A copy cannot hold more than a few megabytes,
// and this happens only when something changed.
func (sh *workspaceWatcher) tags() map[string]string {
	paths, err := sh.workspace.Tree()
	if err != nil {
		return sh.known
	}
	tags := map[string]string{}
	for _, path := range paths {
		if text, err := sh.workspace.Read(path); err == nil {
			tags[path] = text.ETag
		}
	}
	return tags
}

// tell compares the files with what was known and tells the readers. One
// that lets changes wait meets the newer text when it saves.
func (sh *workspaceWatcher) notify(mu *sync.Mutex) {
	now := sh.tags()
	change := compare(sh.known, now)
	sh.known = now
	if len(change.files) == 0 {
		return
	}
	mu.Lock()
	defer mu.Unlock()
	for reader := range sh.readers {
		select {
		case reader <- change:
		default:
		}
	}
}

func compare(before, now map[string]string) fileChange {
	var change fileChange
	for _, path := range slices.Sorted(maps.Keys(now)) {
		if before[path] != now[path] {
			change.files = append(change.files, Text{Path: path, ETag: now[path]})
		}
		if _, was := before[path]; !was {
			change.tree = true
		}
	}
	for _, path := range slices.Sorted(maps.Keys(before)) {
		if _, is := now[path]; !is {
			change.tree = true
			change.files = append(change.files, Text{Path: path})
		}
	}
	if change.tree {
		change.paths = slices.Sorted(maps.Keys(now))
	}
	return change
}
