//go:build lab

package checks

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kube"
)

// All pods of order are of version 2.
func TestStep05_OrderIsOfVersionTwo(t *testing.T) {
	s := open(t)
	for _, p := range s.three() {
		s.kube.Await(warm, func() *check.Finding {
			got, err := s.kube.AskPod(namespace, p.Metadata.Name, inside, http.MethodGet, "/about")
			var a answer
			if err == nil && got.JSON(&a) && a.Version == "2" {
				return nil
			}
			return &check.Finding{Say: "A pod of order does not say that it is of version 2.", Got: said(got, err), Want: `"version": "2"`,
				At: "order.yaml", Next: "Change VERSION in the Deployment, and apply the file."}
		})
	}
	s.written("Deployment", "order")
}

// A version whose image cannot be had was tried, and rolled back.
func TestStep05_BadImageWasRolledBack(t *testing.T) {
	s := open(t)
	d := s.deployment("order")
	s.hasImage(d)
	var tried []string
	for _, set := range s.kube.ReplicaSets(namespace, d) {
		tried = append(tried, set.Spec.Template.Spec.Containers[0].Image)
		if !isImage(set.Spec.Template.Spec.Containers[0].Image) && revision(set.Metadata) < revision(d.Metadata) {
			s.running("order")
			return
		}
	}
	s.NotYet(check.Finding{Say: "The history of order holds no version whose image cannot be had.", Got: strings.Join(tried, ", "), Want: "a version that was tried and rolled back",
		Next: "Try one, then undo it: kubectl set image deployment/order order=cnalab/fixtures:2 -n shop"})
}

func revision(m kube.ObjectMeta) int {
	n, _ := strconv.Atoi(m.Revision())
	return n
}

// A pod of order that hangs is started again.
func TestStep05_HungPodIsStartedAgain(t *testing.T) {
	s := open(t)
	s.asks("livenessProbe", s.deployment("order").Spec.Template.Spec.Containers[0].Liveness, kube.Probe{Period: 2, Failures: 2}, "/healthz")
	p := s.running("order")[0]
	var err error
	s.Within(soon, func() bool {
		_, err = s.kube.AskPod(namespace, p.Metadata.Name, inside, http.MethodPost, "/hang")
		return err == nil
	})
	s.Must(err, "The pod "+p.Metadata.Name+" could not be made to hang.")
	s.kube.Await(starts, func() *check.Finding {
		state := "gone"
		for _, now := range s.kube.Pods(namespace, nil) {
			if now.Metadata.UID != p.Metadata.UID {
				continue
			}
			if state = now.State(); restarts(now) > restarts(p) && now.Ready() {
				return nil
			}
		}
		return &check.Finding{Say: "A pod of order that answers nothing any more is not started again.", Got: fmt.Sprintf("%s %s", p.Metadata.Name, state),
			Want: "started again, and ready, within 30 s", At: "order.yaml",
			Next: "Let the livenessProbe ask /healthz every 2 s, and give up after 2 failures."}
	})
}

func restarts(p kube.Pod) (n int) {
	for _, c := range p.Status.Containers {
		n += c.Restarts
	}
	return n
}

// No order is lost while order is rolled out anew.
func TestStep05_NoOrderIsLostInARollout(t *testing.T) {
	s := open(t)
	s.asks("readinessProbe", s.deployment("order").Spec.Template.Spec.Containers[0].Readiness, kube.Probe{Period: 1}, "/readyz")
	s.running("order")
	gateway := kube.OpenNodePort(s.C, nodePort)
	if _, err := gateway.Get(soon, "/orders"); err != nil {
		s.NotYet(*s.otherwise("/orders", kube.Answer{}, err, "200"))
	}
	l := s.customers(gateway)
	if !s.Within(soon, func() bool { asked, _ := l.served(); return asked >= 5*clients }) {
		s.NotYet(check.Finding{Say: "Orders take too long, with nothing rolled out.", Got: l.String()})
	}
	if lost, _ := l.end(); lost > 0 {
		s.lost(l, "Orders are lost with nothing rolled out.")
	}
	l = s.customers(gateway)
	s.kube.Rollout(namespace, "order")
	s.rolledOut(l)
	if lost, asked := l.end(); lost > 0 {
		s.lost(l, "Customers lose orders while order is rolled out.")
	} else {
		s.Saw(check.Finding{Say: fmt.Sprintf("All %d orders that came during the rollout were taken.", asked)})
	}
}

// rolledOut waits until the rollout has ended, or enough orders are lost. One
// that takes too long says nothing of the work: the machine may be busy.
func (s *shop) rolledOut(l *load) {
	s.Helper()
	begin, pause := time.Now(), time.NewTicker(200*time.Millisecond)
	defer pause.Stop()
	for time.Since(begin) < rollout {
		<-pause.C
		_, lost := l.served()
		if lost > 10 || s.deployment("order").Settled() && time.Since(begin) > time.Second {
			return
		}
	}
	if _, lost := l.served(); lost == 0 {
		s.CouldNotCheck(check.Finding{Say: "A rollout of order takes longer than the check can wait.", Got: kube.States(s.kube.PodsOf(namespace, s.deployment("order"))),
			Want: fmt.Sprintf("an end within %s", rollout.String()), At: "order.yaml", Next: "See what it waits for: kubectl rollout status deployment/order -n shop"})
	}
}

// lost ends the check with the orders that failed. Where a part of the cluster
// was away meanwhile, they say nothing of the work.
func (s *shop) lost(l *load, say string) {
	s.Helper()
	f := check.Finding{Say: say, Got: l.String(), Want: "none", At: "order.yaml", Output: strings.Join(l.failed, "\n"),
		Next: "A pod must get no orders before it is ready for them: let a readinessProbe ask /readyz."}
	if s.kube.Away(check.Limit) {
		s.CouldNotCheck(f)
	}
	s.NotYet(f)
}

// asks sees that the node asks order as the text says; the failures that are
// wanted are 0 where the text leaves them open.
func (s *shop) asks(name string, got *kube.Probe, want kube.Probe, path string) {
	s.Helper()
	f := check.Finding{Say: fmt.Sprintf("The container of order has no %s that asks %s.", name, path), Got: fmt.Sprintf("no %s", name), Want: path, At: "order.yaml",
		Next: "Add it to the container, beside image and env."}
	if got == nil || got.HTTP == nil {
		s.NotYet(f)
	}
	number, isNumber := got.HTTP.Port.(float64)
	if isNumber && number != inside {
		f.Say = fmt.Sprintf("The %s of order asks at another port than order listens on.", name)
		f.Got, f.Want, f.Next = fmt.Sprint(number), fmt.Sprint(inside), "Set port of the probe, and apply the file."
		s.NotYet(f)
	}
	if got.HTTP.Path == path && got.Period == want.Period && (want.Failures == 0 || got.Failures == want.Failures) {
		return
	}
	f.Say = fmt.Sprintf("The %s of order asks otherwise than the step says.", name)
	f.Got, f.Want = fmt.Sprintf("%s, every %d s", got.HTTP.Path, got.Period), fmt.Sprintf("%s, every %d s", path, want.Period)
	f.Next = "Set path and periodSeconds of the probe, and apply the file."
	if want.Failures > 0 {
		f.Got = fmt.Sprintf("%s, every %d s, given up after %d failures", got.HTTP.Path, got.Period, got.Failures)
		f.Want = fmt.Sprintf("%s, every %d s, given up after %d failures", path, want.Period, want.Failures)
		f.Next = "Set path, periodSeconds and failureThreshold of the probe, and apply the file."
	}
	s.NotYet(f)
}
