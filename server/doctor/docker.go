package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	dockerengine "cnalab/fixtures/images/engine"

	"github.com/moby/moby/api/types/system"
	"github.com/moby/moby/client"
)

const (
	// engineLimit bounds what an engine that hangs keeps people waiting.
	engineLimit = 5 * time.Second
	// oldestAPI is that of Docker 20.10.
	oldestAPI = "1.41"
)

// docker asks the engine of this machine for all that labs want of it. Nothing
// that it lacks is more than lacking: a first hour needs none.
func docker(ctx context.Context, c Config) []Finding {
	ctx, cancel := context.WithTimeout(ctx, engineLimit)
	defer cancel()
	api, err := dockerengine.Find(ctx)
	if err != nil {
		return []Finding{noEngine(c, err)}
	}
	defer api.Close()
	ping, err := api.Ping(ctx, client.PingOptions{NegotiateAPIVersion: true})
	if err != nil {
		return []Finding{noEngine(c, err)}
	}
	info, err := api.Info(ctx, client.InfoOptions{})
	if err != nil {
		return []Finding{noEngine(c, err)}
	}
	first := engine(c, info.Info.ServerVersion, ping.APIVersion)
	if first.State != Good {
		return []Finding{first}
	}
	here := strings.HasPrefix(api.DaemonHost(), "unix://") && !desktop(info.Info)
	return append([]Finding{first}, rest(ctx, api, info.Info, c, here)...)
}

// rest is what is asked of an engine that answers. The two that ask it again
// are asked at once: a registry that cannot be reached takes its time.
func rest(ctx context.Context, api *client.Client, info system.Info, c Config, here bool) []Finding {
	reached := make(chan Finding, 1)
	go func() { reached <- registry(ctx, api, c) }()
	findings := []Finding{rights(info), groups(info), clusters(info, here), nodeWatches(here), engineDisk(info, here)}
	return append(findings, present(ctx, api, c), <-reached)
}

// wanted says which labs the engine is for.
func wanted(c Config) string {
	if len(c.NeedEngine) == 0 {
		return "no lab that is written needs one"
	}
	return "labs " + strings.Join(c.NeedEngine, ", ") + " need one, the others do not"
}

func noEngine(c Config, err error) Finding {
	f := Finding{"Docker", Lacking, "no engine answers; " + wanted(c),
		"Start Docker Desktop; or on Debian: sudo apt-get install docker.io. `docker version` must show a server."}
	switch {
	case errors.Is(err, dockerengine.ErrElsewhere):
		f.Say = err.Error() + "; " + wanted(c)
		f.Fix = "Choose one of this machine: docker context use default, or unset DOCKER_HOST."
	case errors.Is(err, fs.ErrPermission), strings.Contains(err.Error(), "permission denied"):
		f.Say = "this account may not use the engine; " + wanted(c)
		f.Fix = "sudo usermod -aG docker $USER, and log in anew."
	case errors.Is(err, context.DeadlineExceeded):
		f.Say = "an engine is there and does not answer in time; " + wanted(c)
		f.Fix = "Restart it: sudo systemctl restart docker, or quit Docker Desktop and start it."
	case strings.Contains(err.Error(), "too old"):
		f.Say = "the engine is too old: " + err.Error()
		f.Fix = "Install Docker 20.10 or newer."
	}
	return f
}

func engine(c Config, version, api string) Finding {
	if older(api, oldestAPI) {
		return Finding{"Docker", Lacking, fmt.Sprintf("%s is too old: it speaks version %s of its API, labs want %s", version, api, oldestAPI), "Install Docker 20.10 or newer."}
	}
	return Finding{Name: "Docker", State: Good, Say: fmt.Sprintf("%s, API %s; %s", version, api, wanted(c))}
}

// older compares versions of the API: 1.9 is older than 1.41.
func older(a, b string) bool { return parse(a).before(parse(b)) }

// desktop tells an engine in a virtual machine of its own.
func desktop(info system.Info) bool { return strings.Contains(info.OperatingSystem, "Docker Desktop") }

// rights says whether the engine runs as an ordinary user.
func rights(info system.Info) Finding {
	for _, option := range info.SecurityOptions {
		if !strings.Contains(option, "rootless") {
			continue
		}
		if info.CgroupVersion == "1" {
			return Finding{"rootless", Lacking, "the engine is rootless, and on control groups of version 1 no cluster starts in it",
				"Use an engine that runs as root for labs with a cluster, or boot with systemd.unified_cgroup_hierarchy=1."}
		}
		return Finding{Name: "rootless", State: Note, Say: "the engine runs as an ordinary user; a cluster in it wants the controllers delegated (kind's page on rootless)"}
	}
	return Finding{Name: "rootless", State: Good, Say: "no, the engine runs as root"}
}

// groups says which control groups hold the containers.
func groups(info system.Info) Finding {
	f := Finding{Name: "control groups", State: Good, Say: fmt.Sprintf("of version %s", info.CgroupVersion)}
	switch {
	case info.CgroupVersion == "":
		f.State, f.Say = Note, "their version is not known here"
	case info.CgroupDriver == "none":
		f.State = Lacking
		f.Say = "the engine has none: what runs wild in a container is not held, and no part can be paused"
		f.Fix = "Use an engine that runs as root, or boot with systemd.unified_cgroup_hierarchy=1."
	case !info.MemoryLimit || !info.PidsLimit:
		f.State = Lacking
		f.Say = fmt.Sprintf("of version %s, without limits of memory or of processes: what runs wild in a container is not held", info.CgroupVersion)
		f.Fix = "Boot with cgroup_enable=memory on the kernel's command line."
	case info.CgroupVersion == "1":
		f.Say = "of version 1; the node image that labs use takes it, others of Kubernetes 1.35 or later do not"
	}
	return f
}
