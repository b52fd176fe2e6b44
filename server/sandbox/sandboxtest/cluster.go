package sandboxtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/kind/kube"
)

// api asks the cluster's API server as its administrator.
func (s *opened) api() *kube.Client {
	s.Helper()
	text, err := os.ReadFile(s.env(labs.EnvKube))
	if err != nil {
		s.Fatal(err)
	}
	client, err := kube.New(text)
	if err != nil {
		s.Fatal(err)
	}
	return client
}

// nodeAnswers asks the API server for a node, and by way of it the node's
// kubelet.
func (s *opened) nodeAnswers(part string) error {
	ctx, cancel := s.asking()
	defer cancel()
	api := s.api()
	defer api.Close()
	var nodes struct {
		Items []struct{ Metadata struct{ Name string } }
	}
	if err := api.Get(ctx, "/api/v1/nodes", &nodes); err != nil {
		return err
	}
	for _, n := range nodes.Items {
		if name := n.Metadata.Name; strings.HasSuffix(name, "-"+part) {
			return api.Ready(ctx, name, time.Time{})
		}
	}
	return fmt.Errorf("no node %s in %v", part, nodes.Items)
}

// testUnusedWorkspace: nothing of a workspace runs beside a cluster.
func (o Options) testUnusedWorkspace(t *testing.T) {
	s, _ := o.open(t)
	before := s.Parts()
	for _, word := range []string{`"one"`, `"two"`} {
		began := time.Now()
		if err := s.Apply(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took > 200*time.Millisecond {
			t.Errorf("Apply took %v", took)
		}
		s.edit("order/main.go", word, `"two"`)
	}
	s.unchanged(before)
}

// testNodes kills each node as another program would, the one with the
// cluster's own state too.
func (o Options) testNodes(t *testing.T) {
	s, _ := o.open(t)
	seen := &recorder{}
	defer s.Subscribe(seen.record)()
	for _, part := range cluster.parts {
		t.Run("one that ends by itself is started again: "+part, func(t *testing.T) {
			o.Kill(t, s, part)
			within(t, timeout, func() error {
				if !seen.any(func(e sandbox.Event) bool {
					return e.Part != nil && e.Part.Name == part && e.Part.State == sandbox.Crashed && strings.Contains(e.Part.Say, "killed")
				}) {
					return errors.New("nobody was told that it was killed")
				}
				return nil
			})
			within(t, time.Minute, func() error {
				if p := s.part(part); p.State != sandbox.Running {
					return fmt.Errorf("it is %+v", p)
				}
				return nil
			})
			for _, p := range cluster.parts {
				within(t, timeout, func() error { return s.nodeAnswers(p) })
			}
		})
	}
}

// testCancelCluster gives up at several moments, while its network is made, its
// containers, and what runs in them.
func (o Options) testCancelCluster(t *testing.T) {
	s := &opened{T: t, o: o, lab: o.system().lab, data: o.data, workspace: o.newWorkspace(t), provider: o.New(o.data)}
	for _, after := range []time.Duration{0, 300 * time.Millisecond, 1500 * time.Millisecond, 4 * time.Second, 10 * time.Second} {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		_, err := s.provider.Open(ctx, sandbox.Request{Lab: cluster.lab, Learner: "test", Workspace: s.workspace})
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("given up after %v: %v", after, err)
		}
		for _, left := range o.Left(s.data, s.workspace) { // at once: Open has waited for it
			t.Errorf("given up after %v, left behind: %s", after, left)
		}
	}
	if err := s.provider.Close(); err != nil {
		t.Error(err)
	}
}

func (o Options) testTwoClusters(t *testing.T) {
	one, _ := o.open(t)
	before := one.Parts()
	two := *one
	two.workspace = o.newWorkspace(t)
	two.Sandbox = one.mustOpen(t.Context(), nil)
	defer two.Close()
	if a, b := one.env(labs.EnvKube), two.env(labs.EnvKube); a == b {
		t.Errorf("both are told of %s", a)
	}
	if err := two.Fault(t.Context(), "worker", sandbox.Fault{Kind: labs.Kill}); err != nil {
		t.Fatal(err)
	}
	one.unchanged(before)
	for range 2 {
		if err := two.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	one.unchanged(before)
}

// testClosedProvider comes last.
func (o Options) testClosedProvider(t *testing.T) {
	s, _ := o.open(t)
	if err := s.Fault(t.Context(), "worker", sandbox.Fault{Kind: labs.Pause}); err != nil {
		t.Fatal(err)
	}
	if err := s.provider.Close(); err != nil {
		t.Fatal(err)
	}
	for _, left := range o.Left(s.data, s.workspace) { // at once: there is nobody who would remove it later
		t.Errorf("left behind: %s", left)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
	if err := s.Fault(t.Context(), "worker", sandbox.Fault{Kind: labs.Stop}); err == nil {
		t.Error("a closed sandbox takes a fault")
	}
}
