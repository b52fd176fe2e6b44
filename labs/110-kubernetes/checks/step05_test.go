//go:build lab

package checks

import (
	"fmt"
	"net/http"
	"slices"
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
				At: orderFile, Next: "Set VERSION in order.yaml, and apply the file."}
		})
	}
	s.written("Deployment", "order")
}

// A version with an image that does not exist was tried, and rolled back.
func TestStep05_BadImageWasRolledBack(t *testing.T) {
	s := open(t)
	d := s.deployment("order")
	s.hasImage(d)
	var tried []string // images
	for _, set := range s.kube.ReplicaSets(namespace, d) {
		tried = append(tried, set.Spec.Template.Spec.Containers[0].Image)
		if !isImage(set.Spec.Template.Spec.Containers[0].Image) && revision(set.Metadata) < revision(d.Metadata) {
			s.running("order")
			return
		}
	}
	s.NotYet(check.Finding{Say: "The history of order has no version with an image that does not exist.", Got: fmt.Sprintf("%d versions, of %s", len(tried), strings.Join(slices.Compact(slices.Sorted(slices.Values(tried))), ", ")), Want: "such a version, tried and rolled back",
		Next: "Only the last ten versions are kept. Try one: kubectl set image deployment/order order=cnalab/fixtures:2 -n shop, then roll it back: kubectl rollout undo deployment/order -n shop and kubectl apply -f order.yaml"})
}

func revision(m kube.ObjectMeta) int {
	n, _ := strconv.Atoi(m.Revision())
	return n
}

// While order is rolled out, no customer reaches a pod that is not ready.
func TestStep05_NoPodIsAskedBeforeItIsReady(t *testing.T) {
	s := open(t)
	probe := s.deployment("order").Spec.Template.Spec.Containers[0].Readiness
	s.asks("readinessProbe", probe, "/readyz")
	s.everySecond(probe)
	l := s.rollsOut(func(l *load) bool { return l.tooEarly() > 0 })
	if _, asked := l.end(); l.tooEarly() > 0 {
		s.NotYet(check.Finding{Say: "Customers reach pods of order that are not ready.", Got: fmt.Sprintf("%d of %d orders answered with 503", l.tooEarly(), asked), Want: "none",
			At: orderFile, Output: l.failures(), Next: "Give the container a readinessProbe that asks /readyz, and apply the file."})
	}
	s.Saw(check.Finding{Say: "No order reached a pod that was not ready.", Got: l.String()})
}

// rollsOut rolls all pods of order out anew while customers place orders, until
// that has ended, or enough of them are lost.
func (s *shop) rollsOut(enough func(*load) bool) *load {
	s.Helper()
	s.running("order")
	gateway := kube.OpenNodePort(s.C, nodePort)
	if _, err := gateway.Get(soon, "/orders"); err != nil {
		s.NotYet(*s.otherwise("/orders", kube.Answer{}, err, "200"))
	}
	s.isQuiet(gateway)
	l := s.customers(gateway)
	s.kube.Rollout(namespace, "order")
	s.rolledOut(l, enough)
	return l
}

// isQuiet waits until no order fails: what an earlier rollout has begun, and the
// network rules that follow it, must not be held against the one that comes.
func (s *shop) isQuiet(gateway *kube.NodePort) {
	s.Helper()
	s.Within(starts, func() bool { return len(s.kube.Leaving(namespace)) == 0 })
	var l *load
	if !s.Within(soon, func() bool {
		l = s.customers(gateway)
		s.Within(warm, func() bool { asked, _ := l.served(); return asked >= 5*clients })
		lost, asked := l.end()
		return lost == 0 && asked >= 5*clients
	}) {
		s.lost(l, "Orders fail, or take too long, while nothing is rolled out.", "See which pods of order are ready, and what they log: kubectl get pods -n shop")
	}
}

// ending is how long requests may still reach the last of the old pods.
const ending = 1500 * time.Millisecond

// rolledOut waits until the rollout has ended, or enough orders are lost. One
// that takes too long says nothing of the work: the machine may be busy.
func (s *shop) rolledOut(l *load, enough func(*load) bool) {
	s.Helper()
	begin, settled, pause := time.Now(), time.Now(), time.NewTicker(200*time.Millisecond)
	defer pause.Stop()
	for time.Since(begin) < rollout {
		<-pause.C
		if !s.deployment("order").Settled() {
			settled = time.Now()
		}
		if enough(l) || time.Since(settled) > ending {
			return
		}
	}
	if !enough(l) {
		s.CouldNotCheck(check.Finding{Say: "A rollout of order takes longer than the check can wait.", Got: kube.States(s.kube.PodsOf(namespace, s.deployment("order"))),
			Want: fmt.Sprintf("an end within %s", rollout.String()), At: orderFile, Next: "See what it waits for: kubectl rollout status deployment/order -n shop"})
	}
}

// lost ends the check with the orders that failed. Where a part of the cluster
// was away meanwhile, they say nothing of the work.
func (s *shop) lost(l *load, say, next string) {
	s.Helper()
	f := check.Finding{Say: say, Got: l.String(), Want: "none", At: orderFile, Output: l.failures(), Next: next}
	if s.kube.Away(time.Since(l.began)) {
		s.CouldNotCheck(f)
	}
	s.NotYet(f)
}

// asks sees that a probe asks order for a path, at the port that it listens on.
func (s *shop) asks(name string, got *kube.Probe, paths ...string) {
	s.Helper()
	f := check.Finding{Say: fmt.Sprintf("The container of order has no %s that asks %s.", name, paths[0]), Got: fmt.Sprintf("%s is not set", name), Want: paths[0], At: orderFile,
		Next: "Add it to the container, beside image and env."}
	if got == nil || got.HTTP == nil {
		s.NotYet(f)
	}
	if number, isNumber := got.HTTP.Port.(float64); isNumber && number != inside {
		f.Say = fmt.Sprintf("The %s of order asks at a port where order does not listen.", name)
		f.Got, f.Want, f.Next = fmt.Sprint(number), fmt.Sprint(inside), "Set port of the probe, and apply the file."
		s.NotYet(f)
	}
	if !slices.Contains(paths, got.HTTP.Path) {
		f.Got, f.Next = got.HTTP.Path, "Set path of the probe, and apply the file."
		s.NotYet(f)
	}
}

// everySecond sees that the readinessProbe is as quick as the text asks for.
func (s *shop) everySecond(p *kube.Probe) {
	s.Helper()
	if p.Period != 1 {
		s.NotYet(check.Finding{Say: "The readinessProbe of order does not ask every second.", Got: fmt.Sprintf("every %d s", p.Period), Want: "every 1 s", At: orderFile,
			Next: "Set periodSeconds of the probe, and apply the file."})
	}
}
