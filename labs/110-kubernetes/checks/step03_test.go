//go:build lab

package checks

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/kube"
)

const replicas = 3

// The Service order answers from all three pods of the Deployment.
func TestStep03_ThreePodsAnswerToOneName(t *testing.T) {
	s := open(t)
	s.three()
	s.balances("order")
	s.allAnswer()
	s.written("Deployment", "order")
	s.written("Service", "order")
}

// The Service follows the pods: one that is replaced answers too, the old one no more.
func TestStep03_TheServiceFollowsThePods(t *testing.T) {
	s := open(t)
	pods := s.three()
	s.service("order")
	s.kube.DeletePod(namespace, pods[0])
	s.comesBack(pods, pods[:1])
	s.allAnswer()
}

// three waits for the three pods of order.
func (s *shop) three() []kube.Pod {
	s.Helper()
	if d := s.deployment("order"); d.Spec.Replicas != replicas {
		s.NotYet(check.Finding{Say: "The Deployment order asks for another number of pods.", Got: fmt.Sprintf("replicas: %d", d.Spec.Replicas),
			Want: fmt.Sprintf("replicas: %d", replicas), At: "order.yaml", Next: "Change replicas, and apply the file."})
	}
	return s.running("order")
}

// service gets the Service that should be there, with port 80.
func (s *shop) service(name string) *kube.Service {
	s.Helper()
	service := s.kube.Service(namespace, name)
	if service == nil {
		s.NotYet(check.Finding{Say: fmt.Sprintf("There is no Service named %s in the namespace shop.", name), Want: fmt.Sprintf("a Service %s", name),
			At: name + ".yaml", Next: "Add it below the Deployment, after a line of three dashes, and apply the file."})
	}
	if service.Spec.Address == "None" {
		s.NotYet(check.Finding{Say: fmt.Sprintf("The Service %s has no address of its own, so nobody hands its port on to that of the pods.", name), Got: "clusterIP: None",
			Want: "an address", At: name + ".yaml", Next: fmt.Sprintf("Take clusterIP out, and make the Service anew: kubectl delete service %s -n shop", name)})
	}
	for _, p := range service.Spec.Ports {
		if p.Port == 80 {
			return service
		}
	}
	s.NotYet(check.Finding{Say: fmt.Sprintf("The Service %s is not reached on port 80.", name), Got: fmt.Sprintf("port: %s", service.PortsText()), Want: "port: 80",
		At: name + ".yaml", Next: "port is the Service's own, targetPort is the container's."})
	return nil
}

// balances sees that a Service leads who comes again to any of its pods.
func (s *shop) balances(name string) {
	s.Helper()
	if s.service(name).Spec.Affinity == "ClientIP" {
		s.NotYet(check.Finding{Say: fmt.Sprintf("The Service %s leads each customer to the same pod again and again.", name), Got: "sessionAffinity: ClientIP",
			Want: "no sessionAffinity", At: name + ".yaml", Next: "Take sessionAffinity out of the Service, and apply the file."})
	}
}

// allAnswer asks by the Service's name until each pod of order has answered,
// and nobody else.
func (s *shop) allAnswer() {
	s.Helper()
	answered := map[string]bool{}
	s.kube.Await(soon, func() *check.Finding {
		got, err := s.kube.AskService(namespace, "order", 80, "/orders")
		var a answer
		if err != nil || got.Status != http.StatusOK || !got.JSON(&a) || a.Service != "order" {
			return s.noAnswer(got, err)
		}
		answered[a.Pod] = true
		if f := s.missing(answered); f != nil {
			return f
		}
		return s.strangers()
	})
}

// strangers says which pods the Service leads to that are not the Deployment's.
func (s *shop) strangers() *check.Finding {
	s.Helper()
	behind, pods := s.kube.Behind(namespace, "order"), names(s.kube.PodsOf(namespace, s.deployment("order")))
	if slices.Equal(behind, pods) {
		return nil
	}
	return &check.Finding{Say: "The Service order leads to other pods than those of the Deployment.", Got: strings.Join(behind, ", "), Want: strings.Join(pods, ", "),
		At: orderFile, Next: "See which pods it has found: kubectl get endpointslices -n shop"}
}

func (s *shop) noAnswer(got kube.Answer, err error) *check.Finding {
	return &check.Finding{Say: "Nobody answers as order behind the Service order.", Got: said(got, err), Want: `200 with "service": "order"`, At: "order.yaml",
		Next: "See which pods it has found, and compare its selector and targetPort with the pods: kubectl get endpointslices -n shop"}
}

// missing says who of order's pods has not answered.
func (s *shop) missing(answered map[string]bool) *check.Finding {
	s.Helper()
	pods := names(s.kube.PodsOf(namespace, s.deployment("order")))
	var silent []string
	for _, name := range pods {
		if !answered[name] {
			silent = append(silent, name)
		}
	}
	if len(silent) == 0 && len(pods) == replicas {
		return nil
	}
	var who []string
	for name := range answered {
		who = append(who, name)
	}
	slices.Sort(who)
	return &check.Finding{Say: "Not all pods of order answer to the one name.", Got: fmt.Sprintf("answers of %v", who), Want: fmt.Sprintf("answers of %v", pods),
		At: "order.yaml", Next: "See which pods the Service has found: kubectl get endpointslices -n shop"}
}
