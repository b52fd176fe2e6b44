//go:build lab

// Package checks looks whether the gateway does what the steps ask for: from
// outside, as a client, and from inside, as the services. Most checks start a
// gateway of their own, behind which they are the services themselves: so they
// count what comes, and need not guess.
package checks

import (
	"path"
	"testing"
	"time"

	"cnalab/labs/check"
)

// How long what a step asks for may take to be seen.
const (
	soon  = 3 * time.Second // nobody has to wait for it
	later = 6 * time.Second // a lease, a rest or a breaker's time has to end
)

// shop is the sandbox as these checks see it.
type shop struct{ *check.C }

func open(t *testing.T) *shop {
	t.Helper()
	return &shop{check.New(t)}
}

// NotYet ends the check. Where the finding names a file that the workspace does
// not have, as it may have other names there, it names the folder.
func (s *shop) NotYet(f check.Finding) {
	s.Helper()
	if files := s.Files(); f.At != "" && !files.Has(f.At) {
		f.At = path.Dir(f.At)
	}
	s.C.NotYet(f)
}
