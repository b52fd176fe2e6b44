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

// copyIn copies the files of this machine into a container, each to its path
// inside. There they belong to who runs the container, and are as private as
// here; who an image's own user is nobody knows, so to that one they are open.
// What a request to make a container may bring along is compressed on its way,
// which takes a processor longer than the start of the container; this is not.
func (b *backend) copyIn(ctx context.Context, id string, s spec) error {
	if len(s.files) == 0 {
		return nil
	}
	read, write := io.Pipe()
	defer read.Close()
	go func() { write.CloseWithError(archive(write, s)) }() // ends with the pipe
	_, err := b.engine.CopyToContainer(ctx, id, client.CopyToContainerOptions{DestinationPath: "/", Content: read})
	return err
}

func archive(w io.Writer, s spec) error {
	t := tar.NewWriter(w)
	for _, inside := range slices.Sorted(maps.Keys(s.files)) {
		if err := s.add(t, inside); err != nil {
			return err
		}
	}
	return t.Close()
}

func (s spec) add(t *tar.Writer, inside string) (err error) {
	file, err := os.Open(s.files[inside])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	header := &tar.Header{Name: strings.TrimPrefix(inside, "/"), Size: info.Size(), Uid: containerUser, Mode: int64(info.Mode().Perm())}
	if s.imageUser {
		header.Uid, header.Mode = 0, header.Mode&0o111|0o644
	}
	if err := t.WriteHeader(header); err != nil {
		return err
	}
	_, err = io.Copy(t, file)
	return err
}
