package handin

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"cnalab/labs"
	"cnalab/server/workspaces/folder"
)

// Source is what a hand-in is made of.
type Source struct {
	Lab       *labs.Lab
	Workspace string // the learner's folder
	Record    Record
	Standing  map[int]labs.Standing // what is remembered of the steps
	At        time.Time             // when it is handed in
}

// Pack writes a zip with one folder: the workspace's files, what was done, and
// the receipt. An error is a *labs.Problem where the learner can do something;
// then nothing has been written.
func Pack(w io.Writer, s Source) error {
	all, left, err := s.files()
	if err != nil {
		return err
	}
	record, err := s.record()
	if err != nil {
		return err
	}
	for name, text := range record {
		all[Folder+"/"+name] = text
	}
	receipt, err := json.MarshalIndent(s.receipt(all, len(record) > 0, left), "", "  ")
	if err != nil {
		return err
	}
	all[receiptFile] = append(receipt, '\n')
	if size(all) > maxContent || len(all) > maxEntries {
		return tooLarge("This hand-in")
	}
	return writeZip(w, s.Lab.ID, all)
}

// files are the workspace's, and what is left out of them because nobody wrote
// it.
func (s Source) files() (labs.Tree, []string, error) {
	found, err := collect(s.Workspace)
	if err != nil {
		return nil, nil, folder.Trouble("nothing was handed in", s.Workspace, err)
	}
	if len(found.links) > 0 { // what one leads to may be anything
		return nil, nil, &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("%s is a link, and a hand-in holds files.", folder.Clip(found.links[0])),
			Next: "Put a copy of what it leads to in its place, and hand in again."}
	}
	for name := range found.files {
		if first, _, _ := strings.Cut(name, "/"); first == Folder || name == receiptFile {
			return nil, nil, &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("%s is the name of something that a hand-in has itself.", first),
				Next: "Give the one in your workspace another name, and hand in again."}
		}
	}
	return found.files, found.left, nil
}

// record is what was done, with what was typed since the last step passed as
// the work on the next.
func (s Source) record() (labs.Tree, error) {
	tree := labs.Tree{}
	root, err := os.OpenRoot(s.Record.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return tree, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	all, err := labs.ReadTree(root.FS())
	if err != nil {
		return nil, err
	}
	for name, text := range all {
		if ofStep.MatchString(name) {
			tree[name] = text
		}
	}
	pending, err := s.pending(root)
	maps.Copy(tree, pending)
	return tree, err
}

// ofStep matches the names of a step's files.
var ofStep = regexp.MustCompile(`^[0-9]{2}[./-]`)

// pending is what was typed since the last step passed, as the record of the
// first step that has not.
func (s Source) pending(root *os.Root) (labs.Tree, error) {
	logs, _ := filepath.Glob(s.Record.path(logNames))
	steps, err := ReadSteps(root.FS())
	if err != nil || len(logs) == 0 {
		return nil, err
	}
	log := slices.Max(logs)
	commands, err := readLog(log, s.Workspace)
	sandbox, unnamed := time.Parse(logName, filepath.Base(log))
	if err != nil || unnamed != nil || len(commands) == 0 {
		return nil, err
	}
	for _, step := range s.Lab.Steps {
		if !slices.ContainsFunc(steps, func(kept Step) bool { return kept.Number == step.Number }) {
			return Step{Number: step.Number, Sandbox: sandbox, Commands: commands}.tree()
		}
	}
	return nil, nil
}

// writeZip writes the files below one folder, always in the same order and with
// the same times: the same work makes the same zip.
func writeZip(w io.Writer, top string, files labs.Tree) error {
	archive := zip.NewWriter(w)
	for _, name := range files.Paths() {
		to, err := archive.CreateHeader(&zip.FileHeader{Name: top + "/" + name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return err
		}
		if _, err := to.Write(files[name]); err != nil {
			return err
		}
	}
	return archive.Close()
}

func size(files labs.Tree) (total int) {
	for _, text := range files {
		total += len(text)
	}
	return total
}
