//go:build lab

package checks

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"cnalab/labs/check"
)

const (
	answersFile = "answers.yaml"
	controls    = "node-role.kubernetes.io/control-plane" // the label of a node that decides
)

// answers is answers.yaml.
type answers struct {
	ControlPlane string   `yaml:"control-plane"`
	Worker       string   `yaml:"worker"`
	Scheduler    string   `yaml:"scheduler-on"`
	Everywhere   []string `yaml:"on-every-node"`
}

// There is a namespace for the shop.
func TestStep01_NamespaceIsThere(t *testing.T) {
	s := open(t)
	if !s.kube.HasNamespace(namespace) {
		s.NotYet(check.Finding{Say: "The cluster has no namespace shop.", Want: "a namespace named shop",
			Next: "Make it: kubectl create namespace shop"})
	}
}

// The answers agree with what the cluster says.
func TestStep01_AnswersAgreeWithTheCluster(t *testing.T) {
	s := open(t)
	got := s.answers()
	want := s.truth()
	for _, a := range []struct{ key, got, want, next string }{
		{"control-plane", got.ControlPlane, want.ControlPlane, "Look at the column ROLES: kubectl get nodes"},
		{"worker", got.Worker, want.Worker, "It is the node without a role: kubectl get nodes"},
		{"scheduler-on", got.Scheduler, want.Scheduler, "Look at the column NODE: kubectl get pods -n kube-system -o wide"},
	} {
		if !sameNode(a.got, a.want) {
			s.wrong(a.key, a.got, a.next)
		}
	}
	s.ofOneCluster(got)
	slices.Sort(got.Everywhere)
	if !slices.Equal(slices.Compact(got.Everywhere), want.Everywhere) {
		s.wrong("on-every-node", strings.Join(got.Everywhere, ", "),
			"Find the DaemonSets: a pod of each is there exactly once on every node. Leave out what is behind the last dash of a pod's name: kubectl get pods -n kube-system -o wide")
	}
}

// wrong says which answer the cluster contradicts, and not what the right one is.
func (s *shop) wrong(key, got, next string) {
	s.Helper()
	if got == "" {
		got = "nothing"
	}
	s.NotYet(check.Finding{Say: fmt.Sprintf("The answer to %s differs from the cluster.", key), Got: got,
		Want: "what kubectl shows", At: answersFile, Next: next})
}

func (s *shop) answers() answers {
	s.Helper()
	text, ok := s.Files().Read(answersFile)
	if !ok {
		s.NotYet(check.Finding{Say: "There is no answers.yaml yet.", At: "questions.yaml", Next: "Copy it, and fill it in: cp questions.yaml answers.yaml"})
	}
	var got answers
	if err := yaml.UnmarshalWithOptions([]byte(text), &got, yaml.Strict()); err != nil {
		s.NotYet(check.Finding{Say: "answers.yaml cannot be read as YAML with the keys of questions.yaml.", At: answersFile,
			Next: "Keep the keys, and write each answer behind its colon.", Output: err.Error()})
	}
	return got
}

// truth is what the cluster answers.
func (s *shop) truth() answers {
	s.Helper()
	var is answers
	nodes := s.kube.Nodes()
	for _, n := range nodes {
		if _, ok := n.Metadata.Labels[controls]; ok {
			is.ControlPlane = n.Metadata.Name
		} else {
			is.Worker = n.Metadata.Name
		}
	}
	on := map[string]map[string]bool{} // which nodes each DaemonSet runs on
	for _, p := range s.kube.Pods("kube-system", nil) {
		if p.Metadata.Labels["component"] == "kube-scheduler" {
			is.Scheduler = p.Spec.NodeName
		}
		for _, o := range p.Metadata.Owners {
			if o.Kind != "DaemonSet" {
				continue
			}
			if on[o.Name] == nil {
				on[o.Name] = map[string]bool{}
			}
			on[o.Name][p.Spec.NodeName] = true
		}
	}
	for name, where := range on {
		if len(where) == len(nodes) {
			is.Everywhere = append(is.Everywhere, name)
		}
	}
	slices.Sort(is.Everywhere)
	return is
}
