//go:build lab

package checks

import (
	"fmt"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/kube"
)

// needs is what order needs of each resource.
var needs = map[string]string{"cpu": "50m", "memory": "32Mi"}

// Each pod of order has requests and limits.
func TestStep08_PodsOfOrderHaveRequestsAndLimits(t *testing.T) {
	s := open(t)
	has := map[string]map[string]string{} // what each node has for pods
	for _, n := range s.kube.Nodes() {
		has[n.Metadata.Name] = n.Status.Allocatable
	}
	pods := s.running("order")
	s.written("Deployment", "order")
	for _, c := range s.deployment("order").Spec.Template.Spec.Containers { // a pod's missing requests are its limits
		for _, p := range pods {
			for _, resource := range []string{"cpu", "memory"} {
				s.bounded(resource, c.Resources.Requests[resource], c.Resources.Limits[resource], has[p.Spec.NodeName][resource])
			}
		}
	}
}

// bounded sees that a container asks for what order needs of a resource, and
// may take no more than its node has.
func (s *shop) bounded(resource, request, limit, has string) {
	s.Helper()
	f := check.Finding{Got: fmt.Sprintf("requests %q, limits %q", request, limit), At: "order.yaml"}
	switch {
	case request == "" || limit == "":
		f.Say = fmt.Sprintf("The container in order.yaml has no request or no limit for %s.", resource)
		f.Want = "both, for cpu and memory"
		f.Next = "Write requests and limits into the container's resources, and apply the file. Kubernetes fills in missing requests of a pod, but write them yourself here."
	case kube.Quantity(request) < kube.Quantity(needs[resource]):
		f.Say = fmt.Sprintf("A pod of order requests less %s than order needs.", resource)
		f.Want = fmt.Sprintf("requests %s or more", needs[resource])
		f.Next = "Raise the request, and look at its unit: 32M is less than 32Mi."
	case kube.Quantity(limit) > kube.Quantity(has):
		f.Say = fmt.Sprintf("The %s limit of a pod of order is more than its node has.", resource)
		f.Want = fmt.Sprintf("limits %s or less", has)
		f.Next = "Lower the limit, and look at its unit."
	default:
		return
	}
	s.NotYet(f)
}
