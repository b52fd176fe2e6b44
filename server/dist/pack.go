package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// pack writes the staged folder as what people of the system unpack without a
// program of their own. The archive appears under its name only when whole.
func pack(stage, to string, s system) (string, error) {
	write, suffix := writeTar, ".tar.gz"
	if s.os == "windows" {
		write, suffix = writeZip, ".zip"
	}
	target := filepath.Join(to, filepath.Base(stage)+suffix)
	unfinished := stage + suffix
	file, err := os.Create(unfinished)
	if err != nil {
		return "", err
	}
	if err := errors.Join(write(file, stage), file.Close()); err != nil {
		return "", err
	}
	return target, os.Rename(unfinished, target)
}

// eachFile calls f for the files of the folder, with their names in the archive.
func eachFile(stage string, f func(name, path string, info fs.FileInfo) error) error {
	return filepath.WalkDir(stage, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		below, err := filepath.Rel(filepath.Dir(stage), path)
		if err != nil {
			return err
		}
		return f(filepath.ToSlash(below), path, info)
	})
}

// mode lets a program be run: it is what is built, whatever this system keeps
// of such a right.
func mode(stage, name string) fs.FileMode {
	below := strings.TrimPrefix(name, filepath.Base(stage)+"/")
	built := strings.HasPrefix(below, "prebuilt/") && !strings.HasPrefix(below, "prebuilt/module/")
	if built || below == "cnalab" || below == "cnalab.exe" {
		return 0o755
	}
	return 0o644
}

func writeTar(w io.Writer, stage string) error {
	compressed := gzip.NewWriter(w)
	files := tar.NewWriter(compressed)
	err := eachFile(stage, func(name, path string, info fs.FileInfo) error {
		header := &tar.Header{Name: name, Size: info.Size(), Mode: int64(mode(stage, name)), ModTime: info.ModTime()}
		if err := files.WriteHeader(header); err != nil {
			return err
		}
		return copyFrom(files, path)
	})
	return errors.Join(err, files.Close(), compressed.Close())
}

func writeZip(w io.Writer, stage string) error {
	files := zip.NewWriter(w)
	err := eachFile(stage, func(name, path string, info fs.FileInfo) error {
		header := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: info.ModTime()}
		header.SetMode(mode(stage, name))
		file, err := files.CreateHeader(header)
		if err != nil {
			return err
		}
		return copyFrom(file, path)
	})
	return errors.Join(err, files.Close())
}

func copyFrom(w io.Writer, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(w, file)
	return err
}
