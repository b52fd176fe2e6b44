// Package workbench makes shells inside a sandbox: each is a container with the
// tools of the labs, in the sandbox's network and in the learner's workspace.
// It knows nothing of what else the network has, nor of who types.
package workbench

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"

	"cnalab/fixtures/images"
	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/engine"
)

// Where things are inside.
const (
	workspace = "/workspace"
	home      = "/tmp" // whoever the learner is, it can be written to
)

// bounds are what a workbench may use: a command of Kafka's is a Java of its own.
var bounds = engine.Bounds{Memory: 512 << 20, Processors: 1e9, Processes: 200}

// requestTimeout bounds one request to the engine.
const requestTimeout = 20 * time.Second

// Spec says what a workbench is made for.
type Spec struct {
	Network   string            // it is in
	Labels    map[string]string // by which it is swept
	Workspace string            // a folder of this machine
	Addresses []string          // what the shell is told, as KEY=VALUE
	Files     map[string][]byte // more of what it has, by absolute path
}

// New makes a workbench; its shell runs when its command does. An error is a
// *labs.Problem where a person can do something.
func New(ctx context.Context, e *engine.Engine, spec Spec) (*sandbox.Workbench, error) {
	docker, err := exec.LookPath("docker")
	if err != nil {
		return nil, &labs.Problem{Kind: labs.Machine, Say: "This machine has no docker command, which a terminal inside the sandbox needs.",
			Next: "Install it, or open a terminal of this machine.", Err: err}
	}
	if err := e.Has(ctx, images.Workbench); err != nil {
		return nil, err
	}
	// Once asked for it is waited for: what appears later nobody would remove.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), requestTimeout)
	defer cancel()
	config, host := spec.container(e)
	made, err := e.ContainerCreate(ctx, client.ContainerCreateOptions{Name: spec.Network + "-workbench-" + strings.ToLower(rand.Text()[:8]), Config: config, HostConfig: host,
		NetworkingConfig: &network.NetworkingConfig{EndpointsConfig: map[string]*network.EndpointSettings{spec.Network: {}}}})
	switch {
	case errdefs.IsInvalidArgument(err):
		return nil, &labs.Problem{Kind: labs.Machine, Say: "The engine does not see your workspace's folder, so no shell can run there.",
			Next: "Let the engine share the folder, or open a terminal of this machine.", Detail: err.Error(), Err: err}
	case err != nil:
		return nil, fmt.Errorf("make workbench: %w", engine.Translate(err))
	}
	if err := spec.fill(ctx, e, made.ID); err != nil {
		remove(e, made.ID)
		return nil, fmt.Errorf("make workbench: %w", engine.Translate(err))
	}
	// Else the docker command would keep ctrl-p, which shells go back in their history with.
	command := exec.Command(docker, "start", "--attach", "--interactive", "--detach-keys", "ctrl-@", made.ID)
	command.Env = e.Environment()
	return &sandbox.Workbench{Command: command, Close: func() { remove(e, made.ID) }}, nil
}

// container is a shell with no more rights than a program needs. What it makes
// in the workspace belongs to whom the workspace does.
func (s Spec) container(e *engine.Engine) (*container.Config, *container.HostConfig) {
	config := &container.Config{Image: images.Workbench, Hostname: "workbench", Cmd: []string{"bash"}, Tty: true, OpenStdin: true, StdinOnce: true,
		WorkingDir: workspace, Labels: maps.Clone(s.Labels),
		Env: append(slices.Clone(s.Addresses), "HOME="+home, labs.EnvWorkspace+"="+workspace, "TERM=xterm-256color", "COLORTERM=truecolor")}
	uid, gid := learner(e)
	config.User = fmt.Sprintf("%d:%d", uid, gid)
	host := &container.HostConfig{
		Mounts:      []mount.Mount{{Type: mount.TypeBind, Source: s.Workspace, Target: workspace}},
		NetworkMode: container.NetworkMode(s.Network),
	}
	e.Restrict(host, bounds)
	return config, host
}

// learner is who the learner is in a container. An engine without root's rights
// has the one who started it as root there, and Windows has no such numbers.
func learner(e *engine.Engine) (uid, gid int) {
	if e.Rootless || os.Getuid() < 0 {
		return 0, 0
	}
	return os.Getuid(), os.Getgid()
}

// fill copies the files in.
func (s Spec) fill(ctx context.Context, e *engine.Engine, id string) error {
	if len(s.Files) == 0 {
		return nil
	}
	var archive bytes.Buffer
	uid, gid := learner(e)
	w := tar.NewWriter(&archive)
	for _, path := range slices.Sorted(maps.Keys(s.Files)) {
		content := s.Files[path]
		header := &tar.Header{Name: strings.TrimPrefix(path, "/"), Mode: 0o600, Size: int64(len(content)), Uid: uid, Gid: gid}
		if err := w.WriteHeader(header); err != nil {
			return err
		}
		if _, err := w.Write(content); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	_, err := e.CopyToContainer(ctx, id, client.CopyToContainerOptions{DestinationPath: "/", Content: &archive})
	return err
}

// remove removes a workbench with all that runs in it. Where the engine is
// gone the sandbox's end, or a sweep, does.
func remove(e *engine.Engine, id string) {
	ctx, cancel := context.WithTimeout(context.Background(), requestTimeout)
	defer cancel()
	e.ContainerRemove(ctx, id, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
}
