package gobuild

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cnalab/labs"
)

// module writes a small module and returns its folder.
func module(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":             "module shop\n\ngo 1.26\n",
		"order/main.go":      "package main\n\nimport (\n\t_ \"embed\"\n\t\"fmt\"\n\n\t\"shop/words\"\n)\n\n//go:embed say/text.txt\nvar text string\n\nfunc main() { fmt.Print(words.Order, text) }\n",
		"order/say/text.txt": "!",
		"words/words.go":     "package words\n\nconst Order = \"order\"\n",
		"product/main.go":    "package main\n\nfunc main() {}\n",
	} {
		put(t, dir, name, text)
	}
	return dir
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// says builds order, runs it, and returns what it prints and whether it was
// compiled.
func says(t *testing.T, b *Builder, dir string) (text string, compiled bool) {
	t.Helper()
	path, err := b.Program(t.Context(), dir, "order", func() { compiled = true })
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(path).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out), compiled
}

func TestProgramIsBuiltWhenItsContentChanges(t *testing.T) {
	dir := module(t)
	b := &Builder{Cache: t.TempDir()}
	steps := []struct {
		name, file, text string
		want             string
		compiled         bool
	}{
		{"first", "", "", "order!", true},
		{"again", "", "", "order!", false},
		{"a test is no part of it", "order/main_test.go", "package main\n", "order!", false},
		{"another service is no part of it", "product/main.go", "package main\n\nfunc main() { println() }\n", "order!", false},
		{"what it embeds is", "order/say/text.txt", "?", "order?", true},
		{"what it imports is", "words/words.go", "package words\n\nconst Order = \"ORDER\"\n", "ORDER?", true},
		{"back as it was", "words/words.go", "package words\n\nconst Order = \"order\"\n", "order?", false},
	}
	for _, s := range steps {
		if s.file != "" {
			put(t, dir, s.file, s.text)
		}
		if got, compiled := says(t, b, dir); got != s.want || compiled != s.compiled {
			t.Errorf("%s: it says %q, compiled %v; want %q, %v", s.name, got, compiled, s.want, s.compiled)
		}
	}
}

func TestWhatDoesNotCompileIsTheLearnersCode(t *testing.T) {
	tests := []struct{ name, file, text, detail string }{
		{"a wrong type", "order/main.go", "package main\n\nfunc main() { var x int = \"\" ; _ = x }\n", "order/main.go:3"},
		{"no Go at all", "order/main.go", "hello", "order/main.go:1"},
		{"no func main", "order/main.go", "package main\n", "function main is undeclared"},
		{"not a program", "order/main.go", "package order\n", ""},
		{"a module that is not there", "order/main.go", "package main\n\nimport _ \"example.com/x\"\n\nfunc main() {}\n", "example.com/x"},
		{"a broken go.mod", "go.mod", "modul shop\n", "go.mod:1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := module(t)
			put(t, dir, tt.file, tt.text)
			b := &Builder{Cache: t.TempDir()}
			for range 2 {
				_, err := b.Program(t.Context(), dir, "order", func() {})
				var problem *labs.Problem
				if !errors.As(err, &problem) || problem.Kind != labs.LearnerCode || !strings.Contains(problem.Detail, tt.detail) {
					t.Fatalf("got %#v, want a problem of the learner's code with %q", err, tt.detail)
				}
			}
		})
	}
}

func TestGivingUpIsNotTheLearnersFault(t *testing.T) {
	dir := module(t)
	b := &Builder{Cache: t.TempDir()}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := b.Program(ctx, dir, "order", func() {}); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v, want the end of the context", err)
	}
	if got, _ := says(t, b, dir); got != "order!" {
		t.Errorf("afterwards it says %q", got)
	}
}

func TestOnlySoManyProgramsAreKept(t *testing.T) {
	b := &Builder{Cache: t.TempDir()}
	old := time.Now().Add(-time.Hour)
	for i := range keep + 20 {
		name := filepath.Join(b.Cache, "order-"+strings.Repeat("0", 14)+string(rune('a'+i/26))+string(rune('a'+i%26)))
		put(t, b.Cache, filepath.Base(name), "")
		if err := os.Chtimes(name, old, old.Add(time.Duration(i)*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	if suffix != "" {
		t.Skip("programs have another name on this system")
	}
	if _, compiled := says(t, b, module(t)); !compiled {
		t.Fatal("it was not built")
	}
	files, err := os.ReadDir(b.Cache)
	if err != nil || len(files) != keep {
		t.Errorf("%d programs are kept, %v; want %d", len(files), err, keep)
	}
}
