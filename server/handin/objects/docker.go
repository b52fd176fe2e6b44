package objects

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/moby/moby/client"

	"cnalab/labs/process"
)

// shared begins the names of the images that all labs build on.
const shared = "cnalab/"

// exportCompose asks the sandbox's own way to the engine, which shows what the
// learner has made and nothing else.
func exportCompose(ctx context.Context, host, workspace string) ([]byte, error) {
	engine, err := client.New(client.WithHost(host))
	if err != nil {
		return nil, fmt.Errorf("export containers: %w", err)
	}
	defer engine.Close()
	file := composeFile{Services: map[string]service{}, Networks: map[string]struct{}{}, Volumes: map[string]struct{}{}}
	for _, part := range []func(context.Context, *client.Client, string) error{file.images, file.containers, file.others} {
		if err := part(ctx, engine, workspace); err != nil {
			return nil, fmt.Errorf("export containers: %w", err)
		}
	}
	return file.marshal()
}

func (f *composeFile) images(ctx context.Context, engine *client.Client, _ string) error {
	all, err := engine.ImageList(ctx, client.ImageListOptions{})
	for _, image := range all.Items {
		for _, tag := range image.RepoTags {
			if !strings.HasPrefix(tag, shared) && !strings.HasPrefix(tag, "<none>") {
				f.Images = append(f.Images, strings.TrimSuffix(tag, ":latest"))
			}
		}
	}
	slices.Sort(f.Images)
	return err
}

func (f *composeFile) containers(ctx context.Context, engine *client.Client, workspace string) error {
	running, err := engine.ContainerList(ctx, client.ContainerListOptions{})
	if err != nil {
		return err
	}
	for _, one := range running.Items {
		c, err := engine.ContainerInspect(ctx, one.ID, client.ContainerInspectOptions{})
		if err != nil {
			continue // it has ended meanwhile
		}
		of, err := engine.ImageInspect(ctx, c.Container.Image)
		if err != nil {
			return err
		}
		s := serviceOf(c.Container, &of.InspectResponse, workspace)
		if slices.Contains(f.Images, strings.TrimSuffix(s.Image, ":latest")) {
			s.Build = "."
		}
		f.Services[s.Name] = s
	}
	return nil
}

func (f *composeFile) others(ctx context.Context, engine *client.Client, _ string) error {
	networks, err := engine.NetworkList(ctx, client.NetworkListOptions{})
	if err != nil {
		return err
	}
	for _, n := range networks.Items {
		if !builtin(n.Name) {
			f.Networks[n.Name] = struct{}{}
		}
	}
	volumes, err := engine.VolumeList(ctx, client.VolumeListOptions{})
	for _, v := range volumes.Items {
		if !nameless.MatchString(v.Name) {
			f.Volumes[v.Name] = struct{}{}
		}
	}
	return err
}

// docker is docker's own command, in a workspace and kept in an isolation.
type docker struct {
	environment []string
	workspace   string
	isolation   *process.Isolation
}

// restore makes what is not there as a learner would.
func (d docker) restore(ctx context.Context, text []byte) (failed []string) {
	var f composeFile
	if err := yaml.Unmarshal(text, &f); err != nil {
		return []string{fmt.Sprintf("The compose file cannot be read: %v.", err)}
	}
	for _, object := range f.commands(d.workspace) {
		if d.run(ctx, object.kind, "inspect", object.name) == nil {
			continue
		}
		if err := d.run(ctx, object.make...); err != nil {
			failed = append(failed, fmt.Sprintf("The %s %s was not made again: %v.", object.kind, object.name, err))
		}
	}
	return failed
}

func (d docker) run(ctx context.Context, args ...string) error {
	cmd := exec.Command("docker", args...)
	cmd.Dir, cmd.Env = d.workspace, d.environment
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	tree := &process.Tree{Isolation: d.isolation}
	if err := tree.Start(cmd); err != nil {
		return err
	}
	defer tree.Kill()
	defer context.AfterFunc(ctx, tree.Kill)()
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("%w: %s", err, lastLine(out.String()))
	}
	return nil
}

// object is one thing in an engine, and docker's command that makes it.
type object struct {
	kind, name string
	make       []string
}

// commands make all of it, what others need first.
func (f composeFile) commands(workspace string) (all []object) {
	for _, name := range f.Images {
		all = append(all, object{"image", name, []string{"build", "-t", name, "."}})
	}
	for _, name := range sorted(f.Networks) {
		all = append(all, object{"network", name, []string{"network", "create", "--", name}})
	}
	for _, name := range sorted(f.Volumes) {
		all = append(all, object{"volume", name, []string{"volume", "create", "--", name}})
	}
	for _, name := range sorted(f.Services) {
		all = append(all, object{"container", name, f.Services[name].run(workspace)})
	}
	return all
}

// run is the command that starts the container.
func (s service) run(workspace string) []string {
	args := []string{"run", "-d", "--name=" + s.Name}
	option := func(name string, values ...string) {
		for _, value := range values {
			if value != "" {
				args = append(args, name+"="+value)
			}
		}
	}
	option("--env", s.Environment...)
	option("--publish", s.Ports...)
	option("--tmpfs", s.Tmpfs...)
	option("--user", s.User)
	option("--workdir", s.Folder)
	option("--restart", s.Restart)
	option("--network", s.NetworkMode)
	option("--network", s.Networks...)
	for _, volume := range s.Volumes {
		if strings.HasPrefix(volume, "./") {
			volume = filepath.ToSlash(workspace) + "/" + strings.TrimPrefix(volume, "./")
		}
		option("--volume", volume)
	}
	command := s.Command
	if len(s.Entrypoint) > 0 {
		option("--entrypoint", s.Entrypoint[0])
		command = append(slices.Clone(s.Entrypoint[1:]), command...)
	}
	return append(append(args, "--", s.Image), command...)
}

func sorted[V any](all map[string]V) (names []string) {
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
