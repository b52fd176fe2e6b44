package sandbox

import "sync"

// backlog is how many events a subscriber may be behind before log lines are
// left out for it. Stages and parts are never left out: a page that misses
// one shows something untrue.
const maxQueuedLines = 1024

// Feed hands each event to every subscriber, in order. The zero value is
// ready to use.
type EventBus struct {
	mu          sync.Mutex
	subscribers map[*subscriber]struct{}
}

// Publish hands the event to everyone subscribed now. It does not wait for
// them.
func (f *EventBus) Publish(event Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.subscribers {
		s.add(event)
	}
}

// Subscribe calls handle for each event from now on, one at a time, until
// cancel, after which handle is not called again; one call may still be
// running. cancel may be called twice, and from within handle.
func (f *EventBus) Subscribe(handle func(Event)) (cancel func()) {
	s := &subscriber{handle: handle, wake: make(chan struct{}, 1), gone: make(chan struct{})}
	f.mu.Lock()
	if f.subscribers == nil {
		f.subscribers = map[*subscriber]struct{}{}
	}
	f.subscribers[s] = struct{}{}
	f.mu.Unlock()
	go s.run()
	return sync.OnceFunc(func() {
		f.mu.Lock()
		delete(f.subscribers, s)
		f.mu.Unlock()
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
