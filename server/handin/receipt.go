package handin

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"regexp"
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

func (s Source) receipt(files labs.Tree, recorded bool, left []string) Receipt {
	r := Receipt{Lab: s.Lab.ID, Version: Version(s.Lab), At: s.At.UTC().Truncate(time.Second), Digest: digest(files), Left: left,
		Steps: []ReceiptStep{}, Says: []string{"The steps are what the learner's own program saw; verify decides."}}
	for _, step := range s.Lab.Steps {
		if is := s.Standing[step.Number]; is.Last != nil {
			r.Steps = append(r.Steps, ReceiptStep{Step: step.Number, Verdict: is.Last.Verdict, At: is.LastAt, Passed: is.Passed})
		}
	}
	if recorded {
		r.Says = append(r.Says, Folder+"/ has the commands as they were typed, and the objects of the sandbox with their Secrets and environment variables.")
	}
	return r
}

// digest is the SHA-256 of files with their names, each with its size first, so
// that no two sets of files read the same.
func digest(files labs.Tree) string {
	sum := sha256.New()
	for _, name := range files.Paths() {
		fmt.Fprintf(sum, "%s\n%d\n", name, len(files[name]))
		sum.Write(files[name])
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil))
}

// Version names a lab's texts, checks and workspace: it changes when any of them
// does.
func Version(lab *labs.Lab) string {
	files, _ := labs.ReadTree(os.DirFS(lab.Dir)) // what cannot be read counts as missing
	maps.DeleteFunc(files, func(name string, _ []byte) bool {
		return !ofVersion.MatchString(name) || strings.Contains(name, "/testdata/")
	})
	return digest(files)
}

// ofVersion matches what a learner works with. What a lab is proved with, in
// testdata, is no part of it.
var ofVersion = regexp.MustCompile(`^(lab\.yaml$|checks/|steps/|workspace/)`)
