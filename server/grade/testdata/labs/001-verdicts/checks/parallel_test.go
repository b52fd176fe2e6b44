//go:build lab

package checks

import (
	"testing"
	"time"

	"cnalab/labs/check"
)

// Two that run at a time meet.
var one, other = make(chan bool), make(chan bool)

func TestStep07_MeetsTheOther(t *testing.T) { meet(t, one, other) }

func TestStep07_MeetsTheOne(t *testing.T) { meet(t, other, one) }

func meet(t *testing.T, mine, theirs chan bool) {
	t.Parallel()
	c := check.New(t)
	close(mine)
	select {
	case <-theirs:
	case <-time.After(time.Second):
		c.NotYet(check.Finding{Say: "Nobody came."})
	}
}

var beside = make(chan bool)

// One that runs beside one that crashes is not to blame, and runs again.
func TestStep08_RunsBeside(t *testing.T) {
	t.Parallel()
	close(beside)
	time.Sleep(300 * time.Millisecond)
}

func TestStep08_Crashes(t *testing.T) {
	t.Parallel()
	select {
	case <-beside:
	case <-time.After(time.Second):
	}
	panic("beside another")
}

// What breaks a part breaks it for others, too.
func TestStep08_BreaksAPart(t *testing.T) {
	t.Parallel()
	check.New(t).Fault("kafka")
}
