//go:build lab

package checks

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/kube"
)

// The gateway routes by path, and refuses what it does not know.
func TestStep04_TheGatewayRoutesByPath(t *testing.T) {
	s := open(t)
	s.gatewayRuns()
	gateway := kube.OpenNodePort(s.C, nodePort)
	for _, route := range []struct {
		path, service string
		status        int
	}{{"/orders", "order", 200}, {"/products", "product", 200}, {"/products/lamp", "", 200}, {"/nothing", "gateway", 404}} {
		s.kube.Await(soon, func() *check.Finding {
			got, err := gateway.Try(s.Context, http.MethodGet, route.path, nil)
			var a answer
			if err == nil && got.Status == route.status && got.JSON(&a) && (a.Service == route.service || route.service == "") {
				return nil
			}
			return s.otherwise(route.path, got, err, fmt.Sprintf("%d from %s", route.status, route.service))
		})
	}
	for _, name := range []string{"product", "gateway"} {
		s.restricted(name)
		s.written("Deployment", name)
		s.written("Service", name)
	}
}

// The gateway has a pod left when it loses one.
func TestStep04_TheGatewayHasASecondPod(t *testing.T) {
	s := open(t)
	if pods := s.running("gateway"); len(pods) < 2 {
		s.NotYet(check.Finding{Say: "No customer reaches the shop when the only pod of the gateway crashes.", Got: kube.States(pods), Want: "2 pods or more",
			At: "gateway.yaml", Next: "Set replicas of the Deployment gateway, and apply the file."})
	}
}

// An order can be placed from outside.
func TestStep04_AnOrderComesThroughTheGateway(t *testing.T) {
	s := open(t)
	s.gatewayRuns()
	gateway := kube.OpenNodePort(s.C, nodePort)
	s.kube.Await(soon, func() *check.Finding {
		got, err := gateway.Try(s.Context, http.MethodPost, "/orders", lamp)
		if err == nil && got.Status == http.StatusCreated {
			return nil
		}
		return s.otherwise("POST /orders", got, err, "201")
	})
}

// All pods of order get requests from outside.
func TestStep04_AllPodsOfOrderAreBehindTheGateway(t *testing.T) {
	s := open(t)
	s.gatewayRuns()
	s.byName()
	s.balances("order")
	s.running("order")
	gateway := kube.OpenNodePort(s.C, nodePort)
	answered := map[string]bool{}
	s.kube.Await(soon, func() *check.Finding {
		got, err := gateway.Try(s.Context, http.MethodGet, "/orders", nil)
		var a answer
		if err != nil || got.Status != http.StatusOK || !got.JSON(&a) {
			return s.otherwise("/orders", got, err, "200 from order")
		}
		answered[a.Pod] = true
		f := s.missing(answered)
		if f != nil {
			f.At, f.Next = "gateway.yaml", "Give the gateway the Service's name and not the address of a pod: http://order"
		}
		return f
	})
}

// byName sees that the gateway asks for others by name: an address is another
// one when its Service is made anew.
func (s *shop) byName() {
	s.Helper()
	for _, c := range s.deployment("gateway").Spec.Template.Spec.Containers {
		for _, v := range c.Env {
			if at, err := url.Parse(v.Value); err == nil && net.ParseIP(at.Hostname()) != nil {
				s.NotYet(check.Finding{Say: fmt.Sprintf("The gateway's variable %s holds an IP address, and not the name of a Service.", v.Name), Got: v.Value, Want: "the name of a Service",
					At: "gateway.yaml", Next: "A Service that is made again gets another address, and keeps its name: http://order and http://product"})
			}
		}
	}
}

// The gateway is the only entrance.
func TestStep04_ThereIsOneEntrance(t *testing.T) {
	s := open(t)
	s.gatewayRuns()
	for _, service := range s.kube.Services(namespace) {
		if name := service.Metadata.Name; name != "gateway" && service.Spec.Type != "ClusterIP" {
			s.NotYet(check.Finding{Say: fmt.Sprintf("The Service %s can be reached from outside the cluster.", name), Got: fmt.Sprintf("type: %s", service.Spec.Type),
				Want: "type: ClusterIP, which is the default", At: name + ".yaml", Next: "Only the Service gateway may be of the type NodePort."})
		}
	}
	for _, service := range s.kube.Services(namespace) {
		if name := service.Metadata.Name; len(service.Spec.External) > 0 {
			s.NotYet(check.Finding{Say: fmt.Sprintf("The Service %s can be reached from outside the cluster.", name), Got: "externalIPs",
				Want: "one entrance, the NodePort of the gateway", At: name + ".yaml", Next: "Remove externalIPs from the Service, and apply the file."})
		}
	}
	for _, p := range s.kube.Pods(namespace, nil) {
		if p.Spec.HostNetwork || slices.ContainsFunc(p.Spec.Containers, opensHostPort) {
			s.NotYet(check.Finding{Say: fmt.Sprintf("The pod %s opens a port of its node.", p.Metadata.Name), Got: "hostPort or hostNetwork",
				Want: "one entrance, the NodePort of the gateway", Next: "Remove hostPort and hostNetwork from the template, and apply the file."})
		}
	}
}

func opensHostPort(c kube.Container) bool {
	for _, p := range c.Ports {
		if p.HostPort != 0 {
			return true
		}
	}
	return false
}

// lamp is an order.
var lamp = map[string]any{"sku": "lamp", "quantity": 1}

// gatewayRuns looks for what the gateway is made of.
func (s *shop) gatewayRuns() {
	s.Helper()
	for _, name := range []string{"product", "gateway"} {
		s.works(name, s.running(name))
		s.service(name)
	}
	service := s.service("gateway")
	for _, p := range service.Spec.Ports {
		if p.Port == 80 && p.NodePort == nodePort && service.Spec.Type == "NodePort" {
			return
		}
	}
	s.NotYet(check.Finding{Say: "The Service gateway is not of the type NodePort with port 80 and nodePort 30080.",
		Got: fmt.Sprintf("type: %s, port: %s", service.Spec.Type, service.PortsText()), Want: "type: NodePort, port: 80, nodePort: 30080", At: "gateway.yaml",
		Next: "Set type and nodePort in the Service's spec, and apply the file."})
}

func (s *shop) otherwise(path string, got kube.Answer, err error, want string) *check.Finding {
	return &check.Finding{Say: fmt.Sprintf("The gateway does not give the answer to %s that the step asks for.", path), Got: said(got, err), Want: want,
		At: "gateway.yaml", Next: "Look at its log: kubectl logs -n shop deployment/gateway"}
}
