//go:build lab

package checks

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"cnalab/labs/check/kube"
)

// clients is how many customers place orders at the same time.
const clients = 6

// load is customers who place orders through the gateway, one after another.
type load struct {
	began  time.Time
	stop   context.CancelFunc
	done   sync.WaitGroup
	mutex  sync.Mutex
	asked  int
	failed []string // what the first failures were
	lost   int
	early  int // of those lost, how many reached a pod that was not ready
}

// customers come until stop is called, or the check ends.
func (s *shop) customers(gateway *kube.NodePort) *load {
	ctx, cancel := context.WithCancel(s.Context)
	l := &load{began: time.Now(), stop: cancel}
	s.Cleanup(cancel)
	for range clients {
		l.done.Go(func() {
			pause := time.NewTicker(50 * time.Millisecond)
			defer pause.Stop()
			for ctx.Err() == nil {
				got, err := gateway.Try(context.WithoutCancel(ctx), http.MethodPost, "/orders", lamp)
				l.note(got, err)
				<-pause.C
			}
		})
	}
	return l
}

func (l *load) note(got kube.Answer, err error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.asked++
	if err == nil && got.Status == http.StatusCreated {
		return
	}
	if err == nil && got.Status == http.StatusServiceUnavailable {
		l.early++ // order says so while it starts; the gateway says 502
	}
	if l.lost++; l.lost <= 3 {
		l.failed = append(l.failed, time.Now().Format("15:04:05.000 ")+said(got, err))
	}
}

// end waits until the last answers are there, and returns how many orders
// failed, of how many. Where one has failed already, it does not wait.
func (l *load) end() (lost, asked int) {
	l.stop()
	if asked, lost := l.served(); lost > 0 {
		return lost, asked
	}
	l.done.Wait()
	asked, lost = l.served()
	return lost, asked
}

// tooEarly is how many orders reached a pod that was not ready.
func (l *load) tooEarly() int {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.early
}

// served is how many orders were placed so far, and how many of them failed.
func (l *load) served() (asked, lost int) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.asked, l.lost
}

func (l *load) String() string {
	asked, lost := l.served()
	return fmt.Sprintf("%d of %d orders failed", lost, asked)
}

// failures are what the first orders that failed came to.
func (l *load) failures() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return strings.Join(l.failed, "\n")
}
