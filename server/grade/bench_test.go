package grade

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"cnalab/labs"
)

// The three ways to the same verdict. Run should be within a fifth of the
// binary alone, and go test after an edit twenty times slower.

func speed(b *testing.B) (*Grader, *labs.Lab, string) {
	g, l := grader(b), lab(b, "testdata/labs/003-speed")
	binary, err := g.Compile(b.Context(), l)
	if err != nil {
		b.Fatal(err)
	}
	return g, l, binary
}

// steps are the lab's: one whose check takes a tenth of a second, and one
// whose check takes none, where all that is left is ours.
var steps = []string{"waits", "at-once"}

func BenchmarkRun(b *testing.B) {
	g, l, _ := speed(b)
	for i, name := range steps {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if report := g.Run(b.Context(), request(l, i+1)); report.Verdict != labs.Passed {
					b.Fatal(report)
				}
			}
		})
	}
}

func BenchmarkBinary(b *testing.B) {
	_, l, binary := speed(b)
	for i, name := range steps {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				cmd := exec.Command(binary, fmt.Sprintf("-test.run=^TestStep%02d_", i+1))
				cmd.Dir = filepath.Join(l.Dir, "checks")
				if out, err := cmd.CombinedOutput(); err != nil {
					b.Fatalf("%v\n%s", err, out)
				}
			}
		})
	}
}

func BenchmarkGoTestEdited(b *testing.B) {
	_, l, _ := speed(b)
	file := filepath.Join(l.Dir, "checks", "checks_test.go")
	source, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { os.WriteFile(file, source, 0o644) })
	edited := source
	for i, name := range steps {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				edited = fmt.Appendf(edited, "\n// edited at %v\n", time.Now())
				if err := os.WriteFile(file, edited, 0o644); err != nil {
					b.Fatal(err)
				}
				cmd := exec.Command("go", "test", "-tags", "lab", "-run", fmt.Sprintf("^TestStep%02d_", i+1), "./testdata/labs/003-speed/checks")
				if out, err := cmd.CombinedOutput(); err != nil {
					b.Fatalf("%v\n%s", err, out)
				}
			}
		})
	}
}
