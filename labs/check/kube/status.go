package kube

import (
	"strconv"
	"strings"
)

// Ready reports whether the pod takes requests.
func (p Pod) Ready() bool {
	for _, c := range p.Status.Conditions {
		if c.Type == "Ready" {
			return c.Status == "True"
		}
	}
	return false
}

// Unschedulable reports whether no node takes the pod.
func (p Pod) Unschedulable() bool {
	for _, c := range p.Status.Conditions {
		if c.Type == "PodScheduled" {
			return c.Status == "False"
		}
	}
	return false
}

// State says how the pod is, as kubectl get pods does.
func (p Pod) State() string {
	for _, c := range p.Status.Containers {
		if c.State.Waiting != nil && c.State.Waiting.Reason != "" {
			return c.State.Waiting.Reason
		}
	}
	if p.Status.Phase == "Running" && !p.Ready() {
		return "Running, not ready"
	}
	return p.Status.Phase
}

// Settled reports whether a Deployment is as it is asked to be: all pods of
// its newest version, ready, and no others.
func (d *Deployment) Settled() bool {
	s, want := d.Status, d.Spec.Replicas
	return s.Observed >= d.Metadata.Generation && s.Replicas == want && s.Updated == want && s.Ready == want
}

// PortsText lists a Service's ports as kubectl does: 80:30080 is the port 80,
// and 30080 on each node.
func (s *Service) PortsText() string {
	var all []string
	for _, p := range s.Spec.Ports {
		text := strconv.Itoa(p.Port)
		if p.NodePort != 0 {
			text += ":" + strconv.Itoa(p.NodePort)
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

// Revision is a version's number among all of its Deployment.
func (m ObjectMeta) Revision() string { return m.Annotations["deployment.kubernetes.io/revision"] }

// States lists the pods and how each is, for a finding.
func States(pods []Pod) string {
	if len(pods) == 0 {
		return "no pods"
	}
	var lines []string
	for _, p := range pods {
		lines = append(lines, p.Metadata.Name+" "+p.State())
	}
	return strings.Join(lines, ", ")
}
