package proc

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// Pipes are two files between a check and a program, apart from what the
// program prints: it reads requests from the one, and writes answers to the
// other. The program is told their numbers in a variable of its environment.
type Pipes struct {
	Requests, Answers *os.File // the check's ends; it closes both
	theirs            []*os.File
}

// NewPipes opens the pipes. One pair is for one program.
func NewPipes() (*Pipes, error) {
	read, requests, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("open pipes: %w", err)
	}
	answers, write, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open pipes: %w", err), read.Close(), requests.Close())
	}
	return &Pipes{Requests: requests, Answers: answers, theirs: []*os.File{read, write}}, nil
}

// Close closes the check's ends.
func (p *Pipes) Close() error { return errors.Join(p.Requests.Close(), p.Answers.Close()) }

// hand has the command inherit the program's ends.
func (p *Pipes) hand(cmd *exec.Cmd, name string) error {
	numbers, err := inherit(cmd, p.theirs)
	if err != nil {
		return fmt.Errorf("hand over pipes: %w", err)
	}
	cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%d %d", name, numbers[0], numbers[1]))
	return nil
}

// handed closes the program's ends here: it has its own.
func (p *Pipes) handed() {
	for _, file := range p.theirs {
		_ = file.Close()
	}
}
