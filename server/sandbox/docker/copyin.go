package docker

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/moby/moby/client"
)

// copyIn copies files of this machine into a container, each to its path
// inside. What a request to make a container may bring along is compressed on
// its way, which takes a processor longer than the start of the container; this
// is not.
func (b *backend) copyIn(ctx context.Context, id string, files map[string]string) error {
	if len(files) == 0 {
		return nil
	}
	read, write := io.Pipe()
	defer read.Close()
	go func() { write.CloseWithError(archive(write, files)) }() // ends with the pipe
	_, err := b.engine.CopyToContainer(ctx, id, client.CopyToContainerOptions{DestinationPath: "/", Content: read})
	return err
}

func archive(w io.Writer, files map[string]string) error {
	t := tar.NewWriter(w)
	for _, inside := range slices.Sorted(maps.Keys(files)) {
		if err := add(t, inside, files[inside]); err != nil {
			return err
		}
	}
	return t.Close()
}

func add(t *tar.Writer, inside, path string) (err error) {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	mode := int64(0o644) | int64(info.Mode().Perm()&0o111)
	if err := t.WriteHeader(&tar.Header{Name: strings.TrimPrefix(inside, "/"), Mode: mode, Size: info.Size()}); err != nil {
		return err
	}
	_, err = io.Copy(t, file)
	return err
}
