package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// packed is a file of an archive.
type packed struct {
	Mode fs.FileMode
	Text string
}

// Both kinds of archive have the same files, with names that every system
// takes and the right to run what is a program, though the files on the disk
// are as they happen to be.
func TestArchivesOfBothKindsHoldTheSame(t *testing.T) {
	for _, test := range []struct {
		system
		archive string
		read    func(*testing.T, string) map[string]packed
	}{
		{system{"windows", "amd64"}, "cnalab-windows-amd64.zip", readZip},
		{system{"linux", "arm64"}, "cnalab-linux-arm64.tar.gz", readTar},
	} {
		t.Run(test.os, func(t *testing.T) {
			top := "cnalab-" + test.String()
			programs := "prebuilt/" + test.String()
			want := map[string]packed{
				top + "/" + test.program("cnalab"):                     {0o755, "the program"},
				top + "/" + programs + "/" + test.program("run"):       {0o755, "the fixtures"},
				top + "/" + programs + "/checks/010-domain-model.test": {0o755, "the checks"},
				top + "/prebuilt/module/go.mod":                        {0o644, "module shop\n"},
				top + "/labs/010-domain-model/steps/01-model.ko.md":    {0o644, "# 모델\n"},
				top + "/web/assets/dist/meta.json":                     {0o644, ""},
			}
			work, to := t.TempDir(), t.TempDir()
			for name, file := range want {
				path := filepath.Join(work, filepath.FromSlash(name))
				must(t, os.MkdirAll(filepath.Dir(path), 0o755))
				must(t, os.WriteFile(path, []byte(file.Text), 0o600))
			}
			path, err := pack(filepath.Join(work, top), to, test.system)
			must(t, err)
			if path != filepath.Join(to, test.archive) {
				t.Errorf("the archive is %s", path)
			}
			if diff := cmp.Diff(want, test.read(t, path)); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
			if left, _ := os.ReadDir(to); len(left) != 1 {
				t.Errorf("beside the archive there are %v", left)
			}
		})
	}
}

func readZip(t *testing.T, path string) map[string]packed {
	archive, err := zip.OpenReader(path)
	must(t, err)
	defer archive.Close()
	all := map[string]packed{}
	for _, file := range archive.File {
		content, err := file.Open()
		must(t, err)
		text, err := io.ReadAll(content)
		must(t, err)
		all[file.Name] = packed{file.Mode(), string(text)}
	}
	return all
}

func readTar(t *testing.T, path string) map[string]packed {
	file, err := os.Open(path)
	must(t, err)
	defer file.Close()
	compressed, err := gzip.NewReader(file)
	must(t, err)
	all := map[string]packed{}
	for files := tar.NewReader(compressed); ; {
		header, err := files.Next()
		if err == io.EOF {
			return all
		}
		must(t, err)
		text, err := io.ReadAll(files)
		must(t, err)
		all[header.Name] = packed{header.FileInfo().Mode(), string(text)}
	}
}
