package sandbox

import "sync"

// maxQueuedLines is how many events a subscriber may be behind before log lines are
// left out for it. Stages and parts are never left out: a page that misses
// one shows something untrue.
const maxQueuedLines = 1024

// EventBus hands each event of a sandbox to every subscriber, in order. The
// zero value is ready to use.
type EventBus struct {
	mu          sync.Mutex
	subscribers map[*subscriber]struct{}
}

// Publish hands the event to everyone subscribed now. It does not wait for
// them.
func (b *EventBus) Publish(event Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for s := range b.subscribers {
		s.add(event)
	}
}

// Subscribe calls handle for each event from now on, one at a time, until
// cancel, after which handle is not called again; one call may still be
// running. cancel may be called twice, and from within handle.
func (b *EventBus) Subscribe(handle func(Event)) (cancel func()) {
	s := &subscriber{handle: handle, wake: make(chan struct{}, 1), gone: make(chan struct{})}
	b.mu.Lock()
	if b.subscribers == nil {
		b.subscribers = map[*subscriber]struct{}{}
	}
	b.subscribers[s] = struct{}{}
	b.mu.Unlock()
	go s.run()
	return sync.OnceFunc(func() {
		b.mu.Lock()
		delete(b.subscribers, s)
		b.mu.Unlock()
		close(s.gone)
	})
}

type subscriber struct {
	handle func(Event)
	wake   chan struct{}
	gone   chan struct{}

	mu    sync.Mutex
	queue []Event
}

func (s *subscriber) add(event Event) {
	s.mu.Lock()
	if event.Line == nil || len(s.queue) < maxQueuedLines {
		s.queue = append(s.queue, event)
	}
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default: // it is awake already
	}
}

func (s *subscriber) dequeue() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	events := s.queue
	s.queue = nil
	return events
}

func (s *subscriber) run() {
	for {
		select {
		case <-s.gone:
			return
		case <-s.wake:
		}
		for _, event := range s.dequeue() {
			select {
			case <-s.gone:
				return
			default:
				s.handle(event)
			}
		}
	}
}
