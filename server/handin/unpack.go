package handin

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/korean"

	"cnalab/labs"
	"cnalab/server/workspaces/folder"
)

// Limits of a hand-in: the files of a workspace, and those of each step.
const (
	maxContent = 64 << 20
	maxEntries = 20_000
)

func tooLarge(what string) error {
	return refuse("%s holds more than %d MiB or %d files, which no lab needs.", what, maxContent>>20, maxEntries)
}

// refuse is a sentence for who grades: the learner is not there to be told what
// to do.
func refuse(say string, args ...any) error {
	return &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf(say, args...)}
}

// unzip writes the files of a zip below dir. A name that leads elsewhere, a
// link, or more than a hand-in may hold is refused before anything is written.
func unzip(file, dir string) error {
	what := filepath.Base(file)
	archive, err := zip.OpenReader(file)
	if archive == nil || err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return refuse("%s cannot be read as a zip: %s.", what, strings.TrimPrefix(err.Error(), "zip: "))
	}
	defer archive.Close()
	if err := inspect(what, archive.File); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	left := int64(maxContent)
	for _, f := range archive.File {
		name := nameOf(f)
		if isDir(f) || junk(name) {
			continue
		}
		n, err := extract(root, name, f, left)
		if err != nil {
			return refuse("%s in %s cannot be read: %v.", folder.Clip(name), what, err)
		}
		if left -= n; left < 0 { // whatever its header says
			return tooLarge(what)
		}
	}
	return nil
}

func inspect(what string, files []*zip.File) error {
	total := uint64(0)
	for _, f := range files {
		switch name := nameOf(f); {
		case !fs.ValidPath(name) || !filepath.IsLocal(filepath.FromSlash(name)) || strings.ContainsAny(name, "\x00:"):
			return refuse("%s holds %q, which leads out of it.", what, folder.Clip(name))
		case !isDir(f) && !f.Mode().IsRegular():
			return refuse("%s holds %q, which is a link or a device, and a hand-in holds files.", what, folder.Clip(name))
		}
		total += min(f.UncompressedSize64, maxContent+1)
	}
	if total > maxContent || len(files) > maxEntries {
		return tooLarge(what)
	}
	return nil
}

// nameOf is a file's name as the format has it. Windows writes zips with
// backslashes, and with names in Korean that are not Unicode.
func nameOf(f *zip.File) string {
	name := f.Name
	if !utf8.ValidString(name) {
		name, _ = korean.EUCKR.NewDecoder().String(name) // what is not Korean either becomes U+FFFD
	}
	return strings.TrimSuffix(strings.ReplaceAll(name, `\`, "/"), "/")
}

func isDir(f *zip.File) bool { return f.Mode().IsDir() || strings.HasSuffix(f.Name, `\`) }

// extract writes one file, and no more of it than a byte beyond what is left.
func extract(root *os.Root, name string, f *zip.File, left int64) (int64, error) {
	from, err := f.Open()
	if err != nil {
		return 0, err
	}
	defer from.Close()
	name = filepath.FromSlash(name)
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return 0, err
	}
	to, err := root.Create(name)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(to, io.LimitReader(from, left+1))
	return n, errors.Join(err, to.Close())
}

// junk reports whether a system has put a file into a zip by itself.
func junk(name string) bool {
	base := name[strings.LastIndex(name, "/")+1:]
	return strings.HasPrefix(name, "__MACOSX/") || name == "__MACOSX" || base == ".DS_Store" || base == "Thumbs.db"
}
