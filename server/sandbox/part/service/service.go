// Package service is the kind of part that is a program of ours or of the
// learner's: a service that is built from a folder of the workspace, and a
// fixture that the project brings. It knows nothing of how a program is built.
package service

import (
	"time"

	"cnalab/fixtures/images"
	"cnalab/labs"
	"cnalab/server/sandbox/part"
)

// startTimeout is how long a service may take to listen.
const startTimeout = 10 * time.Second

// Kind makes services from the workspace.
func Kind() part.Kind {
	return part.Kind{Name: labs.KindService, Define: func(p labs.Part, _ string) []part.Definition {
		return replicas(p, part.Program{Folder: p.Name})
	}}
}

// Fixture makes services that the project brings.
func Fixture() part.Kind {
	return part.Kind{Name: labs.KindFixture, Define: func(p labs.Part, _ string) []part.Definition {
		return replicas(p, part.Program{Fixture: p.Name})
	}}
}

func replicas(p labs.Part, program part.Program) (all []part.Definition) {
	list, scheme := "", "http://"
	if p.TLS {
		scheme = "https://"
	}
	if p.Replicas > 1 {
		list = labs.EnvService(p.Name)
	}
	for _, name := range p.Instances() {
		all = append(all, part.Definition{
			ListVariable: list,
			Name:         name, Program: &program, TLS: p.TLS, Database: p.Database, ToldOf: p.Databases, StartTimeout: startTimeout,
			Container: &part.Container{Image: images.Base, Signal: "TERM", Ports: []part.Port{{Name: "http", Number: 8080}}},
			Variables: func(at part.Addresses) []string {
				return []string{labs.EnvService(name) + "=" + scheme + at.At("")}
			},
		})
	}
	return all
}
