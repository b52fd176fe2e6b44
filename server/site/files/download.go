package files

import (
	"archive/zip"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"

	"cnalab/labs"
)

// Download sends the learner's files as a zip with one folder in it.
func (a API) Download(w http.ResponseWriter, r *http.Request) error {
	lab, err := a.Lab(r)
	if err != nil {
		return err
	}
	workspace := lab.Workspace
	if err := workspace.Open(r.Context()); err != nil {
		return err
	}
	paths, err := workspace.Tree()
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(workspace.Dir())
	if err != nil {
		return &labs.Problem{
			Kind: labs.Machine,
			Say:  "Your files could not be read, so nothing was downloaded.",
			Next: "Look into the folder that the menu above the editor names.",
			Err:  err,
		}
	}
	defer root.Close()
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="`+lab.ID+`.zip"`)
	if err := zipFiles(w, root, lab.ID, append(paths, "go.sum")); err != nil {
		a.Log.Warn("download", "lab", lab.ID, "err", err)
		panic(http.ErrAbortHandler) // half a zip must not look like a whole one
	}
	return nil
}

// zipFiles writes a zip of the files; one that is gone by now is left out.
func zipFiles(w io.Writer, root *os.Root, folder string, paths []string) error {
	archive := zip.NewWriter(w)
	for _, path := range paths {
		if err := zipFile(archive, root, folder, path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return archive.Close()
}

func zipFile(archive *zip.Writer, root *os.Root, folder, path string) error {
	from, err := root.Open(path)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := archive.Create(folder + "/" + path)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return err
}
