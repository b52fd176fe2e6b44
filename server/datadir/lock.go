package datadir

import (
	"context"
	"errors"
	"os"
	"time"

	"cnalab/labs"
)

// errLocked is a lock that another process holds.
var errLocked = errors.New("locked by another process")

// lockTick is how often a server looks whether the lock is still where others
// look for it.
const lockTick = time.Second

// Lock keeps other servers off the folder until the file is closed. The system
// closes it when the process ends, however it ends.
func (d Dir) Lock() (*os.File, error) {
	file, err := os.OpenFile(d.Path("server.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, d.trouble(err)
	}
	switch err := lockFile(file); {
	case errors.Is(err, errLocked):
		file.Close()
		return nil, d.inUse()
	case err != nil:
		file.Close()
		return nil, d.trouble(err)
	}
	return file, nil
}

// KeepLock holds the folder from file's lock on until ctx ends. A folder that
// somebody deleted takes its lock with it: then it is made and locked again,
// and again is called. Where another server was faster the error is sent, for
// two must not write one learner's files.
func (d Dir) KeepLock(ctx context.Context, file *os.File, again func()) <-chan error {
	lost := make(chan error, 1)
	go func() {
		defer close(lost)
		defer func() { file.Close() }()
		tick := time.NewTicker(lockTick)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			next, err := d.relock(file)
			if err != nil {
				lost <- err
				return
			}
			if next != file {
				file = next
				again()
			}
		}
	}()
	return lost
}

// relock returns the file where its lock holds, else a new one. It returns an
// error where another server has the folder; what else is wrong may pass.
func (d Dir) relock(file *os.File) (*os.File, error) {
	ours, err := file.Stat()
	if err != nil {
		return file, nil
	}
	if now, err := os.Stat(d.Path("server.lock")); err == nil && os.SameFile(ours, now) {
		return file, nil
	}
	if d.Create() != nil {
		return file, nil
	}
	next, err := d.Lock()
	if p, ok := errors.AsType[*labs.Problem](err); ok && p.Kind == labs.Conflict {
		p.Say = "The data folder was deleted, and another server has made it again. This one ends."
		return nil, p
	}
	if err != nil {
		return file, nil
	}
	file.Close()
	return next, nil
}
