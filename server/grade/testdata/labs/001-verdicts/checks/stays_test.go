//go:build lab

package checks

import (
	"testing"
	"time"
)

// A check that is still at it when its server is killed.
func TestStep06_Stays(t *testing.T) {
	run(t, "setsid sleep 1717 > /dev/null 2>&1 &")
	time.Sleep(time.Hour)
}
