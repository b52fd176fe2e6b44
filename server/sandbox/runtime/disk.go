package runtime

import (
	"errors"
	"fmt"

	"cnalab/labs"
)

// minFree is how much of the disk has to be free for a check to mean
// anything: below it Postgres and Kafka fail, and the learner's code is blamed.
const minFree = 16 << 20

// Disk is a folder of the disk that a sandbox writes to.
type Disk string

// CheckSpace is a problem where the disk is all but full.
func (d Disk) CheckSpace() error {
	free, err := free(string(d))
	if err != nil || free >= minFree {
		return nil // where the system does not tell, what needs the room fails by itself
	}
	return d.full(fmt.Errorf("%d bytes are free", free))
}

// Translate makes a full disk, however deep in the error or in a program's words,
// a problem that says so. A learner's own program may say what it likes.
func (d Disk) Translate(err error) error {
	if err == nil || !IsDiskFull(err) {
		return err
	}
	return d.full(err)
}

// IsDiskFull reports whether an error is about a full disk; what a learner's own
// program says is not.
func IsDiskFull(err error) bool {
	problem, ok := errors.AsType[*labs.Problem](err)
	switch {
	case ok && problem.Kind == labs.LearnerCode:
		return false
	case ok && labs.SaysFull(problem.Detail):
		return true
	}
	return labs.SaysFull(err.Error())
}

func (d Disk) full(err error) error {
	return &labs.Problem{Kind: labs.Machine, Say: "The disk is full, so the sandbox cannot go on.",
		Next: fmt.Sprintf("Free some space where %s is, then check again; your files are as they were.", d), Err: err}
}
