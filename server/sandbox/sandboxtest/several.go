package sandboxtest

import (
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/segmentio/kafka-go"

	"cnalab/labs"
	"cnalab/labs/load"
	"cnalab/server/sandbox"
)

// testSeveral opens a lab with several parts of a kind, and replicas.
func (o Options) testSeveral(t *testing.T) {
	lab, broken := load.Lab(filepath.Join(o.Root, "server", "sandbox", "sandboxtest", "testdata", "labs", "997-several"))
	if len(broken) > 0 {
		t.Fatal(broken)
	}
	lab.Folder = LabFolder // which is looked for when something is left
	s, seen := o.openLab(t, lab)
	var names []string
	for _, p := range s.Parts() {
		names = append(names, p.Name)
		if p.State != sandbox.Running {
			t.Errorf("part %+v, want it running", p)
		}
	}
	if diff := cmp.Diff([]string{"kafka", "events", "postgres", "audit", "order-1", "order-2", "product", "gateway"}, names); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
	t.Run("two brokers", func(t *testing.T) { s.at(t).twoBrokers() })
	t.Run("two servers", func(t *testing.T) { s.at(t).twoServers() })
	t.Run("statements in the log", func(t *testing.T) { s.at(t).statements() })
	t.Run("a service that the project brings", func(t *testing.T) { s.at(t).fixture() })
	t.Run("replicas", func(t *testing.T) { s.at(t).replicas() })
	t.Run("one waits for another", func(t *testing.T) {
		stages := seen.stages()
		if slices.Index(stages, "start the service product") < max(slices.Index(stages, "start the service order-1"), slices.Index(stages, "start the service order-2")) {
			t.Errorf("product was there before order: %q", stages)
		}
	})
}

// at is the sandbox as a test below sees it.
func (s *opened) at(t *testing.T) *opened {
	inner := *s
	inner.T = t
	return &inner
}

// twoBrokers have topics of their own, and one outlives the other.
func (s *opened) twoBrokers() {
	if s.env("KAFKA") == s.env("KAFKA_EVENTS") {
		s.Fatalf("both are at %s", s.env("KAFKA"))
	}
	if err := s.topic("orders"); err != nil {
		s.Fatal(err)
	}
	conn, err := kafka.Dial("tcp", s.env("KAFKA_EVENTS"))
	if err != nil {
		s.Fatal(err)
	}
	defer conn.Close()
	partitions, err := conn.ReadPartitions()
	if err != nil {
		s.Fatal(err)
	}
	for _, p := range partitions {
		if p.Topic == "orders" {
			s.Error("the other broker has the topic too")
		}
	}
	for _, broker := range []string{"KAFKA", "KAFKA_EVENTS"} {
		s.says("order-1", "/reach?name="+broker, "reached")
	}
	if err := s.Fault(s.Context(), "events", sandbox.Fault{Kind: labs.Kill}); err != nil {
		s.Fatal(err)
	}
	if err := s.produce("orders", "hello"); err != nil {
		s.Errorf("with the other one killed: %v", err)
	}
	if err := s.Heal(s.Context(), "events"); err != nil {
		s.Error(err)
	}
}

// twoServers have a database each, which its own service is told of.
func (s *opened) twoServers() {
	order, err1 := url.Parse(s.env(labs.EnvDatabase("order")))
	log, err2 := url.Parse(s.env(labs.EnvDatabase("log")))
	if err1 != nil || err2 != nil || order.Host == log.Host {
		s.Errorf("order is at %v, log at %v", order, log)
	}
	for _, name := range []string{"order", "log"} {
		if got, err := s.query(name, "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE datname IN ('order', 'log')"); err != nil || got != name {
			s.Errorf("the server of %s has %q, %v", name, got, err)
		}
	}
	s.says("order-2", "/reach?name=DATABASE_URL", "reached")
	s.says("order-2", "/reach?name=DATABASE_LOG", "reached")
	s.says("order-2", "/env?name=DATABASE_ORDER", "")
	s.says("order-2", "/reach?name=DATABASE_AUDITOR", "reached")
	rights := "SELECT current_user || ' in ' || current_database() || ', makes schemas: ' || has_database_privilege(current_database(), 'CREATE')"
	if got, err := s.query("auditor", rights); err != nil || got != "auditor in log, makes schemas: false" {
		s.Errorf("the role that owns nothing is %q, %v", got, err)
	}
}

// statements that the roles of a database send are in the log of a server that is
// to log them, with who sent them; what its superuser sends is in none.
func (s *opened) statements() {
	for _, name := range []string{"log", "order"} {
		if _, err := s.query(name, "SELECT 'asked for ' || current_database()"); err != nil {
			s.Fatal(err)
		}
	}
	logged := func(part string) (all string) {
		for _, line := range s.Log(part, 1000) {
			all += line.Text + "\n"
		}
		return all
	}
	deadline := time.Now().Add(10 * time.Second)
	for !strings.Contains(logged("audit"), "SELECT 'asked for '") && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	if got := logged("audit"); !strings.Contains(got, "user=log,db=log,app=") || !strings.Contains(got, "SELECT 'asked for '") {
		s.Errorf("the log of audit has no statement of its role:\n%s", got)
	} else if strings.Contains(got, "PASSWORD") {
		s.Errorf("the log of audit has a password:\n%s", got)
	}
	if got := logged("postgres"); strings.Contains(got, "asked for") {
		s.Errorf("a server that is not to log statements does:\n%s", got)
	}
}

// fixture is a gateway, which is told where order is.
func (s *opened) fixture() {
	s.says("gateway", "/healthz", `{"status":"lives"}`+"\n")
	s.says("gateway", "/orders", "one")
}

// replicas run the same program at an address each, and the others are told of
// all.
func (s *opened) replicas() {
	for _, name := range []string{"order-1", "order-2"} {
		s.says(name, "/", "one")
		s.says(name, "/env?name=SERVICE", name)
		s.says(name, "/env?name="+labs.EnvPublicURL, s.env(labs.EnvService(name)))
	}
	all := strings.Split(s.env(labs.EnvService("order")), ",")
	if diff := cmp.Diff([]string{s.env(labs.EnvService("order-1")), s.env(labs.EnvService("order-2"))}, all); diff != "" {
		s.Errorf("order's addresses (-each +all):\n%s", diff)
	}
	told, err := s.get("order-1", "/env?name=SERVICE_ORDER")
	if err != nil || len(strings.Split(told, ",")) != 2 {
		s.Errorf("a service is told of %q, %v", told, err)
	}
	s.edit("order/main.go", `greeting = "one"`, `greeting = "two"`)
	if err := s.Apply(s.Context()); err != nil {
		s.Fatal(err)
	}
	for _, name := range []string{"order-1", "order-2"} {
		s.says(name, "/", "two")
	}
}
