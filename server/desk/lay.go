package desk

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"cnalab/labs"
)

// laid is the lab's starter with the solutions of the first steps over it.
func laid(lab *labs.Lab, steps int) (map[string][]byte, error) {
	files, err := readAll(filepath.Join(lab.Dir, "workspace"))
	if err != nil {
		return nil, err
	}
	for step := 1; step <= steps; step++ {
		solved, removed, err := solution(lab, step)
		if err != nil {
			return nil, err
		}
		for _, name := range removed {
			delete(files, name)
		}
		maps.Copy(files, solved)
	}
	return files, nil
}

// solution reads the files that a step's solution lays, and the names of
// those it removes. A step that is typed and not edited has neither.
func solution(lab *labs.Lab, step int) (files map[string][]byte, removed []string, err error) {
	dir := filepath.Join(lab.Dir, "solution", fmt.Sprintf("%02d", step))
	files, err = readAll(dir)
	if err != nil {
		return nil, nil, err
	}
	delete(files, "run.sh")
	delete(files, "removed.txt")
	text, err := os.ReadFile(filepath.Join(dir, "removed.txt"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	for line := range strings.Lines(string(text)) {
		if name := strings.TrimSpace(line); name != "" {
			removed = append(removed, name)
		}
	}
	return files, removed, nil
}
