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
	pods := s.running("order")
	s.works("order", pods)
	for _, p := range s.kube.Pods(namespace, map[string]string{"app": "order"}) {
		if len(p.Metadata.Owners) == 0 {
			s.NotYet(check.Finding{Say: "A bare Pod still runs beside those of the Deployment.", Got: p.Metadata.Name,
				Want: "only pods that the Deployment has brought", Next: "Take it away: kubectl delete pod -n shop " + p.Metadata.Name})
		}
	}
}

// A pod that is deleted is replaced.
func TestStep02_DeletedPodIsReplaced(t *testing.T) {
	s := open(t)
	old := s.running("order")
	s.kube.DeletePod(namespace, old[0])
	s.comesBack(old, old[:1], "was deleted")
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
	s.comesBack(old, old, "left its node")
}

// comesBack waits until there are as many pods as before, without those that
// are gone.
func (s *shop) comesBack(old, gone []kube.Pod, what string) {
	s.Helper()
	s.kube.Await(starts, func() *check.Finding {
		pods := s.running("order")
		for _, p := range pods {
			if len(others([]kube.Pod{p}, gone)) == 0 {
				return &check.Finding{Say: "A pod of order that " + what + " is still there.", Got: p.Metadata.Name}
			}
		}
		if fresh := others(pods, old); len(fresh) < len(gone) {
			return &check.Finding{Say: "A pod of order that " + what + " is not replaced.", Got: kube.States(pods),
				Want: fmt.Sprintf("%d new", len(gone)), At: "order.yaml", Next: "Look at what the Deployment does: kubectl get pods -n shop --watch"}
		}
		return nil
	})
}
