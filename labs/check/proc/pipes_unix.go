//go:build unix

package proc

import (
	"os"
	"os/exec"
)

// inherit has the command inherit the files, and returns their numbers there:
// 3 and on.
func inherit(cmd *exec.Cmd, files []*os.File) ([]uintptr, error) {
	var numbers []uintptr
	for _, file := range files {
		numbers = append(numbers, uintptr(3+len(cmd.ExtraFiles)))
		cmd.ExtraFiles = append(cmd.ExtraFiles, file)
	}
	return numbers, nil
}
