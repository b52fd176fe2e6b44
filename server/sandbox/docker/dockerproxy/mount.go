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
func (d *Proxy) mounted(ctx context.Context, wanted *container.CreateRequest) error {
	h := wanted.HostConfig
	for i, bind := range h.Binds {
		var err error
		if h.Binds[i], err = d.bind(ctx, bind); err != nil {
			return err
		}
	}
	for i := range h.Mounts {
		if err := d.mount(ctx, &h.Mounts[i]); err != nil {
			return err
		}
	}
	for i, from := range h.VolumesFrom {
		name, mode, _ := strings.Cut(from, ":")
		own, err := d.own(ctx, aContainer, name)
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
func (d *Proxy) bind(ctx context.Context, text string) (string, error) {
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
		name, err := d.ownVolume(ctx, source)
		return name + ":" + rest, err
	}
	real, err := d.inWorkspace(source)
	return real + ":" + rest, err
}

func (d *Proxy) mount(ctx context.Context, m *mount.Mount) (err error) {
	switch m.Type {
	case mount.TypeTmpfs:
		return nil
	case mount.TypeBind:
		if m.BindOptions != nil && strings.Contains(string(m.BindOptions.Propagation), "shared") {
			return forbidden("The mount of %s is shared, which this lab does not offer.", m.Source)
		}
		m.Source, err = d.inWorkspace(m.Source)
		return err
	case mount.TypeVolume:
		return d.mountVolume(ctx, m)
	}
	return forbidden("This lab offers volumes, binds and tmpfs to mount, not %s.", m.Type)
}

func (d *Proxy) mountVolume(ctx context.Context, m *mount.Mount) (err error) {
	if m.VolumeOptions == nil {
		m.VolumeOptions = &mount.VolumeOptions{}
	}
	if driver := m.VolumeOptions.DriverConfig; driver != nil {
		if err := plainVolume(driver.Name, driver.Options); err != nil {
			return err
		}
	}
	m.VolumeOptions.Labels = d.labelled(m.VolumeOptions.Labels)
	if m.Source == "" {
		return nil
	}
	m.Source, err = d.ownVolume(ctx, m.Source)
	return err
}

// ownVolume makes the volume where there is none: one that the engine makes
// with a container bears no label. It returns the engine's name for it.
func (d *Proxy) ownVolume(ctx context.Context, name string) (string, error) {
	own, err := d.own(ctx, aVolume, name)
	if !notFound(err) {
		return own.Name, err
	}
	name = d.named(aVolume, name)
	return name, d.request(ctx, http.MethodPost, "/volumes/create", volume.CreateRequest{Name: name, Labels: d.labelled(nil)}, nil)
}

// plainVolume refuses a volume that is something else by its driver's options:
// a folder of this machine, or another machine's.
func plainVolume(driver string, options map[string]string) error {
	if driver != "" && driver != "local" || len(options) > 0 {
		return forbidden("A volume of this lab has the driver local and no options. Leave out --driver and --opt.")
	}
	return nil
}

// inWorkspace returns where the path really leads, which has to be below the
// workspace.
func (d *Proxy) inWorkspace(path string) (string, error) {
	real, err := resolve(filepath.Clean(path))
	if err == nil && (real == d.config.Workspace || strings.HasPrefix(real, d.config.Workspace+string(filepath.Separator))) {
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
