package docker

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// File is what a container has at the path: its rights, and what is in it, up
// to a megabyte; false where there is nothing.
func (t *Container) File(path string) (header *tar.Header, text string, found bool) {
	t.d.c.Helper()
	ctx, cancel := context.WithTimeout(t.d.c.Context, timeout)
	defer cancel()
	answer, err := t.d.send(ctx, http.MethodGet, "/containers/"+t.ID+"/archive?path="+url.QueryEscape(path), "", nil)
	if no, is := errors.AsType[*apiError](err); is && no.status == http.StatusNotFound {
		return nil, "", false
	}
	t.d.answers(err)
	defer answer.Close()
	archive := tar.NewReader(answer)
	header, err = archive.Next()
	t.d.answers(err)
	raw, err := io.ReadAll(io.LimitReader(archive, 1<<20))
	t.d.answers(err)
	return header, string(raw), true
}

// Changes are the paths in the container that are not as its image has them,
// without the folders above them.
func (t *Container) Changes() (paths []string) {
	t.d.c.Helper()
	var all []struct{ Path string }
	t.d.must(http.MethodGet, "/containers/"+t.ID+"/changes", nil, &all)
	for _, change := range all {
		paths = append(paths, change.Path)
	}
	return slices.DeleteFunc(slices.Clone(paths), func(folder string) bool {
		return slices.ContainsFunc(paths, func(path string) bool { return strings.HasPrefix(path, folder+"/") })
	})
}
