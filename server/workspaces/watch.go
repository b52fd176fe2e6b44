package workspaces

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"cnalab/server/workspaces/folder"
)

// Editors and generators write many files at once: debounce is how long
// nothing may happen before a change counts as whole. Now and then the files
// are looked at without a word from the system, more often where it has no
// watches to spare.
const (
	debounce     = 100 * time.Millisecond
	pollInterval = 2 * time.Second
	scanInterval = 5 * time.Second
)

// watcher is somebody who wants to know of changes. Workspace.mu guards it.
type watcher struct {
	changed func(tags map[string]string, tree bool)
	known   tags
}

// Watch tells of each change until ctx ends: at once of what is saved through
// the workspace, and soon after of what others do to its files. It tells the
// tags of the files that changed, none where one is gone, and whether files
// came or went. changed must return soon and not ask the workspace anything.
func (c *Workspace) Watch(ctx context.Context, changed func(tags map[string]string, tree bool)) {
	w := &watcher{changed: changed}
	c.join(ctx, w)
	defer c.leave(w)
	system, err := fsnotify.NewWatcher()
	if err != nil {
		c.poll(ctx, w, nil)
		return
	}
	defer system.Close()
	c.poll(ctx, w, system)
}

func (c *Workspace) join(ctx context.Context, w *watcher) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watchers = append(c.watchers, w)
	if root, err := c.madeRoot(ctx); err == nil {
		defer root.Close()
		w.known, _ = c.tags(root) // else it is told of every file as new
	}
}

// madeRoot is root for a workspace that was made before. Who watches makes
// none: the go command may take long, and others would have to wait.
func (c *Workspace) madeRoot(ctx context.Context) (*os.Root, error) {
	if found, err := c.inspect(); err != nil || found == unmade {
		return nil, errors.Join(err, fs.ErrNotExist)
	}
	return c.root(ctx)
}

func (c *Workspace) leave(w *watcher) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range c.watchers {
		if c.watchers[i] == w {
			c.watchers = append(c.watchers[:i:i], c.watchers[i+1:]...)
			return
		}
	}
}

// poll looks at the files whenever the system says that they changed, and now
// and then without.
func (c *Workspace) poll(ctx context.Context, w *watcher, system *fsnotify.Watcher) {
	var events chan fsnotify.Event
	var lost chan error
	every := pollInterval
	if system != nil && c.cover(system) {
		events, lost, every = system.Events, system.Errors, scanInterval
	}
	c.scan(ctx, w) // what changed before the system watched
	tick := time.NewTicker(every)
	defer tick.Stop()
	var quiet <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case event := <-events:
			if event.Op != fsnotify.Chmod {
				quiet = time.After(debounce)
			}
			continue
		case <-lost: // events were: look at once
		case <-quiet:
			quiet = nil
		case <-tick.C:
		}
		c.scan(ctx, w)
		if events != nil {
			c.cover(system)
		}
	}
}

// cover asks the system to watch every folder there is now; adding one twice
// does no harm. It reports whether the system could.
func (c *Workspace) cover(system *fsnotify.Watcher) bool {
	covered := true
	_ = filepath.WalkDir(c.dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return nil
		}
		if name != c.dir && (folder.Own(entry.Name()) || strings.HasPrefix(entry.Name(), ".")) {
			return filepath.SkipDir
		}
		covered = system.Add(name) == nil && covered
		return nil
	})
	return covered
}

// scan tells what others have changed since the watcher was last told.
func (c *Workspace) scan(ctx context.Context, w *watcher) {
	c.mu.Lock()
	defer c.mu.Unlock()
	root, err := c.madeRoot(ctx)
	if err != nil {
		return // whoever asks for a file is told why
	}
	defer root.Close()
	now, err := c.tags(root)
	if err != nil {
		return
	}
	for name := range w.notify(now) {
		if info, err := root.Lstat(name); err == nil && info.Size() <= folder.MaxFile {
			c.history.Mirror(root, name)
		}
	}
}

// saved tells at once what was written through the workspace, so that scan
// finds nothing more to tell of it. c.mu is held.
func (c *Workspace) saved(written map[string]string) {
	for _, w := range c.watchers {
		w.notify(w.known.with(written))
	}
}

// notify tells what is otherwise than the watcher was last told, and returns it.
func (w *watcher) notify(now tags) (changed map[string]string) {
	changed, tree := difference(w.known.listed, now.listed)
	if len(changed) > 0 || now.sums != w.known.sums {
		w.known = now
		w.changed(changed, tree)
	}
	return changed
}
