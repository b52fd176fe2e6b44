package docker

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
)

// Image is what the engine says of an image.
type Image struct {
	ID     string `json:"Id"`
	Size   int64
	Config struct {
		User         string
		Env          []string
		ExposedPorts map[string]struct{} // "8080/tcp"
		Volumes      map[string]struct{} // folders
		Healthcheck  *struct {
			Test []string
			HealthConfig
		}
	}
	RootFS struct{ Layers []string }
}

// Image looks an image up by its name or ID; false where there is none.
func (d *Client) Image(name string) (image Image, found bool) {
	d.c.Helper()
	no := d.call(http.MethodGet, "/images/"+name+"/json", nil, &image)
	return image, no == nil
}

// Env is a variable that the image sets, or otherwise where it does not.
func (i Image) Env(name, otherwise string) string { return env(i.Config.Env, name, otherwise) }

func env(all []string, name, otherwise string) string {
	for _, variable := range all {
		if value, ok := strings.CutPrefix(variable, name+"="); ok && value != "" {
			return value
		}
	}
	return otherwise
}

// Programs returns the paths of the programs in the image, and of those the
// first that is a shell by its name, or "".
func (d *Client) Programs(image string) (all []string, shell string) {
	d.c.Helper()
	container := d.create("", map[string]any{"Image": image, "Entrypoint": []string{"/nothing"}})
	ctx, cancel := context.WithTimeout(d.c.Context, timeout)
	defer cancel()
	files, err := d.send(ctx, http.MethodGet, "/containers/"+container+"/export", "", nil)
	d.answers(err)
	defer files.Close()
	for archive := tar.NewReader(files); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return all, shell
		}
		d.answers(err)
		if header.Typeflag != tar.TypeDir && shell == "" && isShell(header.Name) {
			shell = "/" + header.Name
		}
		if isProgram(header, archive) {
			all = append(all, "/"+header.Name)
		}
	}
}

// isProgram reports whether a file can be run by itself: it is one for Linux or
// a script, and no library.
func isProgram(header *tar.Header, content io.Reader) bool {
	if header.Typeflag != tar.TypeReg || header.Mode&0o111 == 0 || strings.Contains(header.Name, ".so") {
		return false
	}
	begins := make([]byte, 4)
	_, err := io.ReadFull(content, begins)
	return err == nil && (string(begins) == "\x7fELF" || string(begins[:2]) == "#!")
}

// isShell reports whether a file of an image is a shell, or has one in it.
func isShell(path string) bool {
	return slices.Contains([]string{"sh", "bash", "dash", "ash", "ksh", "zsh", "busybox", "toybox"}, path[strings.LastIndex(path, "/")+1:])
}
