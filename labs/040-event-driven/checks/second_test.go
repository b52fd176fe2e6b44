//go:build lab

package checks

import (
	"fmt"
	"net/http"
	"os"
	"time"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
	"cnalab/labs/check/proc"
)

// second is one more process of a service, with the same database.
type second struct {
	*check.Service
	*proc.Running
}

// second starts one more process of a service, which speaks with Kafka through
// the tap, and returns when it answers. It ends with the check.
func (s *shop) second(name string, of *check.Service, tap *kafka.Tap) second {
	s.Helper()
	program := proc.BuildService(s.C, name)
	var last *proc.Running
	for range 3 { // somebody else may take the port that was free
		address := s.FreeAddress()
		last = program.Start(proc.Call{Env: []string{
			"SERVICE=" + name, "ADDR=" + address, "KAFKA=" + tap.Address, "DATABASE_URL=" + os.Getenv(labs.EnvDatabase(name)),
		}})
		started := second{of.At("http://" + address), last}
		if s.Within(10*time.Second, func() bool {
			return started.over() || s.try(started.Service, http.MethodGet, "/", nil, "") != nil
		}) && !started.over() {
			return started
		}
	}
	s.CouldNotCheck(check.Finding{
		Say: fmt.Sprintf("The check could not start a second %s, whose connection to Kafka it can break.", name), Next: "Read what it printed, then check again.", Output: last.Output(),
	})
	return second{}
}

func (o second) over() bool {
	_, over := o.Exit()
	return over
}
