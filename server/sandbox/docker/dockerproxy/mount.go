package dockerproxy

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/api/types/volume"
)

// mounted lets a container mount volumes of the sandbox, and files of the
// workspace.
func (p *Proxy) mounted(ctx context.Context, wanted *container.CreateRequest) error {
	h := wanted.HostConfig
	for i, bind := range h.Binds {
		var err error
		if h.Binds[i], err = p.bind(ctx, bind); err != nil {
			return err
		}
	}
	for i := range h.Mounts {
		if err := p.mount(ctx, &h.Mounts[i]); err != nil {
			return err
		}
	}
	for i, from := range h.VolumesFrom {
		name, mode, _ := strings.Cut(from, ":")
		own, err := p.own(ctx, aContainer, name)
		if err != nil {
			return err
		}
		h.VolumesFrom[i] = strings.TrimSuffix(own.ID+":"+mode, ":")
	}
	return nil
}

// modes are the words that may follow a bind's two paths.
var modes = []string{"", "ro", "rw", "z", "Z", "nocopy", "consistent", "cached", "delegated", "private", "rprivate"}

// bind looks at SOURCE:TARGET[:MODES].
func (p *Proxy) bind(ctx context.Context, text string) (string, error) {
	source, rest, ok := strings.Cut(text, ":")
	if !ok {
		return text, nil // a path in the container: a nameless volume
	}
	if _, words, ok := strings.Cut(rest, ":"); ok {
		for word := range strings.SplitSeq(words, ",") {
			if !slices.Contains(modes, word) {
				return "", forbidden("The mount %s has the mode %s, which this lab does not offer.", text, word)
			}
		}
	}
	if !strings.HasPrefix(source, "/") {
		name, err := p.ownVolume(ctx, source)
		return name + ":" + rest, err
	}
	real, err := p.inWorkspace(source)
	return real + ":" + rest, err
}

func (p *Proxy) mount(ctx context.Context, m *mount.Mount) (err error) {
	switch m.Type {
	case mount.TypeTmpfs:
		return nil
	case mount.TypeBind:
		if m.BindOptions != nil && strings.Contains(string(m.BindOptions.Propagation), "shared") {
			return forbidden("The mount of %s is shared, which this lab does not offer.", m.Source)
		}
		m.Source, err = p.inWorkspace(m.Source)
		return err
	case mount.TypeVolume:
		return p.mountVolume(ctx, m)
	}
	return forbidden("This lab offers volumes, binds and tmpfs to mount, not %s.", m.Type)
}

func (p *Proxy) mountVolume(ctx context.Context, m *mount.Mount) (err error) {
	if m.VolumeOptions == nil {
		m.VolumeOptions = &mount.VolumeOptions{}
	}
	if driver := m.VolumeOptions.DriverConfig; driver != nil {
		if err := checkVolumeDriver(driver.Name, driver.Options); err != nil {
			return err
		}
	}
	m.VolumeOptions.Labels = p.labelled(m.VolumeOptions.Labels)
	if m.Source == "" {
		return nil
	}
	m.Source, err = p.ownVolume(ctx, m.Source)
	return err
}

// ownVolume makes the volume where there is none: one that the engine makes
// with a container bears no label. It returns the engine's name for it.
func (p *Proxy) ownVolume(ctx context.Context, name string) (string, error) {
	own, err := p.own(ctx, aVolume, name)
	if !notFound(err) {
		return own.Name, err
	}
	name = p.named(aVolume, name)
	return name, p.request(ctx, http.MethodPost, "/volumes/create", volume.CreateRequest{Name: name, Labels: p.labelled(nil)}, nil)
}

// checkVolumeDriver refuses a volume that is something else by its driver's
// options: a folder of this machine, or another machine's.
func checkVolumeDriver(driver string, options map[string]string) error {
	if driver != "" && driver != "local" || len(options) > 0 {
		return forbidden("A volume of this lab has the driver local and no options. Leave out --driver and --opt.")
	}
	return nil
}

// inWorkspace returns where the path really leads, which has to be below the
// workspace.
func (p *Proxy) inWorkspace(path string) (string, error) {
	real, err := resolve(filepath.Clean(path))
	if err == nil && (real == p.config.Workspace || strings.HasPrefix(real, p.config.Workspace+string(filepath.Separator))) {
		return real, nil
	}
	return "", forbidden("A container of this lab can mount files of the workspace, and %s is outside of it. Mount a volume, or a folder of the workspace.", path)
}

// resolve follows the links of a path whose end may not be there yet: the
// engine makes what is missing.
func resolve(path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	if !errors.Is(err, os.ErrNotExist) || path == filepath.Dir(path) {
		return real, err
	}
	if _, err := os.Lstat(path); err == nil {
		return "", os.ErrNotExist // a link to what is not there
	}
	parent, err := resolve(filepath.Dir(path))
	return filepath.Join(parent, filepath.Base(path)), err
}
