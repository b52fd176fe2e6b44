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
		s.NotYet(check.Finding{Say: "The Deployment order asks for another number of pods.", Got: fmt.Sprintf("replicas: %d", d.Spec.Replicas),
			Want: "replicas: 1", At: "order.yaml", Next: "Change replicas, and apply the file."})
	}
	pods := s.running("order")
	s.works("order", pods)
	s.hasVersion(d)
	s.isSetUp(pods)
	if !d.Spec.Selector.Asks("app") || d.Spec.Template.Metadata.Labels["app"] != "order" {
		s.NotYet(check.Finding{Say: "The Deployment order does not know its pods by the label app: order.", Got: fmt.Sprintf("pods with the labels %v", d.Spec.Template.Metadata.Labels),
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
			s.NotYet(check.Finding{Say: "A bare Pod still runs beside those of the Deployment.", Got: p.Metadata.Name,
				Want: "only pods that the Deployment has brought", Next: fmt.Sprintf("Take it away: kubectl delete pod -n shop %s", p.Metadata.Name)})
		}
		if !slices.Contains(names(s.kube.PodsOf(namespace, s.deployment("order"))), p.Metadata.Name) {
			s.NotYet(check.Finding{Say: "A pod that is not the Deployment's bears the label app: order, too.", Got: p.Metadata.Name,
				Want: "only pods that the Deployment has brought", Next: fmt.Sprintf("Take away what has brought it: kubectl describe pod -n shop %s", p.Metadata.Name)})
		}
	}
}

// hasVersion sees that the template says which version it is of. order says 1
// where it does not, so asking it tells nothing.
func (s *shop) hasVersion(d *kube.Deployment) {
	s.Helper()
	for _, c := range d.Spec.Template.Spec.Containers {
		isVersion := func(v kube.EnvVar) bool { return v.Name == "VERSION" && (v.Value != "" || v.From != nil) }
		if !slices.ContainsFunc(c.Env, isVersion) && len(c.Whole) == 0 {
			s.NotYet(check.Finding{Say: "A pod of order has lost a setting that the Pod had.", Got: "no VERSION", Want: "VERSION",
				At: orderFile, Next: "Take all variables below env into the template, too."})
		}
	}
}

// isSetUp waits until each pod has the settings that the Pod had.
func (s *shop) isSetUp(pods []kube.Pod) {
	s.Helper()
	for _, p := range pods {
		s.kube.Await(warm, func() *check.Finding {
			if a, got := s.about(p); a.Greeting == "" || a.PaymentKey == "" {
				return &check.Finding{Say: "A pod of order has lost a setting that the Pod had.", Got: got, Want: "a greeting, and a payment key",
					At: "order.yaml", Next: "Take all variables below env into the template, too."}
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

// A pod that had to leave its node comes back.
func TestStep02_DrainedPodComesBack(t *testing.T) {
	s := open(t)
	old := s.running("order")
	node := old[0].Spec.NodeName
	uncordon := s.kube.Cordon(node)
	for _, p := range s.kube.Pods(namespace, nil) {
		if p.Spec.NodeName == node && len(p.Metadata.Owners) > 0 {
			s.kube.Evict(namespace, p)
		}
	}
	s.wait(old)
	uncordon()
	s.comesBack(old, old)
}

// wait waits until as many new pods wait for a node, and sees that none has found
// one: the worker takes none while it is drained, the other never.
func (s *shop) wait(old []kube.Pod) {
	s.Helper()
	s.kube.Await(starts, func() *check.Finding {
		fresh, waiting := others(s.kube.PodsOf(namespace, s.deployment("order")), old), 0
		for _, p := range fresh {
			if p.Spec.NodeName != "" {
				s.NotYet(check.Finding{Say: "A new pod of order did not wait until the drained worker was back.", Got: fmt.Sprintf("%s runs on %s", p.Metadata.Name, p.Spec.NodeName),
					Want: "Pending", At: orderFile, Next: "Take tolerations, nodeName and affinity out of the template, and apply the file."})
			}
			if p.Unschedulable() {
				waiting++
			}
		}
		if waiting >= len(old) {
			return nil
		}
		return &check.Finding{Say: "A pod of order that had to go is not replaced.", Got: kube.States(fresh),
			Want: fmt.Sprintf("%d new", len(old)), At: orderFile, Next: "Look at what the Deployment does: kubectl get pods -n shop --watch"}
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
				return &check.Finding{Say: "A pod of order that had to go is still there.", Got: p.Metadata.Name}
			}
		}
		if fresh := others(pods, old); len(fresh) < len(gone) {
			return &check.Finding{Say: "A pod of order that had to go is not replaced.", Got: kube.States(pods),
				Want: fmt.Sprintf("%d new", len(gone)), At: "order.yaml", Next: "Look at what the Deployment does: kubectl get pods -n shop --watch"}
		}
		return nil
	})
}
