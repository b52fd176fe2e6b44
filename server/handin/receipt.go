package handin

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"strings"
	"time"

	"cnalab/labs"
)

const receiptFile = "receipt.json"

// Receipt says what a learner claims to have done, and with which version of
// the lab. Nobody grades by it: verify looks itself.
type Receipt struct {
	Lab     string        `json:"lab"`
	Version string        `json:"version"` // of the lab's texts and checks
	At      time.Time     `json:"at"`
	Digest  string        `json:"digest"` // of all files beside this one
	Steps   []ReceiptStep `json:"steps"`  // those that were checked
	Left    []string      `json:"left_out,omitempty"`
	Says    []string      `json:"says"`
}

// ReceiptStep is the last verdict of a step.
type ReceiptStep struct {
	Step    int          `json:"step"`
	Verdict labs.Verdict `json:"verdict"`
	At      time.Time    `json:"at"`
	Passed  time.Time    `json:"passed,omitzero"` // when it first did
}

func (s Source) receipt(files, record labs.Tree, left []string) Receipt {
	r := Receipt{Lab: s.Lab.ID, Version: Version(s.Lab), At: s.At.UTC().Truncate(time.Second), Digest: digest(files, record), Left: left,
		Steps: []ReceiptStep{}, Says: []string{"The steps are what the learner's own program saw; verify decides."}}
	for _, step := range s.Lab.Steps {
		if is := s.Standing[step.Number]; is.Last != nil {
			r.Steps = append(r.Steps, ReceiptStep{Step: step.Number, Verdict: is.Last.Verdict, At: is.LastAt, Passed: is.Passed})
		}
	}
	if len(record) > 0 {
		r.Says = append(r.Says, Folder+"/ has the commands as they were typed, and the objects of the sandbox with their Secrets and environment variables.")
	}
	return r
}

func digest(files, record labs.Tree) string {
	sum := sha256.New()
	for _, name := range files.Paths() {
		add(sum, name, files[name])
	}
	for _, name := range record.Paths() {
		add(sum, Folder+"/"+name, record[name])
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil))
}

func add(sum hash.Hash, name string, text []byte) {
	fmt.Fprintf(sum, "%s\n%d\n", name, len(text))
	sum.Write(text)
}

// Version names a lab's texts, checks and workspace: it changes when any of them
// does.
func Version(lab *labs.Lab) string {
	sum := sha256.New()
	dir := os.DirFS(lab.Dir)
	for _, part := range []string{"checks", "lab.yaml", "steps", "workspace"} {
		_ = fs.WalkDir(dir, part, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || strings.HasSuffix(name, "/testdata") {
				return fs.SkipDir // one that is not there counts as empty
			}
			if entry.Type().IsRegular() {
				text, err := fs.ReadFile(dir, name)
				add(sum, name, text)
				return err
			}
			return nil
		})
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil))
}
