package objects

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/image"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/api/types/network"
)

// composeFile is the part of Compose's format that labs need.
type composeFile struct {
	Images   []string            `yaml:"x-built,omitempty"` // that were built, each from the workspace
	Services map[string]service  `yaml:"services,omitempty"`
	Networks map[string]struct{} `yaml:"networks,omitempty"`
	Volumes  map[string]struct{} `yaml:"volumes,omitempty"`
}

// service is one container that runs.
type service struct {
	Name        string   `yaml:"container_name"`
	Build       string   `yaml:"build,omitempty"`
	Image       string   `yaml:"image"`
	Entrypoint  []string `yaml:"entrypoint,omitempty"`
	Command     []string `yaml:"command,omitempty"`
	Environment []string `yaml:"environment,omitempty"`
	Ports       []string `yaml:"ports,omitempty"`
	Volumes     []string `yaml:"volumes,omitempty"`
	Tmpfs       []string `yaml:"tmpfs,omitempty"`
	Networks    []string `yaml:"networks,omitempty"`
	NetworkMode string   `yaml:"network_mode,omitempty"`
	User        string   `yaml:"user,omitempty"`
	Folder      string   `yaml:"working_dir,omitempty"`
	Restart     string   `yaml:"restart,omitempty"`
}

// marshal writes the file as people do: no more of it than is said.
func (c composeFile) marshal() ([]byte, error) {
	if len(c.Images)+len(c.Services)+len(c.Networks)+len(c.Volumes) == 0 {
		return nil, nil
	}
	return yaml.Marshal(c)
}

// serviceOf says of a container what its image does not.
func serviceOf(c container.InspectResponse, of *image.InspectResponse, workspace string) service {
	s := service{Name: strings.TrimPrefix(c.Name, "/"), Image: c.Config.Image, Entrypoint: c.Config.Entrypoint, Command: c.Config.Cmd,
		Environment: c.Config.Env, User: c.Config.User, Folder: c.Config.WorkingDir, Ports: ports(c.HostConfig.PortBindings)}
	if is := of.Config; is != nil {
		s.Environment = slices.DeleteFunc(slices.Clone(s.Environment), func(e string) bool { return slices.Contains(is.Env, e) })
		if slices.Equal(s.Entrypoint, is.Entrypoint) {
			s.Entrypoint = nil
		}
		if slices.Equal(s.Command, is.Cmd) {
			s.Command = nil
		}
		if s.User == is.User {
			s.User = ""
		}
		if s.Folder == is.WorkingDir {
			s.Folder = ""
		}
	}
	for _, m := range c.Mounts {
		s.mount(m, workspace)
	}
	for target, options := range c.HostConfig.Tmpfs {
		s.Tmpfs = append(s.Tmpfs, strings.TrimSuffix(target+":"+options, ":"))
	}
	if policy := c.HostConfig.RestartPolicy.Name; !c.HostConfig.RestartPolicy.IsNone() {
		s.Restart = string(policy)
	}
	if s.Networks = networks(c); len(s.Networks) == 0 {
		s.NetworkMode = string(c.HostConfig.NetworkMode)
	}
	slices.Sort(s.Volumes)
	slices.Sort(s.Tmpfs)
	return s
}

func networks(c container.InspectResponse) (names []string) {
	if c.NetworkSettings == nil {
		return nil
	}
	for name := range c.NetworkSettings.Networks {
		if !builtin(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// builtin reports whether an engine has a network by itself.
func builtin(name string) bool { return name == "bridge" || name == "host" || name == "none" }

// nameless is the name that an engine gives a volume of its own.
var nameless = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (s *service) mount(m container.MountPoint, workspace string) {
	source := m.Name
	switch {
	case m.Type == mount.TypeTmpfs:
		s.Tmpfs = append(s.Tmpfs, m.Destination)
		return
	case m.Type == mount.TypeBind:
		source = m.Source
		if below, err := filepath.Rel(workspace, m.Source); err == nil && filepath.IsLocal(below) {
			source = "./" + path.Clean(filepath.ToSlash(below))
		}
	case nameless.MatchString(source):
		source = ""
	}
	volume := strings.TrimPrefix(source+":"+m.Destination, ":")
	if !m.RW {
		volume += ":ro"
	}
	s.Volumes = append(s.Volumes, volume)
}

// ports are in the form that both Compose and `docker run` read.
func ports(published network.PortMap) (all []string) {
	for port, bindings := range published {
		for _, b := range bindings {
			host := strings.TrimPrefix(b.HostPort, "0")
			address := ""
			if b.HostIP.IsValid() {
				address = b.HostIP.String()
			}
			all = append(all, fmt.Sprintf("%s:%s:%s", address, host, port))
		}
	}
	slices.Sort(all)
	return all
}
