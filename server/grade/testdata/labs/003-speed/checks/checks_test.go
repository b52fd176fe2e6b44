//go:build lab

package checks

import (
	"context"
	"testing"
	"time"

	"cnalab/labs/check"
)

// The answer is there within a tenth of a second.
func TestStep01_Waits(t *testing.T) {
	start := time.Now()
	check.New(t).Eventually(time.Second, func(context.Context) *check.Finding {
		if time.Since(start) > 100*time.Millisecond {
			return nil
		}
		return &check.Finding{Say: "It is not there."}
	})
}

// There is nothing to wait for.
func TestStep02_AtOnce(t *testing.T) { check.New(t) }
