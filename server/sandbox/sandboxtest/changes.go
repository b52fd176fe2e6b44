package sandboxtest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
)

func (o Options) testWorkspace(t *testing.T) {
	s, _ := o.open(t)
	run, err := s.get("order", "/run")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("unchanged, nothing happens", func(t *testing.T) {
		began := time.Now()
		if err := s.Apply(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took > 200*time.Millisecond {
			t.Errorf("Apply took %v", took)
		}
		s.says("order", "/run", run)
	})
	t.Run("an edit is applied, to that service alone", func(t *testing.T) {
		product := s.part("product")
		s.edit("order/main.go", `"one"`, `"two"`)
		if err := s.Apply(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.says("order", "/", "two")
		if got := s.part("product"); got != product {
			t.Errorf("product has become %+v, was %+v", got, product)
		}
	})
	t.Run("an edit of what it imports is applied by Reload", func(t *testing.T) {
		s.edit("words/words.go", `"product"`, `"a product"`)
		if err := s.Reload(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.says("product", "/", "a product")
	})
	t.Run("code that does not compile", s.testCompileError)
	t.Run("code that ends at once", s.testEndsAtOnce)
	t.Run("a workspace that is gone", s.testGone)
	t.Run("an edit during a fault", s.testEditDuringFault)
}

// becomes waits until the service answers the text.
func (s *opened) becomes(service, want string) {
	s.Helper()
	within(s.T, timeout, func() error {
		got, err := s.get(service, "/")
		if err == nil && got != want {
			err = fmt.Errorf("it answers %q", got)
		}
		return err
	})
}

func (s *opened) testCompileError(t *testing.T) {
	s.edit("order/main.go", `const greeting =`, `const greeting int =`)
	for range 2 { // the second time from memory
		err := s.Apply(t.Context())
		var problem *labs.Problem
		if !errors.As(err, &problem) || problem.Kind != labs.LearnerCode || !strings.Contains(problem.Detail, "order/main.go:") {
			t.Fatalf("got %#v, want a problem with the compiler's lines", err)
		}
	}
	if got := s.part("order"); got.State != sandbox.Broken || !strings.Contains(got.Detail, "order/main.go:") {
		t.Errorf("part %+v, want it broken with the compiler's lines", got)
	}
	if text, err := s.get("order", "/"); err == nil {
		t.Errorf("it still answers %q, as the code before did", text)
	}
	s.edit("order/main.go", `const greeting int =`, `const greeting =`)
	if err := s.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.says("order", "/", "two")
}

func (s *opened) testEndsAtOnce(t *testing.T) {
	s.edit("order/main.go", "func main() {", "func main() {\n\tpanic(\"not today\")")
	err := s.Apply(t.Context())
	var problem *labs.Problem
	if !errors.As(err, &problem) || problem.Kind != labs.LearnerCode || !strings.Contains(problem.Detail, "panic: not today") {
		t.Fatalf("got %#v, want a problem with the log's lines", err)
	}
	s.is("order", sandbox.Crashed)
	s.edit("order/main.go", "panic(\"not today\")", "return")
	err = s.Apply(t.Context())
	if !errors.As(err, &problem) || problem.Kind != labs.LearnerCode || strings.Contains(problem.Detail, "not today") || problem.Next == "" {
		t.Fatalf("got %#v, want a problem without the lines of the run before", err)
	}
	s.edit("order/main.go", "\treturn", "")
	if err := s.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.says("order", "/", "two")
}

func (s *opened) testGone(t *testing.T) {
	aside := filepath.Join(t.TempDir(), "aside")
	if err := os.Rename(s.workspace, aside); err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(t.Context()); err == nil || labs.AsProblem(err).Kind == labs.Internal {
		t.Errorf("got %v, want a problem with a next step", err)
	}
	if err := os.Rename(aside, s.workspace); err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.says("order", "/", "two")
}

// testEditDuringFault edits a stopped service, to code that does not compile
// and to code that does: healing runs what the workspace holds then.
func (s *opened) testEditDuringFault(t *testing.T) {
	if err := s.Fault(t.Context(), "order", sandbox.Fault{Kind: labs.Stop}); err != nil {
		t.Fatal(err)
	}
	s.edit("order/main.go", `"two"`, `three`)
	if err := s.Apply(t.Context()); labs.AsProblem(err).Kind != labs.LearnerCode {
		t.Errorf("got %v, want a problem of the learner's code", err)
	}
	s.edit("order/main.go", `= three`, `= "three"`)
	if err := s.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.part("order").State; got != sandbox.Stopped {
		t.Errorf("order is %q, want it stopped until it is healed", got)
	}
	if err := s.Heal(t.Context(), "order"); err != nil {
		t.Fatal(err)
	}
	s.says("order", "/", "three")
}

func (o Options) testServices(t *testing.T) {
	s, _ := o.open(t)
	t.Run("one that ends by itself is started again", s.testCrash)
	t.Run("one that eats memory is ended", func(t *testing.T) {
		s.get("order", "/eat")
		within(t, timeout, func() error {
			for _, l := range s.Log("order", 1000) {
				if strings.Contains(l.Text, "memory") {
					return nil
				}
			}
			return errors.New("the log says nothing of memory")
		})
		s.becomes("order", "one")
	})
	t.Run("one that prints without end is bounded", func(t *testing.T) {
		began := time.Now()
		if _, err := s.get("product", "/"); err != nil {
			t.Fatal(err)
		}
		s.get("order", "/print?lines=200000")
		within(t, timeout, func() error {
			lines := s.Log("order", 1)
			if len(lines) == 0 || !strings.HasPrefix(lines[0].Text, "line") {
				return fmt.Errorf("the last line is %v", lines)
			}
			return nil
		})
		if all := s.Log("order", 1<<20); len(all) > 10_000 {
			t.Errorf("%d lines are kept", len(all))
		}
		t.Logf("it took %v", time.Since(began))
	})
}

func (s *opened) testCrash(t *testing.T) {
	seen := &recorder{}
	cancel := s.Subscribe(seen.record)
	s.get("order", "/crash")
	within(t, timeout, func() error {
		crashed := seen.any(func(e sandbox.Event) bool {
			return e.Part != nil && e.Part.Name == "order" && e.Part.State == sandbox.Crashed && strings.Contains(e.Part.Detail, "the last words of order")
		})
		words := seen.any(func(e sandbox.Event) bool { return e.Line != nil && e.Line.Text == "the last words of order" })
		if !crashed || !words {
			return fmt.Errorf("told of the crash %v, of the last words %v", crashed, words)
		}
		return nil
	})
	s.becomes("order", "one")
	s.is("order", sandbox.Running)
	cancel()
	before := len(seen.stages())
	count := func() int { seen.mu.Lock(); defer seen.mu.Unlock(); return len(seen.events) }
	told := count()
	if err := s.Fault(t.Context(), "order", sandbox.Fault{Kind: labs.Restart}); err != nil {
		t.Fatal(err)
	}
	if count() != told || len(seen.stages()) != before {
		t.Error("told of something after cancel")
	}
}
