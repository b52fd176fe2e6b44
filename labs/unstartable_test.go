package labs

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestUnstartable(t *testing.T) {
	dir := t.TempDir()
	program, text := filepath.Join(dir, "program"), filepath.Join(dir, "text")
	if err := os.WriteFile(program, nil, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(text, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	denied := fmt.Errorf("start: %w", &fs.PathError{Op: "fork/exec", Path: program, Err: syscall.EACCES})
	for name, c := range map[string]struct {
		program string
		err     error
		say     string // "" where it is no problem of the machine's
	}{
		"a disk without programs": {program, denied, "noexec"},
		"a file that is none":     {text, denied, ""},
		"too many open files":     {program, os.NewSyscallError("pipe2", syscall.EMFILE), "too many files are open"},
		"it started":              {program, nil, ""},
		"a program that is gone":  {filepath.Join(dir, "gone"), fs.ErrNotExist, ""},
	} {
		problem := Unstartable(c.program, c.err)
		if (problem != nil) != (c.say != "") || problem != nil && (!strings.Contains(problem.Say, c.say) || problem.Next == "") {
			t.Errorf("%s: it says %+v", name, problem)
		}
	}
	if problem := AsProblem(fmt.Errorf("dial: %w", syscall.EMFILE)); problem.Kind != Machine || problem.Say != "Too many files are open." {
		t.Errorf("too many open files elsewhere: it says %+v", problem)
	}
}
