package docker

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"

	"cnalab/labs/check"
)

// BuildContext is the files that an image is built from: slash path below the
// workspace, to content.
type BuildContext struct {
	files map[string]contextFile
}

type contextFile struct {
	data []byte
	mode fs.FileMode
}

// Context reads the workspace, as a build takes it.
func (d *Client) Context() BuildContext {
	d.c.Helper()
	workspace, left := d.c.Files().FS(), int64(check.MaxWorkspace)
	b := BuildContext{files: map[string]contextFile{}}
	err := fs.WalkDir(workspace, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if left -= info.Size(); left < 0 {
			d.c.CouldNotCheck(check.Finding{Say: "The workspace is too large to build from.", Next: "Remove what does not belong to the lab."})
		}
		data, err := fs.ReadFile(workspace, name)
		b.files[name] = contextFile{data, info.Mode().Perm()}
		return err
	})
	d.c.Must(err, "The workspace cannot be read as a whole.")
	return b
}

// With returns the context with one more file, or another in its place.
func (b BuildContext) With(name, text string) BuildContext {
	files := maps.Clone(b.files)
	files[name] = contextFile{[]byte(text), 0o644}
	return BuildContext{files}
}

// Text is what the file of that name has in it.
func (b BuildContext) Text(name string) string { return string(b.files[name].data) }

// Has reports whether there is a file of that name.
func (b BuildContext) Has(name string) bool { _, ok := b.files[name]; return ok }

// Below are the names of the files in a folder, in order.
func (b BuildContext) Below(folder string) (names []string) {
	for _, name := range slices.Sorted(maps.Keys(b.files)) {
		if strings.HasPrefix(name, folder+"/") {
			names = append(names, name)
		}
	}
	return names
}

// Hash names the content of a folder: it changes when any file in it does.
func (b BuildContext) Hash(folder string) string {
	sum := sha256.New()
	for _, name := range b.Below(folder) {
		fmt.Fprintf(sum, "%q %d\n%s", name, len(b.files[name].data), b.files[name].data)
	}
	return hex.EncodeToString(sum.Sum(nil)[:6])
}

// archive is what is sent to the engine: all but what .dockerignore names.
func (b BuildContext) archive() ([]byte, error) {
	ignored, err := ignorefile.ReadAll(bytes.NewReader(b.files[".dockerignore"].data))
	if err != nil {
		return nil, err
	}
	matcher, err := patternmatcher.New(ignored)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(b.files)) {
		skip, err := matcher.MatchesOrParentMatches(name)
		if err != nil {
			return nil, err
		}
		if skip && name != "Dockerfile" && name != ".dockerignore" {
			continue
		}
		file := b.files[name]
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: int64(file.mode), Size: int64(len(file.data))}); err != nil {
			return nil, err
		}
		if _, err := w.Write(file.data); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
