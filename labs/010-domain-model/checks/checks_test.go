//go:build lab

// Package checks looks at the learner's domain model: it calls it as any
// package could, and reads which packages know which.
package checks

import (
	"embed"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

//go:embed testdata/probe
var probes embed.FS

// probe runs one test of a probe folder; words holds what several need.
func probe(t *testing.T, run string, folders ...string) {
	t.Helper()
	p := gomod.Probe{Source: probes, Run: run}
	for _, folder := range folders {
		p.Dirs = append(p.Dirs, "testdata/probe/"+folder)
	}
	gomod.Load(check.New(t)).Probe(p)
}
