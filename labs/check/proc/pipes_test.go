//go:build unix

package proc

import (
	"bufio"
	"io"
	"testing"
)

func TestPipesAreApartFromWhatIsPrinted(t *testing.T) {
	pipes, err := NewPipes()
	if err != nil {
		t.Fatal(err)
	}
	defer pipes.Close()
	command := shell(`set -- $PIPES; eval "read line <&$1"; echo printed; eval "echo answer to $line >&$2"`)
	command.Pipes, command.PipesName = pipes, "PIPES"
	p, err := Start(t.Context(), command)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(pipes.Requests, "question\n"); err != nil {
		t.Fatal(err)
	}
	answers := bufio.NewReader(pipes.Answers)
	answer, err := answers.ReadString('\n')
	if err != nil || answer != "answer to question\n" {
		t.Errorf("got %q, %v", answer, err)
	}
	<-p.Done()
	if stdout, _ := p.Printed(); stdout != "printed\n" {
		t.Errorf("it printed %q", stdout)
	}
	if rest, err := io.ReadAll(answers); err != nil || len(rest) > 0 {
		t.Errorf("after its end: got %q, %v", rest, err)
	}
}

func TestPipesOfAProgramThatDoesNotStart(t *testing.T) {
	pipes, err := NewPipes()
	if err != nil {
		t.Fatal(err)
	}
	defer pipes.Close()
	if _, err := Start(t.Context(), Command{Path: "/no/such/program", Pipes: pipes, PipesName: "PIPES"}); err == nil {
		t.Error("want an error")
	}
	if rest, err := io.ReadAll(pipes.Answers); err != nil || len(rest) > 0 {
		t.Errorf("got %q, %v", rest, err)
	}
}
