package cleanup

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cnalab/labs/process"
)

// Sweep ends what programs that are gone have left behind: it reads the
// folder's records, ends the processes and removes the folders of each whose
// owner no longer runs. before is called with each folder ahead of that.
func Sweep(folder string, before func(folder string)) error {
	files, err := filepath.Glob(filepath.Join(folder, "*"+suffix))
	var all []error
	for _, file := range files {
		owner, left := read(file)
		if owner.Alive() || owner.PID == 0 && recent(file) {
			continue
		}
		left.Kill()
		all = append(all, remove(file, left.Homes, before))
	}
	return errors.Join(append(all, err)...)
}

// read returns whose record it is, and what there may be of its processes:
// those that are written down, and what bears its environment tag or works in
// its folders.
func read(file string) (owner process.Identity, left *process.Tree) {
	left = &process.Tree{EnvTag: envTag(strings.TrimSuffix(filepath.Base(file), suffix))}
	for e := range entries(file) {
		if e.Owner != nil {
			owner = *e.Owner
		}
		if e.Folder != "" {
			left.Homes = append(left.Homes, e.Folder)
		}
		if e.Process != nil && e.Process.Alive() { // a number may be another's by now
			left.Roots = append(left.Roots, *e.Process)
		}
	}
	return owner, left
}

// recent reports whether a record is so new that its owner may be about to be
// written.
func recent(file string) bool {
	info, err := os.Stat(file)
	return err != nil || time.Since(info.ModTime()) < time.Minute
}

// remove removes a record's folders, and last the record itself.
func remove(file string, folders []string, before func(string)) error {
	for _, folder := range folders {
		before(folder)
		if err := removeAll(folder); err != nil {
			return fmt.Errorf("remove sandbox: %w", err)
		}
	}
	if err := os.Remove(file); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("remove cleanup record: %w", err)
	}
	return nil
}

// entries yields the lines of a record's file that can be read.
func entries(file string) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		f, err := os.Open(file)
		if err != nil {
			return
		}
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			var e entry
			if json.Unmarshal(lines.Bytes(), &e) == nil && !yield(e) {
				return
			}
		}
	}
}
