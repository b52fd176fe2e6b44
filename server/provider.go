package main

import (
	"cnalab/server/grade"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/embedded"
)

// openProviders makes the providers that --sandbox allows, the preferred one
// first. spare keeps one sandbox's parts started ahead, which is worth it
// only for a program that opens several.
func (o *options) openProviders(root string, spare bool) []sandbox.Provider {
	all := []sandbox.Provider{
		embedded.New(embedded.Config{Root: root, Data: o.data, Spare: spare}),
	}
	var allowed []sandbox.Provider
	for _, p := range all {
		if o.sandbox == sandbox.Auto || o.sandbox == p.Name() {
			allowed = append(allowed, p)
		}
	}
	return allowed
}

// sweep removes what a program that was killed has left.
func (p *program) sweep() {
	grade.Sweep()
	for _, provider := range p.providers {
		if s, ok := provider.(interface{ Sweep() error }); ok {
			if err := s.Sweep(); err != nil {
				p.log.Warn("sweep", "provider", provider.Name(), "error", err)
			}
		}
	}
}
