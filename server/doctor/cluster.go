package doctor

import (
	"context"
	"fmt"
	"strings"

	"cnalab/fixtures/images"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/system"
	"github.com/moby/moby/client"
)

// What a cluster takes, as measured, and what is left to the rest of a lab and
// its compiler.
const (
	controlPlane = 570 << 20
	workerNode   = 150 << 20
	oneCluster   = controlPlane + workerNode
	besides      = 1 << 30
)

// clusters says how many clusters of two nodes the memory carries.
func clusters(info system.Info, here bool) Finding {
	memory := uint64(max(0, info.MemTotal))
	if free, err := freeMemory(); here && err == nil {
		memory = min(memory, free)
	}
	count := 0
	if memory > besides {
		count = int((memory - besides) / oneCluster)
	}
	f := Finding{Name: "clusters", State: Good, Say: fmt.Sprintf("memory carries %d, each of a control plane (%s) and a worker (%s)", count, size(controlPlane), size(workerNode))}
	if count == 0 {
		f.State = Lacking
		f.Say = fmt.Sprintf("memory carries none: the engine has %s, a cluster takes %s and its lab %s", size(memory), size(oneCluster), size(besides))
		f.Fix = "Close other programs, or give the engine more memory (Docker Desktop: Settings, Resources)."
	}
	return f
}

// nodeWatches are the engine's own machine's, which may be this one.
func nodeWatches(here bool) Finding {
	if here {
		return watchesOfNodes()
	}
	return Finding{Name: "watches of nodes", State: Note, Say: "their limits are those of the engine's own machine"}
}

// enoughEngineDisk is what all images take, and those that a learner builds.
const enoughEngineDisk = 4 << 30

func engineDisk(info system.Info, here bool) Finding {
	f := Finding{Name: "engine's disk", State: Note, Say: "how much is free is the engine's own to know: docker system df"}
	free, err := freeDisk(info.DockerRootDir)
	switch {
	case !here || err != nil:
	case free < enoughEngineDisk:
		f.State, f.Say = Lacking, fmt.Sprintf("%s free at %s", size(free), info.DockerRootDir)
		f.Fix = fmt.Sprintf("Free some space: labs and their images take about %s. `docker system df` says what takes it now.", size(enoughEngineDisk))
	default:
		f.State, f.Say = Good, fmt.Sprintf("%s free at %s", size(free), info.DockerRootDir)
	}
	return f
}

// present looks for each image by its name.
func present(ctx context.Context, api *client.Client, c Config) Finding {
	var missing []string
	for _, row := range images.Table {
		_, err := api.ImageInspect(ctx, row.Name)
		if err != nil && !errdefs.IsNotFound(err) {
			return Finding{Name: "images", State: Note, Say: "the engine does not say which it has"}
		}
		if err != nil {
			missing = append(missing, row.Name)
		}
	}
	if len(missing) == 0 {
		return Finding{Name: "images", State: Good, Say: fmt.Sprintf("all %d are here", len(images.Table))}
	}
	return Finding{"images", Lacking, fmt.Sprintf("%d of %d are not here: %s", len(missing), len(images.Table), strings.Join(missing, ", ")),
		inRepository(c, "go tool task images pulls them; where no registry can be reached, go tool task images:offline builds them.")}
}

// inRepository says of a task where it is: an archive has none.
func inRepository(c Config, fix string) string {
	if c.Archive {
		return "In the project's repository: " + fix
	}
	return fix
}

// registry has the engine ask where images are pulled from, without pulling.
func registry(ctx context.Context, api *client.Client, c Config) Finding {
	f := Finding{Name: "registry", State: Good, Say: "reachable from the engine"}
	for _, row := range images.Table {
		if row.Name != images.Base {
			continue
		}
		if _, err := api.DistributionInspect(ctx, row.Pull, client.DistributionInspectOptions{}); err != nil {
			f.State, f.Say = Note, "not reachable from the engine; labs need none once the images are here"
			f.Fix = inRepository(c, "Build the images from packages: go tool task images:offline; or bring them on a disk: go tool task images:import FILE=….")
		}
	}
	return f
}
