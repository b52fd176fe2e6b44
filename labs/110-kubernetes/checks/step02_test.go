//go:build lab

package checks

import (
	"fmt"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/kube"
)

// A Deployment runs order.
func TestStep02_DeploymentRunsOrder(t *testing.T) {
	s := open(t)
	if d := s.deployment("order"); d.Spec.Replicas != 1 && d.Spec.Replicas != replicas { // what step 3 asks for stays right
		s.NotYet(check.Finding{Say: "The Deployment order asks for another number of pods.", Got: fmt.Sprintf("replicas: %d", d.Spec.Replicas),
			Want: "replicas: 1", At: "order.yaml", Next: "Change replicas, and apply the file."})
	}
	pods := s.running("order")
	s.works("order", pods)
	s.isSetUp(pods)
	for _, p := range s.kube.Pods(namespace, map[string]string{"app": "order"}) {
		if len(p.Metadata.Owners) == 0 {
			s.NotYet(check.Finding{Say: "A bare Pod still runs beside those of the Deployment.", Got: p.Metadata.Name,
				Want: "only pods that the Deployment has brought", Next: fmt.Sprintf("Take it away: kubectl delete pod -n shop %s", p.Metadata.Name)})
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
	uncordon()
	s.comesBack(old, old)
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
