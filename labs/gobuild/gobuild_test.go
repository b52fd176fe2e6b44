package gobuild

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func binary(t *testing.T) Binary {
	t.Helper()
	return Binary{Path: filepath.Join(t.TempDir(), "bin", "order-1"), Kind: "order-*", Keep: 2}
}

func write(draft string) error { return os.WriteFile(draft, []byte("program"), 0o700) }

func TestABinaryIsBuiltOnceForAllWhoAsk(t *testing.T) {
	var g Group
	var built atomic.Int32
	target := binary(t)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if err := g.Build(t.Context(), target, func(draft string) error {
				built.Add(1)
				time.Sleep(50 * time.Millisecond)
				return write(draft)
			}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := built.Load(); n != 1 {
		t.Errorf("it was built %d times", n)
	}
	if left, _ := os.ReadDir(filepath.Dir(target.Path)); len(left) != 1 || left[0].Name() != "order-1" {
		t.Errorf("the folder holds %v", left)
	}
}

func TestWhatFailsLeavesNothing(t *testing.T) {
	var g Group
	target, broken := binary(t), errors.New("broken")
	err := g.Build(t.Context(), target, func(draft string) error { return errors.Join(write(draft), broken) })
	if !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
	if left, _ := os.ReadDir(filepath.Dir(target.Path)); len(left) != 0 {
		t.Errorf("the folder holds %v", left)
	}
}

// waiting builds until its context ends, and says when it has begun.
func waiting(ctx context.Context, began chan<- bool) func(string) error {
	return func(string) error {
		close(began)
		<-ctx.Done()
		return ctx.Err()
	}
}

func TestWhoGivesUpLeavesTheBuildToTheNext(t *testing.T) {
	var g Group
	target, began, first := binary(t), make(chan bool), make(chan error, 1)
	ctx, giveUp := context.WithCancel(t.Context())
	go func() { first <- g.Build(ctx, target, waiting(ctx, began)) }()
	<-began
	second := make(chan error, 1)
	go func() { second <- g.Build(t.Context(), target, write) }()
	select {
	case err := <-second:
		t.Fatalf("the second did not wait for the first: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	giveUp()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("the first got %v", err)
	}
	if err := <-second; err != nil {
		t.Errorf("the second got %v", err)
	}
	if _, err := os.Stat(target.Path); err != nil {
		t.Error(err)
	}
}

func TestWhoWaitsForAnotherMayGiveUp(t *testing.T) {
	var g Group
	target, began, first := binary(t), make(chan bool), make(chan error, 1)
	ctx, stop := context.WithCancel(t.Context())
	go func() { first <- g.Build(ctx, target, waiting(ctx, began)) }()
	<-began
	short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := g.Build(short, target, write); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the end of its own context", err)
	}
	stop()
	<-first
}

func TestEnvironmentOfABuild(t *testing.T) {
	t.Setenv("CNALAB_TOKEN", "secret")
	t.Setenv("GOFLAGS", "-race")
	last := func(c Command, name string) (value string) {
		for _, pair := range c.environment() {
			if n, v, _ := strings.Cut(pair, "="); n == name {
				value = v
			}
		}
		return value
	}
	for name, want := range map[string]string{"CNALAB_TOKEN": "", "GOFLAGS": "-mod=readonly", "GOPROXY": "off", "GOOS": "linux", "GOTOOLCHAIN": "local"} {
		if got := last(Command{Env: []string{"GOOS=linux"}}, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if env := (Command{Online: true}).environment(); slices.Contains(env, "GOPROXY=off") {
		t.Error("an online build may fetch nothing")
	}
}
