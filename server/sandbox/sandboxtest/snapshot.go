package sandboxtest

import (
	"fmt"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
)

// testSnapshot goes back to a snapshot: what was there then is, what came
// later is not, and everything answers where it did.
func (o Options) testSnapshot(t *testing.T) {
	s, _ := o.open(t)
	if !o.Has.Snapshots {
		before := s.Parts()
		s.refused("snapshot", s.Snapshot(t.Context()))
		s.refused("restore", s.Restore(t.Context()))
		s.unchanged(before)
		return
	}
	if err := s.Restore(t.Context()); err == nil || labs.AsProblem(err).Kind != labs.Conflict {
		t.Errorf("without a snapshot: %v, want a conflict", err)
	}
	s.makeOrders()
	s.place("before")
	s.read("before")
	addresses := s.addresses()
	began := s.part("order")
	if err := s.Snapshot(t.Context()); err != nil {
		t.Fatal(err)
	}
	if now := s.part("order"); now != began {
		t.Errorf("a snapshot changed the order service: %+v, was %+v", now, began)
	}
	for range 2 { // as often as one likes
		s.place("after")
		s.read("after")
		if err := s.topic(fmt.Sprint("later-", time.Now().UnixNano())); err != nil {
			t.Fatal(err)
		}
		s.holds(2)
		if err := s.Restore(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.holds(1)
		if got := s.addresses(); got != addresses {
			t.Errorf("addresses are %s, were %s", got, addresses)
		}
		s.is("order", sandbox.Running)
		within(t, 2*time.Second, func() error { _, err := s.get("order", "/"); return err })
	}
	s.place("later")
	s.read("later") // the group goes on where it was
	if err := s.Fault(t.Context(), "postgres", sandbox.Fault{Kind: labs.Stop}); err != nil {
		t.Fatal(err)
	}
	if err := s.Snapshot(t.Context()); err == nil || labs.AsProblem(err).Kind != labs.Conflict {
		t.Errorf("with Postgres stopped: %v, want a conflict", err)
	}
}

// place puts one order into the database and one into the topic.
func (s *opened) place(id string) {
	s.Helper()
	if _, err := s.query("order", "INSERT INTO orders VALUES ('"+id+"')"); err != nil {
		s.Fatal(err)
	}
	if err := s.produce("orders", id); err != nil {
		s.Fatal(err)
	}
}

// read takes the group's next order.
func (s *opened) read(want string) {
	s.Helper()
	if got, err := s.consume("orders"); err != nil || got != want {
		s.Fatalf("the group reads %q, %v; want %q", got, err, want)
	}
}

// holds compares how many orders there are in both.
func (s *opened) holds(want int64) {
	s.Helper()
	rows, err := s.query("order", "SELECT count(*)::text FROM orders")
	if err != nil || rows != fmt.Sprint(want) {
		s.Fatalf("the table has %s rows, %v; want %d", rows, err, want)
	}
	messages, err := s.count("orders")
	if err != nil || messages != want {
		s.Fatalf("the topic has %d messages, %v; want %d", messages, err, want)
	}
}

func (s *opened) addresses() (all string) {
	for _, p := range s.Parts() {
		all += p.Name + " at " + p.Address + "; "
	}
	return all
}
