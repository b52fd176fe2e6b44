//go:build lab

package checks

import "testing"

// Nothing comes of this.
func TestStep01_Nothing(t *testing.T) {
	t.Log(undefined)
}

func TestStep01_NothingElse(t *testing.T) {}
