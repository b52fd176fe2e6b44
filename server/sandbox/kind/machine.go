package kind

import (
	"context"
	"fmt"

	"github.com/moby/moby/client"

	"cnalab/labs"
	"cnalab/server/sandbox/engine"
)

// What a cluster takes, measured, and what is left to everybody else.
const (
	planeMemory    = 600 << 20
	workerMemory   = 160 << 20
	reservedMemory = 1 << 30

	planeWatches  = 32 // inotify instances
	workerWatches = 18
	otherWatches  = 16 // of a machine that has no cluster
)

// checkRoom returns nil where the machine can carry one more cluster.
func checkRoom(ctx context.Context, e *engine.Engine, s shape) error {
	if err := enoughMemory(freeMemory(e.Memory), memoryOf(s)+reservedMemory); err != nil {
		return err
	}
	most, used, known := watches()
	used = max(used, otherWatches+watchesOf(ctx, e)) // one that is just being made has not taken its own yet
	return enoughWatches(most-used, known, planeWatches+s.workers*workerWatches)
}

// watchesOf is how many inotify instances the nodes of all clusters take.
func watchesOf(ctx context.Context, e *engine.Engine) (all int) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	nodes, err := e.ContainerList(ctx, client.ContainerListOptions{Filters: client.Filters{}.Add("label", kindLabel)})
	if err != nil {
		return 0
	}
	for _, n := range nodes.Items {
		if n.Labels[roleLabel] == controlPlane {
			all += planeWatches
		} else {
			all += workerWatches
		}
	}
	return all
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
