package sandbox

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func line(text string) Event { return Event{Line: &Line{Text: text}} }

// collect subscribes and returns what it was told, as text.
func collect(f *EventBus) (texts func() []string, cancel func()) {
	var mu sync.Mutex
	var seen []string
	cancel = f.Subscribe(func(e Event) {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, e.Line.Text)
	})
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return append([]string(nil), seen...)
	}, cancel
}

func eventually(t *testing.T, want []string, texts func() []string) {
	t.Helper()
	for range 200 {
		if cmp.Equal(want, texts()) {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("told (-want +got):\n%s", cmp.Diff(want, texts()))
}

func TestEventBusTellsEveryoneInOrder(t *testing.T) {
	var bus EventBus
	bus.Publish(line("nobody hears this"))
	one, cancelOne := collect(&bus)
	defer cancelOne()
	bus.Publish(line("first"))
	two, cancelTwo := collect(&bus)
	bus.Publish(line("second"))
	eventually(t, []string{"first", "second"}, one)
	eventually(t, []string{"second"}, two)
	cancelTwo()
	cancelTwo()
	bus.Publish(line("third"))
	eventually(t, []string{"first", "second", "third"}, one)
	eventually(t, []string{"second"}, two)
}

func TestEventBusDoesNotWaitForTheSlow(t *testing.T) {
	var bus EventBus
	hold := make(chan struct{})
	var mu sync.Mutex
	lines, parts := 0, 0
	defer bus.Subscribe(func(e Event) {
		<-hold
		mu.Lock()
		defer mu.Unlock()
		if e.Line != nil {
			lines++
		} else {
			parts++
		}
	})()
	began := time.Now()
	const count = 20 * maxQueuedLines
	for i := range count {
		bus.Publish(line(strconv.Itoa(i)))
	}
	const changes = 2 * maxQueuedLines
	for range changes {
		bus.Publish(Event{Part: &Part{}})
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("publishing took %v", took)
	}
	close(hold)
	for range 200 {
		mu.Lock()
		done := parts == changes
		mu.Unlock()
		if done {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	mu.Lock()
	defer mu.Unlock()
	if parts != changes {
		t.Errorf("%d of %d changes of parts were told", parts, changes)
	}
	if lines > 2*maxQueuedLines {
		t.Errorf("%d lines were kept for a subscriber that does not listen", lines)
	}
}

func TestEventBusCancelFromWithin(t *testing.T) {
	var bus EventBus
	told := make(chan struct{}, 10)
	var cancel func()
	ready := make(chan struct{})
	cancel = bus.Subscribe(func(Event) {
		<-ready
		cancel()
		told <- struct{}{}
	})
	close(ready)
	bus.Publish(line("one"))
	bus.Publish(line("two"))
	<-told
	select {
	case <-told:
		t.Error("told again after cancel")
	case <-time.After(50 * time.Millisecond):
	}
}
