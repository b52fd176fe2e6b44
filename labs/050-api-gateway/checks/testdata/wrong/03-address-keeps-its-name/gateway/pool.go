package main

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
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
	name string
	url  *url.URL
	ends time.Time // of its lease
	back time.Time // until then it is left out
}

// knows reports whether the instance has a lease at that address.
func (p *pool) knows(name string, at *url.URL) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.ContainsFunc(p.instances, func(i *instance) bool {
		return i.name == name && *i.url == *at && time.Now().Before(i.ends)
	})
}

// put gives the instance a lease, or a longer one.
func (p *pool) put(name string, at *url.URL, lease time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	ends := time.Now().Add(lease)
	for _, i := range p.instances {
		if *i.url == *at {
			i.ends = ends
			return
		}
	}
	p.instances = slices.DeleteFunc(p.instances, func(i *instance) bool { return i.name == name }) // it has moved
	p.instances = append(p.instances, &instance{name: name, url: at, ends: ends})
}

// remove ends the lease of the instance.
func (p *pool) remove(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.instances = slices.DeleteFunc(p.instances, func(i *instance) bool { return i.name == name })
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
			return nil, err // the client has gone, which says nothing of the instance
		}
		p.leaveOut(to)
		if !unsent(err) {
			return nil, err
		}
	}
}

// pick returns whose turn it is, of those that have a lease and were not tried.
// Where all of them are left out, it is one of these.
func (p *pool) pick(tried map[*instance]bool) (picked *instance) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	p.instances = slices.DeleteFunc(p.instances, func(i *instance) bool { return now.After(i.ends) })
	for range p.instances {
		p.turn++
		i := p.instances[p.turn%len(p.instances)]
		if tried[i] {
			continue
		}
		if picked = i; now.After(i.back) {
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
