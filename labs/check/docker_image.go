package check

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"net/http"
)

// Image is what the engine says of an image.
type Image struct {
	ID     string `json:"Id"`
	Size   int64
	Config struct {
		User        string
		Healthcheck *struct{ Test []string }
		Entrypoint  []string
		Cmd         []string
	}
	RootFS struct{ Layers []string }
}

// Image looks an image up by its name or ID; false where there is none.
func (d *Docker) Image(name string) (image Image, found bool) {
	d.c.Helper()
	no := d.call(http.MethodGet, "/images/"+name+"/json", nil, &image)
	return image, no == nil
}

// Shell returns the path of a shell in the image, or "" where there is none.
func (d *Docker) Shell(image string) string {
	d.c.Helper()
	box := d.create("", map[string]any{"Image": image, "Entrypoint": []string{"/nothing"}})
	ctx, cancel := context.WithTimeout(d.c.Context, dockerPatience)
	defer cancel()
	files, err := d.send(ctx, http.MethodGet, "/containers/"+box+"/export", "", nil)
	d.answers(err)
	defer files.Close()
	for archive := tar.NewReader(files); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return ""
		}
		d.answers(err)
		if header.Typeflag != tar.TypeDir && isShell(header.Name) {
			return "/" + header.Name
		}
	}
}
