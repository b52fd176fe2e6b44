package library

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"cnalab/labs"
)

// Folders lists the folders that are labs: their names start with a digit.
func Folders(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, &labs.Problem{Kind: labs.NotFound, Say: fmt.Sprintf("There is no readable labs folder at %s.", dir),
			Next: "Name the folder with --labs DIR."}
	}
	var folders []string
	for _, entry := range entries {
		if name := entry.Name(); entry.IsDir() && name[0] >= '0' && name[0] <= '9' {
			folders = append(folders, name)
		}
	}
	return folders, nil
}

// Folder finds a lab by its name alone, because one that is to be checked may
// be too broken to be read.
func Folder(dir, name string) (string, error) {
	folders, err := Folders(dir)
	if err != nil {
		return "", err
	}
	var known []*labs.Lab
	for _, folder := range folders {
		number, id, _ := strings.Cut(folder, "-")
		known = append(known, &labs.Lab{Number: number, ID: id, Folder: folder})
	}
	lab, err := labs.Find(known, name)
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, lab.Folder), nil
}
