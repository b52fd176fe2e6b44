//go:build lab

package checks

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kube"
)

const (
	longestHang  = 30 * time.Second // for which a livenessProbe may let a container hang
	longestStart = 30 * time.Second // that a startupProbe must allow
)

// No order fails while order is rolled out.
func TestStep06_NoOrderIsLostInARollout(t *testing.T) {
	s := open(t)
	s.asks("readinessProbe", s.deployment("order").Spec.Template.Spec.Containers[0].Readiness, "/readyz")
	l := s.rollsOut(func(l *load) bool { _, lost := l.served(); return lost > 0 })
	if lost, asked := l.end(); lost > 0 {
		s.lost(l, "Customers lose orders while order is rolled out.", s.delayed())
	} else {
		s.Saw(check.Finding{Say: fmt.Sprintf("All %d orders that came during the rollout were taken.", asked)})
	}
}

// delayed says what to do about the end of order's pods.
func (s *shop) delayed() string {
	s.Helper()
	hook := s.deployment("order").Spec.Template.Spec.Containers[0].Lifecycle.PreStop
	switch {
	case hook == nil:
		return "Let a preStop delay the end of each pod until no node sends it new connections, and apply the file."
	case hook.Sleep == nil:
		return "Your preStop does not sleep. A program that it starts must be in the image, which has no shell and no sleep. Write preStop: {sleep: {seconds: 5}}, and apply the file."
	}
	return fmt.Sprintf("Your preStop sleeps for %d s. Let it sleep until no node sends the pod new connections, 5 s for example, and apply the file.", hook.Sleep.Seconds)
}

// A container of order that hangs is started again.
func TestStep06_HungContainerIsStartedAgain(t *testing.T) {
	s := open(t)
	probe := s.gentle()
	p := s.running("order")[0]
	var err error
	s.Within(soon, func() bool {
		_, err = s.kube.AskPod(namespace, p.Metadata.Name, inside, http.MethodPost, "/hang")
		return err == nil
	})
	s.Must(err, "The pod "+p.Metadata.Name+" could not be made to hang.")
	s.kube.Await(probe.GivesUp()+soon+warm, func() *check.Finding {
		state := "gone"
		for _, now := range s.kube.Pods(namespace, nil) {
			if now.Metadata.UID != p.Metadata.UID {
				continue
			}
			if state = now.State(); restarts(now) > restarts(p) && now.Ready() {
				return nil
			}
		}
		return &check.Finding{Say: "A container of order that hangs is not started again.", Got: fmt.Sprintf("%s %s", p.Metadata.Name, state),
			Want: "started again, and ready", At: orderFile, Next: "See what the kubelet does with the pod: kubectl describe pods -n shop -l app=order"}
	})
}

// gentle is the livenessProbe of order, which gives up later than the
// readinessProbe, and before its pod has been of no use for long.
func (s *shop) gentle() *kube.Probe {
	s.Helper()
	c := s.deployment("order").Spec.Template.Spec.Containers[0]
	s.asks("readinessProbe", c.Readiness, "/readyz")
	s.asks("livenessProbe", c.Liveness, "/healthz")
	f := check.Finding{Got: givesUp(c.Liveness), Want: fmt.Sprintf("more than %s, the readinessProbe's", givesUp(c.Readiness)), At: orderFile,
		Next: "Set periodSeconds and failureThreshold of the livenessProbe, and apply the file."}
	if c.Liveness.GivesUp() <= c.Readiness.GivesUp() {
		f.Say = "The livenessProbe of order does not give up later than the readinessProbe, so the container is restarted before requests are kept from it."
		s.NotYet(f)
	}
	if c.Liveness.GivesUp() > longestHang {
		f.Say, f.Want = "The livenessProbe of order lets a container hang for too long.", fmt.Sprintf("%d s or less", longestHang/time.Second)
		s.NotYet(f)
	}
	return c.Liveness
}

func givesUp(p *kube.Probe) string {
	return fmt.Sprintf("%d times %d s", p.Failures, p.Period)
}

// order has time to start before it is asked whether it lives.
func TestStep06_OrderHasTimeToStart(t *testing.T) {
	s := open(t)
	probe := s.deployment("order").Spec.Template.Spec.Containers[0].Startup
	s.asks("startupProbe", probe, "/healthz", "/readyz")
	if probe.GivesUp() < longestStart {
		s.NotYet(check.Finding{Say: "The startupProbe of order gives the container too little time to start.", Got: givesUp(probe), Want: fmt.Sprintf("%d s or more", longestStart/time.Second),
			At: orderFile, Next: "Set periodSeconds and failureThreshold of the startupProbe, and apply the file."})
	}
	s.running("order")
	s.written("Deployment", "order")
}

func restarts(p kube.Pod) (n int) {
	for _, c := range p.Status.Containers {
		n += c.Restarts
	}
	return n
}

// A drain takes one pod of order at a time.
func TestStep06_ADrainTakesOnePodAtATime(t *testing.T) {
	s := open(t)
	s.three()
	var budget string
	s.kube.Await(warm, func() *check.Finding {
		f := &check.Finding{Say: "No PodDisruptionBudget in the namespace shop selects the pods of order.", Got: "none", Want: "one with the label app: order", At: orderFile,
			Next: "Write it into order.yaml, after a line ---, and apply the file."}
		for _, b := range s.kube.Budgets(namespace) {
			switch {
			case b.Status.Pods != replicas:
				f.Got = fmt.Sprintf("%s, which selects %d pods", b.Metadata.Name, b.Status.Pods)
			case b.Status.Healthy != replicas-1:
				f.Say = fmt.Sprintf("The PodDisruptionBudget %s does not allow a drain to take one pod of order, and no more.", b.Metadata.Name)
				f.Got, f.Want = fmt.Sprintf("at least %d of %d pods must be left", b.Status.Healthy, b.Status.Pods), fmt.Sprintf("%d of %d", replicas-1, replicas)
				f.Next = "Set maxUnavailable or minAvailable, and apply the file."
			default:
				budget = b.Metadata.Name
				return nil
			}
		}
		return f
	})
	s.written("PodDisruptionBudget", budget)
}
