package main

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/gofrs/flock"

	"cnalab/labs"
)

// lockTick is how often a server looks whether the lock is still where others
// look for it.
const lockTick = time.Second

// lock keeps other servers off the folder until the lock is closed. The system
// closes it when the process ends, however it ends.
func (f folder) lock() (*flock.Flock, error) {
	lock := flock.New(f.path("server.lock"))
	switch locked, err := lock.TryLock(); {
	case err != nil:
		return nil, f.trouble(err)
	case !locked:
		return nil, f.inUse()
	}
	return lock, nil
}

// keepLock holds the folder from the lock on until ctx ends. A folder that
// somebody deleted takes its lock with it: then it is made and locked again,
// and again is called. Where another server was faster the error is sent, for
// two must not write one learner's files.
func (f folder) keepLock(ctx context.Context, lock *flock.Flock, again func()) <-chan error {
	lost := make(chan error, 1)
	go func() {
		defer close(lost)
		defer func() { lock.Close() }()
		tick := time.NewTicker(lockTick)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			next, err := f.relock(lock)
			if err != nil {
				lost <- err
				return
			}
			if next != lock {
				lock = next
				again()
			}
		}
	}()
	return lost
}

// relock returns the lock where it holds, else a new one. It returns an
// error where another server has the folder; what else is wrong may pass.
func (f folder) relock(lock *flock.Flock) (*flock.Flock, error) {
	ours, err := lock.Stat()
	if err != nil {
		return lock, nil
	}
	if now, err := os.Stat(f.path("server.lock")); err == nil && os.SameFile(ours, now) {
		return lock, nil
	}
	if f.create() != nil {
		return lock, nil
	}
	next, err := f.lock()
	if p, ok := errors.AsType[*labs.Problem](err); ok && p.Kind == labs.Conflict {
		p.Say = "The data folder was deleted, and another server has made it again. This one ends."
		return nil, p
	}
	if err != nil {
		return lock, nil
	}
	lock.Close()
	return next, nil
}
