package docker

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
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

// Change is a file of a container that is not as its image has it.
type Change struct {
	Path string
	Kind int
}

// The kinds of changes.
const (
	Changed = iota
	Added
	Removed
)

// Changes are the files of the container that are not as its image has them,
// without the folders above them.
func (t *Container) Changes() (changes []Change) {
	t.d.c.Helper()
	var all []Change
	t.d.must(http.MethodGet, "/containers/"+t.ID+"/changes", nil, &all)
	for _, change := range all {
		if !hasBelow(all, change.Path) {
			changes = append(changes, change)
		}
	}
	return changes
}

func hasBelow(all []Change, folder string) bool {
	for _, change := range all {
		if strings.HasPrefix(change.Path, folder+"/") {
			return true
		}
	}
	return false
}
