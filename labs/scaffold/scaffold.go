// Package scaffold makes the folder of a new lab, small and whole. It knows
// nothing of the rules that the folder follows; its test asks package lint.
package scaffold

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"

	"cnalab/labs"
)

// newLab is the lab that New makes, as one file.
//
//go:embed lab.txtar
var newLab []byte

// labID is the form of a lab's id.
var labID = regexp.MustCompile(`^[a-z0-9]+(?:-[a-z0-9]+)*$`)

// New makes a folder below dir for a lab of that id, with the next free
// number, and returns its path. The lab is small and whole: it passes lint
// and can be proved. Errors are *labs.Problem.
func New(dir, id string) (string, error) {
	if _, _, numbered := labs.ParseFolder(id); numbered || !labID.MatchString(id) {
		return "", &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("%q cannot be a lab's id.", id),
			Next: "Use lower-case words joined by dashes, without a number: circuit-breaker."}
	}
	number, err := nextNumber(dir, id)
	if err != nil {
		return "", err
	}
	folder := filepath.Join(dir, fmt.Sprintf("%03d-%s", number, id))
	if err := writeNew(dir, folder, id); err != nil {
		return "", &labs.Problem{Kind: labs.Machine, Say: fmt.Sprintf("The lab's folder cannot be written below %s.", dir),
			Next: "See that the disk has room and that the folder is yours to write.", Err: err}
	}
	return folder, nil
}

// nextNumber is ten more than the highest, so that others fit between.
func nextNumber(dir, id string) (int, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, &labs.Problem{Kind: labs.NotFound, Say: fmt.Sprintf("There is no readable labs folder at %s.", dir),
			Next: "Name the folder with --labs DIR.", Err: err}
	}
	highest := 0
	for _, entry := range entries {
		digits, other, ok := labs.ParseFolder(entry.Name())
		if !ok || !entry.IsDir() {
			continue
		}
		if other == id {
			return 0, &labs.Problem{Kind: labs.Conflict, Say: fmt.Sprintf("There is a lab %s already: %s.", id, entry.Name()),
				Next: "Choose another id."}
		}
		number, _ := strconv.Atoi(digits)
		highest = max(highest, number)
	}
	return highest - highest%10 + 10, nil
}

// title is the id as words: "Circuit breaker".
func title(id string) string {
	words := strings.ReplaceAll(id, "-", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

// writeNew writes the lab beside its place and renames, so that a lab is
// there as a whole or not at all.
func writeNew(dir, folder, id string) error {
	beside, err := os.MkdirTemp(dir, ".new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(beside)
	for _, file := range txtar.Parse(newLab).Files {
		path := filepath.Join(beside, filepath.FromSlash(file.Name))
		content := strings.ReplaceAll(string(file.Data), "LAB TITLE", title(id))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			return err
		}
	}
	if err := os.Chmod(beside, 0o755); err != nil {
		return err
	}
	return os.Rename(beside, folder)
}
