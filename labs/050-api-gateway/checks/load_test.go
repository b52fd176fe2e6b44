//go:build lab

package checks

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// load is clients that ask again and again, each waiting for its answer.
type load struct {
	clients  int
	answered atomic.Int64
	stop     context.CancelFunc
	done     sync.WaitGroup

	mu     sync.Mutex
	failed []failure
}

// failure is a request that was not answered with 2xx.
type failure struct {
	begun time.Time
	got   string
}

// load has clients ask for the path until it is ended, or the check is.
func (d *door) load(clients int, path string) *load {
	ctx, cancel := context.WithCancel(d.s.Context)
	l := &load{clients: clients, stop: cancel}
	d.s.Cleanup(func() { cancel(); l.done.Wait() })
	for range clients {
		l.done.Go(func() {
			for ctx.Err() == nil {
				l.note(ctx, time.Now(), func() (*reply, error) { return d.send(ctx, http.MethodGet, path, nil, "") })
			}
		})
	}
	return l
}

func (l *load) note(ctx context.Context, begun time.Time, ask func() (*reply, error)) {
	got, err := ask()
	if ctx.Err() != nil {
		return // the load was ended, which is nobody's fault
	}
	l.answered.Add(1)
	if err == nil && got.status/100 == 2 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	f := failure{begun: begun, got: got.String()}
	if err != nil {
		f.got = "no answer: " + err.Error()
	}
	l.failed = append(l.failed, f)
}

// end stops the clients.
func (l *load) end() {
	l.stop()
	l.done.Wait()
}

// since are the failures of requests that began at that time or later.
func (l *load) since(begin time.Time) (all []failure) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.failed {
		if !f.begun.Before(begin) {
			all = append(all, f)
		}
	}
	return all
}

// runs waits until so many more requests were answered, one way or another,
// and that long has passed.
func (d *door) runs(l *load, more int64, during time.Duration) {
	d.s.Helper()
	begun, before := time.Now(), l.answered.Load()
	d.s.Within(20*time.Second, func() bool { return time.Since(begun) >= during && l.answered.Load() >= before+more })
}
