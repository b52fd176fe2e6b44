//go:build lab

package checks

import (
	"encoding/json"
	"errors"
	"fmt"
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

// The Service follows the pods: a new pod answers, and a deleted one does not.
func TestStep03_TheServiceFollowsThePods(t *testing.T) {
	s := open(t)
	pods := s.three()
	s.balances("order")
	s.kube.DeletePod(namespace, pods[0])
	s.comesBack(pods, pods[:1])
	s.allAnswer()
}

// three waits for the three pods of order.
func (s *shop) three() []kube.Pod {
	s.Helper()
	if d := s.deployment("order"); d.Spec.Replicas != replicas {
		s.NotYet(check.Finding{Say: "The Deployment order asks for a wrong number of pods.", Got: fmt.Sprintf("replicas: %d", d.Spec.Replicas),
			Want: fmt.Sprintf("replicas: %d", replicas), At: orderFile, Next: "Change replicas, and apply the file."})
	}
	return s.running("order")
}

// service gets the Service that should be there, with port 80.
func (s *shop) service(name string) *kube.Service {
	s.Helper()
	service := s.kube.Service(namespace, name)
	if service == nil {
		s.NotYet(check.Finding{Say: fmt.Sprintf("There is no Service named %s in the namespace shop.", name), Want: fmt.Sprintf("a Service %s", name),
			At: name + ".yaml", Next: "Add it below the Deployment, after a line ---, and apply the file."})
	}
	if service.Spec.Address == "None" {
		s.NotYet(check.Finding{Say: fmt.Sprintf("The Service %s has no ClusterIP, so its port 80 leads to no port of the pods.", name), Got: "clusterIP: None",
			Want: "an address", At: name + ".yaml", Next: fmt.Sprintf("Remove clusterIP, delete the Service, and apply the file again: kubectl delete service %s -n shop", name)})
	}
	for _, p := range service.Spec.Ports {
		if p.Port == 80 {
			return service
		}
	}
	s.NotYet(check.Finding{Say: fmt.Sprintf("The Service %s does not listen on port 80.", name), Got: fmt.Sprintf("port: %s", service.PortsText()), Want: "port: 80",
		At: name + ".yaml", Next: "port is the port of the Service, targetPort is the port of the container."})
	return nil
}

// balances sees that a Service leads who comes again to any of its pods.
func (s *shop) balances(name string) {
	s.Helper()
	if s.service(name).Spec.Affinity == "ClientIP" {
		s.NotYet(check.Finding{Say: fmt.Sprintf("The Service %s sends the same client to the same pod each time.", name), Got: "sessionAffinity: ClientIP",
			Want: "no sessionAffinity", At: name + ".yaml", Next: "Remove sessionAffinity from the Service, and apply the file."})
	}
}

// atOnce is how many requests a pod is asked to make at a time: enough to reach
// three pods, nearly always.
const atOnce = 12

// allAnswer asks by the Service's name, from a pod, until each pod of order has
// answered, and nobody else.
func (s *shop) allAnswer() {
	s.Helper()
	answered := map[string]bool{}
	s.kube.Await(soon, func() *check.Finding {
		all, err := s.askByName("http://order/orders")
		if err != nil {
			return s.noAnswer(err.Error())
		}
		for _, line := range all {
			var a answer
			if json.Unmarshal([]byte(line), &a) != nil || a.Service != "order" {
				return s.noAnswer(line)
			}
			answered[a.Pod] = true
		}
		if f := s.missing(answered); f != nil {
			return f
		}
		return s.strangers()
	})
}

// askByName asks for an address from a pod of order, by the program that is in
// its image: a Service has a name only inside the cluster. Each request has a
// connection of its own, so each may reach another pod.
func (s *shop) askByName(url string) (answers []string, err error) {
	s.Helper()
	pods := slices.DeleteFunc(s.kube.PodsOf(namespace, s.deployment("order")), unready)
	if len(pods) == 0 {
		return nil, errors.New("no pod is ready")
	}
	command := append([]string{"/fixtures", "get"}, slices.Repeat([]string{url}, atOnce)...)
	text, err := s.kube.Exec(namespace, pods[0].Metadata.Name, command...)
	return strings.Split(strings.TrimSpace(string(text)), "\n"), err
}

// strangers says which pods the Service leads to that are not the Deployment's.
func (s *shop) strangers() *check.Finding {
	s.Helper()
	behind, pods := s.kube.Behind(namespace, "order"), names(s.kube.PodsOf(namespace, s.deployment("order")))
	if slices.Equal(behind, pods) {
		return nil
	}
	return &check.Finding{Say: "The pods of the Service order are not the pods of the Deployment order.", Got: strings.Join(behind, ", "), Want: strings.Join(pods, ", "),
		At: orderFile, Next: "See which pods the Service has found: kubectl get endpointslices -n shop"}
}

func (s *shop) noAnswer(got string) *check.Finding {
	return &check.Finding{Say: "In a pod, http://order/orders brings no answer of order.", Got: got, Want: `200 with "service": "order"`, At: orderFile,
		Next: "See which pods the Service has found, and compare its selector, protocol and targetPort with the pods: kubectl get endpointslices -n shop"}
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
	return &check.Finding{Say: "Not all pods of order have answered.", Got: fmt.Sprintf("answers of %v", who), Want: fmt.Sprintf("answers of %v", pods),
		At: orderFile, Next: "See which pods the Service has found: kubectl get endpointslices -n shop"}
}
