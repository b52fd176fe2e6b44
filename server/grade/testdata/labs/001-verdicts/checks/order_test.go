//go:build lab

package checks

import "testing"

// One that waits is not to blame for one that crashes.
func TestStep05_Waits(t *testing.T) { t.Parallel() }

func TestStep05_Crashes(t *testing.T) { panic("not the one that waits") }

func TestStep05_WaitsToo(t *testing.T) { t.Parallel() }
