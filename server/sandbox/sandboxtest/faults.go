package sandboxtest

import (
	"fmt"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
)

func (o Options) testFaults(t *testing.T) {
	s, _ := o.open(t)
	if !o.Has.Nodes {
		s.makeOrders()
	}
	for _, part := range o.system().broken {
		for _, kind := range labs.FaultKinds {
			t.Run(fmt.Sprintf("%s %s", kind, part), func(t *testing.T) {
				s := *s
				s.T = t
				s.fault(part, kind)
			})
		}
	}
	if !o.Has.Nodes {
		t.Run("what Kafka acknowledged outlives a kill", func(t *testing.T) { s.survives(t, s.sent) })
		t.Run("what a group committed outlives a kill", s.testOffsets)
		t.Run("what Postgres committed outlives a kill", func(t *testing.T) { s.survives(t, s.stored) })
	}
	t.Run("an unknown part", func(t *testing.T) {
		err := s.Fault(t.Context(), "nobody", sandbox.Fault{Kind: labs.Stop})
		if p := labs.AsProblem(err); err == nil || p.Kind != labs.NotFound || p.Next == "" {
			t.Errorf("got %v, want a problem that names the parts", err)
		}
	})
}

// makeOrders makes a topic and a table.
func (s *opened) makeOrders() {
	s.Helper()
	if err := s.topic("orders"); err != nil {
		s.Fatal(err)
	}
	if _, err := s.query("order", "CREATE TABLE orders (id text)"); err != nil {
		s.Fatal(err)
	}
}

// during is the state that a fault puts a part in.
var during = map[labs.FaultKind]sandbox.State{
	labs.Pause: sandbox.Paused, labs.Stop: sandbox.Stopped, labs.Kill: sandbox.Stopped,
	labs.Slow: sandbox.Slowed, labs.Cut: sandbox.Severed, labs.Restart: sandbox.Running,
}

const latency = 300 * time.Millisecond

// fault breaks a part, looks, heals it, and looks again.
func (s *opened) fault(part string, kind labs.FaultKind) {
	if !s.o.Has.NetworkFaults && (kind == labs.Slow || kind == labs.Cut) {
		before := s.Parts()
		s.refused(string(kind), s.Fault(s.Context(), part, sandbox.Fault{Kind: kind, Delay: latency}))
		s.unchanged(before)
		return
	}
	system := s.o.system()
	answers := func() error { return system.answers(s, part) }
	address := s.part(part).Address
	if err := s.Fault(s.Context(), part, sandbox.Fault{Kind: kind, Delay: latency}); err != nil {
		s.Fatal(err)
	}
	if got := s.part(part).State; got != during[kind] {
		s.Errorf("%s is %q, want %q", part, got, during[kind])
	}
	began := time.Now()
	err := answers()
	took := time.Since(began)
	switch kind {
	case labs.Pause:
		if err == nil || took < time.Second {
			s.Errorf("a paused part answers %v after %v, want silence", err, took)
		}
	case labs.Stop, labs.Kill, labs.Cut:
		if err == nil || system.refuses && took > time.Second {
			s.Errorf("%v after %v, want refused at once", err, took)
		}
	case labs.Slow:
		if err != nil || took < latency {
			s.Errorf("%v after %v, want an answer later than %v", err, took, latency)
		}
	case labs.Restart:
		within(s.T, 2*time.Second, answers)
	}
	if err := s.Heal(s.Context(), part); err != nil {
		s.Fatal(err)
	}
	within(s.T, 2*time.Second, answers)
	began = time.Now()
	if err := answers(); err != nil || time.Since(began) > system.soon {
		s.Errorf("healed: %v after %v", err, time.Since(began))
	}
	if got := s.part(part); got.State != sandbox.Running || got.Address != address {
		s.Errorf("healed: %+v, want it running at %s", got, address)
	}
}

// survives runs a load that kills a part and counts what was promised and
// what is there.
func (s *opened) survives(t *testing.T, load func(t *testing.T) (promised, there int)) {
	if promised, there := load(t); there < promised || promised == 0 {
		t.Errorf("%d were acknowledged, %d are there", promised, there)
	}
}

func (s *opened) sent(t *testing.T) (promised, there int) {
	before, err := s.count("orders")
	if err != nil {
		t.Fatal(err)
	}
	promised = s.killAmid(t, "kafka", func() error { return s.produce("orders", "kept") })
	within(t, 2*time.Second, func() error {
		after, err := s.count("orders")
		there = int(after - before)
		return err
	})
	return promised, there
}

func (s *opened) stored(t *testing.T) (promised, there int) {
	promised = s.killAmid(t, "postgres", func() error {
		_, err := s.query("order", "INSERT INTO orders VALUES ('kept')")
		return err
	})
	text, err := s.query("order", "SELECT count(*)::text FROM orders")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Sscan(text, &there)
	return promised, there
}

// killAmid kills the part while work is being done, heals it, and returns how
// much of the work was acknowledged.
func (s *opened) killAmid(t *testing.T, part string, work func() error) (done int) {
	killed := make(chan error, 1)
	go func() {
		time.Sleep(200 * time.Millisecond)
		killed <- s.Fault(s.Context(), part, sandbox.Fault{Kind: labs.Kill})
	}()
	for end := time.Now().Add(timeout); time.Now().Before(end); done++ {
		if work() != nil {
			break
		}
	}
	if err := <-killed; err != nil {
		t.Fatal(err)
	}
	if err := s.Heal(s.Context(), part); err != nil {
		t.Fatal(err)
	}
	return done
}

// testOffsets commits an offset, kills Kafka and reads on from there.
func (s *opened) testOffsets(t *testing.T) {
	if err := s.topic("offsets"); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"first", "second"} {
		if err := s.produce("offsets", text); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := s.consume("offsets"); err != nil || got != "first" {
		t.Fatalf("read %q, %v", got, err)
	}
	if err := s.Fault(t.Context(), "kafka", sandbox.Fault{Kind: labs.Kill}); err != nil {
		t.Fatal(err)
	}
	if err := s.Heal(t.Context(), "kafka"); err != nil {
		t.Fatal(err)
	}
	if got, err := s.consume("offsets"); err != nil || got != "second" {
		t.Errorf("after the kill the group reads %q, %v; want what it had not committed", got, err)
	}
}
