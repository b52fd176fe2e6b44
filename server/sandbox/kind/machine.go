package kind

import (
	"fmt"

	"cnalab/labs"
	"cnalab/server/sandbox/engine"
)

// What a cluster takes, measured, and what is left to everybody else.
const (
	planeMemory  = 600 << 20
	workerMemory = 160 << 20
	spareMemory  = 1 << 30

	planeWatches  = 32 // inotify instances
	workerWatches = 18
)

// carries returns nil where the machine can carry one more cluster, or has one
// that fits.
func (p *Provider) carries(e *engine.Engine, s shape) error {
	p.mu.Lock()
	there := p.warm != nil && p.warm.shape == s || p.soon(s) != nil
	freed := int64(0)
	if p.warm != nil {
		freed = memoryOf(p.warm.shape)
	}
	p.mu.Unlock()
	if there {
		return nil
	}
	if err := enoughMemory(freeMemory(e.Memory)+freed, memoryOf(s)+spareMemory); err != nil {
		return err
	}
	free, known := freeWatches()
	return enoughWatches(free, known, planeWatches+s.workers*workerWatches)
}

func memoryOf(s shape) int64 { return planeMemory + int64(s.workers)*workerMemory }

func enoughMemory(free, want int64) error {
	if free >= want {
		return nil
	}
	return &labs.Problem{Kind: labs.Machine,
		Say:  fmt.Sprintf("There is not enough memory for one more cluster: %d MiB are free, and it takes %d.", free>>20, want>>20),
		Next: "Close another lab's sandbox, or other programs, and try again."}
}

func enoughWatches(free int, known bool, want int) error {
	if !known || free >= want {
		return nil
	}
	return &labs.Problem{Kind: labs.Machine,
		Say:  fmt.Sprintf("Linux lets programs here watch too few files for one more cluster: %d inotify instances are free, and it takes %d.", max(free, 0), want),
		Next: "Run `sudo sysctl fs.inotify.max_user_instances=512 fs.inotify.max_user_watches=524288`, and try again."}
}
