package event_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cnalab/server/sandbox"
	"cnalab/server/session/event"
)

func ready(s *event.Subscription) bool {
	select {
	case <-s.Ready:
		return true
	default:
		return false
	}
}

func TestWhatHappensIsJoinedUntilItIsTaken(t *testing.T) {
	var bus event.Bus
	s, cancel := bus.Subscribe(event.Run, event.Files, event.Tree)
	for range 1000 {
		bus.Publish(event.Run)
	}
	bus.PublishFiles(map[string]string{"order/main.go": "1", "go.mod": "2"}, false)
	bus.PublishFiles(map[string]string{"order/main.go": "3"}, true)
	bus.Publish(event.Parts) // nobody asked for it
	if !ready(s) || ready(s) {
		t.Error("want one signal for all that has happened")
	}
	got := s.Take()
	if !got.Has(event.Run) || !got.Has(event.Parts, event.Tree) || got.Has(event.Parts) {
		t.Errorf("took %+v", got)
	}
	if diff := cmp.Diff(map[string]string{"order/main.go": "3", "go.mod": "2"}, got.Files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if again := s.Take(); again.Has(event.All()...) || again.Files != nil {
		t.Errorf("taken twice: %+v", again)
	}
	cancel()
	bus.Publish(event.Run)
	if ready(s) {
		t.Error("told after cancel")
	}
}

// Whoever draws the tree before it tells of files must have heard of both, or
// of the tree alone.
func TestTheTreeIsToldBeforeItsFiles(t *testing.T) {
	var bus event.Bus
	s, cancel := bus.Subscribe(event.Tree, event.Files)
	defer cancel()
	for range 20_000 {
		go bus.PublishFiles(map[string]string{"order/main.go": "1"}, true)
		tree := false
		for files := false; !files; {
			<-s.Ready
			taken := s.Take()
			tree, files = tree || taken.Has(event.Tree), taken.Has(event.Files)
		}
		if !tree {
			t.Fatal("a file was told before the tree that has it")
		}
	}
}

func TestNobodyWaitsForASlowSubscriber(t *testing.T) {
	var bus event.Bus
	s, cancel := bus.Subscribe(event.Log)
	defer cancel()
	began := time.Now()
	for i := range 100_000 {
		bus.PublishLine(sandbox.Line{Text: strconv.Itoa(i)})
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("publishing took %v", took)
	}
	got := s.Take()
	if !got.Lost || len(got.Lines) > 1000 || got.Lines[1].Text != "1" {
		t.Errorf("%d lines wait, lost is %v", len(got.Lines), got.Lost)
	}
	bus.PublishLine(sandbox.Line{Text: "after"})
	if got := s.Take(); got.Lost || len(got.Lines) != 1 {
		t.Errorf("after that it took %+v", got)
	}
}
