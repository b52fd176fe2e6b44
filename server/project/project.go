// Package project finds the project's own folder: the repository, or what an
// archive holds beside the program. It does not know what is in it.
package project

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/mod/modfile"

	"cnalab/labs"
)

// Project is the project's own folders.
type Project struct {
	Root string // where go.mod is
	Labs string // where the labs are
}

// Find looks for the project from the labs folder upwards where one is given,
// then from where the command was given, then from the program itself.
func Find(labsDir string) (Project, error) {
	starts, err := given(labsDir)
	if err != nil {
		return Project{}, err
	}
	for _, start := range append(starts, ownPlaces()...) {
		if root := rootAbove(start); root != "" {
			return within(root, starts), nil
		}
	}
	return Project{}, &labs.Problem{Kind: labs.BadInput, Say: "This is not the folder of the project.",
		Next: "Go to the folder that has the project's go.mod and labs, and do it again."}
}

// given is the labs folder that a person named, if any.
func given(labsDir string) ([]string, error) {
	if labsDir == "" {
		return nil, nil
	}
	dir, err := filepath.Abs(labsDir)
	if info, statErr := os.Stat(dir); err != nil || statErr != nil || !info.IsDir() {
		return nil, &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("There is no folder %s.", labsDir),
			Next: "Name the folder with the labs with --labs DIR."}
	}
	return []string{dir}, nil
}

func ownPlaces() (places []string) {
	if dir, err := os.Getwd(); err == nil {
		places = append(places, dir)
	}
	if program, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(program); err == nil {
			program = real // a link on the PATH leads to where the rest is
		}
		places = append(places, filepath.Dir(program))
	}
	return places
}

func within(root string, given []string) Project {
	if len(given) > 0 {
		return Project{Root: root, Labs: given[0]}
	}
	return Project{Root: root, Labs: filepath.Join(root, "labs")}
}

// rootAbove returns the nearest folder, from dir upwards, that holds the
// project's module; empty where there is none.
func rootAbove(dir string) string {
	for {
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && modfile.ModulePath(text) == "cnalab" {
			return dir
		}
		above := filepath.Dir(dir)
		if above == dir {
			return ""
		}
		dir = above
	}
}

// Prebuilt is the folder of the programs that an archive brings for a system.
// The repository has none: there they are built when they are wanted.
func (p Project) Prebuilt(system string) string {
	return filepath.Join(p.Root, "prebuilt", system+"-"+runtime.GOARCH)
}

// IsArchive reports whether the project is what an archive holds, and not the
// repository.
func (p Project) IsArchive() bool {
	_, err := os.Stat(p.Prebuilt(runtime.GOOS))
	return err == nil
}
