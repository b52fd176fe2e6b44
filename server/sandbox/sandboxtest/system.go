package sandboxtest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
)

// system is what the contract opens, and what may be expected of it.
type system struct {
	lab    *labs.Lab
	stages []string // that are told of while it opens
	parts  []string
	part   string   // that is broken where any will do
	broken []string // in each way that there is
	logs   string   // what this part has logged
	// logDelay is how long that may take to be known.
	logDelay time.Duration
	// answers asks a part something.
	answers func(s *opened, part string) error
	// refuses is true where a part that does not run refuses at once, for its
	// address has something of ours in front.
	refuses bool
	// soon is how long an answer may take.
	soon time.Duration
}

// shop is what takes a broker, a database and services.
var shop = system{
	lab: Lab(Kafka, Postgres("order", "product"), Service("order", "order"), Service("product", "product")),
	stages: []string{"start Kafka", "start Postgres", "create databases",
		"build the service order", "build the service product", "start the service order", "start the service product"},
	parts: []string{"kafka", "postgres", "order", "product"}, part: "order", logs: "order starts", broken: []string{"order", "postgres", "kafka"},
	answers: (*opened).partAnswers, refuses: true, soon: latency,
}

// cluster is a control plane and a worker.
var cluster = system{
	lab: ClusterLab(),
	stages: []string{"get a cluster", "make network", "prepare nodes", "write configuration", "start control plane",
		"install the network", "install storage", "join workers", "load images", "wait for nodes", "hand over the nodes"},
	parts: []string{"control-plane", "worker"}, part: "worker", logDelay: timeout, broken: []string{"control-plane", "worker"},
	answers: (*opened).nodeAnswers, soon: 2 * time.Second,
}

func (o Options) system() system {
	if o.Has.Nodes {
		return cluster
	}
	return shop
}

// testOffers asks for what the provider is not for.
func (o Options) testOffers(t *testing.T) {
	p := o.New(o.data)
	defer p.Close()
	other := cluster.lab
	if o.Has.Nodes {
		other = shop.lab
	}
	err := p.Offers(t.Context(), other)
	if problem := labs.AsProblem(err); !errors.Is(err, sandbox.ErrUnfit) || problem.Kind != labs.Machine || problem.Next == "" {
		t.Errorf("a lab of another kind: %v, want it unfit, with a next step", err)
	}
	if !o.Has.Nodes {
		return
	}
	for what, lab := range map[string]*labs.Lab{
		"kafka":    Lab(Kubernetes, Kafka),
		"services": Lab(Kubernetes, Service("order", "")),
	} {
		err := p.Offers(t.Context(), lab)
		if problem := labs.AsProblem(err); err == nil || problem.Kind != labs.BadInput || !strings.Contains(problem.Say, what) || problem.Next == "" {
			t.Errorf("%s beside a cluster: %v, want bad input that names it", what, err)
		}
	}
}

// refused fails unless the error says that the sandbox cannot do it, and what
// else to do.
func (s *opened) refused(what string, err error) {
	s.Helper()
	if p := labs.AsProblem(err); err == nil || p.Kind != labs.BadInput || p.Say == "" || p.Next == "" {
		s.Errorf("%s: %v, want bad input with a next step", what, err)
	}
}

// unchanged fails unless the parts are as they were, and answer.
func (s *opened) unchanged(before []sandbox.Part) {
	s.Helper()
	for _, p := range before {
		if now := s.part(p.Name); now != p {
			s.Errorf("%s is %+v, was %+v", p.Name, now, p)
		}
		if err := s.o.system().answers(s, p.Name); err != nil {
			s.Errorf("%s: %v", p.Name, err)
		}
	}
}

// asking bounds one question to a part.
func (s *opened) asking() (context.Context, context.CancelFunc) {
	return context.WithTimeout(s.Context(), 2*time.Second)
}
