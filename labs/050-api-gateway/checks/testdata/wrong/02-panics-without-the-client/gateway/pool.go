package main

import (
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// rest is how long an instance is left out after it has failed.
const rest = time.Second

var errNobody = errors.New("no instance")

// pool sends the requests for a service to its instances, by turns.
type pool struct {
	mu        sync.Mutex
	instances []*instance
	turn      int
}

// instance is one process of the service.
type instance struct {
	url  *url.URL
	back time.Time // until then it is left out
}

func newPool(addresses []*url.URL) *pool {
	p := &pool{}
	for _, at := range addresses {
		p.instances = append(p.instances, &instance{url: at})
	}
	return p
}

// RoundTrip sends the request to one instance. Only where it cannot connect,
// so that nothing was sent, it takes the next one.
func (p *pool) RoundTrip(r *http.Request) (*http.Response, error) {
	tried, err := map[*instance]bool{}, errNobody
	for {
		to := p.pick(tried)
		if to == nil {
			return nil, err
		}
		tried[to] = true
		var response *http.Response
		if response, err = send(r, to.url); err == nil {
			return response, nil
		}
		if r.Context().Err() != nil || errors.Is(err, errClient) {
			return nil, nil // the client has gone, which says nothing of the instance
		}
		p.leaveOut(to)
		if !unsent(err) {
			return nil, err
		}
	}
}

// pick returns whose turn it is, of those that were not tried. Where all of
// them are left out, it is one of these.
func (p *pool) pick(tried map[*instance]bool) (picked *instance) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for range p.instances {
		p.turn++
		i := p.instances[p.turn%len(p.instances)]
		if tried[i] {
			continue
		}
		if picked = i; time.Now().After(i.back) {
			return i
		}
	}
	return picked
}

func (p *pool) leaveOut(i *instance) {
	p.mu.Lock()
	defer p.mu.Unlock()
	i.back = time.Now().Add(rest)
}
