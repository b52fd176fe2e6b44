package runtime

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"cnalab/labs"
	"cnalab/server/sandbox"

	"golang.org/x/sync/errgroup"
)

// Snapshot keeps what the parts have stored, for Restore to go back to. All
// parts stand still meanwhile, so that what one has stored goes with what the
// others have.
func (b *Sandbox) Snapshot(ctx context.Context) error {
	release, err := b.lockAll(ctx)
	if err != nil {
		return err
	}
	defer release()
	stored, err := b.stored()
	if err != nil {
		return err
	}
	for _, p := range stored {
		if !p.IsReady() || p.activeFault() != "" {
			return &labs.Problem{Kind: labs.Conflict, Say: p.name + " does not answer, so what it has stored cannot be kept.", Next: "Heal it first."}
		}
	}
	if err := b.Disk.CheckSpace(); err != nil {
		return err
	}
	for _, p := range slices.Backward(b.all()) { // those who write before those who store
		if r := p.current(); r != nil && p.activeFault() != labs.Pause {
			if err := r.process.Pause(); err != nil {
				return err // what moves while it is copied may be torn
			}
			defer r.process.Resume()
		}
	}
	if err := each(ctx, stored, func(ctx context.Context, p *Component) error { return p.workload.Store.Snapshot(ctx) }); err != nil {
		return b.Disk.Translate(fmt.Errorf("keep data: %w", err))
	}
	b.hasSnapshot = true
	for _, p := range stored {
		p.logs.Log("INFO", "a snapshot of "+p.name+" is kept")
	}
	return nil
}

// Restore goes back to what Snapshot has kept: services are stopped, the parts
// that store come back with what was kept, and the services start again.
func (b *Sandbox) Restore(ctx context.Context) error {
	release, err := b.lockAll(ctx)
	if err != nil {
		return err
	}
	defer release()
	stored, err := b.stored()
	if err != nil {
		return err
	}
	if !b.hasSnapshot {
		return &labs.Problem{Kind: labs.Conflict, Say: "There is no snapshot to go back to.", Next: "Take one first."}
	}
	// Once begun it is ended: half of the parts in another time is no sandbox.
	ctx = context.WithoutCancel(ctx)
	running := b.stopServices()
	err = each(ctx, stored, func(ctx context.Context, p *Component) error {
		p.logs.Log("WARN", "going back to the snapshot of "+p.name)
		return p.restore(ctx)
	})
	if err != nil {
		return b.Disk.Translate(fmt.Errorf("restore data: %w", err))
	}
	return each(ctx, running, func(ctx context.Context, p *Component) error {
		p.start(ctx) // a failure is in the part's state
		return nil
	})
}

// stopServices stops those that run, and returns them. Their locks are held.
func (b *Sandbox) stopServices() (running []*Component) {
	var all sync.WaitGroup
	for _, w := range b.services {
		if w.current() != nil {
			running = append(running, w.Component)
			all.Go(func() { w.stop(changeGrace) })
		}
	}
	all.Wait()
	return running
}

// restore ends the part, changes what it has stored, and starts it. Its lock
// is held.
func (p *Component) restore(ctx context.Context) error {
	p.terminate(func(r *run) { r.process.Kill() })
	p.workload.Proxy.Disable()
	p.set(sandbox.Starting, "", "")
	if err := p.workload.Store.Restore(ctx); err != nil {
		p.set(sandbox.Crashed, "What was kept could not be put back.", "")
		return err
	}
	return p.start(ctx)
}

// lockAll takes the lock of every part, so that nothing changes meanwhile.
func (b *Sandbox) lockAll(ctx context.Context) (release func(), err error) {
	b.snapshotting.Lock()
	releases := []func(){b.snapshotting.Unlock}
	release = func() {
		for _, r := range slices.Backward(releases) {
			r()
		}
	}
	for _, p := range b.all() {
		done, err := p.lock(ctx)
		if err != nil {
			release()
			return nil, err
		}
		releases = append(releases, done)
	}
	return release, nil
}

// waitForSnapshot waits until no snapshot is taken or gone back to.
func (b *Sandbox) waitForSnapshot() {
	b.snapshotting.Lock()
	defer b.snapshotting.Unlock()
}

// stored are the parts that have something to keep.
func (b *Sandbox) stored() (parts []*Component, err error) {
	for _, p := range b.all() {
		if p.workload.Store != nil {
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 {
		return nil, &labs.Problem{Kind: labs.BadInput, Say: "This sandbox has no part whose data can be kept.", Next: "Snapshots are of Kafka and Postgres."}
	}
	return parts, nil
}

// each does something to all parts side by side; one failure does not keep the
// others from their end.
func each(ctx context.Context, parts []*Component, do func(context.Context, *Component) error) error {
	var group errgroup.Group
	for _, p := range parts {
		group.Go(func() error { return do(ctx, p) })
	}
	return group.Wait()
}
