package embedded

import (
	"errors"
	"fmt"

	"cnalab/labs"
)

// leastRoom is how much of the disk has to be free for a check to mean
// anything: below it Postgres and Kafka fail, and the learner's code is blamed.
const leastRoom = 16 << 20

// room is a problem where the disk is all but full.
func (p *Provider) room() error {
	free, err := free(p.place)
	if err != nil || free >= leastRoom {
		return nil // where the system does not tell, what needs the room fails by itself
	}
	return p.fullDisk(fmt.Errorf("%d bytes are free", free))
}

// plain makes a full disk, however deep in the error or in a program's words,
// a problem that says so. A learner's own program may say what it likes.
func (p *Provider) plain(err error) error {
	if err == nil || !saysFull(err) {
		return err
	}
	return p.fullDisk(err)
}

func saysFull(err error) bool {
	problem, ok := errors.AsType[*labs.Problem](err)
	switch {
	case ok && problem.Kind == labs.LearnerCode:
		return false
	case ok && labs.SaysFull(problem.Detail):
		return true
	}
	return labs.SaysFull(err.Error())
}

func (p *Provider) fullDisk(err error) error {
	return &labs.Problem{Kind: labs.Machine, Say: "The disk is full, so the sandbox cannot go on.",
		Next: fmt.Sprintf("Free some space where %s is, then check again; your files are as they were.", p.place), Err: err}
}
