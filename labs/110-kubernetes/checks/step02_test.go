//go:build lab

package checks

import (
	"fmt"
	"slices"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/kube"
)

// A Deployment runs order.
func TestStep02_DeploymentRunsOrder(t *testing.T) {
	s := open(t)
	d := s.deployment("order")
	if d.Spec.Replicas != 1 && d.Spec.Replicas != replicas { // what step 3 asks for stays right
		s.NotYet(check.Finding{Say: "The Deployment order asks for a wrong number of pods.", Got: fmt.Sprintf("replicas: %d", d.Spec.Replicas),
			Want: "replicas: 1", At: orderFile, Next: "Change replicas, and apply the file."})
	}
	pods := s.running("order")
	s.works("order", pods)
	s.hasVariables(d)
	s.restricted("order")
	s.isSetUp(pods)
	if !d.Spec.Selector.Asks("app") || d.Spec.Template.Metadata.Labels["app"] != "order" {
		s.NotYet(check.Finding{Say: "The Deployment order does not find its pods by the label app: order.", Got: fmt.Sprintf("pods with the labels %v", d.Spec.Template.Metadata.Labels),
			Want: "app: order in the selector and in the template's labels", At: orderFile,
			Next: "A selector cannot be changed: kubectl delete deployment order -n shop, and apply the file again."})
	}
	s.alone(pods)
	s.written("Deployment", "order")
	s.noPod()
}

// alone sees that no other pods bear the label of order's.
func (s *shop) alone(pods []kube.Pod) {
	s.Helper()
	for _, p := range others(s.kube.Pods(namespace, map[string]string{"app": "order"}), pods) {
		if len(p.Metadata.Owners) == 0 {
			s.NotYet(check.Finding{Say: "A bare Pod still runs beside the pods of the Deployment.", Got: p.Metadata.Name,
				Want: "only pods of the Deployment", Next: fmt.Sprintf("Delete it: kubectl delete pod -n shop %s", p.Metadata.Name)})
		}
		if !slices.Contains(names(s.kube.PodsOf(namespace, s.deployment("order"))), p.Metadata.Name) {
			s.NotYet(check.Finding{Say: "A pod that does not belong to the Deployment order has the label app: order too.", Got: p.Metadata.Name,
				Want: "only pods of the Deployment", Next: fmt.Sprintf("Delete what has made it; this shows what that is: kubectl describe pod -n shop %s", p.Metadata.Name)})
		}
	}
}

// variables are those of the Pod that order does not tell when it is asked.
var variables = []string{"VERSION", "DRAIN"}

// hasVariables sees that the template has the Pod's variables. order has values
// of its own where they are not set, so asking it tells nothing.
func (s *shop) hasVariables(d *kube.Deployment) {
	s.Helper()
	for _, c := range d.Spec.Template.Spec.Containers {
		for _, name := range variables {
			isSet := func(v kube.EnvVar) bool { return v.Name == name && (v.Value != "" || v.From != nil) }
			if !slices.ContainsFunc(c.Env, isSet) && len(c.Whole) == 0 {
				s.NotYet(check.Finding{Say: "A setting of the Pod is missing in the Deployment order.", Got: fmt.Sprintf("%s is not set", name), Want: name,
					At: orderFile, Next: "Copy all variables below env into the template, too."})
			}
		}
	}
}

// isSetUp waits until each pod has the settings that the Pod had.
func (s *shop) isSetUp(pods []kube.Pod) {
	s.Helper()
	for _, p := range pods {
		s.kube.Await(warm, func() *check.Finding {
			if a, got := s.about(p); a.Greeting == "" || a.PaymentKey == "" {
				return &check.Finding{Say: "A setting of the Pod is missing in the Deployment order.", Got: got, Want: "a greeting, and a payment key",
					At: orderFile, Next: "Copy all variables below env into the template, too."}
			}
			return nil
		})
	}
}

// A pod that is deleted is replaced.
func TestStep02_DeletedPodIsReplaced(t *testing.T) {
	s := open(t)
	old := s.running("order")
	s.kube.DeletePod(namespace, old[0])
	s.comesBack(old, old[:1])
}

// A pod that is sent away from its node is replaced.
func TestStep02_DrainedPodComesBack(t *testing.T) {
	s := open(t)
	old := s.running("order")
	node := old[0].Spec.NodeName
	uncordon := s.kube.Cordon(node)
	var gone []kube.Pod
	for _, p := range s.kube.Pods(namespace, nil) {
		if p.Spec.NodeName != node || len(p.Metadata.Owners) == 0 {
			continue
		}
		if left := s.kube.Evict(namespace, p); left && len(others([]kube.Pod{p}, old)) == 0 {
			gone = append(gone, p)
		}
	}
	s.wait(old, gone)
	uncordon()
	s.comesBack(old, gone)
}

// wait waits until as many new pods as are gone wait for a node, and sees that
// none has found one: the worker takes none while it is drained, the other never.
func (s *shop) wait(old, gone []kube.Pod) {
	s.Helper()
	s.kube.Await(starts, func() *check.Finding {
		fresh, waiting := others(s.kube.PodsOf(namespace, s.deployment("order")), old), 0
		for _, p := range fresh {
			if p.Spec.NodeName != "" {
				s.NotYet(check.Finding{Say: "A new pod of order did not wait until the drained worker was back.", Got: fmt.Sprintf("%s runs on %s", p.Metadata.Name, p.Spec.NodeName),
					Want: "Pending", At: orderFile, Next: "Remove tolerations, nodeName and affinity from the template, and apply the file."})
			}
			if p.Unschedulable() {
				waiting++
			}
		}
		if waiting >= len(gone) {
			return nil
		}
		return &check.Finding{Say: "No new pod takes the place of a pod of order that is gone.", Got: kube.States(fresh),
			Want: fmt.Sprintf("%d new", len(gone)), At: orderFile, Next: "Look at what the Deployment does: kubectl get pods -n shop --watch"}
	})
}

// comesBack waits until there are as many pods as before, without those that
// are gone.
func (s *shop) comesBack(old, gone []kube.Pod) {
	s.Helper()
	s.kube.Await(starts, func() *check.Finding {
		pods := s.running("order")
		for _, p := range pods {
			if len(others([]kube.Pod{p}, gone)) == 0 {
				return &check.Finding{Say: "A pod of order that was sent away is still there.", Got: p.Metadata.Name}
			}
		}
		if fresh := others(pods, old); len(fresh) < len(gone) {
			return &check.Finding{Say: "No new pod takes the place of a pod of order that is gone.", Got: kube.States(pods),
				Want: fmt.Sprintf("%d new", len(gone)), At: orderFile, Next: "Look at what the Deployment does: kubectl get pods -n shop --watch"}
		}
		return nil
	})
}
