package mutate

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"cnalab/labs"
	"cnalab/server/workspaces/folder"
)

// Keep remembers the report in the folder, in place of what was known of its
// steps; what was known of the lab's others stays.
func Keep(dir string, report Report) error {
	known, err := Kept(dir, report.Lab)
	if err != nil {
		known = Report{} // it cannot be read, and is written anew
	}
	for _, step := range known.Steps {
		if !slices.ContainsFunc(report.Steps, func(s Step) bool { return s.Number == step.Number }) {
			report.Steps = append(slices.Clip(report.Steps), step)
		}
	}
	slices.SortFunc(report.Steps, func(a, b Step) int { return a.Number - b.Number })
	text, err := json.Marshal(report)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("keep what became of mutants: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("keep what became of mutants: %w", err)
	}
	defer root.Close()
	return folder.Write(root, report.Lab+".json", text, 0o600)
}

// Kept is what is remembered of a lab: no steps where it was never tried.
func Kept(dir, lab string) (Report, error) {
	report := Report{Lab: lab}
	text, err := os.ReadFile(filepath.Join(dir, lab+".json"))
	if errors.Is(err, fs.ErrNotExist) {
		return report, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &report)
	}
	if err != nil {
		return Report{Lab: lab}, &labs.Problem{Kind: labs.Machine, Err: err, Say: "What became of this lab's mutants cannot be read.",
			Next: fmt.Sprintf("Try them again with `labs mutate %s`.", lab), Detail: err.Error()}
	}
	return report, nil
}
